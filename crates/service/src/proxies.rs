//! Proxies in front of the server.

use ipnet::IpNet;
use std::net::IpAddr;

/// The proxies whose word about a call is believed: where it comes from, and at which address it was made. By default
/// nobody's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// A text that names no proxy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no proxy: expected its address or its network, such as 10.0.0.7, 10.0.0.0/8 or ::1")]
pub struct NoProxy(String);

impl TrustedProxies {
    /// Reads addresses (`10.0.0.7`) and networks (`10.0.0.0/8`) of proxies.
    pub fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, NoProxy> {
        let read = |text: &str| {
            let address = || Some(IpNet::from(text.parse::<IpAddr>().ok()?.to_canonical()));
            text.parse().ok().or_else(address).ok_or_else(|| NoProxy(text.to_owned()))
        };
        texts.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the proxy at this address is one of them. An address of version 4 that is written as one of version 6 is
    /// that of version 4.
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::TrustedProxies;

    #[test]
    fn an_address_is_itself_and_a_network_what_is_in_it() {
        let trusted = TrustedProxies::read(["10.1.0.0/16", "192.0.2.7", "2001:db8::/32", "::1"]).unwrap();
        for proxy in ["10.1.0.0", "10.1.255.255", "::ffff:10.1.2.3", "192.0.2.7", "2001:db8:ffff::1", "::1"] {
            assert!(trusted.trusts(proxy.parse().unwrap()), "{proxy}");
        }
        for other in ["10.2.0.0", "192.0.2.8", "127.0.0.1", "2001:db9::1", "::2", "::10.1.2.3"] {
            assert!(!trusted.trusts(other.parse().unwrap()), "{other}");
        }
        assert!(
            !TrustedProxies::default().trusts("127.0.0.1".parse().unwrap()),
            "by default nobody's word is believed"
        );
    }

    #[test]
    fn what_names_no_proxy_is_refused() {
        for wrong in ["", "true", "proxy", "10.0.0.0/33", "::/129", "10.0.0", "10.0.0.1:80", " 10.0.0.1", "10.0.0.0/ 8"]
        {
            let error = TrustedProxies::read(["::1", wrong]).unwrap_err();
            assert!(error.to_string().contains(&format!("`{wrong}`")), "{error}");
        }
    }
}
