//! Calls from web pages of other origins.
//!
//! A page may call the API when the operator lists its origin, and get a token for that at `/api/token`. Cookies are
//! never used, so credentials are not allowed; `login` takes a secret that no page should have, and is not for pages at
//! all. Nor are the pages of the server itself.

use crate::State;
use axum::body::Body;
use axum::extract::{Request, State as Extracted};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, HEAD");
const HEADERS: HeaderValue = HeaderValue::from_static("authorization, content-type, x-looker-appid, accept");
/// What a page may read of an answer beyond what browsers let it read anyway.
const EXPOSED: HeaderValue =
    HeaderValue::from_static("Link, X-Total-Count, Retry-After, Deprecation, Sunset, X-Request-Id");
/// How long a browser may remember the answer to a preflight, in seconds; browsers have limits of their own.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

/// Answers preflights of listed origins, and marks the answers to their calls as readable.
pub(crate) async fn cors(Extracted(state): Extracted<State>, request: Request, next: Next) -> Response {
    let Some(origin) = listed_origin(&state, &request) else { return next.run(request).await };
    if request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        return preflight(origin);
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    response
}

/// The origin of the page that calls, if the operator lists it and pages may call this path.
fn listed_origin(state: &State, request: &Request) -> Option<HeaderValue> {
    let origin = request.headers().get(ORIGIN)?;
    let path = request.uri().path();
    let for_pages = path.starts_with("/api/") && !path.ends_with("/login");
    let listed = origin.to_str().is_ok_and(|origin| state.service.allows_origin(origin));
    (for_pages && listed).then(|| origin.clone())
}

fn preflight(origin: HeaderValue) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
    headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    response
}
