//! What proxies in front tell of a call: where it comes from, and at which address it was made.
//!
//! A proxy writes the address that called it behind those that it was told. Read backwards, from the connection on, each
//! address stands there by the word of the one before it. The first that belongs to no trusted proxy is the caller's;
//! what stands before that one the caller may have made up.

use crate::State;
use crate::connections::Peer;
use axum::extract::Request;
use axum::http::header::HOST;
use axum::http::{HeaderMap, HeaderName};
use belvedere_service::TrustedProxies;
use std::net::{IpAddr, SocketAddr};

static FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
static FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The network address that a request comes from.
pub(crate) fn caller(request: &Request, state: &State) -> Option<IpAddr> {
    Way::of(request, state.service.trusted_proxies()).caller
}

/// Scheme, host and port that the caller reached the server at.
pub(crate) fn origin(request: &Request, state: &State) -> String {
    let way = Way::of(request, state.service.trusted_proxies());
    let known = |told: &str| ["http", "https"].into_iter().find(|scheme| told.eq_ignore_ascii_case(scheme));
    let scheme = way.told(&FORWARDED_PROTO).and_then(known).unwrap_or(state.scheme);
    let asked = || request.headers().get(HOST)?.to_str().ok();
    let plain = |host: &&str| {
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-_[]".contains(&byte))
    };
    format!("{scheme}://{}", way.told(&FORWARDED_HOST).or_else(asked).filter(plain).unwrap_or("localhost"))
}

/// The way of a request, as far as it can be believed.
struct Way<'a> {
    headers: &'a HeaderMap,
    caller: Option<IpAddr>,
    /// How many trusted proxies passed the request on.
    proxies: usize,
}

impl<'a> Way<'a> {
    fn of(request: &'a Request, trusted: &TrustedProxies) -> Self {
        let headers = request.headers();
        let mut before = backwards(headers, &FORWARDED_FOR).map(address);
        let mut caller = request.extensions().get::<Peer>().map(|peer| peer.0.to_canonical());
        let mut proxies = 0;
        while caller.is_some_and(|address| trusted.trusts(address)) {
            proxies += 1;
            // A proxy that does not tell who called it is as far as one can see.
            let Some(Some(earlier)) = before.next() else { break };
            caller = Some(earlier);
        }
        Self { headers, caller, proxies }
    }

    /// What the outermost trusted proxy says in a header to which each proxy appends, or which one of them sets.
    fn told(&self, name: &HeaderName) -> Option<&'a str> {
        backwards(self.headers, name).take(self.proxies).last()
    }
}

/// The values of a list that may stand in several headers, the last one first. One that is no text is empty.
fn backwards<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> + use<'a> {
    let lines = headers.get_all(name).into_iter().rev();
    let values = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    values.map(|value| str::from_utf8(value).unwrap_or_default().trim())
}

/// An address as proxies write it: alone, in brackets, or with a port.
fn address(text: &str) -> Option<IpAddr> {
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let address: Option<IpAddr> = text.parse().ok().or_else(bracketed).or_else(with_port);
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::{FORWARDED_HOST, Way};
    use crate::connections::Peer;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::http::HeaderValue;
    use belvedere_service::TrustedProxies;

    /// Who is taken for the caller when `peer` calls with these headers; 10.0.0.0/8 and fd00::/8 are proxies.
    fn caller(peer: &str, forwarded: &[&str]) -> String {
        let request = request(peer, forwarded.iter().map(|line| ("x-forwarded-for", *line)));
        Way::of(&request, &proxies()).caller.expect("somebody").to_string()
    }

    fn proxies() -> TrustedProxies {
        TrustedProxies::read(["10.0.0.0/8", "fd00::/8"]).unwrap()
    }

    fn request<'a>(peer: &str, headers: impl Iterator<Item = (&'static str, &'a str)>) -> Request {
        let mut request = Request::new(Body::empty());
        request.extensions_mut().insert(Peer(peer.parse().unwrap()));
        for (name, value) in headers {
            request.headers_mut().append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        request
    }

    #[test]
    fn who_is_no_proxy_speaks_for_nobody() {
        assert_eq!(caller("192.0.2.1", &["198.51.100.1"]), "192.0.2.1");
        assert_eq!(caller("192.0.2.1", &["10.0.0.1"]), "192.0.2.1");
        assert_eq!(caller("2001:db8::1", &["::1", "fd00::1"]), "2001:db8::1");
    }

    #[test]
    fn the_caller_is_the_last_who_is_no_proxy() {
        assert_eq!(caller("10.0.0.1", &["192.0.2.7"]), "192.0.2.7");
        assert_eq!(caller("10.0.0.1", &["198.51.100.1, 192.0.2.7, 10.0.0.2"]), "192.0.2.7");
        assert_eq!(caller("10.0.0.1", &["10.9.9.9,192.0.2.7,10.0.0.3,10.0.0.2"]), "192.0.2.7");
        assert_eq!(caller("10.0.0.1", &["198.51.100.1", "192.0.2.7", "10.0.0.2"]), "192.0.2.7");
        assert_eq!(caller("::ffff:10.0.0.1", &["::ffff:192.0.2.7"]), "192.0.2.7");
        assert_eq!(caller("fd00::1", &["2001:db8::5, fd00::2"]), "2001:db8::5");
    }

    #[test]
    fn a_proxy_without_a_caller_is_the_caller() {
        assert_eq!(caller("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(caller("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    }

    #[test]
    fn addresses_may_have_brackets_and_ports() {
        for (text, address) in [
            ("192.0.2.7:4711", "192.0.2.7"),
            ("[2001:db8::5]", "2001:db8::5"),
            ("[2001:db8::5]:4711", "2001:db8::5"),
            ("  192.0.2.7\t", "192.0.2.7"),
        ] {
            assert_eq!(caller("10.0.0.1", &[text]), address, "{text}");
        }
    }

    #[test]
    fn nobody_looks_beyond_what_is_no_address() {
        for garbage in ["", "unknown", "_hidden", "192.0.2.300", "[192.0.2.7]", "1", "fe80::1%eth0", "'; --", "é"] {
            assert_eq!(caller("10.0.0.1", &["192.0.2.7", garbage]), "10.0.0.1", "{garbage}");
            assert_eq!(caller("10.0.0.1", &[&format!("192.0.2.7, {garbage}, 10.0.0.2")]), "10.0.0.2", "{garbage}");
        }
        assert_eq!(caller("10.0.0.1", &["é, 192.0.2.7"]), "192.0.2.7", "what the caller says hides nobody");
        assert_eq!(caller("10.0.0.1", &["192.0.2.7, "]), "10.0.0.1");
        assert_eq!(caller("10.0.0.1", &["192.0.2.7", &"x".repeat(100_000)]), "10.0.0.1");
        assert_eq!(caller("10.0.0.1", &[&("192.0.2.7".to_owned() + &", 10.0.0.2".repeat(50_000))]), "192.0.2.7");
    }

    #[test]
    fn of_the_address_that_was_called_the_outermost_proxy_tells() {
        let told = |peer: &str, forwarded: &str, hosts: &[&str]| {
            let hosts = hosts.iter().map(|host| ("x-forwarded-host", *host));
            let request = request(peer, hosts.chain([("x-forwarded-for", forwarded)]));
            Way::of(&request, &proxies()).told(&FORWARDED_HOST).map(str::to_owned)
        };
        let one = |host: &str| Some(host.to_owned());
        assert_eq!(told("10.0.0.1", "192.0.2.7", &["bi.example.com"]), one("bi.example.com"));
        assert_eq!(told("10.0.0.1", "192.0.2.7", &["made-up, bi.example.com"]), one("bi.example.com"));
        assert_eq!(told("10.0.0.1", "192.0.2.7, 10.0.0.2", &["made-up, outer", "inner"]), one("outer"));
        assert_eq!(told("10.0.0.1", "192.0.2.7, 10.0.0.2", &["outer"]), one("outer"), "an inner one passes it on");
        assert_eq!(told("192.0.2.7", "10.0.0.2", &["made-up"]), None);
        assert_eq!(told("10.0.0.1", "192.0.2.7", &[]), None);
    }
}
