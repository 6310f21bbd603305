//! Kafka's compact encoding (KIP-482), for answers that are read piece by piece and for messages that
//! the codec lacks. Lengths are checked by [`Guarded`] before anything is reserved for them.

use std::{error::Error as StdError, sync::Arc};

use bytes::{Buf, BufMut, Bytes, BytesMut, TryGetError};

use crate::guard::Guarded;

/// Why bytes are not what they should be.
pub(crate) type Failure = Box<dyn StdError + Send + Sync>;

/// Seven bits a byte, the lowest first.
pub(crate) fn varint(from: &mut Guarded) -> Result<u32, TryGetError> {
    let mut value = 0;
    for shift in (0..u32::BITS).step_by(7) {
        let byte = from.try_get_u8()?;
        value |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    Ok(value)
}

/// As many elements as the array says it has; none of one that is null.
pub(crate) fn list<T>(
    from: &mut Guarded,
    element: impl FnMut(&mut Guarded) -> Result<T, Failure>,
) -> Result<Vec<T>, Failure> {
    Ok(nullable_list(from, element)?.unwrap_or_default())
}

pub(crate) fn nullable_list<T>(
    from: &mut Guarded,
    mut element: impl FnMut(&mut Guarded) -> Result<T, Failure>,
) -> Result<Option<Vec<T>>, Failure> {
    let Some(count) = varint(from)?.checked_sub(1) else { return Ok(None) };
    let elements: Result<Vec<T>, Failure> = (0..count).map(|_| element(from)).collect();
    elements.map(Some)
}

pub(crate) fn text(from: &mut Guarded) -> Result<Arc<str>, Failure> {
    nullable_text(from)?.ok_or_else(|| "a text that must be there is null".into())
}

pub(crate) fn nullable_text(from: &mut Guarded) -> Result<Option<Arc<str>>, Failure> {
    let Some(length) = varint(from)?.checked_sub(1) else { return Ok(None) };
    sized_text(from, length as usize).map(Some)
}

/// Of so many bytes, wherever the length was written.
pub(crate) fn sized_text(from: &mut Guarded, requested: usize) -> Result<Arc<str>, Failure> {
    let bytes = sized_bytes(from, requested)?;
    Ok(Arc::from(std::str::from_utf8(&bytes)?))
}

/// Shared with the frame they came in.
pub(crate) fn sized_bytes(from: &mut Guarded, requested: usize) -> Result<Bytes, Failure> {
    let available = from.remaining();
    if requested > available {
        return Err(TryGetError { requested, available }.into());
    }
    Ok(from.copy_to_bytes(requested))
}

/// Fields of later versions, which nobody asked for.
pub(crate) fn skip_tags(from: &mut Guarded) -> Result<(), Failure> {
    for _ in 0..varint(from)? {
        let _tag = varint(from)?;
        let (requested, available) = (varint(from)? as usize, from.remaining());
        if requested > available {
            return Err(TryGetError { requested, available }.into());
        }
        from.advance(requested);
    }
    Ok(())
}

pub(crate) fn put_varint(to: &mut BytesMut, mut value: u32) {
    while value >= 0x80 {
        to.put_u8(value as u8 | 0x80);
        value >>= 7;
    }
    to.put_u8(value as u8);
}

pub(crate) fn put_list<T>(to: &mut BytesMut, of: &[T], mut put: impl FnMut(&mut BytesMut, &T)) {
    put_varint(to, length(of.len()));
    of.iter().for_each(|element| put(to, element));
}

pub(crate) fn put_text(to: &mut BytesMut, text: &str) {
    put_varint(to, length(text.len()));
    to.put_slice(text.as_bytes());
}

pub(crate) fn put_nullable_text(to: &mut BytesMut, text: Option<&str>) {
    match text {
        Some(text) => put_text(to, text),
        None => put_varint(to, NULL),
    }
}

pub(crate) const NULL: u32 = 0;
/// Of an array without elements; also no tags follow.
pub(crate) const EMPTY: u32 = 1;
pub(crate) const NO_TAGS: u32 = 0;

/// One more than it is, since 0 is null. What is longer than Kafka can say is cut by the bound of a
/// frame long before.
fn length(of: usize) -> u32 {
    u32::try_from(of).map_or(u32::MAX, |of| of.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn guarded(bytes: BytesMut) -> Guarded {
        Guarded::new(bytes.freeze(), true)
    }

    proptest! {
        #[test]
        fn what_was_put_is_read(texts in prop::collection::vec(".{0,200}", 0..40), number: u32) {
            let mut bytes = BytesMut::new();
            put_list(&mut bytes, &texts, |to, text| put_text(to, text));
            put_nullable_text(&mut bytes, None);
            put_varint(&mut bytes, NO_TAGS);
            put_varint(&mut bytes, number % 64);
            let mut from = guarded(bytes);
            let read = list(&mut from, text).unwrap();
            prop_assert!(read.iter().map(|text| &**text).eq(texts.iter().map(String::as_str)));
            prop_assert_eq!(nullable_text(&mut from).unwrap(), None);
            skip_tags(&mut from).unwrap();
            prop_assert_eq!(varint(&mut from).unwrap(), number % 64);
            prop_assert_eq!(from.remaining(), 0);
        }
    }

    #[test]
    fn tags_nobody_knows_are_skipped() {
        let mut from = Guarded::new(Bytes::from_static(&[2, 0, 1, 9, 7, 2, 8, 8, 5]), true);
        skip_tags(&mut from).unwrap();
        assert_eq!(from.remaining(), 1);
    }

    #[test]
    fn a_text_longer_than_what_is_left_is_refused() {
        assert!(text(&mut Guarded::new(Bytes::from_static(&[9, b'a']), true)).is_err());
        assert!(text(&mut Guarded::new(Bytes::from_static(&[0]), true)).is_err());
    }
}
