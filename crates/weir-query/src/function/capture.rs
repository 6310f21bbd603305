//! `capture` and `aparse`: parts of a text by a pattern that matches all of it.

use regex::{Regex, RegexBuilder};

use super::Compiled;
use crate::datum::Datum;
use crate::pattern::{as_re2, build};

/// Most groups of one pattern.
pub const GROUPS_MAX: usize = 16;

/// One group gives its text, several give a list; null where the text does not match.
#[derive(Debug)]
pub struct Capture {
    regex: Regex,
    groups: usize,
}

impl Capture {
    /// `r'…(?P<name>…)…'`: every group with a name.
    pub fn named(pattern: &str) -> Result<Capture, String> {
        let pattern = as_re2(pattern);
        let bare = build(&pattern, &|_: &mut RegexBuilder| {})?;
        let regex = build(&format!(r"\A(?:{pattern})\z"), &|_: &mut RegexBuilder| {})?;
        let groups = bare.capture_names().flatten().count();
        if groups == 0 {
            return Err("it has no group such as (?P<name>.*)".into());
        }
        checked(regex, groups)
    }

    /// `*` keeps what stands there, `%` passes over it, in any case; each takes as little as it can.
    pub fn anchored(pattern: &str) -> Result<Capture, String> {
        let groups = pattern.matches('*').count();
        if groups == 0 {
            return Err("it has no *".into());
        }
        let mut whole = String::from(r"\A");
        for (number, part) in pattern.split_inclusive(['*', '%']).enumerate() {
            let literal = part.trim_end_matches(['*', '%']);
            whole.push_str(&regex::escape(literal));
            match part.chars().last() {
                Some('*') => whole.push_str(&format!("(?P<part{number}>.*?)")),
                Some('%') => whole.push_str(".*?"),
                _ => {}
            }
        }
        whole.push_str(r"\z");
        let options = |builder: &mut RegexBuilder| {
            builder.case_insensitive(true).dot_matches_new_line(true);
        };
        checked(build(&whole, &options)?, groups)
    }

    /// `Custom/{action}/%`: `{name}` keeps what stands there; with the names in order.
    pub fn format(pattern: &str) -> Result<(Capture, Vec<String>), String> {
        let mut anchored = String::new();
        let mut names = Vec::new();
        let mut rest = pattern;
        while let Some((before, tail)) = rest.split_once('{') {
            let (name, after) = tail.split_once('}').ok_or("a { without its }")?;
            anchored.push_str(before);
            anchored.push('*');
            names.push(name.trim().to_owned());
            rest = after;
        }
        anchored.push_str(rest);
        Ok((Capture::anchored(&anchored)?, names))
    }

    pub fn groups(&self) -> usize {
        self.groups
    }
}

impl Compiled for Capture {
    fn apply(&self, value: &Datum) -> Datum {
        let Some(found) = value.as_str().and_then(|text| self.regex.captures(text)) else {
            return Datum::Null;
        };
        let group =
            |name: &str| found.name(name).map_or(Datum::Null, |part| Datum::text(part.as_str()));
        let mut groups = self.regex.capture_names().flatten().map(group);
        if self.groups == 1 {
            return groups.next().unwrap_or(Datum::Null);
        }
        Datum::List(groups.collect())
    }
}

fn checked(regex: Regex, groups: usize) -> Result<Capture, String> {
    if groups > GROUPS_MAX {
        return Err(format!("it has {groups} groups, the limit is {GROUPS_MAX}"));
    }
    Ok(Capture { regex, groups })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: &[&str]) -> Datum {
        Datum::List(items.iter().map(|item| Datum::text(*item)).collect())
    }

    #[test]
    fn named_groups_of_the_whole_value() {
        let one = Capture::named(r"https?://(?P<host>[^/]+)/.*").unwrap();
        assert_eq!(one.apply(&Datum::text("http://a.example/x")), Datum::text("a.example"));
        assert!(one.apply(&Datum::text("see http://a.example/x")).is_null());
        assert!(one.apply(&Datum::Int(1)).is_null());
        let two = Capture::named(r"(?P<a>\w+)=(?P<b>\w+)(,.*)?").unwrap();
        assert_eq!(two.apply(&Datum::text("x=y,z=1")), list(&["x", "y"]));
        assert!(Capture::named("(a").is_err());
        assert!(Capture::named("(a)").unwrap_err().contains("no group"));
    }

    #[test]
    fn anchors_take_as_little_as_they_can() {
        let two = Capture::anchored(r#"%itemId":"*","unitPrice":*}%"#).unwrap();
        let text = r#"body: {"itemId":"a-1","UNITPRICE":9.5} and } more"#;
        assert_eq!(two.apply(&Datum::text(text)), list(&["a-1", "9.5"]));
        assert!(two.apply(&Datum::text("nothing")).is_null());
        let one = Capture::anchored("a.b *").unwrap();
        assert_eq!(one.apply(&Datum::text("A.B c d")), Datum::text("c d"));
        assert!(one.apply(&Datum::text("axb c")).is_null());
        assert!(Capture::anchored("plain").is_err());
        assert!(Capture::anchored(&"*-".repeat(17)).is_err());
    }

    #[test]
    fn formats_name_their_parts() {
        let (capture, names) = Capture::format("Custom/{app}/%/{action}").unwrap();
        assert_eq!(names, ["app", "action"]);
        assert_eq!(capture.apply(&Datum::text("custom/x/1/go")), list(&["x", "go"]));
        assert!(Capture::format("Custom/{app").is_err());
    }
}
