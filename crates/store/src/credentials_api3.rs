//! API keys: a `client_id` that may be shown, and a secret of which only the hash is kept.

use jiff::Timestamp;

use crate::error::Result;
use crate::id::{ApiClientId, CredentialsApi3Id, UserId};
use crate::reader::{Reader, Tx};
use crate::secret_hash::SecretHash;
use crate::table::{Set, table};
use crate::token;

table! {
    /// An API key of a user.
    pub struct CredentialsApi3 in "credentials_api3", key id {
        /// Which key.
        id: CredentialsApi3Id,
        /// Whose key it is.
        user_id: UserId,
        /// The public half, unique among all keys.
        client_id: ApiClientId,
        /// The hash of the secret half, which was shown once.
        secret_hash: SecretHash,
        /// Whether the key opens nothing.
        is_disabled: bool,
        /// What the owner says it is for.
        purpose: Option<String>,
        /// When the key was made.
        created_at: Timestamp,
    }
}

/// An API key to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCredentialsApi3 {
    /// As [`CredentialsApi3::user_id`].
    pub user_id: UserId,
    /// As [`CredentialsApi3::client_id`].
    pub client_id: ApiClientId,
    /// As [`CredentialsApi3::secret_hash`].
    pub secret_hash: SecretHash,
    /// As [`CredentialsApi3::purpose`].
    pub purpose: Option<String>,
}

/// The key with this id.
pub async fn get(db: &mut Reader, id: CredentialsApi3Id) -> Result<Option<CredentialsApi3>> {
    db.one(COLUMNS.id.eq(id)).await
}

/// The key with this public half, disabled or not.
pub async fn by_client_id(db: &mut Reader, client_id: ApiClientId) -> Result<Option<CredentialsApi3>> {
    db.one(COLUMNS.client_id.eq(client_id)).await
}

/// The keys of these users, by id.
pub async fn of_users(db: &mut Reader, users: &[UserId]) -> Result<Vec<CredentialsApi3>> {
    db.of_any(COLUMNS.user_id, users).await
}

/// Makes a key. It is [`Conflict`](crate::Error::Conflict) when the `client_id` is taken, and
/// [`Reference`](crate::Error::Reference) when there is no such user.
pub async fn insert(tx: &mut Tx, new: NewCredentialsApi3, now: Timestamp) -> Result<CredentialsApi3> {
    tx.change_access();
    tx.insert(vec![
        COLUMNS.user_id.set(new.user_id),
        COLUMNS.client_id.set(new.client_id),
        COLUMNS.secret_hash.set(new.secret_hash),
        COLUMNS.is_disabled.set(false),
        COLUMNS.purpose.set(new.purpose),
        COLUMNS.created_at.set(now),
    ])
    .await
}

/// Changes a key and returns it as it is now. A key that is disabled so, or gets another secret, takes its tokens with it.
pub async fn update(
    tx: &mut Tx,
    id: CredentialsApi3Id,
    sets: Vec<Set<CredentialsApi3>>,
) -> Result<Option<CredentialsApi3>> {
    tx.change_access();
    if sets.is_empty() {
        return get(tx, id).await;
    }
    let before = get(tx, id).await?;
    let updated = tx.update(COLUMNS.id.eq(id), sets).await?.pop();
    let is_another = |key: &CredentialsApi3| before.is_none_or(|before| before.secret_hash != key.secret_hash);
    if updated.as_ref().is_some_and(|key| key.is_disabled || is_another(key)) {
        token::delete_of_credentials(tx, id).await?;
    }
    Ok(updated)
}

/// Deletes a key with the tokens made from it. `false` when there was none.
pub async fn delete(tx: &mut Tx, id: CredentialsApi3Id) -> Result<bool> {
    tx.change_access();
    Ok(tx.delete(COLUMNS.id.eq(id)).await? > 0)
}
