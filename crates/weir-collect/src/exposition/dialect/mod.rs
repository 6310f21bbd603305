//! Whose names and labels are spoken: one exporter a file, each a table of families.

pub mod kafka_exporter;
pub mod kafka_lag_exporter;
pub mod kminion;
pub mod weir;

use super::family::Family;

/// Which exporters' names are written; Weir's own are with any of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialects {
    pub kafka_exporter: bool,
    pub kminion: bool,
    /// With the additions of klag-exporter.
    pub kafka_lag_exporter: bool,
}

/// One table of families, with what the documentation says of it.
#[derive(Debug)]
pub struct Dialect {
    pub name: &'static str,
    /// What differs from the exporter, and what is left out of it.
    pub doc: &'static str,
    pub families: &'static [Family],
}

/// In the order of the page.
pub const ALL: [&Dialect; 4] =
    [&weir::DIALECT, &kafka_exporter::DIALECT, &kminion::DIALECT, &kafka_lag_exporter::DIALECT];

impl Dialects {
    pub(super) fn families(self) -> impl Iterator<Item = &'static Family> {
        let on = [true, self.kafka_exporter, self.kminion, self.kafka_lag_exporter];
        let chosen = ALL.iter().zip(on).filter(|(_, on)| *on);
        chosen.flat_map(|(dialect, _)| dialect.families)
    }

    /// Whether any exporter's names are wanted.
    pub fn any(self) -> bool {
        self.kafka_exporter || self.kminion || self.kafka_lag_exporter
    }
}

impl Default for Dialects {
    fn default() -> Dialects {
        Dialects { kafka_exporter: true, kminion: true, kafka_lag_exporter: true }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_name_and_label_is_one_and_valid() {
        let valid = |name: &str| {
            let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            begins && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let mut names = HashSet::new();
        for family in Dialects::default().families() {
            assert!(valid(family.name) && names.insert(family.name), "{}", family.name);
            let labels: HashSet<_> = family.labels.iter().collect();
            assert_eq!(labels.len(), family.labels.len(), "{}", family.name);
            assert!(family.labels.iter().all(|label| valid(label)), "{}", family.name);
            assert!(!family.help.contains(['\\', '\n']) && !family.help.is_empty());
        }
    }

    #[test]
    fn each_is_switched_alone() {
        let none = Dialects { kafka_exporter: false, kminion: false, kafka_lag_exporter: false };
        assert!(!none.any());
        assert_eq!(none.families().count(), weir::DIALECT.families.len());
        let one = Dialects { kminion: true, ..none };
        assert!(
            one.any()
                && one
                    .families()
                    .all(|it| it.name.starts_with("kminion_") || it.name.starts_with("weir_"))
        );
    }
}
