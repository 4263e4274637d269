//! Groups of users and of other groups.

use crate::error::Result;
use crate::id::GroupId;
use crate::reader::{Reader, Tx};
use crate::table::{AnyColumn, Found, Search, Set, table};

table! {
    /// Users and groups who are given roles, values and access together.
    pub struct Group in "group", key id {
        /// Which group.
        id: GroupId,
        /// The name, unique whatever its case.
        name: String,
        /// Whether the group can be given access to content.
        can_add_to_content_metadata: bool,
        /// The name of the group in the system that embeds.
        external_group_id: Option<String>,
        /// Whether an outside directory says who is in it.
        externally_managed: bool,
        /// Whether every new user becomes a member.
        include_by_default: bool,
    }
}

/// The group that every user is in.
pub const ALL_USERS: GroupId = GroupId::new(1);

/// The columns that callers of the API may sort by.
pub const SORTABLE: &[AnyColumn<Group>] = &[
    COLUMNS.id.any(),
    COLUMNS.name.any(),
    COLUMNS.can_add_to_content_metadata.any(),
    COLUMNS.external_group_id.any(),
    COLUMNS.externally_managed.any(),
    COLUMNS.include_by_default.any(),
];

/// A group to be made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewGroup {
    /// As [`Group::name`].
    pub name: String,
    /// As [`Group::can_add_to_content_metadata`].
    pub can_add_to_content_metadata: bool,
    /// As [`Group::external_group_id`].
    pub external_group_id: Option<String>,
}

/// The group with this id.
pub async fn get(db: &mut Reader, id: GroupId) -> Result<Option<Group>> {
    db.one(COLUMNS.id.eq(id)).await
}

/// The group with this name, in whichever case.
pub async fn by_name(db: &mut Reader, name: &str) -> Result<Option<Group>> {
    db.one(COLUMNS.name.is_text(name)).await
}

/// The groups with these ids, by id; ids of nothing are left out.
pub async fn by_ids(db: &mut Reader, ids: &[GroupId]) -> Result<Vec<Group>> {
    db.of_any(COLUMNS.id, ids).await
}

/// The groups that every new user becomes a member of.
pub async fn included_by_default(db: &mut Reader) -> Result<Vec<Group>> {
    db.list(Search::by(COLUMNS.include_by_default.eq(true))).await
}

/// A page of groups, and how many there are on all pages.
pub async fn search(db: &mut Reader, search: Search<Group>) -> Result<Found<Group>> {
    db.search(search).await
}

/// Makes a group without members. It is [`Conflict`](crate::Error::Conflict) when the name is taken.
pub async fn insert(tx: &mut Tx, new: NewGroup) -> Result<Group> {
    tx.change_access();
    tx.insert(vec![
        COLUMNS.name.set(new.name),
        COLUMNS.can_add_to_content_metadata.set(new.can_add_to_content_metadata),
        COLUMNS.external_group_id.set(new.external_group_id),
        COLUMNS.externally_managed.set(false),
        COLUMNS.include_by_default.set(false),
    ])
    .await
}

/// Changes a group and returns it as it is now. It is [`Conflict`](crate::Error::Conflict) when the name is taken.
pub async fn update(tx: &mut Tx, id: GroupId, sets: Vec<Set<Group>>) -> Result<Option<Group>> {
    tx.change_access();
    if sets.is_empty() {
        return get(tx, id).await;
    }
    Ok(tx.update(COLUMNS.id.eq(id), sets).await?.pop())
}

/// Deletes a group, its memberships, roles and values. `false` when there was none.
pub async fn delete(tx: &mut Tx, id: GroupId) -> Result<bool> {
    tx.change_access();
    Ok(tx.delete(COLUMNS.id.eq(id)).await? > 0)
}
