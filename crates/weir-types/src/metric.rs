//! Dimensional metrics as events: one event of the type [`EVENT_TYPE`] is one data point of one metric.
//! What names, dates and describes the point is listed here; every other attribute is a dimension.

/// The event type of data points.
pub const EVENT_TYPE: &str = "Metric";
/// Attribute that names the metric.
pub const NAME: &str = "metricName";
/// When the interval of the point ends, epoch milliseconds. Where it is not stored it follows from
/// the interval.
pub const END: &str = "endTimestamp";
/// How long the point's interval is, in milliseconds.
pub const INTERVAL: &str = "interval.ms";
/// What all fields of a point begin with.
pub const FIELD_PREFIX: &str = "metric.";
/// The fields of a point: its kind; numbers; and two texts of JSON. `distribution` is
/// `[[value, count], …]`, with `[low, high, count]` for a range of which only the count is known
/// (null for an end that is open). `uniques` is `[member, …]`.
pub const FIELDS: &[&str] = &[
    "metric.type",
    "metric.count",
    "metric.total",
    "metric.min",
    "metric.max",
    "metric.latest",
    "metric.cumulative",
    "metric.totalExclusive",
    "metric.sumOfSquares",
    "metric.distribution",
    "metric.uniques",
];
/// Neither fields nor dimensions: when the point was made, and the metric it is of.
pub const POINT_ATTRIBUTES: &[&str] = &[NAME, "timestamp", END, INTERVAL];

const TEXT_FIELDS: &[&str] = &["metric.type", "metric.distribution", "metric.uniques"];

/// Whether an attribute of a data point is one of its dimensions.
pub fn is_dimension(name: &str) -> bool {
    !POINT_ATTRIBUTES.contains(&name) && !FIELDS.contains(&name)
}

/// Whether an attribute of a data point is a number that says something of the point. Other numbers
/// tell points apart.
pub fn is_measure(name: &str) -> bool {
    let is_number_field = || FIELDS.contains(&name) && !TEXT_FIELDS.contains(&name);
    name == END || name == INTERVAL || is_number_field()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_numbers_of_the_point() {
        let measures = FIELDS.iter().chain(POINT_ATTRIBUTES).filter(|name| is_measure(name));
        assert_eq!(measures.count(), FIELDS.len() - TEXT_FIELDS.len() + 2);
        for name in TEXT_FIELDS.iter().chain(&[NAME, "partition"]) {
            assert!(!is_measure(name), "{name}");
        }
        assert!(is_dimension("partition") && !is_dimension("metric.uniques"));
    }
}
