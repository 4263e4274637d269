//! Where a person who has forgotten the password asks for a mail with the way to a new one.

use super::form::{Form, FormError};
use super::password::asked;
use super::{Answered, failed, page, view};
use crate::State;
use crate::call;
use crate::pages::page::{Policy, private};
use axum::Router;
use axum::extract::{Request, State as Extracted};
use axum::http::StatusCode;
use axum::routing::get;

/// The path of the page.
pub(super) const PATH: &str = "/password/forgot";

pub(super) fn routes() -> Router<State> {
    Router::new().route(PATH, get(show).post(send))
}

async fn show(Extracted(state): Extracted<State>, request: Request) -> Answered {
    let (_, cookies) = asked(&request, &state);
    if !state.service.sends_mail().await.map_err(|error| failed(&error))? {
        return Ok(page(StatusCode::OK, view::no_mail()));
    }
    let mut response = private(StatusCode::OK, Policy::Submit { to: None }, view::forgotten(PATH, &cookies));
    cookies.keep_browser(&mut response);
    Ok(response)
}

async fn send(Extracted(state): Extracted<State>, request: Request) -> Answered {
    let ((_, cookies), client) = (asked(&request, &state), call::client(&request, &state));
    let form = Form::read(request, &cookies).await.map_err(|error| match error {
        FormError::Unreadable(error) => failed(&error),
        FormError::Foreign => page(StatusCode::FORBIDDEN, view::foreign(PATH)),
    })?;
    let email = form.field("email").trim();
    state.service.forgot_password(email, &client, &state.ids).await.map_err(|error| failed(&error))?;
    Ok(page(StatusCode::OK, view::mail_is_on_its_way(email)))
}
