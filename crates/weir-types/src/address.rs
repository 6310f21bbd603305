//! `host:port` of a broker: parsing, printing, comparing.

use std::{fmt, str::FromStr, sync::Arc};

/// Where a broker listens. Prints as it parses; an IPv6 host is written in brackets.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BrokerAddress {
    host: Arc<str>,
    port: u16,
}

/// Why a text is not a broker address; [`AddressError::help`] says how to write one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("the address is empty")]
    Empty,
    #[error("`{text}` has no port")]
    NoPort { text: String },
    #[error("`{text}` has no host")]
    NoHost { text: String },
    #[error("`{port}` in `{text}` is not a port")]
    Port { text: String, port: String },
    #[error("`{text}` looks like an IPv6 address")]
    BareIpv6 { text: String },
    #[error("`{text}` is not a host and port")]
    Shape { text: String },
}

impl BrokerAddress {
    /// An address from its parts, as metadata answers carry them. `host` without brackets.
    pub fn new(host: impl Into<Arc<str>>, port: u16) -> Self {
        Self { host: host.into(), port }
    }

    /// Name or IP address, an IPv6 one without its brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    pub fn port(&self) -> u16 {
        self.port
    }
}

impl AddressError {
    /// The fix, for a line of its own.
    pub fn help(&self) -> String {
        match self {
            AddressError::Empty => "write host:port, such as broker1:9092".to_owned(),
            AddressError::NoPort { text } => format!("write host:port, such as {text}:9092"),
            AddressError::NoHost { .. } => "write host:port, such as localhost:9092".to_owned(),
            AddressError::Port { .. } => "use a number from 1 to 65535, such as 9092".to_owned(),
            AddressError::BareIpv6 { .. } => {
                "write it in brackets, with its port: [::1]:9092".to_owned()
            }
            AddressError::Shape { .. } => {
                "write one host:port without a scheme, path or spaces".to_owned()
            }
        }
    }
}

impl fmt::Display for BrokerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

impl FromStr for BrokerAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        if text.contains("://")
            || text.contains(['/', ',', '@'])
            || text.contains(char::is_whitespace)
        {
            return Err(AddressError::Shape { text: text.to_owned() });
        }
        let (host, port) = split(text)?;
        if host.is_empty() {
            return Err(AddressError::NoHost { text: text.to_owned() });
        }
        match port.parse::<u16>() {
            Ok(number) if number > 0 => Ok(Self::new(host, number)),
            _ => Err(AddressError::Port { text: text.to_owned(), port: port.to_owned() }),
        }
    }
}

/// Host without brackets, and the text after its colon.
fn split(text: &str) -> Result<(&str, &str), AddressError> {
    if let Some(rest) = text.strip_prefix('[') {
        let shape = || AddressError::Shape { text: text.to_owned() };
        let (host, after) = rest.split_once(']').ok_or_else(shape)?;
        let port = after.strip_prefix(':').ok_or_else(|| no_port(text))?;
        host.parse::<std::net::Ipv6Addr>().map_err(|_| shape())?;
        return Ok((host, port));
    }
    let (host, port) = text.rsplit_once(':').ok_or_else(|| no_port(text))?;
    if host.contains(':') {
        return Err(AddressError::BareIpv6 { text: text.to_owned() });
    }
    if host.contains(['[', ']']) {
        return Err(AddressError::Shape { text: text.to_owned() });
    }
    Ok((host, port))
}

fn no_port(text: &str) -> AddressError {
    AddressError::NoPort { text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_names_and_ip_addresses_and_prints_them_back() {
        for text in ["broker-1:9092", "10.0.0.7:1", "[::1]:9092", "[fe80::2]:65535"] {
            let address: BrokerAddress = text.parse().unwrap();
            assert_eq!(address.to_string(), text);
        }
        let address: BrokerAddress = " [::1]:9092 ".parse().unwrap();
        assert_eq!((address.host(), address.port()), ("::1", 9092));
    }

    #[test]
    fn says_what_is_wrong_and_how_to_write_it() {
        let cases = [
            ("broker", "`broker` has no port", "such as broker:9092"),
            ("[::1]", "`[::1]` has no port", "such as [::1]:9092"),
            (":9092", "`:9092` has no host", "such as localhost:9092"),
            ("a:0", "`0` in `a:0` is not a port", "from 1 to 65535"),
            ("a:70000", "`70000` in `a:70000` is not a port", "from 1 to 65535"),
            ("a:", "`` in `a:` is not a port", "from 1 to 65535"),
            ("::1:9092", "`::1:9092` looks like an IPv6 address", "in brackets"),
            ("http://a:9092", "`http://a:9092` is not a host and port", "without a scheme"),
            ("a:1,b:2", "`a:1,b:2` is not a host and port", "one host:port"),
            ("a]:9092", "`a]:9092` is not a host and port", "one host:port"),
            ("[nonsense]:9092", "`[nonsense]:9092` is not a host and port", "one host:port"),
        ];
        for (text, message, help) in cases {
            let error = text.parse::<BrokerAddress>().unwrap_err();
            assert_eq!(error.to_string(), message);
            assert!(error.help().contains(help), "{text}: {}", error.help());
        }
    }
}
