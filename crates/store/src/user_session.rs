//! Sessions of browsers, which a sign-in opens.

use jiff::Timestamp;
use sea_query::{Expr, ExprTrait as _};

use crate::error::Result;
use crate::id::{UserId, UserSessionId};
use crate::reader::{Reader, Tx};
use crate::secret_hash::SecretHash;
use crate::table::{Search, table};

table! {
    /// That a browser is signed in as a user.
    pub struct UserSession in "user_session", key id {
        /// Which session.
        id: UserSessionId,
        /// The hash of what the browser shows, which was given out once.
        hash: SecretHash,
        /// As whom.
        user_id: UserId,
        /// The kind of credentials that opened it: `email`.
        credentials_type: String,
        /// The network address that the browser had then.
        ip_address: Option<String>,
        /// What the browser said of itself then.
        user_agent: Option<String>,
        /// When it was opened.
        created_at: Timestamp,
        /// From when on it opens nothing.
        expires_at: Timestamp,
        /// When its end was last put off.
        extended_at: Option<Timestamp>,
        /// How often its end was put off.
        extended_count: i64,
    }
}

/// A session to be opened.
#[derive(Debug, Clone, PartialEq)]
pub struct NewUserSession {
    /// As [`UserSession::hash`].
    pub hash: SecretHash,
    /// As [`UserSession::user_id`].
    pub user_id: UserId,
    /// As [`UserSession::credentials_type`].
    pub credentials_type: String,
    /// As [`UserSession::ip_address`].
    pub ip_address: Option<String>,
    /// As [`UserSession::user_agent`].
    pub user_agent: Option<String>,
    /// As [`UserSession::expires_at`].
    pub expires_at: Timestamp,
}

/// The session with this hash, unless it has expired.
pub async fn find_live(db: &mut Reader, hash: &SecretHash, now: Timestamp) -> Result<Option<UserSession>> {
    db.one(COLUMNS.hash.eq(*hash).and(COLUMNS.expires_at.more_than(now))).await
}

/// The sessions of these users, expired or not, by id.
pub async fn of_users(db: &mut Reader, users: &[UserId]) -> Result<Vec<UserSession>> {
    db.of_any(COLUMNS.user_id, users).await
}

/// The session of a user with this id, unless it has expired.
pub async fn live_of_user(
    db: &mut Reader,
    user: UserId,
    id: UserSessionId,
    now: Timestamp,
) -> Result<Option<UserSession>> {
    let live = COLUMNS.expires_at.more_than(now);
    let search = Search::by(COLUMNS.id.eq(id).and(COLUMNS.user_id.eq(user)).and(live));
    Ok(db.list(search).await?.pop())
}

/// Opens a session. It is [`Reference`](crate::Error::Reference) when there is no such user.
pub async fn insert(tx: &mut Tx, new: NewUserSession, now: Timestamp) -> Result<UserSession> {
    tx.insert(vec![
        COLUMNS.hash.set(new.hash),
        COLUMNS.user_id.set(new.user_id),
        COLUMNS.credentials_type.set(new.credentials_type),
        COLUMNS.ip_address.set(new.ip_address),
        COLUMNS.user_agent.set(new.user_agent),
        COLUMNS.created_at.set(now),
        COLUMNS.expires_at.set(new.expires_at),
        COLUMNS.extended_count.set(0),
    ])
    .await
}

/// Puts the end of a session off.
pub async fn extend(tx: &mut Tx, id: UserSessionId, expires_at: Timestamp, now: Timestamp) -> Result<()> {
    let sets = vec![
        COLUMNS.expires_at.set(expires_at),
        COLUMNS.extended_at.set(Some(now)),
        COLUMNS.extended_count.set_to(Expr::col("extended_count").add(1)),
    ];
    tx.update(COLUMNS.id.eq(id), sets).await?;
    Ok(())
}

/// Ends a session. `false` when there was none.
pub async fn delete(tx: &mut Tx, hash: &SecretHash) -> Result<bool> {
    Ok(tx.delete(COLUMNS.hash.eq(*hash)).await? > 0)
}

/// Ends a session of a user. `false` when the user has none with this id.
pub async fn delete_one_of_user(tx: &mut Tx, user: UserId, id: UserSessionId) -> Result<bool> {
    Ok(tx.delete(COLUMNS.id.eq(id).and(COLUMNS.user_id.eq(user))).await? > 0)
}

/// Ends the sessions of a user. Returns how many.
pub async fn delete_of_user(tx: &mut Tx, user: UserId) -> Result<u64> {
    tx.delete(COLUMNS.user_id.eq(user)).await
}

/// Clears away the sessions that have expired. Returns how many.
pub async fn delete_expired(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    tx.delete(COLUMNS.expires_at.at_most(now)).await
}
