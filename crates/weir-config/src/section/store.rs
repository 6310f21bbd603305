//! `store`: bounds of the embedded store.

use crate::key::Key;
use crate::reader::Reader;
use crate::units::{Wrong, size_bytes};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// Memory that events may take before they are on the disk in segments.
    pub memory_limit_bytes: u64,
    /// Disk that segments may take; `None` for no limit.
    pub disk_limit_bytes: Option<u64>,
}

/// Below this even a small cluster's last hour does not fit.
const LIMIT_MIN_BYTES: u64 = 64 << 20;

pub(crate) const MEMORY_LIMIT: Key = Key::new(
    "store.memory_limit",
    "a size",
    "Memory that events may take before they are sealed on the disk, at least `64MiB`. When it is \
     full, events wait at the door until the disk has caught up. What is read from the disk is \
     kept beside it, up to a quarter of this and at most `64MiB`.",
)
.default("1GiB");

pub(crate) const DISK_LIMIT: Key = Key::new(
    "store.disk_limit",
    "a size",
    "Disk that sealed events may take, at least `64MiB`; without it there is no limit. When it is \
     reached the oldest events go before their retention, and the status says how many.",
);

pub(crate) fn read(reader: &mut Reader<'_>) -> Store {
    Store {
        memory_limit_bytes: reader.value_or_default(&MEMORY_LIMIT, limit),
        disk_limit_bytes: reader.value(&DISK_LIMIT, limit),
    }
}

fn limit(text: &str) -> Result<u64, Wrong> {
    let bytes = size_bytes(text)?;
    if bytes < LIMIT_MIN_BYTES {
        return Err(Wrong::new(format!("`{text}` is too small"), "choose 64MiB or more"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use crate::testing::{config, problem};

    #[test]
    fn limits_have_a_floor() {
        assert_eq!(config("store: {memory_limit: 2GiB}").store.memory_limit_bytes, 2 << 30);
        assert_eq!(problem("store: {memory_limit: 1MiB}").message, "`1MiB` is too small");
        assert_eq!(config("store: {disk_limit: 64MiB}").store.disk_limit_bytes, Some(64 << 20));
        assert_eq!(config("").store.disk_limit_bytes, None);
        assert_eq!(problem("store: {disk_limit: 1KiB}").message, "`1KiB` is too small");
        assert_eq!(problem("store: {memory_limit: 1GB}").message, "`1GB` is not a size");
    }

    #[test]
    fn a_section_takes_keys() {
        assert_eq!(problem("store: 1GiB").message, "`store` takes keys, found one value");
        assert_eq!(config("store:\n"), config(""));
    }
}
