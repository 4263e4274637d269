//! Permission sets: what the holders of a role may do.

use crate::error::Result;
use crate::id::PermissionSetId;
use crate::reader::{Reader, Tx};
use crate::table::{AnyColumn, Filter, Found, Pattern, Search, Set, table};

table! {
    /// A list of permissions.
    pub struct PermissionSet in "permission_set", key id {
        /// Which set.
        id: PermissionSetId,
        /// The name, unique whatever its case.
        name: String,
        /// The words of the permissions.
        permissions: Vec<String>,
        /// Whether the set stands for all permissions, those of later releases included.
        all_access: bool,
        /// Whether the set comes with the product and nobody may change it.
        built_in: bool,
    }
}

/// The set of administrators: everything.
pub const ADMIN: PermissionSetId = PermissionSetId::new(1);

/// The columns that callers of the API may sort by.
pub const SORTABLE: &[AnyColumn<PermissionSet>] =
    &[COLUMNS.id.any(), COLUMNS.name.any(), COLUMNS.all_access.any(), COLUMNS.built_in.any()];

/// A set to be made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewPermissionSet {
    /// As [`PermissionSet::name`].
    pub name: String,
    /// As [`PermissionSet::permissions`].
    pub permissions: Vec<String>,
}

/// The set with this id.
pub async fn get(db: &mut Reader, id: PermissionSetId) -> Result<Option<PermissionSet>> {
    db.one(COLUMNS.id.eq(id)).await
}

/// The set with this name, in whichever case.
pub async fn by_name(db: &mut Reader, name: &str) -> Result<Option<PermissionSet>> {
    db.one(COLUMNS.name.is_text(name)).await
}

/// The sets with these ids, by id; ids of nothing are left out.
pub async fn by_ids(db: &mut Reader, ids: &[PermissionSetId]) -> Result<Vec<PermissionSet>> {
    db.of_any(COLUMNS.id, ids).await
}

/// Sets that list a name; wildcards as in a [`Pattern`].
pub fn listing(name: &str) -> Result<Filter<PermissionSet>> {
    // The list is JSON: a whole name stands between quotes.
    let name = serde_json::Value::from(name).to_string();
    Ok(Filter::matching(COLUMNS.permissions.folded(), &Pattern::new(&format!("%{name}%"))?))
}

/// A page of sets, and how many there are on all pages.
pub async fn search(db: &mut Reader, search: Search<PermissionSet>) -> Result<Found<PermissionSet>> {
    db.search(search).await
}

/// Makes a set. It is [`Conflict`](crate::Error::Conflict) when the name is taken.
pub async fn insert(tx: &mut Tx, new: NewPermissionSet) -> Result<PermissionSet> {
    tx.change_access();
    tx.insert(vec![
        COLUMNS.name.set(new.name),
        COLUMNS.permissions.set(new.permissions),
        COLUMNS.all_access.set(false),
        COLUMNS.built_in.set(false),
    ])
    .await
}

/// Changes a set and returns it as it is now. It is [`Conflict`](crate::Error::Conflict) when the name is taken.
pub async fn update(tx: &mut Tx, id: PermissionSetId, sets: Vec<Set<PermissionSet>>) -> Result<Option<PermissionSet>> {
    tx.change_access();
    if sets.is_empty() {
        return get(tx, id).await;
    }
    Ok(tx.update(COLUMNS.id.eq(id), sets).await?.pop())
}

/// Deletes a set. `false` when there was none; [`Reference`](crate::Error::Reference) when a role has it.
pub async fn delete(tx: &mut Tx, id: PermissionSetId) -> Result<bool> {
    tx.change_access();
    Ok(tx.delete(COLUMNS.id.eq(id)).await? > 0)
}
