//! Did you mean: the nearest known word.

/// The candidate nearest to `word` without case, when it is near enough to be a slip: one edit in
/// short words, two in longer ones.
pub(crate) fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = word.to_lowercase();
    let letters = word.chars().count();
    let allowed = match letters {
        0..=2 => return None,
        3..=5 => 1,
        _ => 2,
    };
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= 2 * allowed)
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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
}
