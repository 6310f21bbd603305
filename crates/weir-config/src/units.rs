//! Human notations: durations, sizes, addresses. Every parser says what is wrong and how to write
//! it instead.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// Why a text is not what its key expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub message: String,
    pub help: String,
}

impl Wrong {
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Wrong { message: message.into(), help: help.into() }
    }
}

/// Where something listens. Prints as it parses; an IPv6 host is written in brackets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostPort {
    /// Name or IP address, an IPv6 one without its brackets.
    pub host: String,
    /// Never 0.
    pub port: u16,
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

const SECONDS: &[(&str, u64)] = &[
    ("s", 1),
    ("m", 60),
    ("h", 3600),
    ("d", 86_400),
    ("w", 7 * 86_400),
    ("mo", 30 * 86_400),
    ("y", 365 * 86_400),
];

/// `30s`, `5m`, `1h`, `90d`, `2w`, `13mo` (months of 30 days), `1y`.
pub(crate) fn duration(text: &str) -> Result<Duration, Wrong> {
    let help = "write a whole number and a unit: s, m, h, d, w, mo or y, such as 30s or 90d";
    let wrong = || Wrong::new(format!("`{text}` is not a duration"), help);
    let (number, unit) = number_and_unit(text).ok_or_else(wrong)?;
    let (_, seconds) = SECONDS.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
    number.checked_mul(*seconds).map(Duration::from_secs).ok_or_else(wrong)
}

/// A [`duration`] from `min` to `max`, which are named as the user would write them.
pub(crate) fn duration_within(text: &str, min: &str, max: &str) -> Result<Duration, Wrong> {
    let value = duration(text)?;
    if value < duration(min)? || value > duration(max)? {
        let message = format!("`{text}` is out of bounds");
        return Err(Wrong::new(message, format!("choose from {min} to {max}")));
    }
    Ok(value)
}

/// `512MiB`, `1GiB`; a bare number is bytes.
pub(crate) fn size_bytes(text: &str) -> Result<u64, Wrong> {
    let help = "write a whole number and a unit: KiB, MiB, GiB or TiB, such as 512MiB";
    let wrong = || Wrong::new(format!("`{text}` is not a size"), help);
    let (number, unit) = number_and_unit(text).ok_or_else(wrong)?;
    let shift = match unit {
        "" | "B" => 0,
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        "TiB" => 40,
        _ => return Err(wrong()),
    };
    number.checked_mul(1 << shift).ok_or_else(wrong)
}

/// An IP address and a port; `localhost` is 127.0.0.1.
pub(crate) fn listen_address(text: &str) -> Result<SocketAddr, Wrong> {
    if let Some(Ok(port)) = text.strip_prefix("localhost:").map(str::parse) {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    text.parse().map_err(|_| {
        let message = format!("`{text}` is not an IP address and a port");
        Wrong::new(message, "write both, such as 127.0.0.1:3000 or [::1]:3000")
    })
}

/// A name or address and a port.
pub(crate) fn host_port(text: &str) -> Result<HostPort, Wrong> {
    let shape = |help: &str| Wrong::new(format!("`{text}` is not host:port"), help);
    if text.contains("://") || text.contains(['/', '@', ',']) || text.contains(char::is_whitespace)
    {
        return Err(shape("write one host:port without a scheme, path or spaces"));
    }
    let (host, port) = text
        .rsplit_once(':')
        .ok_or_else(|| shape(&format!("add the port, such as {text}:9092")))?;
    let port = match port.parse::<u16>() {
        Ok(port) if port > 0 => port,
        _ => return Err(shape("the port is a number from 1 to 65535, such as 9092")),
    };
    let host = host_without_brackets(host)
        .ok_or_else(|| shape("an IPv6 address stands in brackets, such as [::1]:9092"))?;
    if host.is_empty() {
        return Err(shape("put the host before the colon, such as localhost:9092"));
    }
    Ok(HostPort { host: host.to_owned(), port })
}

/// `a:9092,b:9092`, at least one.
pub(crate) fn host_ports(text: &str) -> Result<Vec<HostPort>, Wrong> {
    text.split(',').map(|item| host_port(item.trim())).collect()
}

/// A [`duration`] outside a configuration, such as an option of a command.
///
/// # Errors
/// What is wrong and how to write it.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    duration(text).map_err(|wrong| format!("{}: {}", wrong.message, wrong.help))
}

/// A name that can stand in an address, a query and a table.
pub(crate) fn name(text: &str) -> Result<String, Wrong> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if text.is_empty() || text.len() > 100 || !text.chars().all(plain) {
        let message = format!("`{text}` is not a name");
        return Err(Wrong::new(message, "use 1 to 100 letters, digits, `.`, `_` or `-`"));
    }
    Ok(text.to_owned())
}

fn number_and_unit(text: &str) -> Option<(u64, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..digits].parse().ok()?, text[digits..].trim_start()))
}

fn host_without_brackets(host: &str) -> Option<&str> {
    match host.strip_prefix('[') {
        Some(rest) => {
            let inner = rest.strip_suffix(']')?;
            inner.parse::<std::net::Ipv6Addr>().ok().map(|_| inner)
        }
        None => (!host.contains([':', '[', ']'])).then_some(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_write_them() {
        let days = |n: u64| Duration::from_secs(n * 86_400);
        assert_eq!(duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("5 m"), Ok(Duration::from_secs(300)));
        assert_eq!(duration("90d"), Ok(days(90)));
        assert_eq!(duration("13mo"), Ok(days(390)));
        for bad in ["", "30", "s", "-1s", "1.5h", "3 parsecs", "99999999999999999999s"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
        assert!(duration("18446744073709551615y").is_err());
        assert_eq!(duration_within("1s", "5s", "1h").unwrap_err().help, "choose from 5s to 1h");
    }

    #[test]
    fn sizes_are_binary() {
        assert_eq!(size_bytes("1GiB"), Ok(1 << 30));
        assert_eq!(size_bytes("512 MiB"), Ok(512 << 20));
        assert_eq!(size_bytes("4096"), Ok(4096));
        for bad in ["1GB", "GiB", "-1", "1e3", "18446744073709551615TiB"] {
            assert!(size_bytes(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn addresses_print_as_they_parse() {
        for text in ["broker-1:9092", "10.0.0.7:1", "[::1]:65535"] {
            assert_eq!(host_port(text).unwrap().to_string(), text);
        }
        for bad in ["broker", "a:0", "a:70000", ":9092", "::1:9092", "http://a:1", "a:1,b:2"] {
            assert!(host_port(bad).is_err(), "{bad}");
        }
        assert_eq!(host_port("kafka").unwrap_err().help, "add the port, such as kafka:9092");
        assert_eq!(host_ports("a:1, b:2").unwrap().len(), 2);
        assert_eq!(listen_address("localhost:80").unwrap().to_string(), "127.0.0.1:80");
        assert!(listen_address("example.org:80").is_err());
    }

    #[test]
    fn names_stay_plain() {
        assert!(name("orders-eu.1").is_ok());
        for bad in ["", "a b", "a/b", "ü", &"x".repeat(101)] {
            assert!(name(bad).is_err(), "{bad}");
        }
    }
}
