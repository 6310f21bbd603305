//! The text of a query from wherever it is given, and bounded reading for what else comes in files.

use std::io::{self, IsTerminal, Read};
use std::path::Path;

use weir_types::ErrorCode;

use crate::failure::Failure;

/// A longer text is no query.
pub const NRQL_BYTES_MAX: u64 = 1 << 20;

/// The query that `argument` is, or `file` holds, or that comes on stdin (`-`, or nothing at all).
pub fn given(argument: Option<&str>, file: Option<&Path>) -> Result<String, Failure> {
    match (argument, file) {
        (Some(nrql), _) if nrql != "-" => Ok(nrql.to_owned()),
        (_, Some(path)) => {
            let name = path.display().to_string();
            let file = std::fs::File::open(path).map_err(|e| unreadable(&name, &e.to_string()))?;
            read(file, &name)
        }
        (None, None) if io::stdin().is_terminal() => {
            Err(Failure::new(ErrorCode::InvalidRequest, "no query given")
                .with_hint("put it in quotes behind the command, or write - to read stdin"))
        }
        _ => read(io::stdin().lock(), "stdin"),
    }
}

/// All that `source` has; `None` where that is more than `bytes_max`.
pub fn read_whole(source: impl Read, bytes_max: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    source.take(bytes_max + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= bytes_max))
}

pub fn unreadable(name: &str, reason: &str) -> Failure {
    Failure::new(ErrorCode::InvalidRequest, format!("can't read the query from {name}: {reason}"))
}

fn read(source: impl Read, name: &str) -> Result<String, Failure> {
    let bytes = read_whole(source, NRQL_BYTES_MAX).map_err(|e| unreadable(name, &e.to_string()))?;
    let too_long = || unreadable(name, &format!("longer than {NRQL_BYTES_MAX} bytes"));
    let text = String::from_utf8(bytes.ok_or_else(too_long)?);
    Ok(text.map_err(|_| unreadable(name, "it is not UTF-8"))?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_refused_and_never_cut() {
        assert_eq!(read_whole(&b"abc"[..], 3).unwrap(), Some(b"abc".to_vec()));
        assert_eq!(read_whole(&b"abcd"[..], 3).unwrap(), None);
        let long = vec![b' '; NRQL_BYTES_MAX as usize + 1];
        let failure = read(&long[..], "stdin").unwrap_err();
        assert!(failure.message.contains("longer than 1048576 bytes"), "{failure}");
        assert!(read(&b"\xff"[..], "stdin").unwrap_err().message.contains("UTF-8"));
    }
}
