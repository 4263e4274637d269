//! The routes: one per operation of the contract, and the few that are none.

use crate::State;
use crate::answer;
use crate::call;
use crate::paths::BASE;
use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::ALLOW;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, get, on};
use belvedere_api::{Error, ErrorKind, Method, OPERATIONS, Operation, documents};
use std::collections::BTreeMap;

/// All routes.
pub(crate) fn router(state: &State) -> Router {
    let mut by_path: BTreeMap<&str, Vec<&'static Operation>> = BTreeMap::new();
    for operation in OPERATIONS {
        by_path.entry(operation.path).or_default().push(operation);
    }
    let reading = |router| no_other(state, router, "GET, HEAD");
    let mut router = Router::new()
        .route("/alive", reading(get(alive)))
        .route(&format!("{BASE}/swagger.json"), reading(get(with(state, Document::Swagger))))
        .route(&format!("{BASE}/openapi.json"), reading(get(with(state, Document::OpenApi))));
    for (path, operations) in by_path {
        router = router.route(&format!("{BASE}{path}"), methods(state, &operations));
    }
    let state = state.clone();
    router.fallback(move |request: Request| {
        let answer = answer::refusal(&Error::not_found(), &call::origin(&request, &state), None);
        std::future::ready(answer)
    })
}

/// The operations of one path; any other method is 405.
fn methods(state: &State, operations: &[&'static Operation]) -> MethodRouter {
    let mut router = MethodRouter::new();
    for &operation in operations {
        let state = state.clone();
        router = router
            .merge(on(filter(operation.method), move |request: Request| call::call(state.clone(), operation, request)));
    }
    let allowed: Vec<&str> = operations.iter().map(|operation| allowed(operation.method)).collect();
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
        let mut answer = answer::refusal(&error, &call::origin(&request, &state), None);
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

/// The documents that clients build themselves from.
#[derive(Debug, Clone, Copy)]
enum Document {
    Swagger,
    OpenApi,
}

fn with(
    state: &State,
    document: Document,
) -> impl Fn(Request) -> std::future::Ready<Response> + Clone + Send + Sync + 'static {
    let state = state.clone();
    move |request| {
        let origin = call::origin(&request, &state);
        let release = match asked_release(&request) {
            Some(asked) => asked,
            None => Ok(state.service.release()),
        };
        let Ok(release) = release else {
            let error = Error::bad_request("`release` must be a release such as 26.22");
            return std::future::ready(answer::refusal(&error, &origin, None));
        };
        let body = match document {
            Document::Swagger => documents::swagger(release, &origin),
            Document::OpenApi => documents::openapi(release, &origin),
        };
        std::future::ready(answer::bytes(StatusCode::OK, "application/json", body))
    }
}

/// `?release=26.12`
fn asked_release(request: &Request) -> Option<Result<belvedere_api::Release, ()>> {
    let pairs = belvedere_api::pairs(request.uri().query()?);
    let (_, release) = pairs.into_iter().find(|(name, _)| name == "release")?;
    Some(release.parse().map_err(|_| ()))
}
