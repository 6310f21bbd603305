//! `cidrAddress`: the network of an IP address.

use std::net::IpAddr;

use super::{ScalarFunction, argument};
use crate::datum::Datum;
use crate::node::Kind;

pub const FUNCTIONS: &[ScalarFunction] = &[ScalarFunction {
    name: "cidrAddress",
    arguments: 2..=2,
    forms: &[],
    named: "cidrFormat",
    returns: Kind::Value,
    evaluate: |a, s| network(argument(a, 0), argument(a, 1), &s.named).unwrap_or(Datum::Null),
}];

/// `10.1.2.0/24`, or `10.1.2.0` with `cidrFormat: false`. Null for what is no address, and for a
/// prefix it does not have.
fn network(address: &Datum, prefix: &Datum, with_prefix: &Datum) -> Option<Datum> {
    let address: IpAddr = address.as_str()?.parse().ok()?;
    let prefix = prefix.as_f64().filter(|p| p.fract() == 0.0 && *p >= 0.0)? as u32;
    let network = match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32_u32.checked_sub(prefix)?).unwrap_or(0);
            IpAddr::from((u32::from(v4) & mask).to_be_bytes())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128_u32.checked_sub(prefix)?).unwrap_or(0);
            IpAddr::from((u128::from(v6) & mask).to_be_bytes())
        }
    };
    Some(Datum::text(match with_prefix {
        Datum::Bool(false) => network.to_string(),
        _ => format!("{network}/{prefix}"),
    }))
}

#[cfg(test)]
mod tests {
    use super::super::{call, call_with};
    use super::*;

    #[test]
    fn addresses_have_networks() {
        let of = |address: &str, prefix: i64| {
            call("cidrAddress", &[Datum::text(address), Datum::Int(prefix)])
        };
        assert_eq!(of("10.1.2.3", 24), Datum::text("10.1.2.0/24"));
        assert_eq!(of("10.1.2.3", 0), Datum::text("0.0.0.0/0"));
        assert_eq!(of("10.1.2.3", 32), Datum::text("10.1.2.3/32"));
        assert_eq!(of("2001:db8::ff", 120), Datum::text("2001:db8::/120"));
        assert_eq!(of("10.1.2.3", 33), Datum::Null);
        assert_eq!(of("kafka-1", 24), Datum::Null);
        let bare = [Datum::text("10.1.2.3"), Datum::Int(8)];
        assert_eq!(call_with("cidrAddress", &bare, Datum::Bool(false)), Datum::text("10.0.0.0"));
    }
}
