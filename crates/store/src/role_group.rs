//! Which groups have which role.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::id::{GroupId, RoleId};
use crate::reader::{Reader, Tx};
use crate::table::{Search, table};

table! {
    /// A group whose members have a role.
    pub struct RoleGroup in "role_group", key role_id {
        /// The role.
        role_id: RoleId,
        /// The group that has it.
        group_id: GroupId,
    }
}

/// The roles that these groups have themselves.
pub async fn of_groups(db: &mut Reader, groups: &[GroupId]) -> Result<Vec<RoleGroup>> {
    db.of_any(COLUMNS.group_id, groups).await
}

/// The groups that have this role themselves.
pub async fn of_role(db: &mut Reader, role: RoleId) -> Result<BTreeSet<GroupId>> {
    let rows = db.list(Search::by(COLUMNS.role_id.eq(role))).await?;
    Ok(rows.into_iter().map(|row| row.group_id).collect())
}

/// Gives a group exactly these roles. It is [`Reference`](crate::Error::Reference) when a role does not exist.
pub async fn set_of_group(tx: &mut Tx, group: GroupId, roles: &[RoleId]) -> Result<()> {
    tx.change_access();
    tx.delete(COLUMNS.group_id.eq(group)).await?;
    for role in roles {
        tx.insert_unless_taken(vec![COLUMNS.role_id.set(*role), COLUMNS.group_id.set(group)]).await?;
    }
    Ok(())
}

/// Gives a role to exactly these groups, and returns those that no longer have it. It is
/// [`Reference`](crate::Error::Reference) when a group does not exist.
pub async fn set_of_role(tx: &mut Tx, role: RoleId, groups: &[GroupId]) -> Result<BTreeSet<GroupId>> {
    let before = of_role(tx, role).await?;
    let after: BTreeSet<GroupId> = groups.iter().copied().collect();
    let lost: BTreeSet<GroupId> = before.difference(&after).copied().collect();
    tx.change_access();
    tx.delete(COLUMNS.role_id.eq(role).and(COLUMNS.group_id.one_of(lost.iter().copied()))).await?;
    for group in after.difference(&before) {
        tx.insert_unless_taken(vec![COLUMNS.role_id.set(role), COLUMNS.group_id.set(*group)]).await?;
    }
    Ok(lost)
}
