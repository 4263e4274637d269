//! Lists and searches of groups.

use crate::criteria::{Criteria, ids, page, sorts};
use crate::permission::Permission;
use crate::{Service, stored};
use belvedere_api::{Cx, Page, Result, Window, parameters, types};
use belvedere_store::access::{groups_of, with_sets};
use belvedere_store::group::{self, COLUMNS};
use belvedere_store::{Filter, Found, Group, GroupId, RoleId, UserId, group_group, role, role_group};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What the three searches of groups ask alike.
pub(super) struct Asked {
    pub(super) sorts: Option<String>,
    pub(super) filter_or: Option<bool>,
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) external_group_id: Option<String>,
    pub(super) externally_managed: Option<bool>,
    pub(super) externally_orphaned: Option<bool>,
}

/// What a search asks, out of the parameters of one operation.
macro_rules! asked {
    ($query:expr) => {
        $crate::group::search::Asked {
            sorts: $query.sorts,
            filter_or: $query.filter_or,
            id: $query.id,
            name: $query.name,
            external_group_id: $query.external_group_id,
            externally_managed: $query.externally_managed,
            externally_orphaned: $query.externally_orphaned,
        }
    };
}

pub(super) use asked;

/// A group as a search tells it: with something more.
macro_rules! group_with {
    ($Type:ident of $group:ident, $($field:ident: $value:expr),+) => {
        types::$Type {
            can: $group.can,
            can_add_to_content_metadata: $group.can_add_to_content_metadata,
            contains_current_user: $group.contains_current_user,
            external_group_id: $group.external_group_id,
            externally_managed: $group.externally_managed,
            id: $group.id,
            include_by_default: $group.include_by_default,
            name: $group.name,
            user_count: $group.user_count,
            $($field: $value),+
        }
    };
}

impl Service {
    /// The groups that the caller may know of: all for those who see users, else those that the caller is in.
    pub(super) async fn visible_groups(&self, cx: &Cx) -> Result<Filter<Group>> {
        if cx.security()?.may(Permission::SeeUsers.as_str()) {
            return Ok(Filter::everything());
        }
        let caller = UserId::new(cx.caller()?.user.get());
        let own = stored(self.store.read(async |db| groups_of(db, caller).await).await)?;
        Ok(COLUMNS.id.one_of(own))
    }

    pub(super) async fn list_groups(&self, cx: &Cx, query: parameters::AllGroupsQuery) -> Result<Page<types::Group>> {
        let window = query.window()?;
        let flag = query.can_add_to_content_metadata;
        let asked = Criteria::new()
            .with(query.ids.map(|texts| COLUMNS.id.one_of(ids(texts.iter().map(String::as_str)))))
            .with(flag.map(|flag| COLUMNS.can_add_to_content_metadata.eq(flag)))
            // No group has been given access to a content metadata record that there is not.
            .with(query.content_metadata_id.map(|_| Filter::nothing()));
        let sorts = sorts(query.sorts.as_deref(), group::SORTABLE)?;
        let search = page(self.visible_groups(cx).await?.and(asked.filter(None)), sorts, window);
        let found = stored(self.store.read(async |db| group::search(db, search).await).await)?;
        let items = self.described_groups(cx, found.rows).await?;
        Ok(Page { items, window, total: Some(found.total) })
    }

    pub(super) async fn found_groups(&self, cx: &Cx, asked: Asked, window: Window) -> Result<Found<Group>> {
        let criteria = Criteria::new()
            .ids(asked.id.as_deref(), |ids| COLUMNS.id.one_of(ids))
            .text(asked.name.as_deref(), COLUMNS.name)?
            .text(asked.external_group_id.as_deref(), COLUMNS.external_group_id)?
            .with(asked.externally_managed.map(|flag| COLUMNS.externally_managed.eq(flag)))
            .constant(asked.externally_orphaned, false);
        let sorts = sorts(asked.sorts.as_deref(), group::SORTABLE)?;
        let filter = self.visible_groups(cx).await?.and(criteria.filter(asked.filter_or));
        let search = page(filter, sorts, window);
        stored(self.store.read(async |db| group::search(db, search).await).await)
    }

    pub(super) async fn groups_with_hierarchy(
        &self,
        cx: &Cx,
        groups: Vec<Group>,
    ) -> Result<Vec<types::GroupHierarchy>> {
        let ids: Vec<GroupId> = groups.iter().map(|group| group.id).collect();
        let related = self.store.read(async |db| {
            let parents = group_group::parents(db, &ids).await?;
            let roles = role_group::of_groups(db, &ids).await?;
            Ok((parents, roles))
        });
        let (parents, roles) = stored(related.await)?;
        let parents = by_group(parents.iter().map(|row| (row.member_id, row.group_id.to_string())));
        let roles = by_group(roles.iter().map(|row| (row.group_id, row.role_id.to_string())));
        let around = self.around_groups(cx, &groups).await?;
        let security = cx.security()?;
        let described = groups.into_iter().map(|group| {
            let parent_group_ids = parents.get(&group.id).cloned().unwrap_or_default();
            let role_ids = roles.get(&group.id).cloned().unwrap_or_default();
            let group = around.described(security, group);
            group_with!(GroupHierarchy of group, parent_group_ids: Some(parent_group_ids), role_ids: Some(role_ids))
        });
        Ok(described.collect())
    }

    pub(super) async fn groups_with_roles(&self, cx: &Cx, groups: Vec<Group>) -> Result<Vec<types::GroupSearch>> {
        let ids: Vec<GroupId> = groups.iter().map(|group| group.id).collect();
        let related = self.store.read(async |db| {
            let rows = role_group::of_groups(db, &ids).await?;
            let roles: BTreeSet<RoleId> = rows.iter().map(|row| row.role_id).collect();
            let roles = role::by_ids(db, &Vec::from_iter(roles)).await?;
            Ok((rows, with_sets(db, roles).await?))
        });
        let (rows, held) = stored(related.await)?;
        let roles: BTreeMap<RoleId, types::Role> =
            held.into_iter().map(|held| (held.role.id, self.described_role(cx, held))).collect();
        let of_groups = by_group(rows.iter().map(|row| (row.group_id, row.role_id)));
        let around = self.around_groups(cx, &groups).await?;
        let security = cx.security()?;
        let described = groups.into_iter().map(|group| {
            let ids = of_groups.get(&group.id).map(Vec::as_slice).unwrap_or_default();
            let roles = ids.iter().filter_map(|id| roles.get(id).cloned()).collect();
            let group = around.described(security, group);
            group_with!(GroupSearch of group, roles: Some(roles))
        });
        Ok(described.collect())
    }
}

/// What belongs to each group.
fn by_group<V>(rows: impl Iterator<Item = (GroupId, V)>) -> HashMap<GroupId, Vec<V>> {
    let mut of_groups: HashMap<GroupId, Vec<V>> = HashMap::new();
    for (group, value) in rows {
        of_groups.entry(group).or_default().push(value);
    }
    of_groups
}
