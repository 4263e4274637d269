//! Authorization codes of OAuth, and with them all that programs get of users.
//!
//! A code is exchanged for tokens once. Its row stays after that: the tokens hang on it, so that deleting the row ends
//! them all, and that it was used is known when it comes again.

use jiff::Timestamp;

use crate::error::Result;
use crate::id::{ClientGuid, UserId, UserSessionId};
use crate::reader::{Reader, Tx};
use crate::secret_hash::SecretHash;
use crate::table::{Filter, table};
use crate::user_session;

table! {
    /// An authorization code.
    pub struct AuthorizationCode in "authorization_code", key hash {
        /// The hash of the code, which was given out once.
        hash: SecretHash,
        /// Which program it was given to.
        client_guid: ClientGuid,
        /// As whom the program will act.
        user_id: UserId,
        /// The address that the browser took it to.
        redirect_uri: String,
        /// The SHA-256 of the verifier that the program must show.
        code_challenge: SecretHash,
        /// The session of the browser that ends when its user signs out of the program; none for programs whose own affair
        /// that is.
        user_session_id: Option<UserSessionId>,
        /// When it was made.
        created_at: Timestamp,
        /// From when on it cannot be used.
        expires_at: Timestamp,
        /// When it was used.
        used_at: Option<Timestamp>,
        /// From when on nothing that came of it opens anything.
        ends_at: Timestamp,
    }
}

/// An authorization code to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAuthorizationCode {
    /// As [`AuthorizationCode::hash`].
    pub hash: SecretHash,
    /// As [`AuthorizationCode::client_guid`].
    pub client_guid: ClientGuid,
    /// As [`AuthorizationCode::user_id`].
    pub user_id: UserId,
    /// As [`AuthorizationCode::redirect_uri`].
    pub redirect_uri: String,
    /// As [`AuthorizationCode::code_challenge`].
    pub code_challenge: SecretHash,
    /// As [`AuthorizationCode::user_session_id`].
    pub user_session_id: Option<UserSessionId>,
    /// As [`AuthorizationCode::expires_at`].
    pub expires_at: Timestamp,
}

/// The code with this hash, used, expired or not.
pub async fn get(db: &mut Reader, hash: &SecretHash) -> Result<Option<AuthorizationCode>> {
    db.one(COLUMNS.hash.eq(*hash)).await
}

/// Makes a code. It is [`Reference`](crate::Error::Reference) when there is no such program, user or session.
pub async fn insert(tx: &mut Tx, new: NewAuthorizationCode, now: Timestamp) -> Result<AuthorizationCode> {
    tx.insert(vec![
        COLUMNS.hash.set(new.hash),
        COLUMNS.client_guid.set(new.client_guid),
        COLUMNS.user_id.set(new.user_id),
        COLUMNS.redirect_uri.set(new.redirect_uri),
        COLUMNS.code_challenge.set(new.code_challenge),
        COLUMNS.user_session_id.set(new.user_session_id),
        COLUMNS.created_at.set(now),
        COLUMNS.expires_at.set(new.expires_at),
        COLUMNS.ends_at.set(new.expires_at),
    ])
    .await
}

/// Uses a code, after which its row stays until `ends_at`. Of several who use it at once, one does; `false` for the
/// others.
pub async fn use_once(tx: &mut Tx, hash: &SecretHash, now: Timestamp, ends_at: Timestamp) -> Result<bool> {
    let unused = COLUMNS.hash.eq(*hash).and(COLUMNS.used_at.is_null());
    let sets = vec![COLUMNS.used_at.set(Some(now)), COLUMNS.ends_at.set(ends_at)];
    Ok(!tx.update(unused, sets).await?.is_empty())
}

/// Ends a code and all that came of it. `false` when there was none.
pub async fn delete(tx: &mut Tx, hash: &SecretHash) -> Result<bool> {
    Ok(revoke(tx, COLUMNS.hash.eq(*hash)).await? > 0)
}

/// Ends a code and all that came of it, since its user signs out of the program. `false` when there was none.
pub async fn sign_out(tx: &mut Tx, hash: &SecretHash) -> Result<bool> {
    let Some(code) = get(tx, hash).await? else { return Ok(false) };
    if let Some(session) = code.user_session_id {
        user_session::delete_one_of_user(tx, code.user_id, session).await?;
    }
    delete(tx, hash).await
}

/// Ends what a program has got, of all users. Returns how many codes.
pub async fn delete_of_app(tx: &mut Tx, app: &ClientGuid) -> Result<u64> {
    revoke(tx, COLUMNS.client_guid.eq(app.clone())).await
}

/// Ends what a program has got of one user. Returns how many codes.
pub async fn delete_of_app_and_user(tx: &mut Tx, app: &ClientGuid, user: UserId) -> Result<u64> {
    revoke(tx, COLUMNS.client_guid.eq(app.clone()).and(COLUMNS.user_id.eq(user))).await
}

/// Ends what all programs have got of one user. Returns how many codes.
pub async fn delete_of_user(tx: &mut Tx, user: UserId) -> Result<u64> {
    revoke(tx, COLUMNS.user_id.eq(user)).await
}

/// Clears away the codes of which nothing lives any more. Returns how many.
pub async fn delete_ended(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    // No new generation: what ends by itself is remembered with the time of its end.
    tx.delete(COLUMNS.ends_at.at_most(now)).await
}

async fn revoke(tx: &mut Tx, filter: Filter<AuthorizationCode>) -> Result<u64> {
    let deleted = tx.delete(filter).await?;
    if deleted > 0 {
        tx.change_access();
    }
    Ok(deleted)
}
