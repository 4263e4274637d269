//! Model sets: which models the holders of a role reach.

use crate::error::Result;
use crate::id::ModelSetId;
use crate::reader::{Reader, Tx};
use crate::table::{AnyColumn, Filter, Found, Pattern, Search, Set, table};

table! {
    /// A list of models.
    pub struct ModelSet in "model_set", key id {
        /// Which set.
        id: ModelSetId,
        /// The name, unique whatever its case.
        name: String,
        /// The names of the models; some may name none.
        models: Vec<String>,
        /// Whether the set stands for all models, those of later releases included.
        all_access: bool,
        /// Whether the set comes with the product and nobody may change it.
        built_in: bool,
    }
}

/// The set of all models.
pub const ALL: ModelSetId = ModelSetId::new(1);

/// The columns that callers of the API may sort by.
pub const SORTABLE: &[AnyColumn<ModelSet>] =
    &[COLUMNS.id.any(), COLUMNS.name.any(), COLUMNS.all_access.any(), COLUMNS.built_in.any()];

/// A set to be made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewModelSet {
    /// As [`ModelSet::name`].
    pub name: String,
    /// As [`ModelSet::models`].
    pub models: Vec<String>,
}

/// The set with this id.
pub async fn get(db: &mut Reader, id: ModelSetId) -> Result<Option<ModelSet>> {
    db.one(COLUMNS.id.eq(id)).await
}

/// The set with this name, in whichever case.
pub async fn by_name(db: &mut Reader, name: &str) -> Result<Option<ModelSet>> {
    db.one(COLUMNS.name.is_text(name)).await
}

/// The sets with these ids, by id; ids of nothing are left out.
pub async fn by_ids(db: &mut Reader, ids: &[ModelSetId]) -> Result<Vec<ModelSet>> {
    db.of_any(COLUMNS.id, ids).await
}

/// Sets that list a name; wildcards as in a [`Pattern`].
pub fn listing(name: &str) -> Result<Filter<ModelSet>> {
    // The list is JSON: a whole name stands between quotes.
    let name = serde_json::Value::from(name).to_string();
    Ok(Filter::matching(COLUMNS.models.folded(), &Pattern::new(&format!("%{name}%"))?))
}

/// A page of sets, and how many there are on all pages.
pub async fn search(db: &mut Reader, search: Search<ModelSet>) -> Result<Found<ModelSet>> {
    db.search(search).await
}

/// Makes a set. It is [`Conflict`](crate::Error::Conflict) when the name is taken.
pub async fn insert(tx: &mut Tx, new: NewModelSet) -> Result<ModelSet> {
    tx.change_access();
    tx.insert(vec![
        COLUMNS.name.set(new.name),
        COLUMNS.models.set(new.models),
        COLUMNS.all_access.set(false),
        COLUMNS.built_in.set(false),
    ])
    .await
}

/// Changes a set and returns it as it is now. It is [`Conflict`](crate::Error::Conflict) when the name is taken.
pub async fn update(tx: &mut Tx, id: ModelSetId, sets: Vec<Set<ModelSet>>) -> Result<Option<ModelSet>> {
    tx.change_access();
    if sets.is_empty() {
        return get(tx, id).await;
    }
    Ok(tx.update(COLUMNS.id.eq(id), sets).await?.pop())
}

/// Deletes a set. `false` when there was none; [`Reference`](crate::Error::Reference) when a role has it.
pub async fn delete(tx: &mut Tx, id: ModelSetId) -> Result<bool> {
    tx.change_access();
    Ok(tx.delete(COLUMNS.id.eq(id)).await? > 0)
}
