//! The way in for the fuzz target, for its seeds and for the replay of its corpus; no part of the API.

use bytes::Bytes;

use crate::{Api, Error, api, groups};

/// Reads bytes as a broker's answer: the first is the key of a request, the second its
/// [`version_byte`], the rest a frame from its correlation id on. The same bytes are also read as what a member's
/// assignor may have left in a group.
///
/// # Errors
/// Why the bytes are no such answer; `None` when the key is of no request we send.
pub fn read_answer(data: &[u8]) -> Option<Result<(), Error>> {
    let [key, version, frame @ ..] = data else { return None };
    let _ = groups::read_assignment(frame);
    let api = Api::ALL.into_iter().find(|api| api.key() == i16::from(*key))?;
    Some(api::read_any(api, *version, Bytes::copy_from_slice(frame)))
}

/// What stands for `version` in the bytes of [`read_answer`]; `None` when it is never asked for.
pub fn version_byte(api: Api, version: i16) -> Option<u8> {
    api::version_byte(api, version)
}
