//! [`Key`]: one setting as a table row, from which reading, `weir config show`, the reference page
//! and "did you mean" all come.

use weir_types::suggest::closest;

/// One key that holds one value.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Dotted, such as `store.memory_limit`; within a source, relative to it.
    pub path: &'static str,
    /// What the value is, in a word or two.
    pub expects: &'static str,
    /// As it would be written; `None` means unset, or required where `required` says so.
    pub default: Option<&'static str>,
    pub required: bool,
    /// The option of `weir serve` that sets it.
    pub flag: Option<&'static str>,
    /// One or two sentences for the reference page.
    pub doc: &'static str,
}

impl Key {
    /// A key that may be left out and has no default.
    pub(crate) const fn new(path: &'static str, expects: &'static str, doc: &'static str) -> Key {
        Key { path, expects, default: None, required: false, flag: None, doc }
    }

    pub(crate) const fn default(self, text: &'static str) -> Key {
        Key { default: Some(text), ..self }
    }

    pub(crate) const fn required(self) -> Key {
        Key { required: true, ..self }
    }

    pub(crate) const fn flag(self, name: &'static str) -> Key {
        Key { flag: Some(name), ..self }
    }

    /// The environment variable that sets a key of the top level or a section.
    pub fn env(&self) -> String {
        format!("WEIR_{}", self.path.replace('.', "_").to_uppercase())
    }

    /// The part before the first dot: a key of the top level, or of a source.
    pub(crate) fn first(&self) -> &'static str {
        self.path.split('.').next().unwrap_or(self.path)
    }

    /// The part after the last dot.
    pub(crate) fn name(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }
}

/// What the user may have meant, for the help of an unknown word.
pub(crate) fn suggestion(word: &str, known: &[&str]) -> String {
    match closest(word, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known here: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested_and_far_ones_listed() {
        let known = ["data_dir", "listen", "sources"];
        assert_eq!(suggestion("dataDir", &known), "did you mean `data_dir`?");
        assert_eq!(suggestion("data-dir", &known), "did you mean `data_dir`?");
        assert_eq!(suggestion("lisen", &known), "did you mean `listen`?");
        assert_eq!(suggestion("zebra", &known), "known here: data_dir, listen, sources");
    }
}
