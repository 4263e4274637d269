//! Sign-in through a page that embeds.

use jiff::Timestamp;

use crate::error::Result;
use crate::id::{CredentialsEmbedId, UserId};
use crate::reader::{Reader, Tx};
use crate::table::{Filter, table};
use crate::user::{self, User};

table! {
    /// The name of a user in an application that embeds.
    pub struct CredentialsEmbed in "credentials_embed", key id {
        /// Which credentials.
        id: CredentialsEmbedId,
        /// Whose they are.
        user_id: UserId,
        /// The application's name of the user, unique.
        external_user_id: String,
        /// The application's name of the user's group.
        external_group_id: Option<String>,
        /// Whether they open nothing.
        is_disabled: bool,
        /// When they were made.
        created_at: Timestamp,
        /// When they last opened a session.
        logged_in_at: Option<Timestamp>,
    }
}

/// The credentials with this id.
pub async fn get(db: &mut Reader, id: CredentialsEmbedId) -> Result<Option<CredentialsEmbed>> {
    db.one(COLUMNS.id.eq(id)).await
}

/// The credentials of the user whom the application calls so.
pub async fn by_external_user_id(db: &mut Reader, name: &str) -> Result<Option<CredentialsEmbed>> {
    db.one(COLUMNS.external_user_id.eq(name.to_owned())).await
}

/// The credentials of these users, by id.
pub async fn of_users(db: &mut Reader, users: &[UserId]) -> Result<Vec<CredentialsEmbed>> {
    db.of_any(COLUMNS.user_id, users).await
}

/// The users who have embed credentials.
pub fn owners() -> Filter<User> {
    user::COLUMNS.id.among(COLUMNS.user_id, Filter::everything())
}

/// The users who have none.
pub fn others() -> Filter<User> {
    user::COLUMNS.id.not_among(COLUMNS.user_id, Filter::everything())
}

/// Makes credentials. It is [`Conflict`](crate::Error::Conflict) when the name is taken, and
/// [`Reference`](crate::Error::Reference) when there is no such user.
pub async fn insert(tx: &mut Tx, user_id: UserId, external_user_id: &str, now: Timestamp) -> Result<CredentialsEmbed> {
    tx.change_access();
    tx.insert(vec![
        COLUMNS.user_id.set(user_id),
        COLUMNS.external_user_id.set(external_user_id.to_owned()),
        COLUMNS.is_disabled.set(false),
        COLUMNS.created_at.set(now),
    ])
    .await
}

/// Deletes credentials of a user. `false` when the user has none with this id.
pub async fn delete(tx: &mut Tx, user_id: UserId, id: CredentialsEmbedId) -> Result<bool> {
    tx.change_access();
    Ok(tx.delete(COLUMNS.id.eq(id).and(COLUMNS.user_id.eq(user_id))).await? > 0)
}
