//! Answers that browsers show: what they may load, and how long they may keep it.

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use maud::Markup;

/// What a page may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy<'a> {
    /// Be read: styles and fonts of this server, and nothing else. No script runs.
    Read,
    /// Run the scripts that this server has as files, and call this server. Nothing inline, nothing evaluated, no
    /// text that becomes markup, no other origin.
    Run,
    /// Be read, and send forms to this server.
    Submit {
        /// Where the answer to a form may lead the browser beside this server: an origin or a scheme. Browsers hold
        /// redirects of forms against the policy of the page that had the form.
        to: Option<&'a str>,
    },
}

impl Policy<'_> {
    fn header(self) -> HeaderValue {
        const READ: HeaderValue = HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'",
        );
        const RUN: HeaderValue = HeaderValue::from_static(
            "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob:; \
             connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'",
        );
        match self {
            Self::Read => READ,
            Self::Run => RUN,
            Self::Submit { to } => {
                let text = format!(
                    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; \
                     form-action 'self' {}; frame-ancestors 'none'",
                    to.unwrap_or_default()
                );
                HeaderValue::from_str(&text).unwrap_or(READ)
            }
        }
    }
}

/// How long a browser may use what it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// It keeps nothing: the page is for one person at one moment.
    Nowhere,
    /// It asks each time.
    Never,
    /// For good: another content has another name.
    Forever,
}

static HEADERS: [(HeaderName, &str); 5] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// A page.
pub(super) fn html(status: StatusCode, policy: Policy<'_>, page: Markup) -> Response {
    file(status, policy, "text/html; charset=utf-8", Kept::Never, page.into_string())
}

/// A page for one person at one moment.
pub(super) fn private(status: StatusCode, policy: Policy<'_>, page: Markup) -> Response {
    file(status, policy, "text/html; charset=utf-8", Kept::Nowhere, page.into_string())
}

/// A file of a page.
pub(super) fn file(
    status: StatusCode,
    policy: Policy<'_>,
    content_type: &'static str,
    kept: Kept,
    body: impl Into<Bytes>,
) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_SECURITY_POLICY, policy.header());
    let kept = match kept {
        Kept::Nowhere => "no-store",
        Kept::Never => "no-cache",
        Kept::Forever => "public, max-age=31536000, immutable",
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.extend(HEADERS.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))));
    response
}

/// The way to another page of this server. `to` is a path.
pub(super) fn redirect(to: &str) -> Response {
    led(StatusCode::TEMPORARY_REDIRECT, Kept::Never, to)
}

/// The way on from a form, to a page of this server. `to` is a path.
pub(super) fn see_other(to: &str) -> Response {
    led(StatusCode::SEE_OTHER, Kept::Nowhere, to)
}

/// The way back to another program. `to` is an address.
pub(super) fn found(to: &str) -> Response {
    led(StatusCode::FOUND, Kept::Nowhere, to)
}

fn led(status: StatusCode, kept: Kept, to: &str) -> Response {
    let mut response = file(status, Policy::Read, "text/plain", kept, Bytes::new());
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}
