//! The second factor of a sign-in by password.

use jiff::Timestamp;

use crate::error::Result;
use crate::id::UserId;
use crate::reader::{Reader, Tx};
use crate::table::table;

table! {
    /// That a user must show a code that changes with time.
    pub struct CredentialsTotp in "credentials_totp", key user_id {
        /// Who must.
        user_id: UserId,
        /// Whether the user has completed the set-up.
        verified: bool,
        /// Whether the code is not asked for.
        is_disabled: bool,
        /// When it was made.
        created_at: Timestamp,
    }
}

/// The second factor of a user.
pub async fn of_user(db: &mut Reader, user: UserId) -> Result<Option<CredentialsTotp>> {
    db.one(COLUMNS.user_id.eq(user)).await
}

/// The second factors of these users.
pub async fn of_users(db: &mut Reader, users: &[UserId]) -> Result<Vec<CredentialsTotp>> {
    db.of_any(COLUMNS.user_id, users).await
}

/// Makes a second factor that waits for its set-up. It is [`Conflict`](crate::Error::Conflict) when the user has one.
pub async fn insert(tx: &mut Tx, user_id: UserId, now: Timestamp) -> Result<CredentialsTotp> {
    tx.change_access();
    tx.insert(vec![
        COLUMNS.user_id.set(user_id),
        COLUMNS.verified.set(false),
        COLUMNS.is_disabled.set(false),
        COLUMNS.created_at.set(now),
    ])
    .await
}

/// Deletes the second factor of a user. `false` when there was none.
pub async fn delete(tx: &mut Tx, user_id: UserId) -> Result<bool> {
    tx.change_access();
    Ok(tx.delete(COLUMNS.user_id.eq(user_id)).await? > 0)
}
