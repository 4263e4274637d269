//! The second factor of a sign-in by password.

use jiff::Timestamp;

use crate::error::Result;
use crate::id::UserId;
use crate::reader::{Reader, Tx};
use crate::sealed_secret::SealedSecret;
use crate::table::{Set, table};
use crate::totp_sign_in;

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
        /// What the codes are made of; none until the user has completed the set-up.
        secret: Option<SealedSecret>,
        /// The time step of the code that was shown last: neither it nor an earlier one is taken again.
        last_step: Option<i64>,
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

/// Completes the set-up with the first code, which is that of this step. Every other set-up of the user ends.
pub async fn verify(tx: &mut Tx, user_id: UserId, secret: SealedSecret, step: i64) -> Result<()> {
    totp_sign_in::delete_of_user(tx, user_id).await?;
    set(
        tx,
        user_id,
        vec![COLUMNS.verified.set(true), COLUMNS.secret.set(Some(secret)), COLUMNS.last_step.set(Some(step))],
    )
    .await
}

/// Notes that the code of this step was shown.
pub async fn use_step(tx: &mut Tx, user_id: UserId, step: i64) -> Result<()> {
    set(tx, user_id, vec![COLUMNS.last_step.set(Some(step))]).await
}

async fn set(tx: &mut Tx, user_id: UserId, sets: Vec<Set<CredentialsTotp>>) -> Result<()> {
    // No new generation: nobody who is signed in has another access for it.
    tx.update(COLUMNS.user_id.eq(user_id), sets).await?;
    Ok(())
}

/// Deletes the second factor of a user. `false` when there was none.
pub async fn delete(tx: &mut Tx, user_id: UserId) -> Result<bool> {
    tx.change_access();
    Ok(tx.delete(COLUMNS.user_id.eq(user_id)).await? > 0)
}
