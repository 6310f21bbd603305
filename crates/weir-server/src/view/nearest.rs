//! The name somebody may have meant.

/// How alike two names must be, 0 to 1, for one to be suggested for the other.
const LIKENESS_MIN: f64 = 0.8;

/// The name that is most like `wanted`, if any is.
pub fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |name: &str| strsim::jaro_winkler(&wanted.to_lowercase(), &name.to_lowercase());
    known
        .map(|name| (likeness(name), name))
        .filter(|(likeness, _)| *likeness > LIKENESS_MIN)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_name_is_one() {
        let known = ["orders-enricher", "audit"];
        assert_eq!(nearest("Orders-enrich", known.into_iter()), Some("orders-enricher"));
        assert_eq!(nearest("zzz", known.into_iter()), None);
    }
}
