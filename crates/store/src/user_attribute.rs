//! User attributes: named values that each user can have.

use crate::error::Result;
use crate::id::UserAttributeId;
use crate::reader::{Reader, Tx};
use crate::table::{AnyColumn, Filter, Search, Set, Sort, table};

table! {
    /// A named value that each user can have: an own one, that of a group, or the default.
    pub struct UserAttribute in "user_attribute", key id {
        /// Which attribute.
        id: UserAttributeId,
        /// The name that models use, unique whatever its case.
        name: String,
        /// The name for people, unique whatever its case.
        label: String,
        /// How a value is to be read, `string` and the like.
        kind: String,
        /// The value of users without one of their own or of a group.
        default_value: Option<String>,
        /// Whether the server itself defines it.
        is_system: bool,
        /// Whether nobody may change or delete it.
        is_permanent: bool,
        /// Whether values are used but never shown.
        value_is_hidden: bool,
        /// Whether users may see their own value.
        user_can_view: bool,
        /// Whether users may change their own value.
        user_can_edit: bool,
        /// Where hidden values may be sent to, separated by commas.
        hidden_value_domain_whitelist: Option<String>,
        /// Whether runs of continuous integration need a value.
        needed_for_ci_run: bool,
        /// The value in runs of continuous integration.
        value_for_ci_run: Option<String>,
    }
}

/// The columns that callers of the API may sort by. Not the default value: it may be hidden, and an order would tell it.
pub const SORTABLE: &[AnyColumn<UserAttribute>] = &[
    COLUMNS.id.any(),
    COLUMNS.name.any(),
    COLUMNS.label.any(),
    COLUMNS.is_system.any(),
    COLUMNS.value_is_hidden.any(),
    COLUMNS.user_can_view.any(),
    COLUMNS.user_can_edit.any(),
];

/// A user attribute to be made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewUserAttribute {
    /// As [`UserAttribute::name`].
    pub name: String,
    /// As [`UserAttribute::label`].
    pub label: String,
    /// As [`UserAttribute::kind`].
    pub kind: String,
    /// As [`UserAttribute::default_value`].
    pub default_value: Option<String>,
    /// As [`UserAttribute::value_is_hidden`].
    pub value_is_hidden: bool,
    /// As [`UserAttribute::user_can_view`].
    pub user_can_view: bool,
    /// As [`UserAttribute::user_can_edit`].
    pub user_can_edit: bool,
    /// As [`UserAttribute::hidden_value_domain_whitelist`].
    pub hidden_value_domain_whitelist: Option<String>,
    /// As [`UserAttribute::needed_for_ci_run`].
    pub needed_for_ci_run: bool,
    /// As [`UserAttribute::value_for_ci_run`].
    pub value_for_ci_run: Option<String>,
}

/// The attribute with this id.
pub async fn get(db: &mut Reader, id: UserAttributeId) -> Result<Option<UserAttribute>> {
    db.one(COLUMNS.id.eq(id)).await
}

/// The attribute with this name, in whichever case.
pub async fn by_name(db: &mut Reader, name: &str) -> Result<Option<UserAttribute>> {
    db.one(COLUMNS.name.is_text(name)).await
}

/// The attributes that pass `filter`.
pub async fn list(
    db: &mut Reader,
    filter: Filter<UserAttribute>,
    sorts: Vec<Sort<UserAttribute>>,
) -> Result<Vec<UserAttribute>> {
    db.list(Search { sorts, ..Search::by(filter) }).await
}

/// Makes an attribute. It is [`Conflict`](crate::Error::Conflict) when name or label are taken.
pub async fn insert(tx: &mut Tx, new: NewUserAttribute) -> Result<UserAttribute> {
    tx.change_access();
    tx.insert(vec![
        COLUMNS.name.set(new.name),
        COLUMNS.label.set(new.label),
        COLUMNS.kind.set(new.kind),
        COLUMNS.default_value.set(new.default_value),
        COLUMNS.is_system.set(false),
        COLUMNS.is_permanent.set(false),
        COLUMNS.value_is_hidden.set(new.value_is_hidden),
        COLUMNS.user_can_view.set(new.user_can_view),
        COLUMNS.user_can_edit.set(new.user_can_edit),
        COLUMNS.hidden_value_domain_whitelist.set(new.hidden_value_domain_whitelist),
        COLUMNS.needed_for_ci_run.set(new.needed_for_ci_run),
        COLUMNS.value_for_ci_run.set(new.value_for_ci_run),
    ])
    .await
}

/// Changes an attribute and returns it as it is now; errors as [`insert`].
pub async fn update(tx: &mut Tx, id: UserAttributeId, sets: Vec<Set<UserAttribute>>) -> Result<Option<UserAttribute>> {
    tx.change_access();
    if sets.is_empty() {
        return get(tx, id).await;
    }
    Ok(tx.update(COLUMNS.id.eq(id), sets).await?.pop())
}

/// Deletes an attribute with all values. `false` when there was none.
pub async fn delete(tx: &mut Tx, id: UserAttributeId) -> Result<bool> {
    tx.change_access();
    Ok(tx.delete(COLUMNS.id.eq(id)).await? > 0)
}
