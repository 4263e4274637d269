//! The two cookies of the pages: who is signed in, and which browser it is.
//!
//! The second exists for the forms alone: what a form must show is made of it ([`Cookies::form_token`]), and only this
//! server can set it.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use belvedere_api::Ids;
use belvedere_service::{FormToken, OpenedSession};
use jiff::Timestamp;

/// Letters and digits of what names a browser.
const BROWSER_LENGTH: usize = 40;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Session,
    Browser,
}

/// Whether the browser reached the server by HTTPS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transport {
    Plain,
    Secure,
}

impl Kind {
    /// The name. With the prefix `__Host-` a browser takes a cookie only from this very host, by HTTPS.
    const fn name(self, transport: Transport) -> &'static str {
        match (self, transport) {
            (Self::Session, Transport::Plain) => "belvedere_session",
            (Self::Session, Transport::Secure) => "__Host-belvedere_session",
            (Self::Browser, Transport::Plain) => "belvedere_browser",
            (Self::Browser, Transport::Secure) => "__Host-belvedere_browser",
        }
    }
}

/// The cookies of a request.
pub(super) struct Cookies {
    transport: Transport,
    session: Option<String>,
    browser: String,
    /// Whether the browser had no name before.
    is_new: bool,
}

impl Cookies {
    /// Those of a request to `origin`.
    pub(super) fn of(headers: &HeaderMap, origin: &str, ids: &dyn Ids) -> Self {
        let transport = if origin.starts_with("https://") { Transport::Secure } else { Transport::Plain };
        let browser = cookie(headers, Kind::Browser.name(transport));
        Self {
            transport,
            session: cookie(headers, Kind::Session.name(transport)),
            is_new: browser.is_none(),
            browser: browser.unwrap_or_else(|| ids.alphanumeric(BROWSER_LENGTH)),
        }
    }

    /// What shows who is signed in.
    pub(super) fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// What a form of this browser must show, for as long as the same user is signed in.
    pub(super) fn form_token(&self) -> FormToken {
        FormToken::of(&self.browser, self.session.as_deref())
    }

    /// Has the browser keep its name, when it is new.
    pub(super) fn keep_browser(&self, response: &mut Response) {
        if self.is_new {
            self.set(response, Kind::Browser, &self.browser, None);
        }
    }

    /// Has the browser keep a session.
    pub(super) fn keep_session(&self, response: &mut Response, session: &OpenedSession, now: Timestamp) {
        let lifetime = session.expires_at.duration_since(now).as_secs().max(0);
        self.set(response, Kind::Session, &session.secret, session.is_persistent.then_some(lifetime));
    }

    /// Has the browser forget its session.
    pub(super) fn forget_session(&self, response: &mut Response) {
        self.set(response, Kind::Session, "", Some(0));
    }

    /// Sets a cookie, for so many seconds or until the browser is closed.
    fn set(&self, response: &mut Response, kind: Kind, value: &str, seconds: Option<i64>) {
        let name = kind.name(self.transport);
        let lifetime = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        let secure = if self.transport == Transport::Secure { "; Secure" } else { "" };
        let cookie = format!("{name}={value}; Path=/{lifetime}; HttpOnly; SameSite=Lax{secure}");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
}

/// The value of a cookie of ours; letters and digits alone.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(known, _)| *known == name)?;
    let is_word = !value.is_empty() && value.len() <= 100 && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_word.then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(line: &'static str, origin: &str) -> Cookies {
        struct Ones;
        impl Ids for Ones {
            fn alphanumeric(&self, length: usize) -> String {
                "1".repeat(length)
            }
            fn hex(&self, length: usize) -> String {
                "1".repeat(length)
            }
        }
        Cookies::of(&HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(line))]), origin, &Ones)
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let line = "a=b; belvedere_session=abc; belvedere_browser=def";
        let found = cookies(line, "http://localhost:19999");
        assert_eq!((found.session(), found.browser.as_str(), found.is_new), (Some("abc"), "def", false));
        let none = cookies("xbelvedere_session=abc; belvedere_session=; belvedere_browser=a\"b", "http://localhost");
        assert_eq!((none.session(), none.is_new), (None, true));
    }

    #[test]
    fn by_https_only_this_very_host_is_believed() {
        let planted = cookies("belvedere_session=abc; belvedere_browser=def", "https://bi.example.com");
        assert_eq!((planted.session(), planted.is_new), (None, true));
        let own = cookies("__Host-belvedere_session=abc", "https://bi.example.com");
        assert_eq!(own.session(), Some("abc"));
    }

    #[test]
    fn a_form_belongs_to_one_browser_and_one_session() {
        let token = |line| cookies(line, "http://localhost").form_token();
        let own = token("belvedere_browser=b; belvedere_session=s");
        assert_eq!(own, token("belvedere_session=s; belvedere_browser=b"));
        for other in ["belvedere_browser=b", "belvedere_browser=c; belvedere_session=s", "belvedere_browser=bs"] {
            assert_ne!(own, token(other), "{other}");
        }
    }
}
