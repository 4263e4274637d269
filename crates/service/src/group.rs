//! Tag Group: groups of users and of other groups.

mod member;
mod search;

use crate::change::{Undone, unless_taken};
use crate::permission::{Permission, allows};
use crate::{Service, can, stored, text};
use belvedere_api::{
    Cx, Error, FieldCode, OperationId, Page, Result, SecurityContext, bodies, parameters, tags, types,
};
use belvedere_store::access::{groups_of, members_through, roles_through};
use belvedere_store::group::{self, COLUMNS, NewGroup};
use belvedere_store::{Group, GroupId, Reader, Tx, UserId, group_user, role, token};
use std::collections::{BTreeSet, HashMap};

impl tags::Group for Service {
    async fn all_groups(&self, cx: &Cx, query: parameters::AllGroupsQuery) -> Result<Page<types::Group>> {
        self.list_groups(cx, query).await
    }

    async fn create_group(&self, cx: &Cx, body: bodies::WriteGroup) -> Result<types::Group> {
        let new = NewGroup {
            name: text::new_name("name", body.name)?,
            can_add_to_content_metadata: body.can_add_to_content_metadata.unwrap_or(true),
            external_group_id: None,
        };
        let made =
            self.change(cx, async |tx| unless_taken(group::insert(tx, new).await, Error::already_exists)).await?;
        self.one_described_group(cx, made).await
    }

    async fn search_groups(&self, cx: &Cx, query: parameters::SearchGroupsQuery) -> Result<Page<types::Group>> {
        let window = query.window()?;
        let found = self.found_groups(cx, search::asked!(query), window).await?;
        let items = self.described_groups(cx, found.rows).await?;
        Ok(Page { items, window, total: Some(found.total) })
    }

    async fn search_groups_with_hierarchy(
        &self,
        cx: &Cx,
        query: parameters::SearchGroupsWithHierarchyQuery,
    ) -> Result<Page<types::GroupHierarchy>> {
        let window = query.window()?;
        let found = self.found_groups(cx, search::asked!(query), window).await?;
        let items = self.groups_with_hierarchy(cx, found.rows).await?;
        Ok(Page { items, window, total: Some(found.total) })
    }

    async fn search_groups_with_roles(
        &self,
        cx: &Cx,
        query: parameters::SearchGroupsWithRolesQuery,
    ) -> Result<Page<types::GroupSearch>> {
        let window = query.window()?;
        let found = self.found_groups(cx, search::asked!(query), window).await?;
        let items = self.groups_with_roles(cx, found.rows).await?;
        Ok(Page { items, window, total: Some(found.total) })
    }

    async fn delete_group(&self, cx: &Cx, path: parameters::DeleteGroupPath) -> Result<()> {
        let id = group_id(&path.group_id)?;
        self.change(cx, async |tx| {
            let group = governed(tx, cx.security()?, id).await?;
            if group.include_by_default {
                return Err(Error::forbidden().into());
            }
            end_tokens_through(tx, id).await?;
            group::delete(tx, id).await?;
            crate::role::keep_an_administrator(tx).await
        })
        .await
    }

    async fn group(&self, cx: &Cx, path: parameters::GroupPath) -> Result<types::Group> {
        let group = self.visible_group(cx, &path.group_id).await?;
        self.one_described_group(cx, group).await
    }

    async fn update_group(
        &self,
        cx: &Cx,
        path: parameters::UpdateGroupPath,
        body: bodies::WriteGroup,
    ) -> Result<types::Group> {
        let id = group_id(&path.group_id)?;
        let taken = || Error::field("name", FieldCode::AlreadyExists, "another group has this name");
        let changed = self.change(cx, async |tx| {
            let group = governed(tx, cx.security()?, id).await?;
            let name = text::changed_name("name", body.name)?.filter(|name| *name != group.name);
            if name.is_some() && group.include_by_default {
                return Err(Error::forbidden().into());
            }
            let mut sets: Vec<_> = name.map(|name| COLUMNS.name.set(name)).into_iter().collect();
            let flag = body.can_add_to_content_metadata;
            sets.extend(flag.map(|flag| COLUMNS.can_add_to_content_metadata.set(flag)));
            Ok(unless_taken(group::update(tx, id, sets).await, taken)?.ok_or_else(Error::not_found)?)
        });
        let changed = changed.await?;
        self.one_described_group(cx, changed).await
    }

    async fn delete_user_attribute_group_value(
        &self,
        cx: &Cx,
        path: parameters::DeleteUserAttributeGroupValuePath,
    ) -> Result<()> {
        self.delete_group_value(cx, &path.group_id, &path.user_attribute_id).await
    }

    async fn update_user_attribute_group_value(
        &self,
        cx: &Cx,
        path: parameters::UpdateUserAttributeGroupValuePath,
        body: bodies::WriteUserAttributeGroupValue,
    ) -> Result<types::UserAttributeGroupValue> {
        self.set_group_value(cx, &path.group_id, &path.user_attribute_id, body).await
    }

    async fn all_group_groups(&self, cx: &Cx, path: parameters::AllGroupGroupsPath) -> Result<Vec<types::Group>> {
        self.groups_in_group(cx, &path.group_id).await
    }

    async fn add_group_group(
        &self,
        cx: &Cx,
        path: parameters::AddGroupGroupPath,
        body: bodies::WriteGroupIdForGroupInclusion,
    ) -> Result<types::Group> {
        self.add_group(cx, &path.group_id, body).await
    }

    async fn delete_group_from_group(&self, cx: &Cx, path: parameters::DeleteGroupFromGroupPath) -> Result<()> {
        self.remove_group(cx, &path.group_id, &path.deleting_group_id).await
    }

    async fn all_group_users(
        &self,
        cx: &Cx,
        path: parameters::AllGroupUsersPath,
        query: parameters::AllGroupUsersQuery,
    ) -> Result<Page<types::User>> {
        self.users_in_group(cx, &path.group_id, query).await
    }

    async fn add_group_user(
        &self,
        cx: &Cx,
        path: parameters::AddGroupUserPath,
        body: bodies::WriteGroupIdForGroupUserInclusion,
    ) -> Result<types::User> {
        self.add_user(cx, &path.group_id, body).await
    }

    async fn delete_group_user(&self, cx: &Cx, path: parameters::DeleteGroupUserPath) -> Result<()> {
        self.remove_user(cx, &path.group_id, &path.user_id).await
    }
}

pub(crate) fn group_id(text: &str) -> Result<GroupId> {
    text.parse().map_err(|_| Error::not_found())
}

/// A group that the caller may change: who is no administrator leaves alone what makes administrators.
async fn governed(db: &mut Reader, security: &SecurityContext, id: GroupId) -> Result<Group, Undone> {
    let group = group::get(db, id).await?.ok_or_else(Error::not_found)?;
    if !security.is_admin() && roles_through(db, id).await?.contains(&role::ADMIN) {
        return Err(Error::forbidden().into());
    }
    Ok(group)
}

/// Ends the tokens of everybody who has a role through this group, and may lose it now.
async fn end_tokens_through(tx: &mut Tx, group: GroupId) -> Result<(), Undone> {
    if !roles_through(tx, group).await?.is_empty() {
        let members = members_through(tx, group).await?;
        token::delete_of_users(tx, members).await?;
    }
    Ok(())
}

impl Service {
    /// A group that the caller may know of: any for those who see users, else those that the caller is in.
    pub(crate) async fn visible_group(&self, cx: &Cx, id: &str) -> Result<Group> {
        let id = group_id(id)?;
        let filter = self.visible_groups(cx).await?.and(COLUMNS.id.eq(id));
        let search = belvedere_store::Search::by(filter);
        let found = stored(self.store.read(async |db| group::search(db, search).await).await)?;
        found.rows.into_iter().next().ok_or_else(Error::not_found)
    }

    async fn one_described_group(&self, cx: &Cx, group: Group) -> Result<types::Group> {
        self.described_groups(cx, vec![group]).await?.pop().ok_or_else(Error::not_found)
    }

    pub(crate) async fn described_groups(&self, cx: &Cx, groups: Vec<Group>) -> Result<Vec<types::Group>> {
        let around = self.around_groups(cx, &groups).await?;
        let security = cx.security()?;
        Ok(groups.into_iter().map(|group| around.described(security, group)).collect())
    }

    /// What a description of groups needs beside their rows.
    async fn around_groups(&self, cx: &Cx, groups: &[Group]) -> Result<Around> {
        let ids: Vec<GroupId> = groups.iter().map(|group| group.id).collect();
        let caller = UserId::new(cx.caller()?.user.get());
        let (counted, contained) = (cx.shape.wants("user_count"), cx.shape.wants("contains_current_user"));
        let around = self.store.read(async |db| {
            let counts = if counted { group_user::counts(db, &ids).await? } else { HashMap::new() };
            let own = if contained { groups_of(db, caller).await? } else { BTreeSet::new() };
            Ok(Around { counts, own })
        });
        stored(around.await)
    }
}

/// What a description of groups needs beside their rows.
struct Around {
    /// How many users are in each group itself.
    counts: HashMap<GroupId, u64>,
    /// The groups that the caller is in.
    own: BTreeSet<GroupId>,
}

impl Around {
    fn described(&self, security: &SecurityContext, group: Group) -> types::Group {
        let manages = allows(security, OperationId::UpdateGroup);
        types::Group {
            can: can(&[
                ("show", true),
                ("create", allows(security, OperationId::CreateGroup)),
                ("index", true),
                ("update", manages),
                ("delete", allows(security, OperationId::DeleteGroup) && !group.include_by_default),
                ("edit_in_ui", manages && !group.externally_managed),
                ("add_to_content_metadata", security.may(Permission::ManageSpaces.as_str())),
            ]),
            can_add_to_content_metadata: Some(group.can_add_to_content_metadata),
            contains_current_user: Some(self.own.contains(&group.id)),
            external_group_id: group.external_group_id,
            externally_managed: Some(group.externally_managed),
            id: Some(group.id.to_string()),
            include_by_default: Some(group.include_by_default),
            user_count: Some(self.counts.get(&group.id).copied().unwrap_or(0) as i64),
            name: Some(group.name),
        }
    }
}
