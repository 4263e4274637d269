//! The first half: a program asks, the user consents, and the browser takes a code back.

use super::{CodeChallenge, Reason, RedirectUri, Refusal, admits, has_consent};
use crate::audit::{Act, By, Deed, Record, Subject};
use crate::secret::hash;
use crate::{BrowserSession, Service, stored};
use belvedere_api::{Client, Error, Ids, Result};
use belvedere_store::authorization_code::{self, NewAuthorizationCode};
use belvedere_store::{ClientGuid, OauthClientApp, Reader, UserId, UserSessionId};
use belvedere_store::{oauth_client_app, oauth_client_app_user, user_session};
use jiff::{SignedDuration, Timestamp};

/// How long a code can be used. The browser takes it to the program at once.
const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// Letters and digits of a code.
const CODE_LENGTH: usize = 40;

/// The one scope: to call the API as the user, from a web page too.
const SCOPE: &str = "cors_api";

/// What a program asks, when it is one that may ask and there is a place to send the answer to.
#[derive(Debug, Clone)]
pub struct AuthorizationRequest {
    app: OauthClientApp,
    redirect_uri: RedirectUri,
    state: Option<String>,
    challenge: CodeChallenge,
}

/// What becomes of a request that is not granted.
#[derive(Debug, thiserror::Error)]
pub enum Declined {
    /// The user is told, and the browser stays: nobody knows whether the address is the program's.
    #[error(transparent)]
    Here(Refusal),
    /// The browser goes back to the program, to this address, which says why.
    #[error("the program is told why")]
    Back(String),
    /// The server failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Whether the user consents to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// The user has said so before, or has not.
    AsRecorded,
    /// The user says so now.
    Given,
}

/// What a request of a user leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authorized {
    /// The browser goes back to the program, to this address, which has the code or says why there is none.
    Back(String),
    /// The user must be asked.
    MustConsent,
}

impl AuthorizationRequest {
    /// What users know the program as.
    pub fn display_name(&self) -> &str {
        &self.app.display_name
    }

    /// What the program tells users that it is for.
    pub fn description(&self) -> &str {
        &self.app.description
    }

    /// Where the browser goes back to.
    pub fn redirect_uri(&self) -> &RedirectUri {
        &self.redirect_uri
    }

    /// The address that tells the program that the user said no.
    pub fn refused_by_user(&self) -> String {
        self.refused(&Refusal::new(Reason::AccessDenied, "the user does not let the application in"))
    }

    fn refused(&self, refusal: &Refusal) -> String {
        told(&self.redirect_uri, self.state.as_deref(), refusal)
    }
}

/// The address that tells a program why it is refused.
fn told(redirect_uri: &RedirectUri, state: Option<&str>, refusal: &Refusal) -> String {
    let mut parameters = vec![("error", refusal.reason.as_str()), ("error_description", &refusal.description)];
    parameters.extend(state.map(|state| ("state", state)));
    redirect_uri.with(&parameters)
}

impl Service {
    /// Reads what a program asks: the decoded query string of the address that it sent the browser to.
    ///
    /// # Errors
    /// See [`Declined`].
    pub async fn authorization_request(&self, query: &[(String, String)]) -> Result<AuthorizationRequest, Declined> {
        let here = |reason, text: &'static str| Declined::Here(Refusal::new(reason, text));
        let asked = Parameters(query);
        let client_id = asked.once("client_id").map_err(Declined::Here)?;
        let client_id = client_id.ok_or_else(|| here(Reason::InvalidRequest, "client_id is missing"))?;
        let app = self.known_app(client_id).await?;
        let app =
            app.ok_or_else(|| here(Reason::InvalidClient, "no application is registered under this client_id"))?;
        let redirect_uri = asked.once("redirect_uri").map_err(Declined::Here)?;
        let registered = redirect_uri.filter(|uri| app.redirect_uris.iter().any(|known| known == uri));
        let redirect_uri = registered.and_then(|uri| RedirectUri::parse(uri).ok()).ok_or_else(|| {
            here(
                Reason::InvalidRequest,
                "redirect_uri is not one that the application is registered with, to the letter",
            )
        })?;
        // From here on the program can be told. A state that is there twice is nobody's.
        let state = asked.once("state").ok().flatten();
        let back = |refusal: Refusal| Declined::Back(told(&redirect_uri, state, &refusal));
        if !app.enabled {
            return Err(back(Refusal::new(Reason::UnauthorizedClient, "the application is disabled")));
        }
        let challenge = asked.challenge().map_err(back)?;
        Ok(AuthorizationRequest { state: state.map(str::to_owned), app, redirect_uri: redirect_uri.clone(), challenge })
    }

    /// Lets a program act as the user who is signed in with a browser, if the user may use it and consents.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn authorize_app(
        &self,
        request: &AuthorizationRequest,
        session: &BrowserSession,
        consent: Consent,
        client: &Client,
        ids: &dyn Ids,
    ) -> Result<Authorized> {
        let now = self.now();
        let code = ids.alphanumeric(CODE_LENGTH);
        let user = UserId::new(session.user.get());
        let expires_at = now.checked_add(CODE_LIFETIME).map_err(Error::internal)?;
        let made = self.change(Act::of_client(Deed::Consent, client, now), async |tx| {
            let guid = &request.app.client_guid;
            // The program may have been changed since the request was read.
            let Some(app) = oauth_client_app::get(tx, guid).await? else { return Ok(Outcome::NotAdmitted) };
            if !admits(tx, &app, user).await? {
                return Ok(Outcome::NotAdmitted);
            }
            let mut consented = None;
            if consent == Consent::Given {
                let is_new = oauth_client_app_user::insert(tx, guid, user, now).await?;
                consented = is_new.then_some(By(user, app));
            } else if !has_consent(tx, guid, user).await? {
                return Ok(Outcome::MustConsent);
            }
            let new = NewAuthorizationCode {
                hash: hash(&code),
                client_guid: guid.clone(),
                user_id: user,
                redirect_uri: request.redirect_uri.as_str().to_owned(),
                code_challenge: request.challenge.hash(),
                user_session_id: ending_session(tx, request, session, now).await?,
                expires_at,
            };
            authorization_code::delete_ended(tx, now).await?;
            authorization_code::insert(tx, new, now).await?;
            Ok(Outcome::Made { consented })
        });
        Ok(match made.await? {
            Outcome::MustConsent => Authorized::MustConsent,
            Outcome::NotAdmitted => {
                let refusal = Refusal::new(Reason::AccessDenied, "the user may not use this application");
                Authorized::Back(request.refused(&refusal))
            }
            Outcome::Made { .. } => {
                let mut parameters = vec![("code", code.as_str())];
                parameters.extend(request.state.as_deref().map(|state| ("state", state)));
                Authorized::Back(request.redirect_uri.with(&parameters))
            }
        })
    }

    /// The program with this name, if there is one.
    pub(super) async fn known_app(&self, client_id: &str) -> Result<Option<OauthClientApp>> {
        let Ok(guid) = client_id.parse::<ClientGuid>() else { return Ok(None) };
        stored(self.store.read(async |db| oauth_client_app::get(db, &guid).await).await)
    }
}

/// The session that ends when the user signs out of the program: whoever signs out of a page of this server expects to be
/// signed out of the server.
async fn ending_session(
    db: &mut Reader,
    request: &AuthorizationRequest,
    session: &BrowserSession,
    now: Timestamp,
) -> belvedere_store::Result<Option<UserSessionId>> {
    if !request.redirect_uri.is_own() {
        return Ok(None);
    }
    // It may have ended since it was read.
    let user = UserId::new(session.user.get());
    Ok(user_session::live_of_user(db, user, session.id, now).await?.map(|session| session.id))
}

enum Outcome {
    NotAdmitted,
    MustConsent,
    Made {
        /// Who has consented to which program, unless that was known.
        consented: Option<By<OauthClientApp>>,
    },
}

impl Subject for Outcome {
    fn tell(&self, record: &mut Record) {
        match self {
            Self::NotAdmitted | Self::MustConsent => record.nothing(),
            Self::Made { consented } => consented.tell(record),
        }
    }
}

/// The decoded query string of a request.
#[derive(Clone, Copy)]
struct Parameters<'a>(&'a [(String, String)]);

impl<'a> Parameters<'a> {
    /// A parameter, which may be there once; an empty one is none.
    fn once(self, name: &str) -> Result<Option<&'a str>, Refusal> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let first = values.next().filter(|value| !value.is_empty());
        if values.next().is_some() {
            return Err(Refusal::new(Reason::InvalidRequest, format!("{name} is there more than once")));
        }
        Ok(first)
    }

    /// The challenge of a request that asks for what there is.
    fn challenge(self) -> Result<CodeChallenge, Refusal> {
        self.once("state")?;
        if self.once("response_type")? != Some("code") {
            return Err(Refusal::new(Reason::UnsupportedResponseType, "response_type must be code"));
        }
        let mut scopes = self.once("scope")?.unwrap_or(SCOPE).split_whitespace();
        if scopes.any(|scope| scope != SCOPE) {
            return Err(Refusal::new(Reason::InvalidScope, "the one scope is cors_api"));
        }
        // Without a method RFC 7636 means `plain`.
        if self.once("code_challenge_method")? != Some("S256") {
            return Err(Refusal::new(Reason::InvalidRequest, "code_challenge_method must be S256"));
        }
        let challenge = self.once("code_challenge")?.and_then(CodeChallenge::parse);
        let wrong = "code_challenge must be the SHA-256 of the verifier, as base64 or hex";
        challenge.ok_or_else(|| Refusal::new(Reason::InvalidRequest, wrong))
    }
}
