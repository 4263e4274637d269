//! Tag ApiAuth: tokens.

use crate::audit::{By, Record, Subject, about};
use crate::secret::hash;
use crate::sign_in::lockout::{Attempt, Consequence, Lockout};
use crate::{Service, stored};
use belvedere_api::{Cx, Error, Result, bodies, parameters, tags, types};
use belvedere_store::token::{self, NewToken};
use belvedere_store::{
    ApiClientId, AuthType, CredentialsApi3, CredentialsApi3Id, SecretHash, User, UserId, credentials_api3, user,
};
use jiff::SignedDuration;
use serde_json::Value;

/// How long a token opens the API.
pub(crate) const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// Letters and digits of a token.
pub(crate) const TOKEN_LENGTH: usize = 40;

impl tags::ApiAuth for Service {
    async fn login(
        &self,
        cx: &Cx,
        query: parameters::LoginQuery,
        body: bodies::LoginBody,
    ) -> Result<types::AccessToken> {
        let client_id = body.client_id.or(query.client_id).unwrap_or_default();
        let secret = hash(&body.client_secret.or(query.client_secret).unwrap_or_default());
        // A text that cannot be a client id opens nothing, as one that is not known.
        let client_id: ApiClientId = client_id.trim().parse().map_err(|_| Error::not_found())?;
        let attempt = Attempt::new(AuthType::Api, client_id.as_str(), cx.client.address);
        let read = self.store.read(async |db| {
            let lockout = attempt.lockout(db, cx.now).await?;
            let Some(key) = credentials_api3::by_client_id(db, client_id).await? else { return Ok((lockout, None)) };
            let user = user::get(db, key.user_id).await?;
            Ok((lockout, user.map(|user| (key, user))))
        });
        let (lockout, found) = stored(read.await)?;
        // A guess at what is locked costs no write.
        if let Some(lockout) = lockout {
            return Err(lockout.error());
        }
        let owner = found.as_ref().map(|(key, _)| key.user_id);
        let opens =
            |(key, user): &(CredentialsApi3, User)| key.secret_hash == secret && !key.is_disabled && !user.is_disabled;
        match found.filter(opens) {
            Some((key, user)) => self.new_token(cx, user.id, Grounds::Key(key.id, &attempt)).await,
            None => Err(self.refused_login(cx, &attempt, owner).await?),
        }
    }

    async fn login_user(&self, cx: &Cx, path: parameters::LoginUserPath) -> Result<types::AccessToken> {
        let id: UserId = path.user_id.parse().map_err(|_| Error::not_found())?;
        let user = stored(self.store.read(async |db| user::get(db, id).await).await)?;
        let user = user.filter(|user| !user.is_disabled).ok_or_else(Error::not_found)?;
        // An administrator who acts as another administrator remains who acts.
        let caller = cx.caller()?;
        let admin = UserId::new(caller.sudo_user.unwrap_or(caller.user).get());
        self.new_token(cx, user.id, Grounds::Acting(admin, SecretHash::new(caller.token.0))).await
    }

    async fn logout(&self, cx: &Cx) -> Result<()> {
        let hash = SecretHash::new(cx.caller()?.token.0);
        let ended = self.change(cx, async |tx| Ok(token::delete(tx, &hash).await?)).await?;
        if ended { Ok(()) } else { Err(Error::unauthorized()) }
    }
}

impl Service {
    /// Makes a token, unless the sign-in that it is for is locked out.
    async fn new_token(&self, cx: &Cx, user_id: UserId, grounds: Grounds<'_>) -> Result<types::AccessToken> {
        let token = cx.ids.alphanumeric(TOKEN_LENGTH);
        let expires_at = cx.now.checked_add(TOKEN_LIFETIME).map_err(Error::internal)?;
        let new = NewToken {
            hash: hash(&token),
            user_id,
            sudo_user_id: None,
            credentials_api3_id: None,
            authorization_code_hash: None,
            expires_at,
        };
        let now = cx.now;
        self.change(cx, async |tx| {
            let (new, told) = match grounds {
                Grounds::Key(key, attempt) => {
                    if let Some(lockout) = attempt.lockout(tx, now).await? {
                        return Err(lockout.error().into());
                    }
                    attempt.succeeded(tx).await?;
                    let new = NewToken { credentials_api3_id: Some(key), ..new };
                    (
                        new,
                        [
                            ("credentials_type", AuthType::Api.as_str().into()),
                            ("credentials_api3_id", key.to_string().into()),
                        ],
                    )
                }
                Grounds::Acting(admin, shown) => {
                    let shown = token::get(tx, &shown).await?.ok_or_else(Error::unauthorized)?;
                    let new = NewToken {
                        sudo_user_id: Some(admin),
                        // What ends the key or the program of the token that was shown ends this one too.
                        credentials_api3_id: shown.credentials_api3_id,
                        authorization_code_hash: shown.authorization_code_hash,
                        ..new
                    };
                    (new, [("credentials_type", Value::Null), ("credentials_api3_id", Value::Null)])
                }
            };
            token::delete_expired(tx, now).await?;
            token::insert(tx, new, now).await?;
            Ok(By(user_id, about((), told)))
        })
        .await?;
        Ok(types::AccessToken {
            access_token: Some(token),
            token_type: Some("Bearer".to_owned()),
            expires_in: Some(TOKEN_LIFETIME.as_secs()),
            refresh_token: None,
        })
    }

    /// Counts a login that failed, and says what the caller is told.
    async fn refused_login(&self, cx: &Cx, attempt: &Attempt, owner: Option<UserId>) -> Result<Error> {
        let counted = self.change(cx, async |tx| {
            if let Some(lockout) = attempt.lockout(tx, cx.now).await? {
                return Ok(RefusedLogin::LockedOut(lockout));
            }
            let consequence = attempt.failed(tx, owner, cx.now).await?;
            Ok(RefusedLogin::Counted { owner, consequence })
        });
        Ok(match counted.await? {
            RefusedLogin::LockedOut(lockout) => lockout.error(),
            RefusedLogin::Counted { .. } => Error::not_found(),
        })
    }
}

/// What a token is made for.
#[derive(Clone, Copy)]
enum Grounds<'a> {
    /// A sign-in with this key.
    Key(CredentialsApi3Id, &'a Attempt),
    /// That this administrator, who has shown the token with this hash, acts as another user.
    Acting(UserId, SecretHash),
}

/// A login that was refused.
enum RefusedLogin {
    /// Without a look at the secret.
    LockedOut(Lockout),
    /// As one more failure, with a key of this user if it is anybody's.
    Counted { owner: Option<UserId>, consequence: Consequence },
}

/// What was sent is not told: it may be a secret in the wrong place.
impl Subject for RefusedLogin {
    fn tell(&self, record: &mut Record) {
        match self {
            Self::LockedOut(_) => record.nothing(),
            Self::Counted { owner, consequence } => {
                record.user(*owner);
                record.attribute("credentials_type", AuthType::Api.as_str());
                record.failed("wrong_credentials");
                consequence.tell(record);
            }
        }
    }
}
