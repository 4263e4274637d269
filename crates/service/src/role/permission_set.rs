//! Permission sets: what the holders of a role may do.

use crate::change::{Undone, unless_taken, unless_unknown};
use crate::criteria::{Criteria, page, sorts, texts};
use crate::permission::{Permission, allows};
use crate::{Service, can, stored, text};
use belvedere_api::{Cx, Error, FieldCode, OperationId, Page, Patch, Result, bodies, parameters, types};
use belvedere_store::permission_set::{self, COLUMNS, NewPermissionSet};
use belvedere_store::{Filter, PermissionSet, PermissionSetId, Reader, Search};

/// The field by which a role names its permission set.
pub(super) const FIELD: &str = "permission_set_id";

impl Service {
    /// The sets that a caller may know of: all for those who see users, else those of the caller's roles.
    async fn visible_permission_sets(&self, cx: &Cx) -> Result<Filter<PermissionSet>> {
        if cx.security()?.may(Permission::SeeUsers.as_str()) {
            return Ok(Filter::everything());
        }
        let own = self.own_roles(cx).await?;
        Ok(COLUMNS.id.one_of(own.into_iter().map(|held| held.permission_set.id)))
    }

    pub(super) async fn list_permission_sets(&self, cx: &Cx) -> Result<Vec<types::PermissionSet>> {
        let search = Search::by(self.visible_permission_sets(cx).await?);
        let found = stored(self.store.read(async |db| permission_set::search(db, search).await).await)?;
        Ok(found.rows.into_iter().map(|set| described(cx, set)).collect())
    }

    pub(super) async fn find_permission_sets(
        &self,
        cx: &Cx,
        query: parameters::SearchPermissionSetsQuery,
    ) -> Result<Page<types::PermissionSet>> {
        let window = query.window()?;
        let mut criteria = Criteria::new()
            .ids(query.id.as_deref(), |ids| COLUMNS.id.one_of(ids))
            .text(query.name.as_deref(), COLUMNS.name)?
            .with(query.all_access.map(|flag| COLUMNS.all_access.eq(flag)))
            .with(query.built_in.map(|flag| COLUMNS.built_in.eq(flag)));
        for word in texts("permissions", query.permissions.as_deref().unwrap_or_default())? {
            let listing = permission_set::listing(word).map_err(|error| Error::bad_request(error.to_string()))?;
            criteria = criteria.with(Some(listing));
        }
        let sorts = sorts(query.sorts.as_deref(), permission_set::SORTABLE)?;
        let filter = self.visible_permission_sets(cx).await?.and(criteria.filter(query.filter_or));
        let search = page(filter, sorts, window);
        let found = stored(self.store.read(async |db| permission_set::search(db, search).await).await)?;
        let items = found.rows.into_iter().map(|set| described(cx, set)).collect();
        Ok(Page { items, window, total: Some(found.total) })
    }

    pub(super) async fn one_permission_set(&self, cx: &Cx, id: &str) -> Result<types::PermissionSet> {
        let filter = self.visible_permission_sets(cx).await?.and(COLUMNS.id.eq(set_id(id)?));
        let search = Search::by(filter);
        let found = stored(self.store.read(async |db| permission_set::search(db, search).await).await)?;
        Ok(described(cx, found.rows.into_iter().next().ok_or_else(Error::not_found)?))
    }

    pub(super) async fn make_permission_set(
        &self,
        cx: &Cx,
        body: bodies::WritePermissionSet,
    ) -> Result<types::PermissionSet> {
        let name = text::new_name("name", body.name)?;
        let permissions = permissions(&body.permissions.value().unwrap_or_default())?;
        let new = NewPermissionSet { name, permissions };
        let made =
            self.change(cx, async |tx| unless_taken(permission_set::insert(tx, new).await, already_exists)).await?;
        Ok(described(cx, made))
    }

    pub(super) async fn change_permission_set(
        &self,
        cx: &Cx,
        id: &str,
        body: bodies::WritePermissionSet,
    ) -> Result<types::PermissionSet> {
        let id = set_id(id)?;
        let changed = self.change(cx, async |tx| {
            changeable(tx, id).await?;
            let mut sets = Vec::new();
            sets.extend(text::changed_name("name", body.name)?.map(|name| COLUMNS.name.set(name)));
            match body.permissions {
                Patch::Absent => {}
                given => sets.push(COLUMNS.permissions.set(permissions(&given.value().unwrap_or_default())?)),
            }
            let set = unless_taken(permission_set::update(tx, id, sets).await, already_exists)?;
            Ok(set.ok_or_else(Error::not_found)?)
        });
        Ok(described(cx, changed.await?))
    }

    pub(super) async fn remove_permission_set(&self, cx: &Cx, id: &str) -> Result<()> {
        let id = set_id(id)?;
        self.change(cx, async |tx| {
            changeable(tx, id).await?;
            let in_use = || Error::bad_request("roles have this permission set: give them another one first");
            unless_unknown(permission_set::delete(tx, id).await, in_use)?;
            Ok(())
        })
        .await
    }
}

/// A permission set as the API shows it. That of administrators lists everything there is.
pub(super) fn described(cx: &Cx, set: PermissionSet) -> types::PermissionSet {
    let updates = cx.security().is_ok_and(|security| allows(security, OperationId::UpdatePermissionSet));
    let all = || Permission::ALL.iter().map(|permission| permission.as_str().to_owned()).collect();
    types::PermissionSet {
        can: can(&[("show", true), ("index", true), ("update", updates && !set.built_in)]),
        all_access: Some(set.all_access),
        built_in: Some(set.built_in),
        id: Some(set.id.to_string()),
        permissions: Some(if set.all_access { all() } else { set.permissions }),
        name: Some(set.name),
        url: Some(cx.url(&format!("/api/4.0/permission_sets/{}", set.id))),
    }
}

fn set_id(text: &str) -> Result<PermissionSetId> {
    text.parse().map_err(|_| Error::not_found())
}

/// A set that may be changed: 404 when there is none, 405 when it comes with the product.
async fn changeable(db: &mut Reader, id: PermissionSetId) -> Result<(), Undone> {
    let set = permission_set::get(db, id).await?.ok_or_else(Error::not_found)?;
    if set.built_in { Err(Error::read_only().into()) } else { Ok(()) }
}

/// The words of permissions, each once, in the order in which permissions are shown.
pub fn permissions(words: &[String]) -> Result<Vec<String>> {
    let mut known = Vec::with_capacity(words.len());
    for word in words {
        let unknown = || Error::invalid("permissions", format!("`{word}` is no permission"));
        known.push(Permission::parse(word.trim()).ok_or_else(unknown)?);
    }
    known.sort_unstable();
    known.dedup();
    Ok(known.into_iter().map(|permission| permission.as_str().to_owned()).collect())
}

fn already_exists() -> Error {
    Error::field("name", FieldCode::AlreadyExists, "another permission set has this name")
}
