//! Who has which role directly.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::id::{RoleId, UserId};
use crate::reader::{Reader, Tx};
use crate::table::{Search, table};

table! {
    /// A user who has a role.
    pub struct RoleUser in "role_user", key role_id {
        /// The role.
        role_id: RoleId,
        /// Who has it.
        user_id: UserId,
    }
}

/// The roles that these users have directly.
pub async fn of_users(db: &mut Reader, users: &[UserId]) -> Result<Vec<RoleUser>> {
    db.of_any(COLUMNS.user_id, users).await
}

/// The users who have this role directly.
pub async fn of_role(db: &mut Reader, role: RoleId) -> Result<BTreeSet<UserId>> {
    let rows = db.list(Search::by(COLUMNS.role_id.eq(role))).await?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}

/// Gives a user exactly these roles, and returns those that the user no longer has. It is
/// [`Reference`](crate::Error::Reference) when a role does not exist.
pub async fn set_of_user(tx: &mut Tx, user: UserId, roles: &[RoleId]) -> Result<BTreeSet<RoleId>> {
    let before: BTreeSet<RoleId> = of_users(tx, &[user]).await?.into_iter().map(|row| row.role_id).collect();
    let after: BTreeSet<RoleId> = roles.iter().copied().collect();
    let lost: BTreeSet<RoleId> = before.difference(&after).copied().collect();
    let filter = COLUMNS.user_id.eq(user).and(COLUMNS.role_id.one_of(lost.iter().copied()));
    tx.change_access();
    tx.delete(filter).await?;
    for role in after.difference(&before) {
        insert(tx, *role, user).await?;
    }
    Ok(lost)
}

/// Gives a role to exactly these users, and returns those who no longer have it. It is
/// [`Reference`](crate::Error::Reference) when a user does not exist.
pub async fn set_of_role(tx: &mut Tx, role: RoleId, users: &[UserId]) -> Result<BTreeSet<UserId>> {
    let before = of_role(tx, role).await?;
    let after: BTreeSet<UserId> = users.iter().copied().collect();
    let lost: BTreeSet<UserId> = before.difference(&after).copied().collect();
    tx.change_access();
    for user in &lost {
        tx.delete(COLUMNS.role_id.eq(role).and(COLUMNS.user_id.eq(*user))).await?;
    }
    for user in after.difference(&before) {
        insert(tx, role, *user).await?;
    }
    Ok(lost)
}

/// Gives a role to a user, who may have it already.
async fn insert(tx: &mut Tx, role: RoleId, user: UserId) -> Result<()> {
    tx.insert_unless_taken(vec![COLUMNS.role_id.set(role), COLUMNS.user_id.set(user)]).await?;
    Ok(())
}
