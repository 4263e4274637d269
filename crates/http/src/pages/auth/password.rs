//! Where a person sets a password: behind the address that an administrator made or the server has mailed.

use super::cookie::Cookies;
use super::form::{Form, FormError};
use super::{Answered, failed, page, view};
use crate::State;
use crate::pages::page::{Policy, private};
use crate::{call, forwarded};
use axum::Router;
use axum::extract::{Path, Request, State as Extracted};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use belvedere_api::Client;
use belvedere_service::{ACCOUNT_SETUP_PATH, PASSWORD_RESET_PATH};

pub(super) fn routes() -> Router<State> {
    let paths = [PASSWORD_RESET_PATH, ACCOUNT_SETUP_PATH];
    paths.iter().fold(Router::new(), |router, path| router.route(&format!("{path}{{token}}"), get(show).post(set)))
}

/// A person who was given an address to set a password at.
struct Invited {
    state: State,
    token: String,
    /// The path of the page.
    path: String,
    email: String,
    cookies: Cookies,
}

async fn show(Extracted(state): Extracted<State>, Path(token): Path<String>, request: Request) -> Answered {
    let (path, cookies) = asked(&request, &state);
    let invited = Invited::of(state, token, path, cookies).await?;
    Ok(invited.form_page(StatusCode::OK, None))
}

async fn set(Extracted(state): Extracted<State>, Path(token): Path<String>, request: Request) -> Answered {
    let (path, cookies) = asked(&request, &state);
    let client = call::client(&request, &state);
    let invited = Invited::of(state, token, path, cookies).await?;
    let form = Form::read(request, &invited.cookies).await.map_err(|error| match error {
        FormError::Unreadable(error) => failed(&error),
        FormError::Foreign => page(StatusCode::FORBIDDEN, view::foreign(&invited.path)),
    })?;
    Ok(invited.set(&form, &client).await)
}

impl Invited {
    async fn of(state: State, token: String, path: String, cookies: Cookies) -> Result<Self, Response> {
        let email = state.service.password_reset_email(&token).await.map_err(|error| failed(&error))?;
        let email = email.ok_or_else(nobody)?;
        Ok(Self { state, token, path, email, cookies })
    }

    async fn set(&self, form: &Form, client: &Client) -> Response {
        let password = form.field("password");
        if password != form.field("again") {
            return self.form_page(StatusCode::UNPROCESSABLE_ENTITY, Some("The two are not the same."));
        }
        match self.state.service.set_password(&self.token, password, client, &*self.state.ids).await {
            Ok(()) => page(StatusCode::OK, view::password_set(&self.email)),
            Err(error) if error.status() == 422 => {
                let broken: Vec<&str> = error.fields().iter().map(|field| field.message.as_str()).collect();
                let broken = format!("The password {}.", broken.join(", and "));
                self.form_page(StatusCode::UNPROCESSABLE_ENTITY, Some(&broken))
            }
            Err(error) if error.status() == 404 => nobody(),
            Err(error) => failed(&error),
        }
    }

    fn form_page(&self, status: StatusCode, refused: Option<&str>) -> Response {
        let markup = view::set_password(&self.path, &self.cookies, &self.email, refused);
        let mut response = private(status, Policy::Submit { to: None }, markup);
        self.cookies.keep_browser(&mut response);
        response
    }
}

/// The path of the page, and the cookies of the browser.
pub(super) fn asked(request: &Request, state: &State) -> (String, Cookies) {
    let cookies = Cookies::of(request.headers(), &forwarded::origin(request, state), &*state.ids);
    (request.uri().path().to_owned(), cookies)
}

fn nobody() -> Response {
    page(StatusCode::NOT_FOUND, view::no_password_token())
}
