//! Rows of one push by series, so that each series is taken up once.

/// No row, no run.
const NONE: u32 = u32::MAX;

/// Rows come in one after another with their series, and go out series by series in the order in
/// which series first came. Reused from push to push.
#[derive(Default)]
pub struct Runs {
    runs: Vec<Run>,
    /// The row of the same series that follows, by row.
    next: Vec<u32>,
    /// Place in `runs`, by series.
    run_of: Vec<u32>,
    rows: Vec<u32>,
}

struct Run {
    series: usize,
    first: u32,
    last: u32,
}

impl Runs {
    /// Says of which series the next row is; rows count from 0.
    pub fn push(&mut self, series: usize) {
        let row = self.next.len() as u32;
        self.next.push(NONE);
        if self.run_of.len() <= series {
            self.run_of.resize(series + 1, NONE);
        }
        match self.runs.get_mut(self.run_of[series] as usize) {
            Some(run) => {
                self.next[run.last as usize] = row;
                run.last = row;
            }
            None => {
                self.run_of[series] = self.runs.len() as u32;
                self.runs.push(Run { series, first: row, last: row });
            }
        }
    }

    /// Hands each series and its rows, ascending, to `visit`; nothing is left.
    pub fn drain(&mut self, mut visit: impl FnMut(usize, &[u32])) {
        for run in self.runs.drain(..) {
            self.rows.clear();
            let mut row = run.first;
            while row != NONE {
                self.rows.push(row);
                row = self.next[row as usize];
            }
            visit(run.series, &self.rows);
            self.run_of[run.series] = NONE;
        }
        self.next.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_leave_by_series_and_nothing_stays() {
        let mut runs = Runs::default();
        for _ in 0..2 {
            [7, 3, 7, 7, 0].into_iter().for_each(|series| runs.push(series));
            let mut seen = Vec::new();
            runs.drain(|series, rows| seen.push((series, rows.to_vec())));
            assert_eq!(seen, [(7, vec![0, 2, 3]), (3, vec![1]), (0, vec![4])]);
        }
    }
}
