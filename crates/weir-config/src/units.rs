//! Human notations: durations, sizes, addresses. Every parser says what is wrong and how to write
//! it instead.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use weir_types::{AddressError, BrokerAddress};

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

impl From<AddressError> for Wrong {
    fn from(error: AddressError) -> Self {
        Wrong::new(error.to_string(), error.help())
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

/// `a:9092,b:9092`, at least one.
pub(crate) fn broker_addresses(text: &str) -> Result<Vec<BrokerAddress>, Wrong> {
    text.split(',').map(broker_address).collect()
}

pub(crate) fn broker_address(text: &str) -> Result<BrokerAddress, Wrong> {
    Ok(text.parse::<BrokerAddress>()?)
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
    fn addresses_are_several_or_one() {
        assert_eq!(broker_addresses("a:1, b:2").unwrap().len(), 2);
        let wrong = broker_addresses("a:1,kafka").unwrap_err();
        assert_eq!(wrong.message, "`kafka` has no port");
        assert_eq!(wrong.help, "write host:port, such as kafka:9092");
        for empty in ["", "a:1,", ",a:1", " "] {
            let wrong = broker_addresses(empty).unwrap_err();
            assert_eq!(wrong.message, "the address is empty", "{empty:?}");
        }
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
