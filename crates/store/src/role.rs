//! Roles: a permission set and a model set together.

use crate::error::Result;
use crate::id::{ModelSetId, PermissionSetId, RoleId};
use crate::reader::{Reader, Tx};
use crate::table::{AnyColumn, Found, Search, Set, table};

table! {
    /// What its holders may do, and with which models.
    pub struct Role in "role", key id {
        /// Which role.
        id: RoleId,
        /// The name, unique whatever its case.
        name: String,
        /// What its holders may do.
        permission_set_id: PermissionSetId,
        /// The models that they reach.
        model_set_id: ModelSetId,
        /// Whether the role comes with the product and nobody may change it.
        built_in: bool,
        /// Whether the role is for the product's own staff.
        internal: bool,
    }
}

/// The role of administrators.
pub const ADMIN: RoleId = RoleId::new(2);

/// The columns that callers of the API may sort by.
pub const SORTABLE: &[AnyColumn<Role>] = &[COLUMNS.id.any(), COLUMNS.name.any(), COLUMNS.built_in.any()];

/// A role to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRole {
    /// As [`Role::name`].
    pub name: String,
    /// As [`Role::permission_set_id`].
    pub permission_set_id: PermissionSetId,
    /// As [`Role::model_set_id`].
    pub model_set_id: ModelSetId,
}

/// The role with this id.
pub async fn get(db: &mut Reader, id: RoleId) -> Result<Option<Role>> {
    db.one(COLUMNS.id.eq(id)).await
}

/// The role with this name, in whichever case.
pub async fn by_name(db: &mut Reader, name: &str) -> Result<Option<Role>> {
    db.one(COLUMNS.name.is_text(name)).await
}

/// The roles with these ids, by id; ids of nothing are left out.
pub async fn by_ids(db: &mut Reader, ids: &[RoleId]) -> Result<Vec<Role>> {
    db.of_any(COLUMNS.id, ids).await
}

/// A page of roles, and how many there are on all pages.
pub async fn search(db: &mut Reader, search: Search<Role>) -> Result<Found<Role>> {
    db.search(search).await
}

/// Makes a role. It is [`Conflict`](crate::Error::Conflict) when the name is taken, and
/// [`Reference`](crate::Error::Reference) when a set does not exist.
pub async fn insert(tx: &mut Tx, new: NewRole) -> Result<Role> {
    tx.change_access();
    tx.insert(vec![
        COLUMNS.name.set(new.name),
        COLUMNS.permission_set_id.set(new.permission_set_id),
        COLUMNS.model_set_id.set(new.model_set_id),
        COLUMNS.built_in.set(false),
        COLUMNS.internal.set(false),
    ])
    .await
}

/// Changes a role and returns it as it is now; errors as [`insert`].
pub async fn update(tx: &mut Tx, id: RoleId, sets: Vec<Set<Role>>) -> Result<Option<Role>> {
    tx.change_access();
    if sets.is_empty() {
        return get(tx, id).await;
    }
    Ok(tx.update(COLUMNS.id.eq(id), sets).await?.pop())
}

/// Deletes a role and takes it from everybody who has it. `false` when there was none.
pub async fn delete(tx: &mut Tx, id: RoleId) -> Result<bool> {
    tx.change_access();
    Ok(tx.delete(COLUMNS.id.eq(id)).await? > 0)
}
