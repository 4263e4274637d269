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
        let found = self.store.read(async |db| {
            let Some(key) = credentials_api3::by_client_id(db, client_id).await? else { return Ok(None) };
            let user = user::get(db, key.user_id).await?;
            Ok(user.map(|user| (key, user)))
        });
        let found = stored(found.await)?;
        let owner = found.as_ref().map(|(key, _)| key.user_id);
        let opens =
            |(key, user): &(CredentialsApi3, User)| key.secret_hash == secret && !key.is_disabled && !user.is_disabled;
        let attempt = Attempt::new(AuthType::Api, client_id.as_str(), cx.client.address);
        match found.filter(opens) {
            Some((key, user)) => self.new_token(cx, user.id, None, Some(key.id), Some(&attempt)).await,
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
        self.new_token(cx, user.id, Some(admin), None, None).await
    }

    async fn logout(&self, cx: &Cx) -> Result<()> {
        let hash = SecretHash::new(cx.caller()?.token.0);
        let ended = self.change(cx, async |tx| Ok(token::delete(tx, &hash).await?)).await?;
        if ended { Ok(()) } else { Err(Error::unauthorized()) }
    }
}

impl Service {
    /// Makes a token, unless the sign-in that it is for is locked out.
    async fn new_token(
        &self,
        cx: &Cx,
        user_id: UserId,
        sudo_user_id: Option<UserId>,
        credentials_api3_id: Option<CredentialsApi3Id>,
        attempt: Option<&Attempt>,
    ) -> Result<types::AccessToken> {
        let token = cx.ids.alphanumeric(TOKEN_LENGTH);
        let expires_at = cx.now.checked_add(TOKEN_LIFETIME).map_err(Error::internal)?;
        let new = NewToken {
            hash: hash(&token),
            user_id,
            sudo_user_id,
            credentials_api3_id,
            authorization_code_hash: None,
            expires_at,
        };
        let now = cx.now;
        self.change(cx, async |tx| {
            if let Some(attempt) = attempt {
                if let Some(lockout) = attempt.lockout(tx, now).await? {
                    return Err(lockout.error().into());
                }
                attempt.succeeded(tx).await?;
            }
            token::delete_expired(tx, now).await?;
            token::insert(tx, new, now).await?;
            let key = credentials_api3_id.map(|key| key.to_string());
            let kind = key.is_some().then_some(AuthType::Api.as_str());
            let told = [("credentials_type", kind.into()), ("credentials_api3_id", key.into())];
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
