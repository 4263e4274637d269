//! Model sets: which models the holders of a role reach.

use crate::change::{Undone, unless_taken, unless_unknown};
use crate::criteria::{Criteria, page, sorts, texts};
use crate::permission::{Permission, allows};
use crate::{Service, can, stored, text};
use belvedere_api::{
    Cx, Error, FieldCode, OperationId, Page, Patch, Result, SecurityContext, bodies, parameters, types,
};
use belvedere_store::model_set::{self, COLUMNS, NewModelSet};
use belvedere_store::{Filter, ModelSet, ModelSetId, Reader, Search};

/// The field by which a role names its model set.
pub(super) const FIELD: &str = "model_set_id";

/// The most models of a set.
const MOST_MODELS: usize = 10_000;

impl Service {
    /// The sets that a caller may know of: all for those who see users, else those of the caller's roles.
    async fn visible_model_sets(&self, cx: &Cx) -> Result<Filter<ModelSet>> {
        if cx.security()?.may(Permission::SeeUsers.as_str()) {
            return Ok(Filter::everything());
        }
        let own = self.own_roles(cx).await?;
        Ok(COLUMNS.id.one_of(own.into_iter().map(|held| held.model_set.id)))
    }

    pub(super) async fn list_model_sets(&self, cx: &Cx) -> Result<Vec<types::ModelSet>> {
        let search = Search::by(self.visible_model_sets(cx).await?);
        let found = stored(self.store.read(async |db| model_set::search(db, search).await).await)?;
        Ok(found.rows.into_iter().map(|set| self.described_model_set(cx, set)).collect())
    }

    pub(super) async fn find_model_sets(
        &self,
        cx: &Cx,
        query: parameters::SearchModelSetsQuery,
    ) -> Result<Page<types::ModelSet>> {
        let window = query.window()?;
        let mut criteria = Criteria::new()
            .ids(query.id.as_deref(), |ids| COLUMNS.id.one_of(ids))
            .text(query.name.as_deref(), COLUMNS.name)?
            .with(query.all_access.map(|flag| COLUMNS.all_access.eq(flag)))
            .with(query.built_in.map(|flag| COLUMNS.built_in.eq(flag)));
        for name in texts("models", query.models.as_deref().unwrap_or_default())? {
            let listing = model_set::listing(name).map_err(|error| Error::bad_request(error.to_string()))?;
            criteria = criteria.with(Some(listing));
        }
        let sorts = sorts(query.sorts.as_deref(), model_set::SORTABLE)?;
        let filter = self.visible_model_sets(cx).await?.and(criteria.filter(query.filter_or));
        let search = page(filter, sorts, window);
        let found = stored(self.store.read(async |db| model_set::search(db, search).await).await)?;
        let items = found.rows.into_iter().map(|set| self.described_model_set(cx, set)).collect();
        Ok(Page { items, window, total: Some(found.total) })
    }

    pub(super) async fn one_model_set(&self, cx: &Cx, id: &str) -> Result<types::ModelSet> {
        let search = Search::by(self.visible_model_sets(cx).await?.and(COLUMNS.id.eq(set_id(id)?)));
        let found = stored(self.store.read(async |db| model_set::search(db, search).await).await)?;
        Ok(self.described_model_set(cx, found.rows.into_iter().next().ok_or_else(Error::not_found)?))
    }

    pub(super) async fn make_model_set(&self, cx: &Cx, body: bodies::WriteModelSet) -> Result<types::ModelSet> {
        let name = text::new_name("name", body.name)?;
        let models = models(&body.models.value().unwrap_or_default())?;
        if !reaches(cx.security()?, &models) {
            return Err(Error::invalid("models", "names models that the caller does not manage"));
        }
        let new = NewModelSet { name, models };
        let made = self.change(cx, async |tx| unless_taken(model_set::insert(tx, new).await, already_exists)).await?;
        Ok(self.described_model_set(cx, made))
    }

    pub(super) async fn change_model_set(
        &self,
        cx: &Cx,
        id: &str,
        body: bodies::WriteModelSet,
    ) -> Result<types::ModelSet> {
        let id = set_id(id)?;
        let security = cx.security()?;
        let changed = self.change(cx, async |tx| {
            let set = changeable(tx, id).await?;
            if !reaches(security, &set.models) {
                return Err(Error::forbidden().into());
            }
            let mut sets = Vec::new();
            sets.extend(text::changed_name("name", body.name)?.map(|name| COLUMNS.name.set(name)));
            match body.models {
                Patch::Absent => {}
                given => {
                    let models = models(&given.value().unwrap_or_default())?;
                    if !reaches(security, &models) {
                        return Err(Error::invalid("models", "names models that the caller does not manage").into());
                    }
                    sets.push(COLUMNS.models.set(models));
                }
            }
            let set = unless_taken(model_set::update(tx, id, sets).await, already_exists)?;
            Ok(set.ok_or_else(Error::not_found)?)
        });
        Ok(self.described_model_set(cx, changed.await?))
    }

    pub(super) async fn remove_model_set(&self, cx: &Cx, id: &str) -> Result<()> {
        let id = set_id(id)?;
        let security = cx.security()?;
        self.change(cx, async |tx| {
            if !reaches(security, &changeable(tx, id).await?.models) {
                return Err(Error::not_found().into());
            }
            let in_use = || Error::bad_request("roles have this model set: give them another one first");
            unless_unknown(model_set::delete(tx, id).await, in_use)?;
            Ok(())
        })
        .await
    }

    /// A model set as the API shows it. That of all models lists those there are.
    pub(super) fn described_model_set(&self, cx: &Cx, set: ModelSet) -> types::ModelSet {
        let updates = cx.security().is_ok_and(|security| allows(security, OperationId::UpdateModelSet));
        let all = || self.engine.projects().models().iter().map(|(_, model)| model.name.to_string()).collect();
        types::ModelSet {
            can: can(&[("show", true), ("index", true), ("update", updates && !set.built_in)]),
            all_access: Some(set.all_access),
            built_in: Some(set.built_in),
            id: Some(set.id.to_string()),
            models: Some(if set.all_access { all() } else { set.models }),
            name: Some(set.name),
            url: Some(cx.url(&format!("/api/4.0/model_sets/{}", set.id))),
        }
    }
}

/// Whether somebody who manages model sets manages all of these models.
fn reaches(security: &SecurityContext, models: &[String]) -> bool {
    let manages = |model: &String| security.may_on(Permission::ManageModelsetsRestricted.as_str(), model);
    security.is_admin() || models.iter().all(manages)
}

fn set_id(text: &str) -> Result<ModelSetId> {
    text.parse().map_err(|_| Error::not_found())
}

/// A set that may be changed: 404 when there is none, 405 when it comes with the product.
async fn changeable(db: &mut Reader, id: ModelSetId) -> Result<ModelSet, Undone> {
    let set = model_set::get(db, id).await?.ok_or_else(Error::not_found)?;
    if set.built_in { Err(Error::read_only().into()) } else { Ok(set) }
}

/// Names of models, each once. A model need not exist yet.
pub fn models(names: &[String]) -> Result<Vec<String>> {
    if names.len() > MOST_MODELS {
        return Err(Error::invalid("models", format!("must have at most {MOST_MODELS} names")));
    }
    let mut models = names.iter().map(|name| text::name("models", name)).collect::<Result<Vec<String>>>()?;
    models.sort_unstable();
    models.dedup();
    Ok(models)
}

fn already_exists() -> Error {
    Error::field("name", FieldCode::AlreadyExists, "another model set has this name")
}
