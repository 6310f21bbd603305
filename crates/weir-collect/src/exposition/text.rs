//! Lines of the text format as bytes, without the machinery of `format!`
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

use std::io::Write;
use std::ops::Range;

use super::snapshot::Label;

/// Above this a number has no thousandths to show.
const THOUSANDTHS_MAX: f64 = 9e15;

/// The value of a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    Whole(i64),
    /// Written with at most three places behind the point.
    Real(f64),
}

/// The labels of one line, given in the order of their names.
pub struct Labels<'a> {
    text: &'a mut Vec<u8>,
    names: std::slice::Iter<'static, &'static str>,
    opened: bool,
    shared: &'a mut Shared,
}

/// Where the text already holds the labels that neighbouring rows of one family share: copying them
/// from the line before costs half of writing them again. Good for one family in one text.
#[derive(Debug, Default)]
pub(super) struct Shared {
    owner: Option<u32>,
    place: Range<usize>,
    label_count: usize,
}

impl<'a> Labels<'a> {
    pub(super) fn new(
        text: &'a mut Vec<u8>,
        names: &'static [&'static str],
        shared: &'a mut Shared,
    ) -> Labels<'a> {
        Labels { text, names: names.iter(), opened: false, shared }
    }

    /// The next labels, the same for all rows of this owner.
    pub fn shared(&mut self, owner: u32, write: impl FnOnce(&mut Self)) -> &mut Self {
        if self.shared.owner == Some(owner) {
            self.text.extend_from_within(self.shared.place.clone());
            self.names.by_ref().take(self.shared.label_count).for_each(drop);
            self.opened = true;
            return self;
        }
        let (begin, names_left) = (self.text.len(), self.names.len());
        write(self);
        self.shared.owner = Some(owner);
        self.shared.place = begin..self.text.len();
        self.shared.label_count = names_left - self.names.len();
        self
    }

    /// A label that is not one of the family's own.
    pub(super) fn constant(&mut self, name: &str, value: &Label) {
        self.open(name);
        self.text.extend_from_slice(value.as_str().as_bytes());
        self.text.push(b'"');
    }

    pub fn label(&mut self, value: &Label) -> &mut Self {
        self.escaped(value.as_str())
    }

    pub fn number(&mut self, value: i64) -> &mut Self {
        if let Some(name) = self.names.next() {
            self.open(name);
            whole(self.text, value);
            self.text.push(b'"');
        }
        self
    }

    /// Several parts as one value, such as host and port.
    pub fn address(&mut self, host: &Label, port: u16) -> &mut Self {
        if let Some(name) = self.names.next() {
            self.open(name);
            self.text.extend_from_slice(host.as_str().as_bytes());
            self.text.push(b':');
            whole(self.text, i64::from(port));
            self.text.push(b'"');
        }
        self
    }

    /// Text that holds nothing to escape.
    pub fn word(&mut self, value: &'static str) -> &mut Self {
        self.escaped(value)
    }

    pub(super) fn close(self) {
        if self.opened {
            self.text.push(b'}');
        }
    }

    fn escaped(&mut self, value: &str) -> &mut Self {
        if let Some(name) = self.names.next() {
            self.open(name);
            self.text.extend_from_slice(value.as_bytes());
            self.text.push(b'"');
        }
        self
    }

    fn open(&mut self, name: &str) {
        self.text.push(if self.opened { b',' } else { b'{' });
        self.opened = true;
        self.text.extend_from_slice(name.as_bytes());
        self.text.extend_from_slice(b"=\"");
    }
}

impl From<bool> for Number {
    fn from(holds: bool) -> Number {
        Number::Whole(i64::from(holds))
    }
}

pub(super) fn number(text: &mut Vec<u8>, number: Number) {
    match number {
        Number::Whole(value) => whole(text, value),
        Number::Real(value) => real(text, value),
    }
}

fn whole(text: &mut Vec<u8>, value: i64) {
    text.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

fn real(text: &mut Vec<u8>, value: f64) {
    let thousandths = (value * 1e3).round();
    if !value.is_finite() || thousandths.abs() >= THOUSANDTHS_MAX {
        write!(text, "{value}").expect("a vector takes all writes");
        return;
    }
    if thousandths < 0.0 {
        text.push(b'-');
    }
    let thousandths = (thousandths as i64).unsigned_abs();
    text.extend_from_slice(itoa::Buffer::new().format(thousandths / 1_000).as_bytes());
    let rest = (thousandths % 1_000) as u16;
    if rest > 0 {
        let digit = |of: u16| b'0' + (of % 10) as u8;
        text.extend_from_slice(&[b'.', digit(rest / 100), digit(rest / 10), digit(rest)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: Number) -> String {
        let mut text = Vec::new();
        number(&mut text, value);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn numbers_are_short_and_exact_to_the_thousandth() {
        for (value, text) in [
            (0.0, "0"),
            (1.5, "1.500"),
            (0.0004, "0"),
            (-2.25, "-2.250"),
            (12.0, "12"),
            (0.0625, "0.063"),
            (1e18, "1000000000000000000"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(shown(Number::Real(value)), text);
        }
        assert_eq!(shown(Number::Whole(i64::MIN)), i64::MIN.to_string());
        assert_eq!(shown(true.into()), "1");
    }

    #[test]
    fn labels_stand_in_the_order_of_their_names() {
        let mut text = Vec::new();
        let mut shared = Shared::default();
        let mut labels = Labels::new(&mut text, &["id", "address"], &mut shared);
        labels.constant("cluster", &Label::from("a\"b"));
        labels.number(7).address(&Label::from("host"), 9092);
        labels.close();
        assert_eq!(text, br#"{cluster="a\"b",id="7",address="host:9092"}"#);
        let mut none = Vec::new();
        Labels::new(&mut none, &[], &mut shared).close();
        assert!(none.is_empty());
    }

    #[test]
    fn shared_labels_are_written_once_an_owner() {
        let (mut text, mut shared, mut written) = (Vec::new(), Shared::default(), 0);
        for (owner, own) in [(1, 10), (1, 11), (2, 12)] {
            let mut labels = Labels::new(&mut text, &["owner", "own"], &mut shared);
            labels.shared(owner, |labels| {
                written += 1;
                labels.number(i64::from(owner));
            });
            labels.number(own);
            labels.close();
        }
        assert_eq!(text, br#"{owner="1",own="10"}{owner="1",own="11"}{owner="2",own="12"}"#);
        assert_eq!(written, 2);
    }
}
