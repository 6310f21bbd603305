//! Numbers as people read them.

/// `84445` as `84,445`.
pub fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        out.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A rate with one decimal below 100, none above.
pub fn rate(value: f64) -> String {
    if value.abs() < 100.0 { format!("{value:.1}") } else { grouped(value.round() as i64) }
}

/// Binary units with one decimal.
pub fn bytes(value: i64) -> String {
    let mut size = value as f64;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if size.abs() < 1024.0 {
            return if unit == "B" { format!("{value} B") } else { format!("{size:.1} {unit}") };
        }
        size /= 1024.0;
    }
    format!("{size:.1} TiB")
}

/// Two units at most: `0.3s`, `41s`, `1m58s`, `2h05m`, `3d04h`.
pub fn duration(secs: f64) -> String {
    if secs < 9.95 {
        return format!("{secs:.1}s");
    }
    let whole = secs.round() as i64;
    let (days, hours) = (whole / 86_400, whole % 86_400 / 3600);
    let (minutes, seconds) = (whole % 3600 / 60, whole % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}s"),
        (0, 0, _) => format!("{minutes}m{seconds:02}s"),
        (0, _, _) => format!("{hours}h{minutes:02}m"),
        _ => format!("{days}d{hours:02}h"),
    }
}

/// A trend as one character a step, scaled from 0 to its largest value; gaps are blank.
pub fn sparkline(values: &[Option<f64>], steps: usize, unicode: bool) -> String {
    let ramp: Vec<char> = if unicode { "▁▂▃▄▅▆▇█" } else { "_.-=+*#@" }.chars().collect();
    let recent = &values[values.len().saturating_sub(steps)..];
    let top = recent.iter().flatten().copied().fold(0.0, f64::max);
    let level = |value: f64| {
        let share = if top > 0.0 { value.max(0.0) / top } else { 0.0 };
        ramp[(share * (ramp.len() - 1) as f64).round() as usize]
    };
    recent.iter().map(|value| value.map_or(' ', level)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_at_a_glance() {
        assert_eq!([0, 999, -1000, 1_234_567].map(grouped), ["0", "999", "-1,000", "1,234,567"]);
        assert_eq!(grouped(i64::MIN), "-9,223,372,036,854,775,808");
        assert_eq!([0.0, 99.94, 1234.4].map(rate), ["0.0", "99.9", "1,234"]);
        assert_eq!([0, 1023, 1536, 5 << 40].map(bytes), ["0 B", "1023 B", "1.5 KiB", "5.0 TiB"]);
    }

    #[test]
    fn durations_have_two_units_at_most() {
        let secs = [0.0, 0.34, 9.96, 41.4, 59.6, 118.0, 7500.0, 273_600.0];
        let shown = ["0.0s", "0.3s", "10s", "41s", "1m00s", "1m58s", "2h05m", "3d04h"];
        assert_eq!(secs.map(duration), shown);
    }

    #[test]
    fn trends_start_at_zero_and_keep_gaps() {
        assert_eq!(sparkline(&[Some(0.0), None, Some(8.0)], 6, true), "▁ █");
        assert_eq!(sparkline(&[Some(1.0), Some(2.0)], 1, false), "@");
        assert_eq!(sparkline(&[Some(0.0), Some(0.0)], 6, true), "▁▁");
        assert_eq!(sparkline(&[], 6, true), "");
    }
}
