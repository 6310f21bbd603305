//! Which topics and groups a source watches, by globs over their names.

/// Keeps a name that some `include` meets (any name without one) and no `exclude` does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameFilter {
    include: Vec<String>,
    exclude: Vec<String>,
}

impl NameFilter {
    /// Globs over the whole name: `*` is any run of characters, `?` any one, everything else
    /// itself. Kafka's names know neither sign, so nothing needs escaping.
    pub fn new(include: Vec<String>, exclude: Vec<String>) -> NameFilter {
        NameFilter { include, exclude }
    }

    pub fn keeps(&self, name: &str) -> bool {
        let meets = |glob: &String| matches(glob, name);
        (self.include.is_empty() || self.include.iter().any(meets))
            && !self.exclude.iter().any(meets)
    }

    pub fn keeps_everything(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }
}

/// Walks both texts once; on a mismatch the last `*` takes one character more.
fn matches(glob: &str, name: &str) -> bool {
    let (glob, name): (Vec<char>, Vec<char>) = (glob.chars().collect(), name.chars().collect());
    let (mut g, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match glob.get(g) {
            Some('*') => {
                star = Some((g, n));
                g += 1;
            }
            Some(&sign) if sign == '?' || sign == name[n] => {
                g += 1;
                n += 1;
            }
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    g = at + 1;
                    n = taken + 1;
                }
                None => return false,
            },
        }
    }
    glob[g..].iter().all(|&sign| sign == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(include: &[&str], exclude: &[&str]) -> NameFilter {
        let owned = |globs: &[&str]| globs.iter().map(|&glob| glob.to_owned()).collect();
        NameFilter::new(owned(include), owned(exclude))
    }

    #[test]
    fn globs_meet_whole_names() {
        for (glob, name, expected) in [
            ("orders", "orders", true),
            ("orders", "orders-v2", false),
            ("orders*", "orders-v2", true),
            ("*-v2", "orders-v2", true),
            ("o*s-*2", "orders-v2", true),
            ("order?", "orders", true),
            ("order?", "order", false),
            ("*", "", true),
            ("", "orders", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-b-b-d", false),
            ("größe.?", "größe.ä", true),
        ] {
            assert_eq!(matches(glob, name), expected, "{glob} {name}");
        }
    }

    #[test]
    fn exclude_wins_and_no_include_is_every_name() {
        let filter = filter(&["orders*", "audit"], &["*.internal"]);
        assert!(filter.keeps("orders-v2") && filter.keeps("audit"));
        assert!(!filter.keeps("orders.internal") && !filter.keeps("payments"));
        assert!(NameFilter::default().keeps("anything"));
        assert!(NameFilter::default().keeps_everything() && !filter.keeps_everything());
    }

    #[test]
    fn many_stars_do_not_take_for_ever() {
        let name = "a".repeat(5_000);
        assert!(!matches(&format!("{}b", "*a".repeat(30)), &name));
    }
}
