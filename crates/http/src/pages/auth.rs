//! Where people sign in, and let programs act as them: the pages behind `/auth`.
//!
//! A program sends the browser to `/auth` with what it asks. Whoever is not signed in gets the sign-in page, whoever
//! has not consented to the program the consent page; then the browser goes back to the program with a code. What the
//! program asks stands in the query string of each address, and is checked anew each time.
//!
//! | address | |
//! |---|---|
//! | `GET /auth` | the next page, or the way back to the program |
//! | `POST /auth/sign_in` | signs in, and goes to `/auth` |
//! | `POST /auth/second_factor` | takes the code of a second factor, and goes to `/auth` |
//! | `POST /auth/consent` | says yes or no, and goes back to the program |
//! | `POST /auth/sign_out` | signs out, and goes to `/auth` |
//! | `/password/forgot` | sends a mail with the next one |
//! | `/password/reset/{token}`, `/account/setup/{token}` | sets a password, for whoever was given the address |

mod cookie;
mod forgotten;
mod form;
mod password;
mod qr;
mod view;

use super::page::{Kept, Policy, file, found, private, see_other};
use crate::State;
use crate::call;
use crate::forwarded;
use axum::Router;
use axum::extract::{Request, State as Extracted};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use belvedere_api::{Client, Error, pairs};
use belvedere_service::oauth::{AuthorizationRequest, Authorized, Consent, Declined};
use belvedere_service::{BrowserSession, PASSWORD_RESET_PATH, SecondFactor, SignIn, SignInRefusal};
use cookie::Cookies;
use form::{Form, FormError};
use maud::Markup;

const STYLE: [&str; 2] = [include_str!("style/base.css"), include_str!("style/auth.css")];

pub(super) fn routes(state: &State) -> Router {
    Router::new()
        .route("/auth", get(authorize))
        .route("/auth/sign_in", post(sign_in))
        .route("/auth/second_factor", post(second_factor))
        .route("/auth/consent", post(consent))
        .route("/auth/sign_out", post(sign_out))
        .route("/auth/style.css", get(async || style()))
        .merge(forgotten::routes())
        .merge(password::routes())
        .with_state(state.clone())
}

fn style() -> Response {
    file(StatusCode::OK, Policy::Read, "text/css; charset=utf-8", Kept::Never, STYLE.concat())
}

/// What a request is about: the program that asks, and the browser that it comes from.
struct Visit {
    state: State,
    /// The query string as it came: the addresses of the forms repeat it.
    query: String,
    request: AuthorizationRequest,
    cookies: Cookies,
}

/// What of a request says what it is about.
struct Asked {
    query: String,
    cookies: Cookies,
}

impl Asked {
    fn by(request: &Request, state: &State) -> Self {
        let cookies = Cookies::of(request.headers(), &forwarded::origin(request, state), &*state.ids);
        Self { query: request.uri().query().unwrap_or_default().to_owned(), cookies }
    }
}

/// What a browser is answered: what it came for, or why it does not get it.
type Answered = Result<Response, Response>;

/// The next page, or the way back to the program.
async fn authorize(Extracted(state): Extracted<State>, request: Request) -> Answered {
    let (asked, client) = (Asked::by(&request, &state), call::client(&request, &state));
    let visit = Visit::of(state, asked).await?;
    match visit.session().await? {
        Some(session) => visit.go_on(&session, Consent::AsRecorded, &client).await,
        None => Ok(visit.sign_in_page(StatusCode::OK, "", None)),
    }
}

async fn sign_in(Extracted(state): Extracted<State>, request: Request) -> Answered {
    let (visit, form, client) = Visit::with_form(state, request).await?;
    let (service, ids) = (&visit.state.service, &*visit.state.ids);
    let email = form.field("email");
    let outcome = service.sign_in(email, form.field("password"), &client, ids).await;
    Ok(visit.after_sign_in(outcome.map_err(|error| failed(&error))?, email))
}

async fn second_factor(Extracted(state): Extracted<State>, request: Request) -> Answered {
    let (visit, form, client) = Visit::with_form(state, request).await?;
    let (service, ids) = (&visit.state.service, &*visit.state.ids);
    let outcome = service.show_code(form.field("sign_in"), form.field("code"), &client, ids).await;
    Ok(visit.after_sign_in(outcome.map_err(|error| failed(&error))?, ""))
}

async fn consent(Extracted(state): Extracted<State>, request: Request) -> Answered {
    let (visit, form, client) = Visit::with_form(state, request).await?;
    if form.field("answer") != "allow" {
        return Ok(found(&visit.request.refused_by_user()));
    }
    match visit.session().await? {
        Some(session) => visit.go_on(&session, Consent::Given, &client).await,
        // The session has ended while the page was open.
        None => Ok(see_other(&visit.address("/auth"))),
    }
}

async fn sign_out(Extracted(state): Extracted<State>, request: Request) -> Answered {
    let (visit, _, client) = Visit::with_form(state, request).await?;
    if let Some(secret) = visit.cookies.session() {
        visit.state.service.sign_out(secret, &client).await.map_err(|error| failed(&error))?;
    }
    let mut response = see_other(&visit.address("/auth"));
    visit.cookies.forget_session(&mut response);
    Ok(response)
}

impl Visit {
    async fn of(state: State, Asked { query, cookies }: Asked) -> Result<Self, Response> {
        let read = state.service.authorization_request(&pairs(&query)).await;
        let request = read.map_err(|declined| match declined {
            Declined::Here(refusal) => page(StatusCode::BAD_REQUEST, view::declined(&refusal)),
            Declined::Back(address) => found(&address),
            Declined::Failed(error) => failed(&error),
        })?;
        Ok(Self { state, query, request, cookies })
    }

    /// A visit that sends a form of ours, and the browser that does.
    async fn with_form(state: State, request: Request) -> Result<(Self, Form, Client), Response> {
        let (asked, client) = (Asked::by(&request, &state), call::client(&request, &state));
        let visit = Self::of(state, asked).await?;
        let form = Form::read(request, &visit.cookies).await.map_err(|error| match error {
            FormError::Unreadable(error) => failed(&error),
            FormError::Foreign => page(StatusCode::FORBIDDEN, view::foreign(&visit.address("/auth"))),
        })?;
        Ok((visit, form, client))
    }

    /// Who is signed in with this browser.
    async fn session(&self) -> Result<Option<BrowserSession>, Response> {
        let Some(secret) = self.cookies.session() else { return Ok(None) };
        self.state.service.browser_session(secret).await.map_err(|error| failed(&error))
    }

    /// Back to the program, or the question whether it may act as the user.
    async fn go_on(&self, session: &BrowserSession, consent: Consent, client: &Client) -> Answered {
        let State { service, ids, .. } = &self.state;
        let authorized = service.authorize_app(&self.request, session, consent, client, &**ids).await;
        Ok(match authorized.map_err(|error| failed(&error))? {
            Authorized::Back(address) => found(&address),
            Authorized::MustConsent => self.form_page(StatusCode::OK, view::consent(self, session)),
        })
    }

    /// The way on from a sign-in, or the page that asks for more.
    fn after_sign_in(&self, outcome: SignIn, email: &str) -> Response {
        match outcome {
            SignIn::Done(session) => {
                let mut response = see_other(&self.address("/auth"));
                self.cookies.keep_session(&mut response, &session, self.state.service.now());
                response
            }
            SignIn::NewPassword(token) => see_other(&format!("{PASSWORD_RESET_PATH}{token}")),
            SignIn::SecondFactor(asked) => self.code_page(&asked),
            SignIn::Refused(refused) => {
                let status = match refused {
                    SignInRefusal::WrongCredentials | SignInRefusal::TooLate => StatusCode::UNPROCESSABLE_ENTITY,
                    SignInRefusal::LockedOut { .. } => StatusCode::TOO_MANY_REQUESTS,
                };
                self.sign_in_page(status, email, Some(refused))
            }
        }
    }

    fn code_page(&self, asked: &SecondFactor) -> Response {
        let status = if asked.was_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        self.form_page(status, view::second_factor(self, asked))
    }

    fn sign_in_page(&self, status: StatusCode, email: &str, refused: Option<SignInRefusal>) -> Response {
        self.form_page(status, view::sign_in(self, email, refused))
    }

    /// A page with forms, whose answers may lead to the program.
    fn form_page(&self, status: StatusCode, markup: Markup) -> Response {
        let policy = Policy::Submit { to: self.request.redirect_uri().form_target() };
        let mut response = private(status, policy, markup);
        self.cookies.keep_browser(&mut response);
        response
    }

    /// An address of ours that repeats what the program asks.
    fn address(&self, path: &str) -> String {
        format!("{path}?{}", self.query)
    }
}

/// A page that leads nowhere but to pages of ours.
fn page(status: StatusCode, markup: Markup) -> Response {
    private(status, Policy::Read, markup)
}

/// The page for what is no fault of the person's.
fn failed(error: &Error) -> Response {
    call::log_failure(error);
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    page(status, view::failed(error.message()))
}
