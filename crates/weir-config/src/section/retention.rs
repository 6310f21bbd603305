//! `retention`: how long what is stored is kept.

use std::time::Duration;

use crate::key::Key;
use crate::reader::Reader;
use crate::units::duration_within;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// Age at which stored events go.
    pub raw: Duration,
}

pub(crate) const RAW: Key = Key {
    path: "retention.raw",
    expects: "a duration",
    default: Some("90d"),
    required: false,
    flag: None,
    doc: "Age at which stored events go, from `1h` to `10y`. The disk limit of the store may end \
          them earlier, and the status says how many.",
};

/// Keys of the design that nothing honours yet.
pub(crate) const PLANNED: &[&str] = &["rollup_5m"];

pub(crate) fn read(reader: &mut Reader<'_>) -> Retention {
    Retention { raw: reader.value_or_default(&RAW, |text| duration_within(text, "1h", "10y")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{config, problem};

    #[test]
    fn it_is_bounded() {
        let raw = config("retention: {raw: 13mo}").retention.raw;
        assert_eq!(raw, Duration::from_hours(390 * 24));
        let low = problem("retention:\n  raw: 5m\n");
        assert_eq!((low.place.line(), low.place.column()), (2, 8));
        assert_eq!(low.help.unwrap(), "choose from 1h to 10y");
        let planned = problem("retention: {rollup_5m: 13mo}");
        assert_eq!(planned.message, "`rollup_5m` is not supported yet");
    }
}
