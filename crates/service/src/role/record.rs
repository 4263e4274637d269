//! Roles themselves.

use super::{model_set, permission_set};
use crate::change::{Undone, unless_taken};
use crate::criteria::{Criteria, ids, page, sorts};
use crate::permission::{Permission, allows};
use crate::{Service, can, stored, text};
use belvedere_api::{Cx, Error, FieldCode, OperationId, Page, Patch, Result, bodies, parameters, types};
use belvedere_store::access::{self, HeldRole, holders, with_sets};
use belvedere_store::role::{self, COLUMNS, NewRole};
use belvedere_store::{
    Filter, ModelSetId, PermissionSetId, Reader, Role, RoleId, Search, Tx, UserId, model_set as model_sets,
    permission_set as permission_sets, token, user,
};

impl Service {
    /// The roles that a caller may know of: all for those who see users, else the caller's own.
    async fn visible_roles(&self, cx: &Cx) -> Result<Filter<Role>> {
        if cx.security()?.may(Permission::SeeUsers.as_str()) {
            return Ok(Filter::everything());
        }
        let own = self.own_roles(cx).await?;
        Ok(COLUMNS.id.one_of(own.into_iter().map(|held| held.role.id)))
    }

    /// The caller's own roles.
    pub(super) async fn own_roles(&self, cx: &Cx) -> Result<Vec<HeldRole>> {
        let caller = UserId::new(cx.caller()?.user.get());
        Ok(stored(self.store.read(async |db| access::of_user(db, caller).await).await)?.roles)
    }

    pub(super) async fn list_roles(&self, cx: &Cx, query: parameters::AllRolesQuery) -> Result<Vec<types::Role>> {
        let asked = Criteria::new()
            .with(query.ids.map(|texts| COLUMNS.id.one_of(ids(texts.iter().map(String::as_str)))))
            .with(query.get_all_support_roles.filter(|all| *all).map(|_| COLUMNS.internal.eq(true)));
        let search = Search::by(self.visible_roles(cx).await?.and(asked.filter(None)));
        Ok(self.searched_roles(search).await?.0.into_iter().map(|held| self.described_role(cx, held)).collect())
    }

    async fn searched_roles(&self, search: Search<Role>) -> Result<(Vec<HeldRole>, u64)> {
        let found = self.store.read(async |db| {
            let found = role::search(db, search).await?;
            Ok((with_sets(db, found.rows).await?, found.total))
        });
        stored(found.await)
    }

    pub(super) async fn one_role(&self, cx: &Cx, id: &str) -> Result<types::Role> {
        let search = Search::by(self.visible_roles(cx).await?.and(COLUMNS.id.eq(role_id(id)?)));
        let (mut found, _) = self.searched_roles(search).await?;
        Ok(self.described_role(cx, found.pop().ok_or_else(Error::not_found)?))
    }

    pub(super) async fn find_roles(&self, cx: &Cx, query: parameters::SearchRolesQuery) -> Result<Page<types::Role>> {
        let window = query.window()?;
        let criteria = Criteria::new()
            .ids(query.id.as_deref(), |ids| COLUMNS.id.one_of(ids))
            .ids(query.model_set_ids.as_deref(), |ids| COLUMNS.model_set_id.one_of(ids))
            .ids(query.permission_set_ids.as_deref(), |ids| COLUMNS.permission_set_id.one_of(ids))
            .text(query.name.as_deref(), COLUMNS.name)?
            .with(query.built_in.map(|flag| COLUMNS.built_in.eq(flag)));
        let sorts = sorts(query.sorts.as_deref(), role::SORTABLE)?;
        let filter = self.visible_roles(cx).await?.and(criteria.filter(query.filter_or));
        let (held, total) = self.searched_roles(page(filter, sorts, window)).await?;
        let items = held.into_iter().map(|held| self.described_role(cx, held)).collect();
        Ok(Page { items, window, total: Some(total) })
    }

    pub(super) async fn find_roles_with_user_count(
        &self,
        cx: &Cx,
        query: parameters::SearchRolesWithUserCountQuery,
    ) -> Result<Page<types::RoleSearch>> {
        let window = query.window()?;
        let criteria = Criteria::new()
            .ids(query.id.as_deref(), |ids| COLUMNS.id.one_of(ids))
            .text(query.name.as_deref(), COLUMNS.name)?
            .with(query.built_in.map(|flag| COLUMNS.built_in.eq(flag)));
        let sorts = sorts(query.sorts.as_deref(), role::SORTABLE)?;
        let search = page(self.visible_roles(cx).await?.and(criteria.filter(query.filter_or)), sorts, window);
        let counted = cx.shape.wants("user_count");
        let found = self.store.read(async |db| {
            let found = role::search(db, search).await?;
            let mut counts = Vec::with_capacity(found.rows.len());
            for role in &found.rows {
                let holders = holders(db, role.id).await?;
                counts.push(if counted { user::count(db, holders).await? } else { 0 });
            }
            Ok((with_sets(db, found.rows).await?, counts, found.total))
        });
        let (held, counts, total) = stored(found.await)?;
        let items = held.into_iter().zip(counts).map(|(held, count)| {
            let role = self.described_role(cx, held);
            types::RoleSearch {
                can: role.can,
                id: role.id,
                name: role.name,
                permission_set: role.permission_set,
                model_set: role.model_set,
                internal: role.internal,
                user_count: Some(count as i64),
                url: role.url,
                users_url: role.users_url,
            }
        });
        Ok(Page { items: items.collect(), window, total: Some(total) })
    }

    pub(super) async fn make_role(&self, cx: &Cx, body: bodies::WriteRole) -> Result<types::Role> {
        let name = text::new_name("name", body.name)?;
        let required = |field: &str, id: Patch<String>| id.value().ok_or_else(|| Error::missing_field(field));
        let permission_set = required("permission_set_id", body.permission_set_id)?;
        let model_set = required("model_set_id", body.model_set_id)?;
        let made = self.change(cx, async |tx| {
            let permission_set_id = usable_permission_set(tx, &permission_set).await?;
            let model_set_id = usable_model_set(tx, &model_set).await?;
            let new = NewRole { name, permission_set_id, model_set_id };
            let role = unless_taken(role::insert(tx, new).await, already_exists)?;
            one_with_sets(tx, role).await
        });
        Ok(self.described_role(cx, made.await?))
    }

    pub(super) async fn change_role(&self, cx: &Cx, id: &str, body: bodies::WriteRole) -> Result<types::Role> {
        let id = role_id(id)?;
        let changed = self.change(cx, async |tx| {
            changeable(tx, id).await?;
            let mut sets = Vec::new();
            sets.extend(text::changed_name("name", body.name)?.map(|name| COLUMNS.name.set(name)));
            if let Patch::Value(set) = &body.permission_set_id {
                sets.push(COLUMNS.permission_set_id.set(usable_permission_set(tx, set).await?));
            }
            if let Patch::Value(set) = &body.model_set_id {
                sets.push(COLUMNS.model_set_id.set(usable_model_set(tx, set).await?));
            }
            let role = unless_taken(role::update(tx, id, sets).await, already_exists)?;
            one_with_sets(tx, role.ok_or_else(Error::not_found)?).await
        });
        Ok(self.described_role(cx, changed.await?))
    }

    pub(super) async fn remove_role(&self, cx: &Cx, id: &str) -> Result<()> {
        let id = role_id(id)?;
        self.change(cx, async |tx| {
            changeable(tx, id).await?;
            let holders = holders(tx, id).await?;
            token::delete_of_users(tx, holders).await?;
            role::delete(tx, id).await?;
            Ok(())
        })
        .await
    }

    /// A role as the API shows it.
    pub(crate) fn described_role(&self, cx: &Cx, held: HeldRole) -> types::Role {
        let HeldRole { role, permission_set, model_set } = held;
        let updates = cx.security().is_ok_and(|security| allows(security, OperationId::UpdateRole));
        let url = cx.url(&format!("/api/4.0/roles/{}", role.id));
        types::Role {
            can: can(&[("show", true), ("index", true), ("update", updates && !role.built_in)]),
            id: Some(role.id.to_string()),
            name: Some(role.name),
            permission_set: Some(permission_set::described(cx, permission_set)),
            model_set: Some(self.described_model_set(cx, model_set)),
            internal: Some(role.internal),
            users_url: Some(format!("{url}/users")),
            url: Some(url),
        }
    }
}

pub(super) fn role_id(text: &str) -> Result<RoleId> {
    text.parse().map_err(|_| Error::not_found())
}

/// A role that may be changed: 404 when there is none, 405 when it comes with the product.
pub(super) async fn changeable(db: &mut Reader, id: RoleId) -> Result<Role, Undone> {
    let role = role::get(db, id).await?.ok_or_else(Error::not_found)?;
    if role.built_in { Err(Error::read_only().into()) } else { Ok(role) }
}

async fn one_with_sets(db: &mut Reader, role: Role) -> Result<HeldRole, Undone> {
    Ok(with_sets(db, vec![role]).await?.pop().ok_or_else(Error::not_found)?)
}

/// A permission set that a role may have: there is one role alone with that of administrators.
async fn usable_permission_set(tx: &mut Tx, id: &str) -> Result<PermissionSetId, Undone> {
    let unknown = || Error::invalid(permission_set::FIELD, "names no permission set");
    let id: PermissionSetId = id.trim().parse().map_err(|_| unknown())?;
    let set = permission_sets::get(tx, id).await?.ok_or_else(unknown)?;
    if set.all_access {
        return Err(
            Error::invalid(permission_set::FIELD, "is the set of administrators, for the Admin role alone").into()
        );
    }
    Ok(set.id)
}

async fn usable_model_set(tx: &mut Tx, id: &str) -> Result<ModelSetId, Undone> {
    let unknown = || Error::invalid(model_set::FIELD, "names no model set");
    let id: ModelSetId = id.trim().parse().map_err(|_| unknown())?;
    Ok(model_sets::get(tx, id).await?.ok_or_else(unknown)?.id)
}

fn already_exists() -> Error {
    Error::field("name", FieldCode::AlreadyExists, "another role has this name")
}
