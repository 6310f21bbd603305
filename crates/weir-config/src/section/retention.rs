//! `retention`: how long what is stored is kept.

use std::time::Duration;

use crate::key::Key;
use crate::reader::Reader;
use crate::units::{Wrong, duration_within};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// Age at which stored events go, or become roll-ups.
    pub raw: Duration,
    /// Age at which roll-ups of five minutes go, or become those of an hour; `None` for none.
    pub rollup_5m: Option<Duration>,
    /// Age at which roll-ups of an hour go; `None` for none.
    pub rollup_1h: Option<Duration>,
}

pub(crate) const RAW: Key = Key::new(
    "retention.raw",
    "a duration",
    "Age at which stored events go, from `1h` to `10y`, or become roll-ups where the next two \
     keys say so. The disk limit of the store may end them earlier, and the status says how many.",
)
.default("90d");

pub(crate) const ROLLUP_5M: Key = Key::new(
    "retention.rollup_5m",
    "a duration",
    "Age up to which five minutes of events are kept as one row a series, longer than \
     `retention.raw`; without it there are no such roll-ups. Count, sum, least, greatest, \
     average, latest and earliest stay exact; other answers say that they are approximate.",
);

pub(crate) const ROLLUP_1H: Key = Key::new(
    "retention.rollup_1h",
    "a duration",
    "The same for an hour, longer than `retention.rollup_5m`; without that key, events become \
     roll-ups of an hour at once.",
);

pub(crate) fn read(reader: &mut Reader<'_>) -> Retention {
    let raw = reader.value_or_default(&RAW, |text| duration_within(text, "1h", "10y"));
    let rollup_5m = reader.value(&ROLLUP_5M, |text| longer(text, raw, RAW.path));
    let (finer, key) = rollup_5m.map_or((raw, RAW.path), |finer| (finer, ROLLUP_5M.path));
    let rollup_1h = reader.value(&ROLLUP_1H, |text| longer(text, finer, key));
    Retention { raw, rollup_5m, rollup_1h }
}

/// A duration up to ten years that goes on where `finer`, the value of `key`, ends.
fn longer(text: &str, finer: Duration, key: &str) -> Result<Duration, Wrong> {
    let value = duration_within(text, "1h", "10y")?;
    if value <= finer {
        let message = format!("`{text}` is not longer than `{key}`");
        return Err(Wrong::new(message, "choose a longer one, or remove the key"));
    }
    Ok(value)
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
    }

    #[test]
    fn coarser_levels_go_on_where_finer_ones_end() {
        let hours = |days: u64| Duration::from_hours(days * 24);
        let both = config("retention: {raw: 30d, rollup_5m: 90d, rollup_1h: 13mo}").retention;
        assert_eq!(both.rollup_5m, Some(hours(90)));
        assert_eq!(both.rollup_1h, Some(hours(390)));
        let none = config("retention: {raw: 30d}").retention;
        assert_eq!((none.rollup_5m, none.rollup_1h), (None, None));
        let short = problem("retention: {rollup_5m: 90d}");
        assert_eq!(short.message, "`90d` is not longer than `retention.raw`");
        let short = problem("retention: {rollup_5m: 13mo, rollup_1h: 1y}");
        assert_eq!(short.message, "`1y` is not longer than `retention.rollup_5m`");
    }
}
