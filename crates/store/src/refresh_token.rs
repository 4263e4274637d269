//! Refresh tokens: with one, a program gets access tokens for a user who is not there.

use jiff::Timestamp;

use crate::error::Result;
use crate::reader::{Reader, Tx};
use crate::secret_hash::SecretHash;
use crate::table::table;

table! {
    /// A refresh token. It ends with the code that it came of.
    pub struct RefreshToken in "refresh_token", key hash {
        /// The hash of the token.
        hash: SecretHash,
        /// The code that it came of, which names program and user.
        authorization_code_hash: SecretHash,
        /// When it was made.
        created_at: Timestamp,
        /// From when on it gives nothing.
        expires_at: Timestamp,
    }
}

/// The token with this hash, unless it has expired.
pub async fn find_live(db: &mut Reader, hash: &SecretHash, now: Timestamp) -> Result<Option<RefreshToken>> {
    db.one(COLUMNS.hash.eq(*hash).and(COLUMNS.expires_at.more_than(now))).await
}

/// Makes a token. It is [`Reference`](crate::Error::Reference) when there is no such code.
pub async fn insert(
    tx: &mut Tx,
    hash: SecretHash,
    authorization_code_hash: SecretHash,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<RefreshToken> {
    tx.insert(vec![
        COLUMNS.hash.set(hash),
        COLUMNS.authorization_code_hash.set(authorization_code_hash),
        COLUMNS.created_at.set(now),
        COLUMNS.expires_at.set(expires_at),
    ])
    .await
}
