//! The oldest of several ages of lag, and how sure that is.

use std::cmp::Ordering;

use super::list::largest_first;

/// As `lagSecondsMethod` spells an age that may be older.
const AT_LEAST: &str = "at_least";

/// Ages added one by one.
#[derive(Debug, Default, PartialEq)]
pub struct Oldest {
    pub secs: Option<f64>,
    /// `at_least` once one of the ages may be older than all that are known.
    pub method: Option<String>,
}

impl Oldest {
    /// An age that is not known adds nothing.
    pub fn add(&mut self, secs: Option<f64>, method: Option<&str>) {
        if secs.is_none() {
            return;
        }
        let may_be_older = [method, self.method.as_deref()].contains(&Some(AT_LEAST));
        if largest_first(secs, self.secs) == Ordering::Less {
            self.secs = secs;
            self.method = method.map(str::to_owned);
        }
        if may_be_older {
            self.method = Some(AT_LEAST.to_owned());
        }
    }

    /// The same where another age is not known at all: that some have nothing left says nothing then.
    pub fn or_older(self) -> Oldest {
        let secs = self.secs.filter(|secs| *secs > 0.0);
        Oldest { secs, method: secs.map(|_| AT_LEAST.to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_counts_and_a_smaller_one_may_be_older() {
        let mut oldest = Oldest::default();
        oldest.add(Some(30.0), Some("interpolated"));
        oldest.add(None, None);
        oldest.add(Some(0.0), Some("exact"));
        assert_eq!((oldest.secs, oldest.method.as_deref()), (Some(30.0), Some("interpolated")));
        oldest.add(Some(5.0), Some(AT_LEAST));
        assert_eq!((oldest.secs, oldest.method.as_deref()), (Some(30.0), Some(AT_LEAST)));
        oldest.add(Some(90.0), Some("interpolated"));
        assert_eq!((oldest.secs, oldest.method.as_deref()), (Some(90.0), Some(AT_LEAST)));
    }

    #[test]
    fn with_an_unknown_one_beside_it_an_age_is_a_lower_bound() {
        let of = |secs| Oldest { secs: Some(secs), method: Some("exact".into()) };
        assert_eq!(of(0.0).or_older(), Oldest::default());
        assert_eq!(of(9.0).or_older().method.as_deref(), Some(AT_LEAST));
    }
}
