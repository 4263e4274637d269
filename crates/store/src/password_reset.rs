//! The way to a new password, for who has lost the old one or never had one.

use jiff::Timestamp;

use crate::error::Result;
use crate::id::UserId;
use crate::reader::{Reader, Tx};
use crate::secret_hash::SecretHash;
use crate::table::{Filter, table};

table! {
    /// That whoever has a token may set the password of a user, once.
    pub struct PasswordReset in "password_reset", key user_id {
        /// Whose password.
        user_id: UserId,
        /// The hash of the token, which was given out once.
        hash: SecretHash,
        /// When it was made.
        created_at: Timestamp,
        /// From when on it opens nothing; none for one that works until it is used or replaced.
        expires_at: Option<Timestamp>,
    }
}

/// The resets of these users, expired or not.
pub async fn of_users(db: &mut Reader, users: &[UserId]) -> Result<Vec<PasswordReset>> {
    db.of_any(COLUMNS.user_id, users).await
}

/// The reset with this token, unless it has expired.
pub async fn find_live(db: &mut Reader, hash: &SecretHash, now: Timestamp) -> Result<Option<PasswordReset>> {
    db.one(live(hash, now)).await
}

fn live(hash: &SecretHash, now: Timestamp) -> Filter<PasswordReset> {
    let lasts = Filter::any_of([COLUMNS.expires_at.is_null(), COLUMNS.expires_at.more_than(Some(now))]);
    COLUMNS.hash.eq(*hash).and(lasts)
}

/// Makes a reset in the place of the one that the user may have. It is [`Reference`](crate::Error::Reference) when the
/// user has no e-mail credentials.
pub async fn replace(
    tx: &mut Tx,
    user_id: UserId,
    hash: SecretHash,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<PasswordReset> {
    delete_of_user(tx, user_id).await?;
    tx.insert(vec![
        COLUMNS.user_id.set(user_id),
        COLUMNS.hash.set(hash),
        COLUMNS.created_at.set(now),
        COLUMNS.expires_at.set(expires_at),
    ])
    .await
}

/// Ends the reset with this token. `false` when there was none, or it has expired.
pub async fn take(tx: &mut Tx, hash: &SecretHash, now: Timestamp) -> Result<bool> {
    Ok(tx.delete(live(hash, now)).await? > 0)
}

/// Ends the reset of a user. `false` when there was none.
pub async fn delete_of_user(tx: &mut Tx, user_id: UserId) -> Result<bool> {
    Ok(tx.delete(COLUMNS.user_id.eq(user_id)).await? > 0)
}
