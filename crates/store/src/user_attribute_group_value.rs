//! Values that groups have for attributes, each with its rank.

use crate::error::Result;
use crate::id::{GroupId, UserAttributeGroupValueId, UserAttributeId};
use crate::reader::{Reader, Tx};
use crate::table::{Search, table};

table! {
    /// The value that the members of a group have for an attribute.
    pub struct UserAttributeGroupValue in "user_attribute_group_value", key id {
        /// Which value.
        id: UserAttributeGroupValueId,
        /// The attribute.
        user_attribute_id: UserAttributeId,
        /// The group.
        group_id: GroupId,
        /// Of several groups of a user the one with the lowest counts.
        rank: i64,
        /// The value as text.
        value: String,
    }
}

/// The values for an attribute, by rank.
pub async fn of_attribute(db: &mut Reader, attribute: UserAttributeId) -> Result<Vec<UserAttributeGroupValue>> {
    let search = Search::by(COLUMNS.user_attribute_id.eq(attribute));
    db.list(Search { sorts: vec![COLUMNS.rank.asc()], ..search }).await
}

/// The values of these groups, by rank.
pub async fn of_groups(
    db: &mut Reader,
    groups: impl IntoIterator<Item = GroupId>,
) -> Result<Vec<UserAttributeGroupValue>> {
    let search = Search::by(COLUMNS.group_id.one_of(groups));
    db.list(Search { sorts: vec![COLUMNS.rank.asc()], ..search }).await
}

/// Sets the value of a group and keeps its rank; a group that had none comes after the others. It is
/// [`Reference`](crate::Error::Reference) when there is no such group or attribute.
pub async fn set(
    tx: &mut Tx,
    attribute: UserAttributeId,
    group: GroupId,
    value: &str,
) -> Result<UserAttributeGroupValue> {
    tx.change_access();
    let filter = COLUMNS.user_attribute_id.eq(attribute).and(COLUMNS.group_id.eq(group));
    let changed = tx.update(filter, vec![COLUMNS.value.set(value.to_owned())]).await?.pop();
    if let Some(changed) = changed {
        return Ok(changed);
    }
    let last = of_attribute(tx, attribute).await?.last().map_or(0, |last| last.rank);
    insert(tx, attribute, group, last.saturating_add(1), value).await
}

/// Replaces all values for an attribute by these, and returns them by rank. It is
/// [`Conflict`](crate::Error::Conflict) when a group stands twice, and [`Reference`](crate::Error::Reference) when there
/// is no such group.
pub async fn replace(
    tx: &mut Tx,
    attribute: UserAttributeId,
    values: &[(GroupId, i64, String)],
) -> Result<Vec<UserAttributeGroupValue>> {
    tx.change_access();
    tx.delete(COLUMNS.user_attribute_id.eq(attribute)).await?;
    for (group, rank, value) in values {
        insert(tx, attribute, *group, *rank, value).await?;
    }
    of_attribute(tx, attribute).await
}

/// Takes the value of a group away. `false` when there was none.
pub async fn delete(tx: &mut Tx, attribute: UserAttributeId, group: GroupId) -> Result<bool> {
    tx.change_access();
    Ok(tx.delete(COLUMNS.user_attribute_id.eq(attribute).and(COLUMNS.group_id.eq(group))).await? > 0)
}

async fn insert(
    tx: &mut Tx,
    attribute: UserAttributeId,
    group: GroupId,
    rank: i64,
    value: &str,
) -> Result<UserAttributeGroupValue> {
    tx.insert(vec![
        COLUMNS.user_attribute_id.set(attribute),
        COLUMNS.group_id.set(group),
        COLUMNS.rank.set(rank),
        COLUMNS.value.set(value.to_owned()),
    ])
    .await
}
