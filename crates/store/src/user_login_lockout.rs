//! Failed sign-ins, and what is locked for them.

use jiff::Timestamp;
use sea_query::{Expr, ExprTrait as _};

use crate::cell::cell_of_word;
use crate::error::Result;
use crate::id::UserId;
use crate::reader::{Reader, Tx};
use crate::table::{AnyColumn, Filter, Found, Search, table};
use crate::user::{self, User};

table! {
    /// Sign-ins that failed with the same credentials from the same network address, or from that address at all.
    pub struct UserLoginLockout in "user_login_lockout", key key {
        /// Which credentials and address: a hash of both.
        key: String,
        /// The kind of credentials.
        auth_type: AuthType,
        /// The network address.
        ip: String,
        /// Whose credentials; none when they are nobody's, and for an address.
        user_id: Option<UserId>,
        /// How many failed.
        fail_count: i64,
        /// Since when further ones are refused; none while they are not.
        lockout_at: Option<Timestamp>,
        /// From when on they do not count any more.
        expires_at: Timestamp,
    }
}

/// The columns that callers of the API may sort by.
pub const SORTABLE: &[AnyColumn<UserLoginLockout>] = &[
    COLUMNS.key.any(),
    COLUMNS.auth_type.any(),
    COLUMNS.ip.any(),
    COLUMNS.user_id.any(),
    COLUMNS.fail_count.any(),
    COLUMNS.lockout_at.any(),
];

/// A kind of credentials that a sign-in can fail with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuthType {
    /// E-mail address and password.
    Email,
    /// An API key.
    Api,
    /// The code of the second factor.
    Totp,
    /// An account of a directory.
    Ldap,
}

impl AuthType {
    /// Every kind.
    pub const ALL: [AuthType; 4] = [AuthType::Email, AuthType::Api, AuthType::Totp, AuthType::Ldap];

    /// The word in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            AuthType::Email => "email",
            AuthType::Api => "api",
            AuthType::Totp => "totp",
            AuthType::Ldap => "ldap",
        }
    }

    /// The kind with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

cell_of_word!(AuthType, "kind of credentials");

/// A sign-in that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// As [`UserLoginLockout::key`].
    pub key: String,
    /// As [`UserLoginLockout::auth_type`].
    pub auth_type: AuthType,
    /// As [`UserLoginLockout::ip`].
    pub ip: String,
    /// As [`UserLoginLockout::user_id`].
    pub user_id: Option<UserId>,
}

/// The count with this key.
pub async fn get(db: &mut Reader, key: &str) -> Result<Option<UserLoginLockout>> {
    db.one(COLUMNS.key.eq(key.to_owned())).await
}

/// What is locked of these.
pub async fn locked(db: &mut Reader, keys: &[String], now: Timestamp) -> Result<Option<UserLoginLockout>> {
    db.one(are_locked(now).and(COLUMNS.key.one_of(keys.iter().cloned()))).await
}

/// Everything that is locked.
pub fn are_locked(now: Timestamp) -> Filter<UserLoginLockout> {
    COLUMNS.lockout_at.is_not_null().and(COLUMNS.expires_at.more_than(now))
}

/// Lockouts of the credentials of users that pass `users`.
pub fn of_users(users: Filter<User>) -> Filter<UserLoginLockout> {
    COLUMNS.user_id.among(user::COLUMNS.id.optional(), users)
}

/// A page of lockouts, and how many there are on all pages.
pub async fn search(db: &mut Reader, search: Search<UserLoginLockout>) -> Result<Found<UserLoginLockout>> {
    db.search(search).await
}

/// Counts a failure and returns the count as it is now. The first of a count says when it is forgotten.
pub async fn count(tx: &mut Tx, failure: Failure, expires_at: Timestamp) -> Result<UserLoginLockout> {
    let this = COLUMNS.key.eq(failure.key.clone());
    let sets = vec![
        COLUMNS.key.set(failure.key),
        COLUMNS.auth_type.set(failure.auth_type),
        COLUMNS.ip.set(failure.ip),
        COLUMNS.user_id.set(failure.user_id),
        COLUMNS.fail_count.set(1),
        COLUMNS.expires_at.set(expires_at),
    ];
    if let Some(first) = tx.insert_unless_taken(sets).await? {
        return Ok(first);
    }
    // Counted by the database: of two nodes that count at once both do.
    let one_more = vec![COLUMNS.fail_count.set_to(Expr::col("fail_count").add(1))];
    let counted = tx.update(this, one_more).await?.pop();
    counted.ok_or(crate::Error::Reference { table: "user_login_lockout" })
}

/// Refuses further sign-ins from now on.
pub async fn lock(tx: &mut Tx, key: &str, expires_at: Timestamp, now: Timestamp) -> Result<()> {
    let sets = vec![COLUMNS.lockout_at.set(Some(now)), COLUMNS.expires_at.set(expires_at)];
    tx.update(COLUMNS.key.eq(key.to_owned()), sets).await?;
    Ok(())
}

/// Forgets a count, and the lockout with it. `false` when there was none.
pub async fn delete(tx: &mut Tx, key: &str) -> Result<bool> {
    Ok(tx.delete(COLUMNS.key.eq(key.to_owned())).await? > 0)
}

/// Forgets the counts that are over. Returns how many.
pub async fn delete_expired(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    tx.delete(COLUMNS.expires_at.at_most(now)).await
}
