//! Web origins whose pages may call the API.

use std::fmt;
use std::str::FromStr;

/// A web origin that is let in: a scheme, a host and perhaps a port. The host may begin with `*.`, which stands for
/// every host below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedOrigin {
    scheme: String,
    host: Host,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Host {
    /// This one.
    Exact(String),
    /// Every host that ends with this text, which begins with a dot.
    Below(String),
}

/// A text that names no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no origin: expected a scheme and a host, such as https://app.example.com or https://*.example.com")]
pub struct NoOrigin(String);

impl AllowedOrigin {
    /// Whether a browser that names this origin is meant. The text is what stands in the header `Origin`.
    pub fn matches(&self, origin: &str) -> bool {
        let Some((scheme, host, port)) = parts(origin) else { return false };
        let same_host = match &self.host {
            Host::Exact(exact) => host.eq_ignore_ascii_case(exact),
            Host::Below(end) => {
                let start = host.len().checked_sub(end.len()).filter(|start| *start > 0);
                let tail = start.and_then(|start| host.get(start..));
                tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end)) && host.chars().all(is_letter_of_host)
            }
        };
        scheme.eq_ignore_ascii_case(&self.scheme) && same_host && port == self.port
    }
}

impl FromStr for AllowedOrigin {
    type Err = NoOrigin;

    fn from_str(text: &str) -> Result<Self, NoOrigin> {
        let refused = || NoOrigin(text.to_owned());
        let (scheme, host, port) = parts(text.trim_end_matches('/')).ok_or_else(refused)?;
        let (below, name) = host.strip_prefix("*.").map_or((false, host), |name| (true, name));
        if name.is_empty() || !name.chars().all(is_letter_of_host) || !matches!(scheme, "http" | "https") {
            return Err(refused());
        }
        let host = if below { Host::Below(format!(".{name}")) } else { Host::Exact(name.to_owned()) };
        Ok(Self { scheme: scheme.to_owned(), host, port })
    }
}

impl fmt::Display for AllowedOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Exact(host) => write!(f, "{}://{host}", self.scheme)?,
            Host::Below(end) => write!(f, "{}://*{end}", self.scheme)?,
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

fn is_letter_of_host(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '[' | ']' | ':' | '_')
}

/// Scheme, host and port of an origin; the host of an IPv6 address keeps its brackets.
fn parts(origin: &str) -> Option<(&str, &str, Option<u16>)> {
    let (scheme, rest) = origin.split_once("://")?;
    let port_at = rest.rfind(':').filter(|colon| !rest[*colon..].contains(']'));
    let (host, port) = match port_at {
        Some(colon) => (&rest[..colon], Some(rest[colon + 1..].parse().ok()?)),
        None => (rest, None),
    };
    let default = match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    };
    (!host.is_empty()).then_some((scheme, host, port.filter(|port| Some(*port) != default)))
}

#[cfg(test)]
mod tests {
    use super::AllowedOrigin;

    fn allows(allowed: &str, origin: &str) -> bool {
        allowed.parse::<AllowedOrigin>().unwrap().matches(origin)
    }

    #[test]
    fn an_origin_is_itself_and_nothing_else() {
        assert!(allows("https://app.example.com", "https://app.example.com"));
        assert!(allows("https://app.example.com/", "https://APP.example.com:443"));
        assert!(allows("http://localhost:8080", "http://localhost:8080"));
        assert!(allows("http://[::1]:8080", "http://[::1]:8080"));
        for other in [
            "http://app.example.com",
            "https://app.example.com:8443",
            "https://app.example.com.evil.org",
            "https://evil-app.example.com",
            "https://example.com",
            "null",
            "",
        ] {
            assert!(!allows("https://app.example.com", other), "{other}");
        }
    }

    #[test]
    fn a_star_stands_for_the_hosts_below() {
        assert!(allows("https://*.example.com", "https://a.example.com"));
        assert!(allows("https://*.example.com", "https://a.b.example.com"));
        for other in [
            "https://example.com",
            "https://.example.com",
            "https://evilexample.com",
            "https://a.example.com.x",
            "https://evil.org/.example.com",
            "https://evil.org#.example.com",
            "https://a@b.example.com",
        ] {
            assert!(!allows("https://*.example.com", other), "{other}");
        }
    }

    #[test]
    fn what_names_no_origin_is_refused() {
        for wrong in
            ["", "*", "example.com", "https://", "ftp://example.com", "https://a/b", "https://*", "https://a:b"]
        {
            let error = wrong.parse::<AllowedOrigin>().unwrap_err();
            assert!(error.to_string().contains("https://app.example.com"), "{wrong}");
        }
    }

    #[test]
    fn it_is_written_as_it_was_given() {
        for text in ["https://app.example.com", "https://*.example.com", "http://localhost:8080"] {
            assert_eq!(text.parse::<AllowedOrigin>().unwrap().to_string(), text);
        }
    }
}
