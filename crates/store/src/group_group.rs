//! Which groups are in which group.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::id::GroupId;
use crate::reader::{Reader, Tx};
use crate::table::table;

table! {
    /// A group in a group: members of the inner have what those of the outer have.
    pub struct GroupGroup in "group_group", key group_id {
        /// The outer group.
        group_id: GroupId,
        /// The inner group.
        member_id: GroupId,
    }
}

/// So many groups are looked up at once.
const AT_ONCE: usize = 10_000;

/// The groups that these are in, and those that these are in, and so on; with themselves.
pub async fn upwards(db: &mut Reader, groups: impl IntoIterator<Item = GroupId>) -> Result<BTreeSet<GroupId>> {
    closure(db, groups, Direction::Up).await
}

/// The groups in these, and those in them, and so on; with themselves.
pub async fn downwards(db: &mut Reader, groups: impl IntoIterator<Item = GroupId>) -> Result<BTreeSet<GroupId>> {
    closure(db, groups, Direction::Down).await
}

/// Groups, and which of them is in which.
pub(crate) struct Above {
    outer: BTreeMap<GroupId, Vec<GroupId>>,
}

/// These groups and all that they are in.
pub(crate) async fn above(db: &mut Reader, groups: impl IntoIterator<Item = GroupId>) -> Result<Above> {
    let mut outer: BTreeMap<GroupId, Vec<GroupId>> = groups.into_iter().map(|group| (group, Vec::new())).collect();
    let mut open: Vec<GroupId> = outer.keys().copied().collect();
    while !open.is_empty() {
        for row in parents(db, &std::mem::take(&mut open)).await? {
            outer.entry(row.member_id).or_default().push(row.group_id);
            outer.entry(row.group_id).or_insert_with(|| {
                open.push(row.group_id);
                Vec::new()
            });
        }
    }
    Ok(Above { outer })
}

impl Above {
    /// All of them.
    pub(crate) fn groups(&self) -> Vec<GroupId> {
        self.outer.keys().copied().collect()
    }

    /// The groups that this one is in, and those that these are in, and so on; with itself.
    pub(crate) fn of(&self, group: GroupId) -> BTreeSet<GroupId> {
        let (mut seen, mut open) = (BTreeSet::from([group]), vec![group]);
        while let Some(group) = open.pop() {
            open.extend(self.outer.get(&group).into_iter().flatten().filter(|outer| seen.insert(**outer)));
        }
        seen
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down,
}

async fn closure(
    db: &mut Reader,
    groups: impl IntoIterator<Item = GroupId>,
    direction: Direction,
) -> Result<BTreeSet<GroupId>> {
    let mut seen: BTreeSet<GroupId> = groups.into_iter().collect();
    let mut open: Vec<GroupId> = seen.iter().copied().collect();
    while !open.is_empty() {
        let some = open.split_off(open.len().saturating_sub(AT_ONCE));
        let next: Vec<GroupId> = match direction {
            Direction::Up => parents(db, &some).await?.into_iter().map(|row| row.group_id).collect(),
            Direction::Down => members(db, &some).await?.into_iter().map(|row| row.member_id).collect(),
        };
        open.extend(next.into_iter().filter(|group| seen.insert(*group)));
    }
    Ok(seen)
}

/// The groups that these are in themselves.
pub async fn parents(db: &mut Reader, groups: &[GroupId]) -> Result<Vec<GroupGroup>> {
    db.of_any(COLUMNS.member_id, groups).await
}

/// The groups that are in these themselves.
pub async fn members(db: &mut Reader, groups: &[GroupId]) -> Result<Vec<GroupGroup>> {
    db.of_any(COLUMNS.group_id, groups).await
}

/// Puts a group into another; one that is in it stays. `false` when the outer group would come to stand in itself. It
/// is [`Reference`](crate::Error::Reference) when one of them does not exist.
pub async fn insert(tx: &mut Tx, group: GroupId, member: GroupId) -> Result<bool> {
    if upwards(tx, [group]).await?.contains(&member) {
        return Ok(false);
    }
    tx.change_access();
    tx.insert_unless_taken(vec![COLUMNS.group_id.set(group), COLUMNS.member_id.set(member)]).await?;
    Ok(true)
}

/// Takes a group out of another. `false` when it was not in it.
pub async fn delete(tx: &mut Tx, group: GroupId, member: GroupId) -> Result<bool> {
    tx.change_access();
    Ok(tx.delete(COLUMNS.group_id.eq(group).and(COLUMNS.member_id.eq(member))).await? > 0)
}
