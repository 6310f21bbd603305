//! Additive Holt-Winters with damped trend: what PREDICT draws behind the end of a window.

/// The model's settings; what is not given is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HoltWinters {
    pub seasonality: Seasonality,
    /// Smoothing of the level, the trend and the season, and damping of the trend: 0 to 1 each.
    pub alpha: Option<f64>,
    pub beta: Option<f64>,
    pub gamma: Option<f64>,
    pub phi: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seasonality {
    /// An hour, a day or a week, where the series repeats itself after one.
    Auto,
    None,
    Millis(i64),
}

/// How much of the variance a season must explain before it is believed.
const CORRELATION_MIN: f64 = 0.3;
const CANDIDATES_MILLIS: [i64; 3] = [3_600_000, 86_400_000, 7 * 86_400_000];

impl HoltWinters {
    /// The values of the `horizon` steps behind the series; none where nothing was observed.
    pub fn forecast(
        &self,
        series: &[Option<f64>],
        step_millis: i64,
        horizon: usize,
    ) -> Option<Vec<f64>> {
        let first = series.iter().position(Option::is_some)?;
        let series = &series[first..];
        let period = self.period(series, step_millis);
        let best = self.candidates(period).into_iter().map(|parameters| {
            let mut state = State::new(series, period);
            let error = state.run(series, parameters);
            (error, state, parameters)
        });
        let best = best.min_by(|a, b| a.0.total_cmp(&b.0));
        best.map(|(_, state, parameters)| state.ahead(parameters, horizon))
    }

    /// Steps of one season; 0 without one.
    fn period(&self, series: &[Option<f64>], step_millis: i64) -> usize {
        let steps = |millis: i64| usize::try_from(millis / step_millis.max(1)).unwrap_or(0);
        let fits = |period: &usize| *period >= 2 && period.saturating_mul(2) <= series.len();
        match self.seasonality {
            Seasonality::None => 0,
            Seasonality::Millis(millis) => Some(steps(millis)).filter(fits).unwrap_or(0),
            Seasonality::Auto => {
                let candidates = CANDIDATES_MILLIS.into_iter().map(steps).filter(fits);
                let rated = candidates.map(|period| (correlation(series, period), period));
                let best = rated.max_by(|a, b| a.0.total_cmp(&b.0));
                best.filter(|(rate, _)| *rate >= CORRELATION_MIN).map_or(0, |(_, period)| period)
            }
        }
    }

    fn candidates(&self, period: usize) -> Vec<Parameters> {
        let choices = |given: Option<f64>, tried: &[f64]| given.map_or(tried.to_vec(), |g| vec![g]);
        let gammas = if period == 0 { vec![0.0] } else { choices(self.gamma, &[0.05, 0.2, 0.5]) };
        let mut all = Vec::new();
        for alpha in choices(self.alpha, &[0.05, 0.2, 0.4, 0.6, 0.9]) {
            for beta in choices(self.beta, &[0.0, 0.05, 0.2]) {
                for gamma in &gammas {
                    for phi in choices(self.phi, &[0.9, 1.0]) {
                        all.push(Parameters { alpha, beta, gamma: *gamma, phi });
                    }
                }
            }
        }
        all
    }
}

#[derive(Debug, Clone, Copy)]
struct Parameters {
    alpha: f64,
    beta: f64,
    gamma: f64,
    phi: f64,
}

struct State {
    level: f64,
    trend: f64,
    /// Empty without a season.
    season: Vec<f64>,
    /// The step that comes next.
    next: usize,
}

impl State {
    /// The first season as it was; without one, the first value.
    fn new(series: &[Option<f64>], period: usize) -> State {
        let first = series.iter().flatten().next().copied().unwrap_or_default();
        if period == 0 {
            return State { level: first, trend: 0.0, season: Vec::new(), next: 0 };
        }
        let level = mean(&series[..period]).unwrap_or(first);
        let second = mean(&series[period..(2 * period).min(series.len())]).unwrap_or(level);
        let season = series[..period].iter().map(|v| v.map_or(0.0, |v| v - level)).collect();
        State { level, trend: (second - level) / period as f64, season, next: 0 }
    }

    /// Goes through the series; the sum of the squared errors of each step foretold.
    fn run(&mut self, series: &[Option<f64>], p: Parameters) -> f64 {
        let mut squares = 0.0;
        for value in series {
            let base = self.level + p.phi * self.trend;
            let season = self.season_at(self.next);
            match value {
                Some(value) => {
                    let error = value - base - season;
                    squares += error * error;
                    let level = p.alpha * (value - season) + (1.0 - p.alpha) * base;
                    self.trend =
                        p.beta * (level - self.level) + (1.0 - p.beta) * p.phi * self.trend;
                    self.level = level;
                    let place = self.place(self.next);
                    if let Some(known) = self.season.get_mut(place) {
                        *known = p.gamma * (value - level) + (1.0 - p.gamma) * *known;
                    }
                }
                // A gap goes on as foretold.
                None => {
                    self.level = base;
                    self.trend *= p.phi;
                }
            }
            self.next += 1;
        }
        squares
    }

    fn ahead(&self, p: Parameters, horizon: usize) -> Vec<f64> {
        let (mut damping, mut factor) = (0.0, 1.0);
        let step = |ahead: usize| {
            factor *= p.phi;
            damping += factor;
            self.level + damping * self.trend + self.season_at(self.next + ahead)
        };
        (0..horizon).map(step).collect()
    }

    fn place(&self, step: usize) -> usize {
        step % self.season.len().max(1)
    }

    fn season_at(&self, step: usize) -> f64 {
        self.season.get(self.place(step)).copied().unwrap_or_default()
    }
}

fn mean(values: &[Option<f64>]) -> Option<f64> {
    let present: Vec<f64> = values.iter().flatten().copied().collect();
    (!present.is_empty()).then(|| present.iter().sum::<f64>() / present.len() as f64)
}

/// Of the series with itself so many steps later.
fn correlation(series: &[Option<f64>], lag: usize) -> f64 {
    let Some(mean) = mean(series) else { return 0.0 };
    let variance: f64 = series.iter().flatten().map(|v| (v - mean).powi(2)).sum();
    let pairs = series.iter().zip(series.iter().skip(lag));
    let products = pairs.filter_map(|(a, b)| Some(((*a)? - mean) * ((*b)? - mean)));
    if variance > 0.0 { products.sum::<f64>() / variance } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;
    const AUTO: HoltWinters = HoltWinters {
        seasonality: Seasonality::Auto,
        alpha: None,
        beta: None,
        gamma: None,
        phi: None,
    };

    fn off(found: &[f64], expected: impl Fn(usize) -> f64) -> f64 {
        let errors = found.iter().enumerate().map(|(step, value)| (value - expected(step)).abs());
        errors.fold(0.0, f64::max)
    }

    #[test]
    fn a_line_goes_on() {
        let series: Vec<Option<f64>> = (0..120).map(|i| Some(f64::from(i) * 2.0)).collect();
        let plain = HoltWinters { seasonality: Seasonality::None, phi: Some(1.0), ..AUTO };
        let found = plain.forecast(&series, MINUTE, 10).unwrap();
        assert!(off(&found, |step| (120 + step) as f64 * 2.0) < 3.0, "{found:?}");
    }

    #[test]
    fn a_season_comes_back() {
        let wave = |i: usize| ((i % 12) as f64 / 12.0 * std::f64::consts::TAU).sin() * 10.0 + 50.0;
        // Steps of five minutes: an hour is twelve.
        let series: Vec<Option<f64>> =
            (0..144).map(|i| (i % 31 != 0 || i == 0).then(|| wave(i))).collect();
        let found = AUTO.forecast(&series, 5 * MINUTE, 12).unwrap();
        assert!(off(&found, |step| wave(144 + step)) < 1.5, "{found:?}");
        let told = HoltWinters { seasonality: Seasonality::Millis(60 * MINUTE), ..AUTO };
        let found = told.forecast(&series, 5 * MINUTE, 12).unwrap();
        assert!(off(&found, |step| wave(144 + step)) < 1.5, "{found:?}");
    }

    #[test]
    fn nothing_foretells_nothing() {
        assert_eq!(AUTO.forecast(&[], MINUTE, 3), None);
        assert_eq!(AUTO.forecast(&[None, None], MINUTE, 3), None);
        assert_eq!(AUTO.forecast(&[None, Some(4.0)], MINUTE, 2), Some(vec![4.0, 4.0]));
    }
}
