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
pub(super) enum Policy {
    /// Be read: styles and fonts of this server, and nothing else. No script runs.
    Read,
    /// Run the scripts that this server has as files, and call this server. Nothing inline, nothing evaluated, no
    /// text that becomes markup, no other origin.
    Run,
}

impl Policy {
    const fn text(self) -> &'static str {
        match self {
            Self::Read => {
                "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; \
                 form-action 'none'; frame-ancestors 'none'"
            }
            Self::Run => {
                "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob:; \
                 connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                 require-trusted-types-for 'script'; trusted-types 'none'"
            }
        }
    }
}

/// How long a browser may use what it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
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
pub(super) fn html(status: StatusCode, policy: Policy, page: Markup) -> Response {
    file(status, policy, "text/html; charset=utf-8", Kept::Never, page.into_string())
}

/// A file of a page.
pub(super) fn file(
    status: StatusCode,
    policy: Policy,
    content_type: &'static str,
    kept: Kept,
    body: impl Into<Bytes>,
) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy.text()));
    let kept = match kept {
        Kept::Never => "no-cache",
        Kept::Forever => "public, max-age=31536000, immutable",
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.extend(HEADERS.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))));
    response
}

/// The way to another page of this server. `to` is a path.
pub(super) fn redirect(to: &str) -> Response {
    let mut response = file(StatusCode::TEMPORARY_REDIRECT, Policy::Read, "text/plain", Kept::Never, Bytes::new());
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}
