//! From a request to a call of the service and back.

use crate::State;
use crate::answer::{self, At};
use crate::deprecation::Notice;
use crate::forwarded::{caller, origin};
use crate::request_id::RequestId;
use axum::RequestExt as _;
use axum::body::{Body, Bytes};
use axum::extract::{RawPathParams, Request};
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use axum::http::uri::PathAndQuery;
use axum::response::Response;
use belvedere_api::{Client, Cx, Error, Method, Operation, Reply, Request as ApiRequest, Result, dispatch, pairs};
use belvedere_versions::Endpoint;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::Instrument as _;

static APPLICATION: HeaderName = HeaderName::from_static("x-looker-appid");

/// How long a client may take to send its body.
const BODY_TIME: Duration = Duration::from_secs(30);

/// Most bytes of a body that comes without a token: anybody may send as many of these at once as there are connections.
pub(crate) const LARGEST_OF_ANYBODY: usize = 16 << 10;

/// Answers a request for an operation, and writes a line about it into the log.
pub(crate) async fn call(state: State, endpoint: impl Endpoint, request: Request) -> Response {
    let started = Instant::now();
    let RequestId(request_id) = RequestId::of(&request);
    let origin: Arc<str> = origin(&request, &state).into();
    // The request line may name the whole address, as it does on the way through a proxy.
    let asked = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
    let address = format!("{origin}{asked}");
    let client = client(&request, &state);
    let called_from = client.address.map(tracing::field::display);
    let span = tracing::info_span!("request", id = %request_id, operation = endpoint.name(), client = called_from);
    let (head, body) = request.into_parts();
    let mut body = Unread(Some(body));
    let request = Request::from_parts(head, Body::empty());
    let arrival = Arrival { request_id, origin: Arc::clone(&origin), client };
    let answered = answered(state, endpoint, request, &mut body, arrival).instrument(span.clone()).await;
    body.pass_over().await;
    let entered = span.entered();
    let response = match answered {
        Ok((reply, operation, notice)) => {
            let mut response = answer::reply(reply, operation, &address);
            notice.tell(response.headers_mut());
            response
        }
        Err(error) => {
            log_failure(&error);
            answer::refusal(&endpoint.told(error), &origin, Some(At::of(endpoint)))
        }
    };
    tracing::info!(
        status = response.status().as_u16(),
        milliseconds = started.elapsed().as_millis() as u64,
        "answered"
    );
    drop(entered);
    response
}

/// Private causes are for the log alone.
pub(crate) fn log_failure(error: &Error) {
    let source = std::error::Error::source(error).map(ToString::to_string);
    match (error.status(), source) {
        (501, _) => tracing::debug!(%error, "not implemented"),
        (500.., source) => tracing::error!(%error, source, "failed"),
        (_, Some(source)) => tracing::info!(%error, source, "refused"),
        (_, None) => tracing::debug!(%error, "refused"),
    }
}

/// How a request arrived.
struct Arrival {
    request_id: Arc<str>,
    origin: Arc<str>,
    client: Client,
}

async fn answered(
    state: State,
    endpoint: impl Endpoint,
    mut request: Request,
    unread: &mut Unread,
    arrival: Arrival,
) -> Result<(Reply, &'static Operation, Notice)> {
    let now = state.service.now();
    let Some(operation) = endpoint.operation() else {
        let token = token(request.headers()).ok_or_else(Error::unauthorized)?;
        state.service.authenticate(token, now).await?;
        return Err(Error::not_implemented());
    };
    // An operation that needs no token does not look at one: a client may log in with the old one still in its header.
    let caller = if operation.needs_token {
        let token = token(request.headers()).ok_or_else(Error::unauthorized)?;
        state.service.authenticate(token, now).await?
    } else {
        None
    };
    if let (Some(limit), Some(caller)) = (&state.rate_limit, &caller) {
        limit.take(operation, caller.user)?;
    }
    let path = path_values(&mut request).await?;
    let mut query = endpoint.upgrade_query(pairs(request.uri().query().unwrap_or_default()));
    state.service.policy().pass_over(operation.id, &mut query);
    let cx = Cx {
        operation: operation.id,
        caller,
        now,
        request_id: arrival.request_id,
        ids: Arc::clone(&state.ids),
        origin: arrival.origin,
        client: arrival.client,
        shape: endpoint.shape(operation, &query),
        path,
    };
    state.service.authorize(&cx)?;
    let notice = Notice::of(operation, &query, &cx.shape);
    state.service.count_usage(&cx, endpoint.version(), &query);
    if !operation.has_code {
        return Err(Error::not_implemented());
    }
    let content_type = header(request.headers(), &CONTENT_TYPE).map(str::to_owned).filter(|text| !text.is_empty());
    let most = if operation.needs_token { state.body_limit } else { LARGEST_OF_ANYBODY };
    let body = endpoint.upgrade_body(body(unread.take(), most).await?)?;
    let request = ApiRequest { path: cx.path.clone(), query, content_type, body };
    let reply = if outlives_its_caller(operation) {
        let service = state.service;
        let work = async move { dispatch(&*service, &cx, operation.id, request).await };
        tokio::spawn(work.in_current_span()).await.map_err(Error::internal)??
    } else {
        dispatch(&*state.service, &cx, operation.id, request).await?
    };
    Ok((endpoint.downgrade(reply)?, operation, notice))
}

/// Whether the operation is carried to its end although its caller has left. Changes are; reading stops.
fn outlives_its_caller(operation: &Operation) -> bool {
    operation.method != Method::Get && !operation.name().starts_with("run_")
}

/// `Authorization: token X` or `Bearer X`, in any case.
fn token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = header(headers, &AUTHORIZATION)?.trim().split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("token") || scheme.eq_ignore_ascii_case("bearer");
    Some(token.trim()).filter(|token| known && !token.is_empty())
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The program that calls.
pub(crate) fn client(request: &Request, state: &State) -> Client {
    let text = |name| header(request.headers(), name).map(str::to_owned);
    Client { address: caller(request, state), user_agent: text(&USER_AGENT), application: text(&APPLICATION) }
}

/// The values of the path parameters, each decoded once: `%2F` within one does not split it.
async fn path_values(request: &mut Request) -> Result<Vec<String>> {
    let values = request.extract_parts::<RawPathParams>().await;
    let values = values.map_err(|_| Error::bad_request("the path is not percent-encoded UTF-8"))?;
    Ok(values.iter().map(|(_, value)| value.to_owned()).collect())
}

/// A body that nobody has asked for yet.
struct Unread(Option<Body>);

/// Most bytes of a body that are read although nobody wants them, and for how long.
const PASSED_OVER: (usize, Duration) = (64 << 10, Duration::from_secs(1));

impl Unread {
    fn take(&mut self) -> Body {
        self.0.take().unwrap_or_default()
    }

    /// Reads a body that a refused call has left. A connection with an unread body is closed behind the answer, and
    /// clients that keep connections would send their next call into the closing one.
    async fn pass_over(self) {
        let (most, time) = PASSED_OVER;
        if let Some(body) = self.0 {
            let _ = tokio::time::timeout(time, Limited::new(body, most).collect()).await;
        }
    }
}

/// A whole body of at most `limit` bytes.
pub(crate) async fn body(body: Body, limit: usize) -> Result<Bytes> {
    let read = tokio::time::timeout(BODY_TIME, Limited::new(body, limit).collect()).await;
    let read = read.map_err(|_| Error::bad_request("the body did not arrive in time"))?;
    let collected = read.map_err(|error| match error.downcast::<LengthLimitError>() {
        Ok(_) => Error::payload_too_large(limit),
        Err(error) => Error::bad_request("the body did not arrive whole").with_source(error),
    })?;
    Ok(collected.to_bytes())
}
