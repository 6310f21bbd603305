//! [`Progress`]: how far a long command is, on stderr, where that is a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use clap::Args;

use super::{number, stderr_line};

#[derive(Debug, Clone, Copy, Args)]
pub struct ProgressArgs {
    /// Say nothing on stderr but what goes wrong
    #[arg(short, long)]
    pub quiet: bool,
}

/// What is done of what is to do; absent is what is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    pub events: Option<u64>,
    pub bytes: Option<u64>,
    /// Done and all, in any one measure.
    pub share: Option<(u64, u64)>,
}

/// A line that is written over now and then, and one at the end that stays.
pub struct Progress {
    /// `exporting`, say.
    doing: &'static str,
    started: Instant,
    looked: Instant,
    is_terminal: bool,
    is_quiet: bool,
    is_shown: bool,
    /// Calls since the clock was read: reading it for each of millions of events would be felt.
    calls: u32,
}

impl Progress {
    const INTERVAL: Duration = Duration::from_millis(200);
    const CALLS_A_LOOK: u32 = 256;

    pub fn start(doing: &'static str, args: ProgressArgs) -> Self {
        let now = Instant::now();
        Progress {
            doing,
            started: now,
            looked: now,
            is_terminal: io::stderr().is_terminal(),
            is_quiet: args.quiet,
            is_shown: false,
            calls: 0,
        }
    }

    /// For each event or other small step.
    pub fn step(&mut self, amount: impl FnOnce() -> Amount) {
        self.calls += 1;
        if self.calls >= Self::CALLS_A_LOOK {
            self.calls = 0;
            self.show(amount());
        }
    }

    /// For each file or other large step.
    pub fn show(&mut self, amount: Amount) {
        if self.is_quiet || !self.is_terminal || self.looked.elapsed() < Self::INTERVAL {
            return;
        }
        self.looked = Instant::now();
        self.is_shown = true;
        let line = line(self.doing, amount, self.started.elapsed());
        let mut err = io::stderr();
        // A terminal that went away does not stop the work.
        let _ = write!(err, "\r{line}\x1b[K").and_then(|()| err.flush());
    }

    /// Takes the line away: something else is said now.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.is_shown) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }

    /// The last word, with the time it took.
    pub fn end(&mut self, done: &str) {
        self.clear();
        if !self.is_quiet {
            stderr_line(&format!(
                "{done} in {}",
                number::duration(self.started.elapsed().as_secs_f64())
            ));
        }
    }
}

fn line(doing: &str, amount: Amount, elapsed: Duration) -> String {
    let secs = elapsed.as_secs_f64().max(0.001);
    let mut parts = Vec::new();
    if let Some(events) = amount.events {
        let a_second = number::grouped((events as f64 / secs) as i64);
        parts.push(format!("{} events, {a_second} a second", number::grouped(events as i64)));
    }
    if let Some(bytes) = amount.bytes {
        let a_second = number::bytes((bytes as f64 / secs) as i64);
        parts.push(format!("{}, {a_second} a second", number::bytes(bytes as i64)));
    }
    if let Some((done, all)) = amount.share.filter(|(_, all)| *all > 0) {
        let share = done as f64 / all as f64;
        parts.push(format!("{:.0} %", (share * 100.0).min(100.0)));
        if done > 0 && done < all {
            let left = secs / share - secs;
            parts.push(format!("{} left", number::duration(left)));
        }
    }
    format!("{doing}: {}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_much_how_fast_and_how_long_still() {
        let amount = Amount {
            events: Some(3_000_000),
            bytes: Some(6 << 20),
            share: Some((3_000_000, 12_000_000)),
        };
        let shown = line("exporting", amount, Duration::from_secs(3));
        let expected = "exporting: 3,000,000 events, 1,000,000 a second, \
                        6.0 MiB, 2.0 MiB a second, 25 %, 9.0s left";
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let events = Amount { events: Some(10), ..Amount::default() };
        assert_eq!(
            line("importing", events, Duration::from_secs(2)),
            "importing: 10 events, 5 a second"
        );
        let nothing = Amount { share: Some((0, 0)), ..Amount::default() };
        assert_eq!(line("checking", nothing, Duration::ZERO), "checking: ");
        let done = Amount { share: Some((5, 5)), ..Amount::default() };
        assert_eq!(line("checking", done, Duration::from_secs(1)), "checking: 100 %");
    }
}
