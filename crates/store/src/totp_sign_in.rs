//! People between their two factors: they have shown the password, and must show a code.

use jiff::Timestamp;

use crate::error::Result;
use crate::id::UserId;
use crate::reader::{Reader, Tx};
use crate::sealed_secret::SealedSecret;
use crate::secret_hash::SecretHash;
use crate::table::table;

table! {
    /// That whoever has a token has shown the password of a user.
    pub struct TotpSignIn in "totp_sign_in", key hash {
        /// The hash of the token, which was given out once.
        hash: SecretHash,
        /// Whose password.
        user_id: UserId,
        /// What codes are made of once the set-up is completed; none where it is.
        secret: Option<SealedSecret>,
        /// When the password was shown.
        created_at: Timestamp,
        /// From when on it opens nothing.
        expires_at: Timestamp,
    }
}

/// Somebody who has shown the password.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTotpSignIn {
    /// As [`TotpSignIn::hash`].
    pub hash: SecretHash,
    /// As [`TotpSignIn::user_id`].
    pub user_id: UserId,
    /// As [`TotpSignIn::secret`].
    pub secret: Option<SealedSecret>,
    /// As [`TotpSignIn::expires_at`].
    pub expires_at: Timestamp,
}

/// Whoever has this token, unless it has expired.
pub async fn find_live(db: &mut Reader, hash: &SecretHash, now: Timestamp) -> Result<Option<TotpSignIn>> {
    db.one(COLUMNS.hash.eq(*hash).and(COLUMNS.expires_at.more_than(now))).await
}

/// Notes that somebody has shown the password. Whoever has waited for too long is forgotten. It is
/// [`Reference`](crate::Error::Reference) when the user has no second factor.
pub async fn insert(tx: &mut Tx, new: NewTotpSignIn, now: Timestamp) -> Result<TotpSignIn> {
    tx.delete(COLUMNS.expires_at.at_most(now)).await?;
    tx.insert(vec![
        COLUMNS.hash.set(new.hash),
        COLUMNS.user_id.set(new.user_id),
        COLUMNS.secret.set(new.secret),
        COLUMNS.created_at.set(now),
        COLUMNS.expires_at.set(new.expires_at),
    ])
    .await
}

/// Ends a sign-in. `false` when there was none.
pub async fn delete(tx: &mut Tx, hash: &SecretHash) -> Result<bool> {
    Ok(tx.delete(COLUMNS.hash.eq(*hash)).await? > 0)
}

/// Ends the sign-ins of a user. Returns how many.
pub async fn delete_of_user(tx: &mut Tx, user_id: UserId) -> Result<u64> {
    tx.delete(COLUMNS.user_id.eq(user_id)).await
}
