//! Access tokens. Each opens one API session, in the production workspace at first.

use jiff::Timestamp;

use crate::error::Result;
use crate::id::{CredentialsApi3Id, UserId};
use crate::reader::{Reader, Tx};
use crate::secret_hash::SecretHash;
use crate::table::{Filter, table};
use crate::user::{self, User};
use crate::{authorization_code, session};

table! {
    /// An access token.
    pub struct Token in "token", key hash {
        /// The hash of the token, which was given out once.
        hash: SecretHash,
        /// As whom its bearer acts.
        user_id: UserId,
        /// Who acts, when it is an administrator in the place of the user.
        sudo_user_id: Option<UserId>,
        /// By which API key it was made, or the token by which somebody acts as another user.
        credentials_api3_id: Option<CredentialsApi3Id>,
        /// By which authorization code a program got it, or the token by which it acts as another user.
        authorization_code_hash: Option<SecretHash>,
        /// When it was made.
        created_at: Timestamp,
        /// From when on it opens nothing.
        expires_at: Timestamp,
    }
}

/// An access token to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewToken {
    /// As [`Token::hash`].
    pub hash: SecretHash,
    /// As [`Token::user_id`].
    pub user_id: UserId,
    /// As [`Token::sudo_user_id`].
    pub sudo_user_id: Option<UserId>,
    /// As [`Token::credentials_api3_id`].
    pub credentials_api3_id: Option<CredentialsApi3Id>,
    /// As [`Token::authorization_code_hash`].
    pub authorization_code_hash: Option<SecretHash>,
    /// As [`Token::expires_at`].
    pub expires_at: Timestamp,
}

/// The token with this hash, expired or not.
pub async fn get(db: &mut Reader, hash: &SecretHash) -> Result<Option<Token>> {
    db.one(COLUMNS.hash.eq(*hash)).await
}

/// The token with this hash, unless it has expired.
pub async fn find_live(db: &mut Reader, hash: &SecretHash, now: Timestamp) -> Result<Option<Token>> {
    db.one(COLUMNS.hash.eq(*hash).and(COLUMNS.expires_at.more_than(now))).await
}

/// Makes a token and its session. It is [`Conflict`](crate::Error::Conflict) when the token exists, and
/// [`Reference`](crate::Error::Reference) when one of its users, its key or its code does not.
pub async fn insert(tx: &mut Tx, new: NewToken, now: Timestamp) -> Result<Token> {
    let sets = vec![
        COLUMNS.hash.set(new.hash),
        COLUMNS.user_id.set(new.user_id),
        COLUMNS.sudo_user_id.set(new.sudo_user_id),
        COLUMNS.credentials_api3_id.set(new.credentials_api3_id),
        COLUMNS.authorization_code_hash.set(new.authorization_code_hash),
        COLUMNS.created_at.set(now),
        COLUMNS.expires_at.set(new.expires_at),
    ];
    let token = tx.insert(sets).await?;
    session::insert(tx, &token.hash, now).await?;
    Ok(token)
}

/// Ends a token and its session, and with it whatever a program got by the same authorization code
/// ([`authorization_code::sign_out`]), unless somebody acts as another user by it: that ends alone. `false` when there was
/// none.
pub async fn delete(tx: &mut Tx, hash: &SecretHash) -> Result<bool> {
    let own = get(tx, hash).await?.filter(|token| token.sudo_user_id.is_none());
    if let Some(code) = own.and_then(|token| token.authorization_code_hash) {
        return authorization_code::sign_out(tx, &code).await;
    }
    Ok(revoke(tx, COLUMNS.hash.eq(*hash)).await? > 0)
}

/// Ends the tokens by which somebody acts as this user, and those by which this user acts as another. Returns how many.
pub async fn delete_of_user(tx: &mut Tx, user: UserId) -> Result<u64> {
    revoke(tx, Filter::any_of([COLUMNS.user_id.eq(user), COLUMNS.sudo_user_id.eq(Some(user))])).await
}

/// Ends the tokens of those users that pass `users`, and those by which they act as others. Returns how many.
pub async fn delete_of_users(tx: &mut Tx, users: Filter<User>) -> Result<u64> {
    let own = COLUMNS.user_id.among(user::COLUMNS.id, users.clone());
    let acting = COLUMNS.sudo_user_id.among(user::COLUMNS.id.optional(), users);
    revoke(tx, Filter::any_of([own, acting])).await
}

/// Ends the tokens made from this API key. Returns how many.
pub async fn delete_of_credentials(tx: &mut Tx, credentials: CredentialsApi3Id) -> Result<u64> {
    revoke(tx, COLUMNS.credentials_api3_id.eq(Some(credentials))).await
}

/// Clears away the tokens that have expired. Returns how many.
pub async fn delete_expired(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    // No new generation: a cached token carries the time of its end.
    tx.delete(COLUMNS.expires_at.at_most(now)).await
}

async fn revoke(tx: &mut Tx, filter: Filter<Token>) -> Result<u64> {
    let deleted = tx.delete(filter).await?;
    if deleted > 0 {
        tx.change_access();
    }
    Ok(deleted)
}
