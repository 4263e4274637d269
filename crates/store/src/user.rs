//! People and service accounts.

use jiff::Timestamp;
use sea_query::{BinOper, Expr, ExprTrait as _, Func};

use crate::cell::JsonObject;
use crate::error::Result;
use crate::id::{RoleId, UserId};
use crate::reader::{Reader, Tx};
use crate::table::{AnyColumn, Column, Filter, Found, Pattern, Search, Set, table};
use crate::{authorization_code, group, group_user, role_user, token, user_session};

table! {
    /// A person or a service account.
    pub struct User in "user", key id {
        /// Which user; never given to another one, even after a deletion.
        id: UserId,
        /// The given name.
        first_name: Option<String>,
        /// The family name.
        last_name: Option<String>,
        /// The address, as the user's credentials give it. That no two accounts share one is theirs to hold.
        email: Option<String>,
        /// Whether the user may not sign in.
        is_disabled: bool,
        /// The language, as `en` or `de_DE`; that of the instance when there is none.
        locale: Option<String>,
        /// When the user was made.
        created_at: Timestamp,
        /// When the user was last changed.
        updated_at: Timestamp,
        /// What is neither searched nor sorted by: `ui_state`, `home_folder_id` and the like.
        rest: JsonObject,
        /// Whether the user may manage the API keys of the own account.
        can_manage_api3_creds: bool,
        /// The name of a service account; none for a person.
        service_account_name: Option<String>,
    }
}

/// The columns that callers of the API may sort by, under their names there.
pub const SORTABLE: &[AnyColumn<User>] = &[
    COLUMNS.id.any(),
    COLUMNS.first_name.any(),
    COLUMNS.last_name.any(),
    COLUMNS.email.any(),
    COLUMNS.is_disabled.any(),
    COLUMNS.locale.any(),
];

/// The column that callers of the API sort by under this name.
pub fn sortable(name: &str) -> Option<AnyColumn<User>> {
    SORTABLE.iter().copied().find(|column| column.name() == name)
}

/// A user to be made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewUser {
    /// As [`User::first_name`].
    pub first_name: Option<String>,
    /// As [`User::last_name`].
    pub last_name: Option<String>,
    /// As [`User::email`].
    pub email: Option<String>,
    /// As [`User::is_disabled`].
    pub is_disabled: bool,
    /// As [`User::locale`].
    pub locale: Option<String>,
    /// As [`User::rest`].
    pub rest: JsonObject,
    /// As [`User::can_manage_api3_creds`].
    pub can_manage_api3_creds: bool,
    /// As [`User::service_account_name`].
    pub service_account_name: Option<String>,
    /// The roles that the user has from the start.
    pub roles: Vec<RoleId>,
}

/// The user with this id.
pub async fn get(db: &mut Reader, id: UserId) -> Result<Option<User>> {
    db.one(COLUMNS.id.eq(id)).await
}

/// The users with these ids, by id; ids of nobody are left out.
pub async fn by_ids(db: &mut Reader, ids: &[UserId]) -> Result<Vec<User>> {
    db.of_any(COLUMNS.id, ids).await
}

/// A page of users, and how many there are on all pages.
pub async fn search(db: &mut Reader, search: Search<User>) -> Result<Found<User>> {
    db.search(search).await
}

/// Users whose names, one after the other, match the pattern.
pub fn full_name_matches(pattern: &Pattern) -> Filter<User> {
    // To the letter as the indexes have it: a constant, not a value of the statement.
    let text = |text: &'static str| Expr::cust(text);
    let name = |column: Column<User, Option<String>>| Expr::expr(Func::coalesce([column.folded(), text("''")]));
    let joined = BinOper::Custom("||");
    let first = name(COLUMNS.first_name).binary(joined, text("' '"));
    Filter::matching(first.binary(joined, name(COLUMNS.last_name)), pattern)
}

/// How many users pass `filter`.
pub async fn count(db: &mut Reader, filter: Filter<User>) -> Result<u64> {
    db.count(filter).await
}

/// Makes a user, who becomes a member of every group that all users are in. It is
/// [`Reference`](crate::Error::Reference) when a role does not exist.
pub async fn insert(tx: &mut Tx, new: NewUser, now: Timestamp) -> Result<User> {
    tx.change_access();
    let sets = vec![
        COLUMNS.first_name.set(new.first_name),
        COLUMNS.last_name.set(new.last_name),
        COLUMNS.email.set(new.email),
        COLUMNS.is_disabled.set(new.is_disabled),
        COLUMNS.locale.set(new.locale),
        COLUMNS.created_at.set(now),
        COLUMNS.updated_at.set(now),
        COLUMNS.rest.set(new.rest),
        COLUMNS.can_manage_api3_creds.set(new.can_manage_api3_creds),
        COLUMNS.service_account_name.set(new.service_account_name),
    ];
    let user = tx.insert(sets).await?;
    for group in group::included_by_default(tx).await? {
        group_user::insert(tx, group.id, user.id).await?;
    }
    role_user::set_of_user(tx, user.id, &new.roles).await?;
    Ok(user)
}

/// Changes a user, for example by `vec![user::COLUMNS.is_disabled.set(true)]`, and returns it as it is now.
pub async fn update(tx: &mut Tx, id: UserId, mut sets: Vec<Set<User>>, now: Timestamp) -> Result<Option<User>> {
    tx.change_access();
    sets.push(COLUMNS.updated_at.set(now));
    Ok(tx.update(COLUMNS.id.eq(id), sets).await?.pop())
}

/// Ends everything by which somebody is signed in as a user, or acts as another through this one: tokens, what programs
/// have got, and sessions of browsers.
pub async fn sign_out(tx: &mut Tx, id: UserId) -> Result<()> {
    token::delete_of_user(tx, id).await?;
    authorization_code::delete_of_user(tx, id).await?;
    user_session::delete_of_user(tx, id).await?;
    Ok(())
}

/// Deletes a user with all credentials, tokens, roles, memberships, values and query tasks. `false` when there was none.
pub async fn delete(tx: &mut Tx, id: UserId) -> Result<bool> {
    tx.change_access();
    Ok(tx.delete(COLUMNS.id.eq(id)).await? > 0)
}
