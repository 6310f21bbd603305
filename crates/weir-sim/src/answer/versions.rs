//! ApiVersions: what the release speaks.

use bytes::Bytes;
use kafka_protocol::messages::ApiVersionsResponse;
use kafka_protocol::messages::api_versions_response::ApiVersion;

use super::{Broker, Request, Unreadable, code};
use crate::release;

impl Broker<'_> {
    pub(super) fn versions(&self) -> ApiVersionsResponse {
        let versions = release::ranges(self.release).into_iter().map(|(key, (min, max))| {
            ApiVersion::default()
                .with_api_key(key.number())
                .with_min_version(min)
                .with_max_version(max)
        });
        ApiVersionsResponse::default().with_api_keys(versions.collect())
    }

    /// To a version of ApiVersions nobody here speaks: the versions of ApiVersions itself, in the
    /// oldest form of the answer (KIP-511).
    pub(super) fn versions_unknown(&self, request: &Request) -> Result<Bytes, Unreadable> {
        let mut answer = self.versions().with_error_code(code::UNSUPPORTED_VERSION);
        answer.api_keys.retain(|range| range.api_key == request.key.number());
        request.reply_in(0, &answer)
    }
}
