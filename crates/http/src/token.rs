//! `/api/token`: where programs that sign users in by OAuth get their tokens.
//!
//! It belongs to no version of the API, and its refusals have the form of RFC 6749.

use crate::State;
use crate::answer;
use crate::call;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, PRAGMA};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use belvedere_api::{Json, Shape, pairs};
use belvedere_service::oauth::{NoToken, Reason, Refusal, TokenRequest};
use belvedere_wire::{Object, write_string};
use serde_json::Value;

/// Where it is.
pub(crate) const PATH: &str = "/api/token";

/// Gives a token, or says why there is none.
pub(crate) async fn token(state: State, request: Request) -> Response {
    let client = call::client(&request, &state);
    let asked = match call::body(request.into_body(), call::LARGEST_OF_ANYBODY).await {
        Ok(body) => read(&body).map_err(NoToken::from),
        Err(error) => Err(error.into()),
    };
    let granted = match asked {
        // The code is used up, or it is not: a client that leaves changes nothing of that.
        Ok(asked) => tokio::spawn(async move { state.service.grant_token(asked, &client, &*state.ids).await })
            .await
            .unwrap_or_else(|error| Err(belvedere_api::Error::internal(error).into())),
        Err(error) => Err(error),
    };
    let mut response = match granted {
        Ok(token) => answer::bytes(StatusCode::OK, "application/json", Json::of(&token, &Shape::whole()).0),
        Err(NoToken::Refused(refusal)) => {
            tracing::debug!(%refusal, "no token");
            refused(refusal.reason.status(), &refusal)
        }
        Err(NoToken::Failed(error)) => failed(&error),
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

/// Reads JSON or a form; clients send either under either type.
fn read(body: &Bytes) -> Result<TokenRequest, Refusal> {
    let malformed = |text: &'static str| Refusal { reason: Reason::InvalidRequest, description: text.into() };
    let is_json = body.trim_ascii_start().first() == Some(&b'{');
    let fields: Vec<(String, String)> = if is_json {
        let tree = serde_json::from_slice(body).map_err(|_| malformed("the body is no JSON"))?;
        let Value::Object(fields) = tree else { return Err(malformed("the body is no JSON object")) };
        let text = |(name, value)| match value {
            Value::String(text) => Some((name, text)),
            _ => None,
        };
        fields.into_iter().filter_map(text).collect()
    } else {
        let text = std::str::from_utf8(body).map_err(|_| malformed("the body is neither JSON nor a form"))?;
        pairs(text)
    };
    let mut request = TokenRequest::default();
    for (name, value) in fields {
        let field = match name.as_str() {
            "grant_type" => &mut request.grant_type,
            "client_id" => &mut request.client_id,
            "redirect_uri" => &mut request.redirect_uri,
            "code" => &mut request.code,
            "code_verifier" => &mut request.code_verifier,
            "refresh_token" => &mut request.refresh_token,
            _ => continue,
        };
        if field.replace(value).is_some() {
            return Err(malformed("a parameter is there more than once"));
        }
    }
    Ok(request)
}

/// A refusal in the form of RFC 6749; `message` is what clients of the API show of any error.
fn refused(status: u16, refusal: &Refusal) -> Response {
    let mut body = Vec::new();
    let mut object = Object::open(&mut body);
    write_string(refusal.reason.as_str(), object.key("error"));
    write_string(&refusal.description, object.key("error_description"));
    write_string(&refusal.description, object.key("message"));
    object.close();
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    answer::bytes(status, "application/json", body)
}

/// The server's own failures, and bodies that are too large or do not arrive.
fn failed(error: &belvedere_api::Error) -> Response {
    call::log_failure(error);
    let reason = if error.status() < 500 { Reason::InvalidRequest } else { Reason::ServerError };
    refused(error.status(), &Refusal { reason, description: error.message().to_owned().into() })
}
