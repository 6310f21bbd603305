//! `convert`: a number in another unit, by UCUM codes and the names New Relic takes beside them.

use super::{ScalarFunction, argument};
use crate::datum::Datum;
use crate::node::Kind;

pub const FUNCTIONS: &[ScalarFunction] = &[ScalarFunction {
    name: "convert",
    arguments: 3..=3,
    forms: &[],
    named: "",
    returns: Kind::Value,
    evaluate: |a, _| convert(a).unwrap_or(Datum::Null),
}];

/// What a unit measures; only units of one dimension convert into each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dimension {
    Time,
    Information,
    Length,
    Mass,
    Volume,
    Frequency,
    Ratio,
    Temperature,
    Power,
    Energy,
    Potential,
    Current,
    Pressure,
}

/// `value` in the unit is `value * scale + offset` in the dimension's base unit.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Unit {
    dimension: Dimension,
    scale: f64,
    offset: f64,
    /// Whether metric prefixes such as `k` may stand before the code.
    takes_prefix: bool,
}

const fn unit(dimension: Dimension, scale: f64) -> Unit {
    Unit { dimension, scale, offset: 0.0, takes_prefix: false }
}

const fn metric(dimension: Dimension, scale: f64) -> Unit {
    Unit { dimension, scale, offset: 0.0, takes_prefix: true }
}

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3_600.0;
const DAY: f64 = 86_400.0;

/// UCUM codes first; codes are case-sensitive.
const UNITS: &[(&[&str], Unit)] = &[
    (&["s", "sec", "secs"], metric(Dimension::Time, 1.0)),
    (&["second", "seconds"], unit(Dimension::Time, 1.0)),
    (&["millisecond", "milliseconds", "millis"], unit(Dimension::Time, 1e-3)),
    (&["microsecond", "microseconds"], unit(Dimension::Time, 1e-6)),
    (&["nanosecond", "nanoseconds"], unit(Dimension::Time, 1e-9)),
    (&["min", "mins", "minute", "minutes"], unit(Dimension::Time, MINUTE)),
    (&["h", "hr", "hrs", "hour", "hours"], unit(Dimension::Time, HOUR)),
    (&["d", "day", "days"], unit(Dimension::Time, DAY)),
    (&["wk", "week", "weeks"], unit(Dimension::Time, 7.0 * DAY)),
    (&["mo", "month", "months"], unit(Dimension::Time, 30.437_5 * DAY)),
    (&["a", "year", "years"], unit(Dimension::Time, 365.25 * DAY)),
    (&["By", "B"], metric(Dimension::Information, 8.0)),
    (&["byte", "bytes"], unit(Dimension::Information, 8.0)),
    (&["bit", "bits"], metric(Dimension::Information, 1.0)),
    (&["m", "meter", "meters"], metric(Dimension::Length, 1.0)),
    (&["[in_i]", "in", "inch", "inches"], unit(Dimension::Length, 0.0254)),
    (&["[ft_i]", "ft", "foot", "feet"], unit(Dimension::Length, 0.3048)),
    (&["[yd_i]", "yd", "yard", "yards"], unit(Dimension::Length, 0.9144)),
    (&["[mi_i]", "mi", "mile", "miles"], unit(Dimension::Length, 1_609.344)),
    (&["g", "gram", "grams"], metric(Dimension::Mass, 1.0)),
    (&["kilogram", "kilograms"], unit(Dimension::Mass, 1_000.0)),
    (&["t", "tonne", "tonnes"], unit(Dimension::Mass, 1e6)),
    (&["[lb_av]", "lb", "lbs", "pound", "pounds"], unit(Dimension::Mass, 453.592_37)),
    (&["[oz_av]", "oz", "ounce", "ounces"], unit(Dimension::Mass, 28.349_523_125)),
    (&["L", "l", "liter", "liters"], metric(Dimension::Volume, 1.0)),
    (&["[gal_us]", "gal", "gallon", "gallons"], unit(Dimension::Volume, 3.785_411_784)),
    (&["Hz", "hertz"], metric(Dimension::Frequency, 1.0)),
    (&["1", "ratio"], unit(Dimension::Ratio, 1.0)),
    (&["%", "percent"], unit(Dimension::Ratio, 0.01)),
    (&["[ppm]", "ppm"], unit(Dimension::Ratio, 1e-6)),
    (&["K", "kelvin"], unit(Dimension::Temperature, 1.0)),
    (&["Cel", "celsius"], Unit { offset: 273.15, ..unit(Dimension::Temperature, 1.0) }),
    (
        &["[degF]", "fahrenheit"],
        Unit { offset: 459.67 * 5.0 / 9.0, ..unit(Dimension::Temperature, 5.0 / 9.0) },
    ),
    (&["W", "watt", "watts"], metric(Dimension::Power, 1.0)),
    (&["J", "joule", "joules"], metric(Dimension::Energy, 1.0)),
    (&["cal", "calorie", "calories"], metric(Dimension::Energy, 4.184)),
    (&["V", "volt", "volts"], metric(Dimension::Potential, 1.0)),
    (&["A", "ampere", "amperes"], metric(Dimension::Current, 1.0)),
    (&["Pa", "pascal", "pascals"], metric(Dimension::Pressure, 1.0)),
    (&["bar"], metric(Dimension::Pressure, 1e5)),
    (&["[psi]", "psi"], unit(Dimension::Pressure, 6_894.757_293_168)),
];

const PREFIXES: &[(&str, f64)] = &[
    ("Ki", 1_024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("da", 1e1),
    ("n", 1e-9),
    ("u", 1e-6),
    ("µ", 1e-6),
    ("m", 1e-3),
    ("c", 1e-2),
    ("d", 1e-1),
    ("h", 1e2),
    ("k", 1e3),
    ("K", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
];

/// Null where a unit is not known or the two do not measure the same.
fn convert(arguments: &[Datum]) -> Option<Datum> {
    let value = argument(arguments, 0);
    let from = find(argument(arguments, 1).as_str()?)?;
    let to = find(argument(arguments, 2).as_str()?)?;
    if from.dimension != to.dimension {
        return None;
    }
    let factor = from.scale / to.scale;
    let offset = (from.offset - to.offset) / to.scale;
    match value {
        Datum::Metric(point) => Some(point.linear(factor, offset)),
        _ => Some(Datum::float(value.as_f64()? * factor + offset)),
    }
}

fn find(code: &str) -> Option<Unit> {
    plain(code).or_else(|| {
        let with_prefix = |(prefix, factor): &(&str, f64)| {
            let unit = plain(code.strip_prefix(prefix)?).filter(|unit| unit.takes_prefix)?;
            Some(Unit { scale: unit.scale * factor, ..unit })
        };
        PREFIXES.iter().find_map(with_prefix)
    })
}

fn plain(code: &str) -> Option<Unit> {
    UNITS.iter().find(|(codes, _)| codes.contains(&code)).map(|(_, unit)| *unit)
}

#[cfg(test)]
mod tests {
    use super::super::call;
    use super::*;

    fn convert(value: f64, from: &str, to: &str) -> Option<f64> {
        call("convert", &[Datum::Float(value), Datum::text(from), Datum::text(to)]).as_f64()
    }

    #[test]
    fn numbers_change_their_unit() {
        for (value, from, to, expected) in [
            (90_000.0, "ms", "min", 1.5),
            (2.0, "h", "s", 7_200.0),
            (1.0, "GiBy", "MiBy", 1_024.0),
            (1.0, "MB", "kbit", 8_000.0),
            (453.592_37, "grams", "lbs", 1.0),
            (100.0, "Cel", "[degF]", 212.0),
            (5.0, "%", "1", 0.05),
            (2.5, "kHz", "Hz", 2_500.0),
            (1.0, "day", "hours", 24.0),
        ] {
            let found = convert(value, from, to).unwrap();
            assert!((found - expected).abs() < 1e-9 * expected.abs(), "{from} to {to}: {found}");
        }
    }

    #[test]
    fn what_does_not_fit_is_null() {
        assert_eq!(convert(1.0, "s", "By"), None);
        assert_eq!(convert(1.0, "S", "ms"), None);
        assert_eq!(convert(1.0, "kmin", "s"), None);
        assert_eq!(
            call("convert", &[Datum::Null, Datum::text("s"), Datum::text("ms")]),
            Datum::Null
        );
    }
}
