//! The dictionary of a page: the strings of its values, numbered as they came, each written as
//! what differs from the one before.

use std::sync::Arc;

use foldhash::HashMap;
use weir_types::event::STRING_BYTES_MAX;

use crate::codec::{Malformed, Reader, put_varint};

/// No page that was written here has more; what a damaged count asks for is refused.
const BYTES_MAX: usize = 64 << 20;

/// Numbers the strings of one page.
#[derive(Default)]
pub struct StringsWriter {
    numbers: HashMap<Arc<str>, u64>,
    strings: Vec<Arc<str>>,
    bytes: usize,
}

impl StringsWriter {
    pub fn number(&mut self, string: &Arc<str>) -> u64 {
        if let Some(number) = self.numbers.get(string) {
            return *number;
        }
        let number = self.strings.len() as u64;
        self.numbers.insert(string.clone(), number);
        self.strings.push(string.clone());
        self.bytes += string.len();
        number
    }

    /// Bytes of all strings.
    pub fn len_bytes(&self) -> usize {
        self.bytes
    }

    pub fn encode(&self, out: &mut Vec<u8>) {
        put_varint(out, self.strings.len() as u64);
        let mut before: &[u8] = &[];
        for string in &self.strings {
            let bytes = string.as_bytes();
            let shared = before.iter().zip(bytes).take_while(|(a, b)| a == b).count();
            put_varint(out, shared as u64);
            put_varint(out, (bytes.len() - shared) as u64);
            out.extend_from_slice(&bytes[shared..]);
            before = bytes;
        }
    }
}

pub fn read_strings(reader: &mut Reader<'_>) -> Result<Vec<Arc<str>>, Malformed> {
    let count = reader.count(2)?;
    let mut strings = Vec::with_capacity(count);
    let mut string: Vec<u8> = Vec::new();
    let mut total = 0;
    for _ in 0..count {
        let shared = usize::try_from(reader.varint()?).map_err(|_| Malformed)?;
        let rest = usize::try_from(reader.varint()?).map_err(|_| Malformed)?;
        if shared > string.len() {
            return Err(Malformed);
        }
        string.truncate(shared);
        string.extend_from_slice(reader.take(rest)?);
        total += string.len();
        if string.len() > STRING_BYTES_MAX || total > BYTES_MAX {
            return Err(Malformed);
        }
        strings.push(str::from_utf8(&string).map_err(|_| Malformed)?.into());
    }
    Ok(strings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back_and_share_their_beginnings() {
        let written = ["billing-client-0", "billing-client-1", "", "übung", "ü", "billing"];
        let mut writer = StringsWriter::default();
        for (number, string) in written.iter().enumerate() {
            assert_eq!(writer.number(&Arc::from(*string)), number as u64);
        }
        assert_eq!(writer.number(&Arc::from("ü")), 4);
        let mut bytes = Vec::new();
        writer.encode(&mut bytes);
        assert!(bytes.len() < writer.len_bytes(), "{} bytes", bytes.len());
        let read = read_strings(&mut Reader::new(&bytes)).unwrap();
        assert_eq!(read.iter().map(|s| &**s).collect::<Vec<_>>(), written);
    }

    #[test]
    fn a_string_longer_than_any_value_is_malformed() {
        let mut bytes = vec![1, 0];
        put_varint(&mut bytes, STRING_BYTES_MAX as u64 + 1);
        bytes.resize(bytes.len() + STRING_BYTES_MAX + 1, b'a');
        assert_eq!(read_strings(&mut Reader::new(&bytes)), Err(Malformed));
    }
}
