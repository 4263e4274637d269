//! The way to a new password: a token that works once.

use crate::audit::{Act, By, Deed};
use crate::auth::password_config::PasswordConfig;
use crate::secret::hash;
use crate::{Service, stored};
use belvedere_api::{Client, Error, Ids, Result};
use belvedere_store::{PasswordReset, Reader, SecretHash, Tx, UserId, credentials_email, password_reset, user};
use jiff::{SignedDuration, Timestamp};

/// How long a token works that is sent to somebody.
pub(crate) const SENT: SignedDuration = SignedDuration::from_mins(60);

/// How long one works that is given to somebody who signs in.
pub(crate) const AT_SIGN_IN: SignedDuration = SignedDuration::from_mins(15);

/// Letters and digits of a token.
const TOKEN_LENGTH: usize = 40;

/// A token with what is kept of it.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) token: String,
    pub(crate) kept: PasswordReset,
}

/// Makes a token in the place of the one that a user may have. Without a lifetime it works until it is used.
pub(crate) async fn make(
    tx: &mut Tx,
    user: UserId,
    lifetime: Option<SignedDuration>,
    ids: &dyn Ids,
    now: Timestamp,
) -> belvedere_store::Result<Made> {
    let token = ids.alphanumeric(TOKEN_LENGTH);
    let expires_at = lifetime.map(|lifetime| now.saturating_add(lifetime).unwrap_or(Timestamp::MAX));
    let kept = password_reset::replace(tx, user, hash(&token), expires_at, now).await?;
    Ok(Made { token, kept })
}

/// Makes a token with which a user sets a password within an hour, for whoever gives it out by another way than the API.
///
/// # Errors
/// As the store: among them that the user has no e-mail credentials.
pub async fn password_reset_token(
    tx: &mut Tx,
    user: UserId,
    ids: &dyn Ids,
    now: Timestamp,
) -> belvedere_store::Result<String> {
    Ok(make(tx, user, Some(SENT), ids, now).await?.token)
}

impl Service {
    /// The address of the user whose password a token sets; none for one that does not work.
    ///
    /// # Errors
    /// 500 when the store fails.
    pub async fn password_reset_email(&self, token: &str) -> Result<Option<String>> {
        let (token, now) = (hash(token), self.now());
        let found = self.store.read(async |db| found(db, &token, now).await).await;
        Ok(stored(found)?.map(|credentials| credentials.email))
    }

    /// Sets a password, with the token of [`SignIn::NewPassword`](super::SignIn::NewPassword) or of an address that an
    /// administrator made. Everybody who is signed in as the user is not any more.
    ///
    /// # Errors
    /// 404 for a token that does not work; 422 for a password that breaks a rule, and then the token works on.
    pub async fn set_password(&self, token: &str, password: &str, client: &Client, ids: &dyn Ids) -> Result<()> {
        let (token, now) = (hash(token), self.now());
        let read = self.store.read(async |db| {
            let Some(credentials) = found(db, &token, now).await? else { return Ok(None) };
            Ok(Some((credentials, PasswordConfig::in_force(db).await?)))
        });
        let (credentials, config) = stored(read.await)?.ok_or_else(Error::not_found)?;
        config.check(password, &credentials.email)?;
        if credentials.password_hash.is_some() && self.passwords.verify(password, credentials.password_hash).await? {
            return Err(Error::invalid("password", "must be another one than before"));
        }
        let new = self.passwords.hash(password, ids).await?;
        let set = self.change(Act::of_client(Deed::SetPassword, client, now), async |tx| {
            // Of two who come at once one finds it.
            if !password_reset::take(tx, &token, now).await? {
                return Err(Error::not_found().into());
            }
            credentials_email::set_password(tx, credentials.user_id, new, now).await?;
            Ok(By(credentials.user_id, ()))
        });
        set.await.map(drop)
    }
}

/// The credentials that a token sets the password of.
async fn found(
    db: &mut Reader,
    token: &SecretHash,
    now: Timestamp,
) -> belvedere_store::Result<Option<belvedere_store::CredentialsEmail>> {
    let Some(reset) = password_reset::find_live(db, token, now).await? else { return Ok(None) };
    let is_enabled = user::get(db, reset.user_id).await?.is_some_and(|user| !user.is_disabled);
    let credentials = credentials_email::of_user(db, reset.user_id).await?;
    Ok(credentials.filter(|credentials| is_enabled && !credentials.is_disabled))
}
