//! Replies and errors as responses.

use axum::body::Body;
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE, LINK, RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use belvedere_api::{Error, ErrorKind, ErrorPlace, Method, Operation, Reply, Window, documents};
use belvedere_versions::Endpoint;
use bytes::Bytes;
use futures_util::StreamExt as _;
use std::time::Duration;

const JSON: &str = "application/json";
static TOTAL: HeaderName = HeaderName::from_static("x-total-count");

/// The response of a call that went well. `address` is where the call was made, query string included: links to
/// other parts of a list repeat it.
pub(crate) fn reply(answer: Reply, operation: &Operation, address: &str) -> Response {
    let success = StatusCode::from_u16(operation.success).unwrap_or(StatusCode::OK);
    match answer {
        Reply::Json(json) => bytes(success, JSON, json.0),
        Reply::Page { body, window, count, total } => {
            let mut response = bytes(success, JSON, body.0);
            paging(&mut response, address, window, count, total);
            response
        }
        Reply::Text { content_type, body } => bytes(success, &content_type, body),
        Reply::Stream { content_type, body } => {
            // An error in mid-stream breaks the connection; what it was is in the log of the run.
            let body = Body::from_stream(body.inspect(|chunk| {
                if let Err(error) = chunk {
                    tracing::warn!(%error, "a response broke off");
                }
            }));
            with_headers(success, Some(&content_type), body)
        }
        Reply::Attachment(inner) => {
            let mut response = reply(*inner, operation, address);
            response.headers_mut().insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
            response
        }
        Reply::Empty => with_headers(StatusCode::NO_CONTENT, None, Body::empty()),
        Reply::Pending { retry_after } => {
            let mut response = with_headers(StatusCode::ACCEPTED, Some(JSON), Body::empty());
            retry(&mut response, retry_after);
            response
        }
    }
}

/// Where a call was refused.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At {
    /// The version of the API.
    pub(crate) version: &'static str,
    /// The method.
    pub(crate) method: Method,
    /// The path template below the base path of the version.
    pub(crate) path: &'static str,
}

impl At {
    /// Where calls of an operation arrive.
    pub(crate) fn of(endpoint: impl Endpoint) -> Self {
        Self { version: endpoint.version(), method: endpoint.method(), path: endpoint.path() }
    }
}

/// The response of a call that is refused: Looker's `Error` or `ValidationError`.
pub(crate) fn refusal(error: &Error, origin: &str, at: Option<At>) -> Response {
    let place = ErrorPlace {
        base: origin,
        version: at.map_or(documents::VERSION, |at| at.version),
        route: at.map(|at| (at.method, at.path)),
    };
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = bytes(status, JSON, error.body(&place));
    if let ErrorKind::TooManyRequests { retry_after } = error.kind() {
        retry(&mut response, retry_after);
    }
    response
}

/// A JSON body that is at hand in gzip form.
pub(crate) fn compressed(body: Vec<u8>) -> Response {
    let mut response = bytes(StatusCode::OK, JSON, body);
    response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    response
}

/// A body that is at hand.
pub(crate) fn bytes(status: StatusCode, content_type: &str, body: impl Into<Bytes>) -> Response {
    with_headers(status, Some(content_type), Body::from(body.into()))
}

fn with_headers(status: StatusCode, content_type: Option<&str>, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let content_type = content_type.and_then(|content_type| HeaderValue::from_str(content_type).ok());
    if let Some(content_type) = &content_type {
        headers.insert(CONTENT_TYPE, content_type.clone());
    }
    // What has no type has no body that could be compressed.
    let vary = if content_type.is_some() { "Accept-Encoding, Origin" } else { "Origin" };
    headers.insert(VARY, HeaderValue::from_static(vary));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn retry(response: &mut Response, after: Duration) {
    let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
}

/// `X-Total-Count` and `Link`, which tell where the other parts of a list are; only when a part was asked for.
fn paging(response: &mut Response, address: &str, window: Window, count: u64, total: Option<u64>) {
    let Some(limit) = window.limit else { return };
    if let Some(total) = total {
        response.headers_mut().insert(&TOTAL, HeaderValue::from(total));
    }
    let links: Vec<String> = neighbours(window.offset, limit, count, total)
        .into_iter()
        .map(|(word, offset)| format!("<{}>; rel=\"{word}\"", with_window(address, limit, offset)))
        .collect();
    if let Ok(links) = HeaderValue::from_str(&links.join(", ")) {
        response.headers_mut().insert(LINK, links);
    }
}

/// The other parts of a list: their word in `Link`, and where they begin.
fn neighbours(offset: u64, limit: u64, count: u64, total: Option<u64>) -> Vec<(&'static str, u64)> {
    let mut parts = vec![("first", 0)];
    if offset > 0 {
        parts.push(("prev", offset.saturating_sub(limit)));
    }
    let behind = offset.saturating_add(limit);
    let more = total.map_or(count == limit, |total| behind < total);
    if more {
        parts.push(("next", behind));
    }
    if let Some(total) = total {
        parts.push(("last", total.saturating_sub(1) / limit * limit));
    }
    parts
}

/// The address with another window; its other parameters stay. A comma would end the link for some clients.
fn with_window(address: &str, limit: u64, offset: u64) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let is_window = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        ["limit", "offset", "page", "per_page"].contains(&name)
    };
    let others = query.split('&').filter(|pair| !pair.is_empty() && !is_window(pair));
    let window = [format!("limit={limit}"), format!("offset={offset}")];
    let query: Vec<&str> = others.chain(window.iter().map(String::as_str)).collect();
    format!("{path}?{}", query.join("&")).replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{neighbours, with_window};

    #[test]
    fn the_parts_of_a_list_lead_to_each_other() {
        assert_eq!(neighbours(0, 2, 2, Some(5)), [("first", 0), ("next", 2), ("last", 4)]);
        assert_eq!(neighbours(4, 2, 1, Some(5)), [("first", 0), ("prev", 2), ("last", 4)]);
        assert_eq!(neighbours(2, 2, 2, Some(4)), [("first", 0), ("prev", 0), ("last", 2)]);
        assert_eq!(neighbours(0, 2, 0, Some(0)), [("first", 0), ("last", 0)]);
    }

    #[test]
    fn without_a_total_a_full_part_promises_another() {
        assert_eq!(neighbours(0, 2, 2, None), [("first", 0), ("next", 2)]);
        assert_eq!(neighbours(2, 2, 1, None), [("first", 0), ("prev", 0)]);
    }

    #[test]
    fn a_link_repeats_the_other_parameters() {
        assert_eq!(
            with_window("http://x/api/4.0/users?fields=id,email&page=3&per_page=2", 2, 6),
            "http://x/api/4.0/users?fields=id%2Cemail&limit=2&offset=6"
        );
    }
}
