//! Waiting for what a real process, port or disk brings about in its own time.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

const PAUSE: Duration = Duration::from_millis(50);

/// Asks again and again until the answer is good, or `within` has passed: then the last answer says
/// what was there instead of `what`.
///
/// # Errors
/// The last one of `ask`.
pub fn eventually<T>(
    within: Duration,
    what: &str,
    mut ask: impl FnMut() -> Result<T>,
) -> Result<T> {
    let deadline = Instant::now() + within;
    loop {
        match ask() {
            Err(_) if Instant::now() < deadline => std::thread::sleep(PAUSE),
            last => return last.with_context(|| never(what, within)),
        }
    }
}

/// The same for what is asked asynchronously.
///
/// # Errors
/// The last one of `ask`.
pub async fn eventually_async<T>(
    within: Duration,
    what: &str,
    mut ask: impl AsyncFnMut() -> Result<T>,
) -> Result<T> {
    let deadline = Instant::now() + within;
    loop {
        match ask().await {
            Err(_) if Instant::now() < deadline => tokio::time::sleep(PAUSE).await,
            last => return last.with_context(|| never(what, within)),
        }
    }
}

fn never(what: &str, within: Duration) -> String {
    format!("not within {within:?}: {what}")
}

#[cfg(test)]
mod tests {
    use anyhow::ensure;

    use super::*;

    #[test]
    fn asks_until_it_is_so_and_tells_what_was_there_instead() {
        let mut asked = 0;
        let third = eventually(Duration::from_secs(60), "three", || {
            asked += 1;
            ensure!(asked == 3, "{asked}");
            Ok(asked)
        });
        assert_eq!(third.unwrap(), 3);
        let never = eventually(Duration::ZERO, "rain", || -> Result<()> { anyhow::bail!("sun") });
        assert_eq!(format!("{:#}", never.unwrap_err()), "not within 0ns: rain: sun");
    }
}
