//! The routes: one per operation of the contract, and the few that are none.

use crate::State;
use crate::answer;
use crate::call;
use crate::forwarded;
use crate::token;
use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, ALLOW};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, get, on, post};
use belvedere_api::documents::{self, Form};
use belvedere_api::{Error, ErrorKind, Method, OPERATIONS, Release, Result, releases};
use belvedere_versions::{Endpoint, Version, Versions};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

/// All routes.
pub(crate) fn router(state: &State) -> Router {
    let mut router = Router::new().route("/alive", no_other(state, get(alive), READING));
    router = operations(state, router, documents::VERSION, OPERATIONS);
    for version in state.service.versions().others() {
        router = operations(state, router, version.name(), version.routes());
    }
    for version in state.service.versions().iter() {
        for (name, form) in [("swagger.json", Form::Swagger), ("openapi.json", Form::OpenApi)] {
            let document = get(document(state, version, form));
            router = router.route(&format!("{}/{name}", version.base_path()), no_other(state, document, READING));
        }
    }
    let tokens = state.clone();
    let tokens = post(move |request: Request| token::token(tokens.clone(), request));
    router = router.route(token::PATH, no_other(state, tokens, "POST"));
    router = router.merge(crate::pages::routes(state));
    let state = state.clone();
    router.fallback(move |request: Request| {
        let error = nothing(request.uri().path(), state.service.versions());
        std::future::ready(answer::refusal(&error, &forwarded::origin(&request, &state), None))
    })
}

/// Why there is nothing at a path: a version that the operator has withdrawn is told as such.
fn nothing(path: &str, served: &Versions) -> Error {
    let asked = path.strip_prefix("/api/").and_then(|path| path.split('/').next()).unwrap_or_default();
    if Versions::default().get(asked).is_none() || served.get(asked).is_some() {
        return Error::not_found();
    }
    let current = served.current().name();
    let message = format!("Version {asked} of the API is withdrawn on this server; use {current}");
    Error::new(ErrorKind::NotFound, message)
}

/// The methods of what can only be read.
const READING: &str = "GET, HEAD";

/// Adds the operations of a version.
fn operations<E>(state: &State, mut router: Router, version: &str, endpoints: &'static [E]) -> Router
where
    &'static E: Endpoint,
{
    let mut by_path: BTreeMap<&str, Vec<&'static E>> = BTreeMap::new();
    for endpoint in endpoints {
        by_path.entry(endpoint.path()).or_default().push(endpoint);
    }
    for (path, endpoints) in by_path {
        router = router.route(&format!("/api/{version}{path}"), methods(state, &endpoints));
    }
    router
}

/// The operations of one path; any other method is 405.
fn methods(state: &State, endpoints: &[impl Endpoint]) -> MethodRouter {
    let mut router = MethodRouter::new();
    for &endpoint in endpoints {
        let state = state.clone();
        let call = move |request: Request| call::call(state.clone(), endpoint, request);
        router = router.merge(on(filter(endpoint.method()), call));
    }
    let allowed: Vec<&str> = endpoints.iter().map(|endpoint| allowed(endpoint.method())).collect();
    no_other(state, router, &allowed.join(", "))
}

/// The method as `Allow` tells it: where there is GET there is HEAD.
const fn allowed(method: Method) -> &'static str {
    match method {
        Method::Get => "GET, HEAD",
        other => other.as_str(),
    }
}

/// The methods of `router`, which are `allowed`; any other is 405.
fn no_other(state: &State, router: MethodRouter, allowed: &str) -> MethodRouter {
    let allowed = HeaderValue::from_str(allowed).unwrap_or(HeaderValue::from_static("GET"));
    let state = state.clone();
    router.fallback(move |request: Request| {
        let error = Error::new(ErrorKind::MethodNotAllowed, "Method not allowed");
        let mut answer = answer::refusal(&error, &forwarded::origin(&request, &state), None);
        answer.headers_mut().insert(ALLOW, allowed.clone());
        std::future::ready(answer)
    })
}

const fn filter(method: Method) -> MethodFilter {
    match method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Put => MethodFilter::PUT,
        Method::Patch => MethodFilter::PATCH,
        Method::Delete => MethodFilter::DELETE,
    }
}

/// 200 as long as the server answers at all.
async fn alive() -> Response {
    answer::bytes(StatusCode::OK, "application/json", Bytes::new())
}

/// What serves a document that clients build themselves from.
fn document(
    state: &State,
    version: &'static Version,
    form: Form,
) -> impl Fn(Request) -> Pin<Box<dyn Future<Output = Response> + Send>> + Clone + Send + Sync + 'static {
    let state = state.clone();
    move |request| Box::pin(serve_document(state.clone(), version, form, request))
}

async fn serve_document(state: State, version: &'static Version, form: Form, request: Request) -> Response {
    let origin = forwarded::origin(&request, &state);
    let release = match asked_release(&request).unwrap_or_else(|| Ok(state.service.release())) {
        Ok(release) => release,
        Err(error) => return answer::refusal(&error, &origin, None),
    };
    let service = Arc::clone(&state.service);
    let made = tokio::task::spawn_blocking(move || service.document(version, form, release)).await;
    match made {
        Ok(document) if takes_gzip(request.headers()) => answer::compressed(document.gzip(&origin)),
        Ok(document) => answer::bytes(StatusCode::OK, "application/json", document.text(&origin)),
        Err(error) => answer::refusal(&Error::internal(error), &origin, None),
    }
}

/// `?release=26.12`, which must be a release that is known.
fn asked_release(request: &Request) -> Option<Result<Release>> {
    let pairs = belvedere_api::pairs(request.uri().query()?);
    let (_, text) = pairs.into_iter().find(|(name, _)| name == "release")?;
    let Ok(asked) = text.parse::<Release>() else {
        return Some(Err(Error::bad_request("`release` must be a release such as 26.22")));
    };
    let nearest = releases::nearest(asked);
    Some(if nearest == asked {
        Ok(asked)
    } else {
        Err(Error::bad_request(format!("the release {asked} is not known; the nearest one that is known is {nearest}")))
    })
}

/// Whether the client takes answers in gzip form.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip") || name == "*");
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
        named && weight != Some(0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::takes_gzip;
    use axum::http::HeaderMap;
    use axum::http::header::{ACCEPT_ENCODING, HeaderValue};

    #[test]
    fn a_client_takes_gzip_when_it_says_so() {
        let takes = |value: &'static str| {
            takes_gzip(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]))
        };
        for value in ["gzip", "deflate, gzip;q=0.5", "GZIP", "*", "br , gzip"] {
            assert!(takes(value), "{value}");
        }
        for value in ["", "identity", "gzip;q=0", "br, gzip; q=0.0", "x-gzipped"] {
            assert!(!takes(value), "{value}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
