//! Which users are in which group themselves.

use std::collections::{BTreeSet, HashMap};

use crate::error::Result;
use crate::id::{GroupId, UserId};
use crate::reader::{Reader, Tx};
use crate::table::{Filter, table};
use crate::user::{self, User};

table! {
    /// A user in a group.
    pub struct GroupUser in "group_user", key group_id {
        /// The group.
        group_id: GroupId,
        /// Who is in it.
        user_id: UserId,
    }
}

/// The groups that these users are in themselves.
pub async fn of_users(db: &mut Reader, users: &[UserId]) -> Result<Vec<GroupUser>> {
    db.of_any(COLUMNS.user_id, users).await
}

/// How many users are in these groups themselves; groups without users are left out.
pub async fn counts(db: &mut Reader, groups: &[GroupId]) -> Result<HashMap<GroupId, u64>> {
    db.count_by(COLUMNS.group_id, COLUMNS.group_id.one_of(groups.iter().copied())).await
}

/// The users who are in one of these groups themselves.
pub fn members(groups: impl IntoIterator<Item = GroupId>) -> Filter<User> {
    user::COLUMNS.id.among(COLUMNS.user_id, COLUMNS.group_id.one_of(groups))
}

/// Whether a user is in a group itself.
pub async fn contains(db: &mut Reader, group: GroupId, user: UserId) -> Result<bool> {
    Ok(db.one(COLUMNS.group_id.eq(group).and(COLUMNS.user_id.eq(user))).await?.is_some())
}

/// Puts a user into a group; one who is in it stays. It is [`Reference`](crate::Error::Reference) when there is no
/// such user or group.
pub async fn insert(tx: &mut Tx, group: GroupId, user: UserId) -> Result<()> {
    tx.change_access();
    tx.insert_unless_taken(vec![COLUMNS.group_id.set(group), COLUMNS.user_id.set(user)]).await?;
    Ok(())
}

/// Takes a user out of a group. `false` when the user was not in it.
pub async fn delete(tx: &mut Tx, group: GroupId, user: UserId) -> Result<bool> {
    tx.change_access();
    Ok(tx.delete(COLUMNS.group_id.eq(group).and(COLUMNS.user_id.eq(user))).await? > 0)
}

/// Puts a user into exactly these groups, beside those that every user is in.
pub async fn set_of_user(tx: &mut Tx, user: UserId, groups: &BTreeSet<GroupId>) -> Result<()> {
    let mut groups = groups.clone();
    groups.extend(crate::group::included_by_default(tx).await?.iter().map(|group| group.id));
    let before: BTreeSet<GroupId> = of_users(tx, &[user]).await?.into_iter().map(|row| row.group_id).collect();
    for group in before.difference(&groups) {
        delete(tx, *group, user).await?;
    }
    for group in groups.difference(&before) {
        insert(tx, *group, user).await?;
    }
    Ok(())
}
