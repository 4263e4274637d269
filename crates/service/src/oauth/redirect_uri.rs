//! Where the browser goes back to.

use std::fmt;
use url::{Host, Url, form_urlencoded};

/// The most bytes of an address.
const LONGEST: usize = 2000;

/// Where the API Explorer of this server is: the one address that is a path. A browser that is sent to a path stays at the
/// origin where it is, so that what it brings there reaches nobody but this server, under whatever name and behind whatever
/// proxy.
pub const EXPLORER_PATH: &str = "/api-explorer";

/// Schemes that mean something to the browser itself, or that send no browser anywhere.
const REFUSED_SCHEMES: [&str; 11] =
    ["about", "blob", "chrome", "data", "file", "filesystem", "ftp", "javascript", "vbscript", "view-source", "ws"];

/// An address that a browser may be sent back to: of a web page, of a program on the machine of the user, of an
/// application that has a scheme of its own, or of the [API Explorer](EXPLORER_PATH).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectUri {
    text: String,
    form_target: Option<String>,
}

/// A text that no browser can be sent back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoRedirectUri {
    /// It is no absolute address.
    #[error("must be an absolute address such as https://app.example.com/oauth, at most 2000 letters of ASCII long")]
    NotAbsolute,
    /// Browsers take this scheme for something else.
    #[error("must have the scheme https, http, or one of an application of your own")]
    Scheme,
    /// It names a part of a page.
    #[error("must not have a fragment: nothing may stand behind a #")]
    Fragment,
    /// It holds a name or a password.
    #[error("must not hold a user name or a password")]
    Credentials,
    /// The host has letters that no host has.
    #[error("must name a host by letters, digits, dots and hyphens")]
    Host,
}

impl RedirectUri {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, NoRedirectUri> {
        if text == EXPLORER_PATH {
            return Ok(Self { text: text.to_owned(), form_target: None });
        }
        let is_plain = text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let url = Url::parse(text).ok().filter(|_| is_plain).ok_or(NoRedirectUri::NotAbsolute)?;
        if REFUSED_SCHEMES.contains(&url.scheme()) || url.scheme() == "wss" {
            return Err(NoRedirectUri::Scheme);
        }
        // Not the parsed fragment alone: an empty one is none there.
        if text.contains('#') {
            return Err(NoRedirectUri::Fragment);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NoRedirectUri::Credentials);
        }
        Ok(Self { text: text.to_owned(), form_target: Some(form_target(&url)?) })
    }

    /// The address, as it was registered.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is a page of this server.
    pub fn is_own(&self) -> bool {
        self.form_target.is_none()
    }

    /// What a Content Security Policy must allow in `form-action`, beside this server, for a form whose answer leads here:
    /// the origin, or the scheme where there is none that a policy can name. It holds no letter that means something in a
    /// policy.
    pub fn form_target(&self) -> Option<&str> {
        self.form_target.as_deref()
    }

    /// The address with parameters behind those that it has.
    pub fn with(&self, parameters: &[(&str, &str)]) -> String {
        let joint = match self.text.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        format!("{}{joint}{encoded}", self.text)
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn form_target(url: &Url) -> Result<String, NoRedirectUri> {
    let scheme = url.scheme();
    if !matches!(scheme, "http" | "https") {
        return Ok(format!("{scheme}:"));
    }
    let host = match url.host() {
        Some(Host::Domain(name)) if is_host_name(name) => name.to_owned(),
        Some(Host::Ipv4(address)) => address.to_string(),
        // Policies have no form for such an address.
        Some(Host::Ipv6(_)) => return Ok(format!("{scheme}:")),
        _ => return Err(NoRedirectUri::Host),
    };
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    Ok(format!("{scheme}://{host}{port}"))
}

fn is_host_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_where_the_browser_goes() {
        for (address, target) in [
            ("https://app.example.com/oauth?tenant=1", "https://app.example.com"),
            ("https://app.example.com:8443/", "https://app.example.com:8443"),
            ("https://app.example.com:443/", "https://app.example.com"),
            ("http://127.0.0.1:7777", "http://127.0.0.1:7777"),
            ("http://localhost:8080/oauth", "http://localhost:8080"),
            ("http://[::1]:7777/", "http:"),
            ("myapp://callback", "myapp:"),
            ("com.example.app:/oauth2redirect", "com.example.app:"),
        ] {
            let address = RedirectUri::parse(address).unwrap();
            assert_eq!((address.form_target(), address.is_own()), (Some(target), false), "{address}");
        }
    }

    #[test]
    fn of_this_server_the_explorer_is_the_only_place() {
        let explorer = RedirectUri::parse("/api-explorer").unwrap();
        assert_eq!((explorer.form_target(), explorer.is_own()), (None, true));
        assert_eq!(explorer.with(&[("code", "c")]), "/api-explorer?code=c");
        for other in [
            "/",
            "/api-docs",
            "/API-explorer",
            "/api-explorer/",
            "/api-explorer?",
            "/api-explorer#",
            "/api-explorer/../r",
            "//evil.example.com/api-explorer",
            "/\\evil.example.com/api-explorer",
            "api-explorer",
            " /api-explorer",
        ] {
            assert_eq!(RedirectUri::parse(other), Err(NoRedirectUri::NotAbsolute), "{other}");
        }
    }

    #[test]
    fn what_is_no_place_to_go_back_to_is_refused() {
        use NoRedirectUri::{Credentials, Fragment, Host, NotAbsolute, Scheme};
        let long = format!("https://app.example.com/{}", "a".repeat(LONGEST));
        for (address, wrong) in [
            ("", NotAbsolute),
            ("/oauth", NotAbsolute),
            ("app.example.com/oauth", NotAbsolute),
            ("https://", NotAbsolute),
            ("https:// app.example.com", NotAbsolute),
            ("https://app.example.com/a\r\nSet-Cookie: a=b", NotAbsolute),
            ("https://app.example.com\\@evil.example.com", NotAbsolute),
            ("https://äpp.example.com/", NotAbsolute),
            (&long, NotAbsolute),
            ("javascript:alert(1)", Scheme),
            ("JavaScript://a/%0aalert(1)", Scheme),
            ("data:text/html,x", Scheme),
            ("file:///etc/passwd", Scheme),
            ("wss://app.example.com", Scheme),
            ("https://app.example.com/#", Fragment),
            ("https://app.example.com/#a", Fragment),
            ("https://user@app.example.com/", Credentials),
            ("https://:word@app.example.com/", Credentials),
            ("https://a;script-src/", Host),
            ("https://a,b/", Host),
            ("https://*/", Host),
        ] {
            assert_eq!(RedirectUri::parse(address), Err(wrong), "{address}");
        }
    }

    #[test]
    fn parameters_stand_behind_those_that_are_there() {
        let with = |address| RedirectUri::parse(address).unwrap().with(&[("code", "c"), ("state", "a&b=c d/é")]);
        let added = "code=c&state=a%26b%3Dc+d%2F%C3%A9";
        for (address, joint) in [
            ("https://app.example.com/oauth", "?"),
            ("https://app.example.com/oauth?", ""),
            ("https://app.example.com/oauth?tenant=1", "&"),
            ("https://app.example.com/oauth?tenant=1&", ""),
            ("http://127.0.0.1:7777", "?"),
            ("myapp://callback", "?"),
        ] {
            assert_eq!(with(address), format!("{address}{joint}{added}"));
        }
    }
}
