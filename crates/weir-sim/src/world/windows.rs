//! Stretches of time in which something holds, possibly again and again.

/// The windows of one thing, in milliseconds since the epoch, in order of their beginnings.
#[derive(Debug, Clone)]
pub(crate) struct Windows<T> {
    first: Vec<Window<T>>,
    /// Every window comes back after this long, for ever.
    repeat_ms: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Window<T> {
    pub begin: i64,
    /// Exclusive.
    pub end: i64,
    pub what: T,
}

impl<T> Default for Windows<T> {
    fn default() -> Self {
        Windows { first: Vec::new(), repeat_ms: None }
    }
}

impl<T: Copy> Windows<T> {
    pub(crate) fn new(mut first: Vec<Window<T>>, repeat_ms: Option<i64>) -> Windows<T> {
        first.sort_by_key(|window| window.begin);
        Windows { first, repeat_ms: repeat_ms.filter(|ms| *ms > 0) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// Every window that has begun by `at`, in order of the beginnings.
    pub(crate) fn begun(&self, at: i64) -> impl Iterator<Item = Window<T>> {
        let rounds = self.rounds(at);
        let every = (0..=rounds).flat_map(move |round| {
            self.first.iter().map(move |window| self.in_round(window, round))
        });
        every.take_while(move |window| window.begin <= at)
    }

    /// Those that hold at `at`.
    pub(crate) fn open(&self, at: i64) -> impl Iterator<Item = T> {
        let recent = self.recent(at).filter(move |window| at < window.end);
        recent.map(|window| window.what)
    }

    /// The window that began last; in constant time however often windows have come back.
    pub(crate) fn latest(&self, at: i64) -> Option<Window<T>> {
        self.recent(at).max_by_key(|window| window.begin)
    }

    /// How many windows have begun, and how many of these have ended.
    pub(crate) fn counts(&self, at: i64) -> (i64, i64) {
        let count = |instant: fn(&Window<T>) -> i64| {
            let passed = |window: &Window<T>| match (at - instant(window), self.repeat_ms) {
                (since, _) if since < 0 || instant(window) == i64::MAX => 0,
                (_, None) => 1,
                (since, Some(repeat_ms)) => since / repeat_ms + 1,
            };
            self.first.iter().map(passed).sum()
        };
        (count(|window| window.begin), count(|window| window.end))
    }

    /// What began in this round or the one before. A window longer than a round is seen through
    /// the next one of its kind.
    fn recent(&self, at: i64) -> impl Iterator<Item = Window<T>> {
        let rounds = self.rounds(at);
        let every = ((rounds - 1).max(0)..=rounds).flat_map(move |round| {
            self.first.iter().map(move |window| self.in_round(window, round))
        });
        every.filter(move |window| window.begin <= at)
    }

    fn rounds(&self, at: i64) -> i64 {
        match (self.first.first(), self.repeat_ms) {
            (Some(first), Some(repeat_ms)) => (at - first.begin).max(0) / repeat_ms,
            _ => 0,
        }
    }

    fn in_round(&self, window: &Window<T>, round: i64) -> Window<T> {
        let shift = round * self.repeat_ms.unwrap_or(0);
        let end = window.end.saturating_add(shift);
        Window { begin: window.begin + shift, end, what: window.what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(repeat_ms: Option<i64>) -> Windows<char> {
        let window = |begin, end, what| Window { begin, end, what };
        Windows::new(vec![window(150, 170, 'b'), window(100, 120, 'a')], repeat_ms)
    }

    fn begun(windows: &Windows<char>, at: i64) -> String {
        windows.begun(at).map(|window| window.what).collect()
    }

    #[test]
    fn windows_begin_in_order_and_come_back() {
        let once = windows(None);
        assert_eq!(begun(&once, 99), "");
        assert_eq!(begun(&once, 100), "a");
        assert_eq!(begun(&once, 10_000), "ab");
        let again = windows(Some(100));
        assert_eq!(begun(&again, 199), "ab");
        assert_eq!(begun(&again, 300), "ababa");
    }

    #[test]
    fn ends_are_exclusive() {
        let again = windows(Some(100));
        let open = |at| again.open(at).collect::<String>();
        assert_eq!([open(99), open(119), open(120)], ["", "a", ""]);
        assert_eq!([open(219), open(269), open(270)], ["a", "b", ""]);
    }

    #[test]
    fn the_latest_and_the_counts_agree_with_the_list() {
        for repeat_ms in [None, Some(100), Some(70)] {
            let windows = windows(repeat_ms);
            for at in 0..600 {
                let all: Vec<_> = windows.begun(at).collect();
                let latest = all.iter().map(|window| window.begin).max();
                assert_eq!(windows.latest(at).map(|window| window.begin), latest, "{at}");
                let ended = all.iter().filter(|window| window.end <= at).count();
                assert_eq!(windows.counts(at), (all.len() as i64, ended as i64), "{at}");
            }
        }
    }
}
