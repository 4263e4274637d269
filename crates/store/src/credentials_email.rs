//! Sign-in by e-mail address.

use jiff::Timestamp;

use crate::error::Result;
use crate::id::UserId;
use crate::password_hash::PasswordHash;
use crate::reader::{Reader, Tx};
use crate::table::{AnyColumn, Filter, Found, Search, Set, table};
use crate::{authorization_code, password_reset, totp_sign_in, user, user_session};

table! {
    /// The e-mail credentials of a user; their address is the user's.
    pub struct CredentialsEmail in "credentials_email", key user_id {
        /// Whose they are.
        user_id: UserId,
        /// The address, unique whatever its case.
        email: String,
        /// Whether a new password must be set at the next sign-in.
        forced_password_reset_at_next_login: bool,
        /// Whether they open nothing.
        is_disabled: bool,
        /// When they were made.
        created_at: Timestamp,
        /// When they last opened a session.
        logged_in_at: Option<Timestamp>,
        /// The hash of the password; none until the user has set one.
        password_hash: Option<PasswordHash>,
        /// When the password was set.
        password_set_at: Option<Timestamp>,
    }
}

/// The columns that callers of the API may sort by; the id of the credentials is that of their user.
pub const SORTABLE: &[AnyColumn<CredentialsEmail>] = &[
    COLUMNS.user_id.any(),
    COLUMNS.email.any(),
    COLUMNS.forced_password_reset_at_next_login.any(),
    COLUMNS.is_disabled.any(),
    COLUMNS.created_at.any(),
    COLUMNS.logged_in_at.any(),
];

/// The credentials of a user.
pub async fn of_user(db: &mut Reader, user: UserId) -> Result<Option<CredentialsEmail>> {
    db.one(COLUMNS.user_id.eq(user)).await
}

/// The credentials of these users.
pub async fn of_users(db: &mut Reader, users: &[UserId]) -> Result<Vec<CredentialsEmail>> {
    db.of_any(COLUMNS.user_id, users).await
}

/// The credentials with this address, in whichever case.
pub async fn by_email(db: &mut Reader, email: &str) -> Result<Option<CredentialsEmail>> {
    db.one(COLUMNS.email.is_text(email)).await
}

/// A page of credentials, and how many there are on all pages.
pub async fn search(db: &mut Reader, search: Search<CredentialsEmail>) -> Result<Found<CredentialsEmail>> {
    db.search(search).await
}

/// Makes the credentials of a user, who gets their address. It is [`Conflict`](crate::Error::Conflict) when the user
/// has some or the address is taken, and [`Reference`](crate::Error::Reference) when there is no such user.
pub async fn insert(tx: &mut Tx, user_id: UserId, email: &str, now: Timestamp) -> Result<CredentialsEmail> {
    tx.change_access();
    let credentials = tx
        .insert(vec![
            COLUMNS.user_id.set(user_id),
            COLUMNS.email.set(email.to_owned()),
            COLUMNS.forced_password_reset_at_next_login.set(false),
            COLUMNS.is_disabled.set(false),
            COLUMNS.created_at.set(now),
        ])
        .await?;
    user::update(tx, user_id, vec![user::COLUMNS.email.set(Some(email.to_owned()))], now).await?;
    Ok(credentials)
}

/// Changes the credentials of a user, whose address follows, and returns them as they are now. With another address the
/// way to a new password ends: it may have been sent to the old one. It is [`Conflict`](crate::Error::Conflict) when the
/// address is taken.
pub async fn update(
    tx: &mut Tx,
    user_id: UserId,
    sets: Vec<Set<CredentialsEmail>>,
    now: Timestamp,
) -> Result<Option<CredentialsEmail>> {
    tx.change_access();
    if sets.is_empty() {
        return of_user(tx, user_id).await;
    }
    let before = of_user(tx, user_id).await?;
    let Some(credentials) = tx.update(COLUMNS.user_id.eq(user_id), sets).await?.pop() else { return Ok(None) };
    if before.is_some_and(|before| before.email != credentials.email) {
        password_reset::delete_of_user(tx, user_id).await?;
    }
    user::update(tx, user_id, vec![user::COLUMNS.email.set(Some(credentials.email.clone()))], now).await?;
    Ok(Some(credentials))
}

/// Sets the password of a user, who need not set another one then. Whoever is signed in as the user is not any more: all
/// sessions and tokens end, and so does the way to set a password. `false` when the user has no such credentials.
pub async fn set_password(tx: &mut Tx, user_id: UserId, password: PasswordHash, now: Timestamp) -> Result<bool> {
    tx.change_access();
    let sets = vec![
        COLUMNS.password_hash.set(Some(password)),
        COLUMNS.password_set_at.set(Some(now)),
        COLUMNS.forced_password_reset_at_next_login.set(false),
    ];
    let updated = tx.update(COLUMNS.user_id.eq(user_id), sets).await?;
    password_reset::delete_of_user(tx, user_id).await?;
    totp_sign_in::delete_of_user(tx, user_id).await?;
    user::sign_out(tx, user_id).await?;
    Ok(!updated.is_empty())
}

/// Notes that the credentials of a user have opened a session.
pub async fn set_logged_in(tx: &mut Tx, user_id: UserId, now: Timestamp) -> Result<()> {
    // No new generation: nobody's access is another one for it.
    tx.update(COLUMNS.user_id.eq(user_id), vec![COLUMNS.logged_in_at.set(Some(now))]).await?;
    Ok(())
}

/// Lets every user set a new password at the next sign-in.
pub async fn force_password_reset_of_all(tx: &mut Tx) -> Result<()> {
    tx.change_access();
    let sets = vec![COLUMNS.forced_password_reset_at_next_login.set(true)];
    tx.update(Filter::<CredentialsEmail>::everything(), sets).await?;
    Ok(())
}

/// Deletes the credentials of a user, who has no address then, with all that they opened: the sessions of browsers, and
/// what programs have got of these. `false` when there were none.
pub async fn delete(tx: &mut Tx, user_id: UserId, now: Timestamp) -> Result<bool> {
    tx.change_access();
    if tx.delete(COLUMNS.user_id.eq(user_id)).await? == 0 {
        return Ok(false);
    }
    user_session::delete_of_user(tx, user_id).await?;
    authorization_code::delete_of_user(tx, user_id).await?;
    user::update(tx, user_id, vec![user::COLUMNS.email.set(None)], now).await?;
    Ok(true)
}
