//! Did you mean: the known word next to one that is not known. Words of a language are mistyped by an
//! edit or two ([`closest`]); names that people gave are remembered in part ([`nearest`]).

/// How alike two names must be, 0 to 1, for one to be suggested for the other.
const LIKENESS_MIN: f64 = 0.8;

/// The word that is few enough edits away to be meant, without case: one edit in short words, two
/// in longer ones. The first of several.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let allowed = match word.chars().count() {
        0..=2 => return None,
        3..=5 => 1,
        _ => 2,
    };
    known
        .into_iter()
        .filter(|known| known.len().abs_diff(word.len()) <= 2 * allowed)
        .map(|known| (strsim::damerau_levenshtein(&word, &known.to_lowercase()), known))
        .filter(|(edits, _)| *edits <= allowed)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, known)| known)
}

/// The name that is most like `wanted`, without case, if any is like it at all. Names that begin
/// alike are (Jaro and Winkler).
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > LIKENESS_MIN)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_other_words_are_not() {
        assert_eq!(closest("FORM", ["FROM", "FACET"]), Some("FROM"));
        assert_eq!(closest("facte", ["FROM", "FACET"]), Some("FACET"));
        assert_eq!(closest("uniquecont", ["uniques", "uniqueCount"]), Some("uniqueCount"));
        assert_eq!(closest("banana", ["FROM", "FACET"]), None);
        assert_eq!(closest("x", ["y"]), None);
    }

    #[test]
    fn a_name_is_found_by_its_beginning() {
        let known = ["orders-enricher", "audit"];
        assert_eq!(nearest("Orders-enrich", known), Some("orders-enricher"));
        assert_eq!(nearest("zzz", known), None);
    }
}
