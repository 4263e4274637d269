//! The second half: a program exchanges its code, and later its refresh token, for an access token.

use super::{CodeChallenge, Reason, Refusal, admits_consenting};
use crate::api_auth::{TOKEN_LENGTH, TOKEN_LIFETIME};
use crate::audit::{Act, Deed, Record, Subject};
use crate::secret::hash;
use crate::{Service, stored};
use belvedere_api::{Client, Error, Ids, types};
use belvedere_store::token::{self, NewToken};
use belvedere_store::{AuthorizationCode, OauthClientApp, SecretHash, Tx, authorization_code, refresh_token};
use jiff::{SignedDuration, Timestamp};

/// How long a refresh token gives access tokens, from the use of the code.
const REFRESH_LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What a program sends to get a token. What is not there is none.
#[derive(Clone, Default)]
pub struct TokenRequest {
    /// `authorization_code` or `refresh_token`.
    pub grant_type: Option<String>,
    /// The name of the program.
    pub client_id: Option<String>,
    /// Where the browser brought the code.
    pub redirect_uri: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// What the challenge was made of.
    pub code_verifier: Option<String>,
    /// The refresh token.
    pub refresh_token: Option<String>,
}

impl std::fmt::Debug for TokenRequest {
    /// Without the secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenRequest")
            .field("grant_type", &self.grant_type)
            .field("client_id", &self.client_id)
            .field("redirect_uri", &self.redirect_uri)
            .finish_non_exhaustive()
    }
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum NoToken {
    /// The program is told why.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The server failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// The secrets that are given out.
struct Secrets {
    access: String,
    refresh: String,
}

impl Service {
    /// Gives a program a token for a user.
    ///
    /// # Errors
    /// See [`NoToken`].
    pub async fn grant_token(
        &self,
        request: TokenRequest,
        client: &Client,
        ids: &dyn Ids,
    ) -> Result<types::AccessToken, NoToken> {
        let grant_type = given(request.grant_type.as_deref(), "grant_type")?;
        let client_id = given(request.client_id.as_deref(), "client_id")?;
        let app = self.known_app(client_id).await?;
        let unknown = || Refusal::new(Reason::InvalidClient, "no application is registered under this client_id");
        let app = app.ok_or_else(unknown)?;
        if !app.enabled {
            return Err(Refusal::new(Reason::UnauthorizedClient, "the application is disabled").into());
        }
        let mut secrets = Secrets { access: ids.alphanumeric(TOKEN_LENGTH), refresh: ids.alphanumeric(TOKEN_LENGTH) };
        match grant_type {
            "authorization_code" => self.exchange_code(&app, &request, &secrets, client).await?,
            "refresh_token" => {
                given(request.refresh_token.as_deref(), "refresh_token")?.clone_into(&mut secrets.refresh);
                self.refresh(&app, &request, &secrets, client).await?;
            }
            _ => {
                let kinds = "grant_type must be authorization_code or refresh_token";
                return Err(Refusal::new(Reason::UnsupportedGrantType, kinds).into());
            }
        }
        Ok(types::AccessToken {
            access_token: Some(secrets.access),
            token_type: Some("Bearer".to_owned()),
            expires_in: Some(TOKEN_LIFETIME.as_secs()),
            refresh_token: Some(secrets.refresh),
        })
    }

    async fn exchange_code(
        &self,
        app: &OauthClientApp,
        request: &TokenRequest,
        secrets: &Secrets,
        client: &Client,
    ) -> Result<(), NoToken> {
        let now = self.now();
        let code = hash(given(request.code.as_deref(), "code")?);
        let redirect_uri = given(request.redirect_uri.as_deref(), "redirect_uri")?;
        let verifier = given(request.code_verifier.as_deref(), "code_verifier")?;
        let ends_at = now.checked_add(REFRESH_LIFETIME).map_err(Error::internal)?;
        // Somebody who tries codes costs no write.
        let known = self.store.read(async |db| authorization_code::get(db, &code).await).await;
        stored(known)?.ok_or_else(|| invalid_grant(INVALID_CODE))?;
        let exchanged = self.change(Act::of_client(Deed::ExchangeCode, client, now), async |tx| {
            let Some(code) = authorization_code::get(tx, &code).await? else {
                return Ok(Grant::of_nothing(INVALID_CODE));
            };
            if code.client_guid != app.client_guid || code.redirect_uri != redirect_uri {
                return Ok(Grant::refused(code, INVALID_CODE));
            }
            if !CodeChallenge::of(code.code_challenge).matches(verifier) {
                return Ok(Grant::refused(code, "code_verifier is not the one that code_challenge was made of"));
            }
            let unused = code.used_at.is_none();
            if unused && (code.expires_at <= now || !admits_consenting(tx, app, code.user_id).await?) {
                return Ok(Grant::refused(code, INVALID_CODE));
            }
            if !unused || !authorization_code::use_once(tx, &code.hash, now, ends_at).await? {
                // Somebody else has the code and the verifier: what came of them may be in wrong hands.
                authorization_code::delete(tx, &code.hash).await?;
                return Ok(Grant::refused(code, "the code was used before; the tokens that it gave are ended"));
            }
            refresh_token::insert(tx, hash(&secrets.refresh), code.hash, now, ends_at).await?;
            insert_token(tx, &code, &secrets.access, now).await?;
            Ok(Grant::given(code))
        });
        exchanged.await?.refusal.map_or(Ok(()), |refusal| Err(invalid_grant(refusal)))
    }

    async fn refresh(
        &self,
        app: &OauthClientApp,
        request: &TokenRequest,
        secrets: &Secrets,
        client: &Client,
    ) -> Result<(), NoToken> {
        let now = self.now();
        let presented = hash(&secrets.refresh);
        let known = self.store.read(async |db| refresh_token::find_live(db, &presented, now).await).await;
        stored(known)?.ok_or_else(|| invalid_grant(INVALID_REFRESH_TOKEN))?;
        let refreshed = self.change(Act::of_client(Deed::RefreshToken, client, now), async |tx| {
            let Some(refresh) = refresh_token::find_live(tx, &presented, now).await? else {
                return Ok(Grant::of_nothing(INVALID_REFRESH_TOKEN));
            };
            let Some(code) = authorization_code::get(tx, &refresh.authorization_code_hash).await? else {
                return Ok(Grant::of_nothing(INVALID_REFRESH_TOKEN));
            };
            let same_place = request.redirect_uri.as_deref().is_none_or(|uri| uri == code.redirect_uri);
            if code.client_guid != app.client_guid || !same_place {
                return Ok(Grant::refused(code, INVALID_REFRESH_TOKEN));
            }
            if !admits_consenting(tx, app, code.user_id).await? {
                return Ok(Grant::refused(code, INVALID_REFRESH_TOKEN));
            }
            insert_token(tx, &code, &secrets.access, now).await?;
            Ok(Grant::given(code))
        });
        refreshed.await?.refusal.map_or(Ok(()), |refusal| Err(invalid_grant(refusal)))
    }
}

/// What becomes of a code, or of what came of it.
struct Grant {
    /// None when nobody knows it.
    code: Option<AuthorizationCode>,
    refusal: Option<&'static str>,
}

impl Grant {
    fn given(code: AuthorizationCode) -> Self {
        Self { code: Some(code), refusal: None }
    }

    fn refused(code: AuthorizationCode, refusal: &'static str) -> Self {
        Self { code: Some(code), refusal: Some(refusal) }
    }

    fn of_nothing(refusal: &'static str) -> Self {
        Self { code: None, refusal: Some(refusal) }
    }
}

impl Subject for Grant {
    fn tell(&self, record: &mut Record) {
        let Some(code) = &self.code else { return record.nothing() };
        record.user(Some(code.user_id));
        record.attribute("app_client_guid", code.client_guid.as_str());
        if let Some(refusal) = self.refusal {
            record.failed(refusal);
        }
    }
}

/// One text for all that may be wrong: it tells nothing to somebody who tries.
const INVALID_CODE: &str = "the code is unknown, has expired, or was given for another client_id or redirect_uri";
const INVALID_REFRESH_TOKEN: &str =
    "the refresh token is unknown, has expired or was ended, or was given for another client_id or redirect_uri";

fn invalid_grant(description: &'static str) -> NoToken {
    Refusal::new(Reason::InvalidGrant, description).into()
}

/// A parameter that must be there.
fn given<'a>(value: Option<&'a str>, name: &str) -> Result<&'a str, Refusal> {
    let value = value.filter(|value| !value.is_empty());
    value.ok_or_else(|| Refusal::new(Reason::InvalidRequest, format!("{name} is missing")))
}

async fn insert_token(
    tx: &mut Tx,
    code: &AuthorizationCode,
    access: &str,
    now: Timestamp,
) -> belvedere_store::Result<()> {
    let expires_at = now.checked_add(TOKEN_LIFETIME).unwrap_or(Timestamp::MAX);
    token::delete_expired(tx, now).await?;
    let new = NewToken {
        hash: hash(access),
        user_id: code.user_id,
        sudo_user_id: None,
        credentials_api3_id: None,
        authorization_code_hash: Some::<SecretHash>(code.hash),
        expires_at,
    };
    token::insert(tx, new, now).await.map(drop)
}
