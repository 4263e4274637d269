//! Who is in a group: users, and other groups.

use super::{end_tokens_through, governed, group_id};
use crate::audit::about;
use crate::change::unless_unknown;
use crate::criteria::{page, sorts};
use crate::user::visible_users;
use crate::{Service, stored};
use belvedere_api::{Cx, Error, Page, Patch, Result, bodies, parameters, types};
use belvedere_store::access::roles_through;
use belvedere_store::{GroupId, UserId, group, group_group, group_user, token, user};

impl Service {
    pub(super) async fn groups_in_group(&self, cx: &Cx, id: &str) -> Result<Vec<types::Group>> {
        let group = self.visible_group(cx, id).await?;
        let found = self.store.read(async |db| {
            let members = group_group::members(db, &[group.id]).await?;
            let ids: Vec<GroupId> = members.into_iter().map(|row| row.member_id).collect();
            group::by_ids(db, &ids).await
        });
        let members = stored(found.await)?;
        self.described_groups(cx, members).await
    }

    pub(super) async fn add_group(
        &self,
        cx: &Cx,
        outer: &str,
        body: bodies::WriteGroupIdForGroupInclusion,
    ) -> Result<types::Group> {
        let outer = group_id(outer)?;
        let inner = named("group_id", body.group_id)?;
        let inner: GroupId = inner.parse().map_err(|_| Error::not_found())?;
        let added = self
            .change(cx, async |tx| {
                let group = governed(tx, cx.security()?, outer).await?;
                let member = group::get(tx, inner).await?.ok_or_else(Error::not_found)?;
                // A group that everybody is in would give everybody what the other has.
                if group.externally_managed || member.include_by_default {
                    return Err(Error::forbidden().into());
                }
                if !group_group::insert(tx, outer, inner).await? {
                    return Err(Error::bad_request("a group cannot come to stand within itself").into());
                }
                let told =
                    [("parent_group_id", outer.to_string().into()), ("adding_group_id", inner.to_string().into())];
                Ok(about(member, told))
            })
            .await?;
        self.one_described_group(cx, added.value).await
    }

    pub(super) async fn remove_group(&self, cx: &Cx, outer: &str, inner: &str) -> Result<()> {
        let (outer, inner) = (group_id(outer)?, group_id(inner)?);
        self.change(cx, async |tx| {
            let group = governed(tx, cx.security()?, outer).await?;
            if group.externally_managed {
                return Err(Error::forbidden().into());
            }
            end_tokens_through(tx, inner).await?;
            if !group_group::delete(tx, outer, inner).await? {
                return Err(Error::not_found().into());
            }
            crate::role::keep_an_administrator(tx).await
        })
        .await
    }

    pub(super) async fn users_in_group(
        &self,
        cx: &Cx,
        id: &str,
        query: parameters::AllGroupUsersQuery,
    ) -> Result<Page<types::User>> {
        let group = self.visible_group(cx, id).await?;
        let window = query.window()?;
        let sorts = sorts(query.sorts.as_deref(), crate::user::sortable(cx)?)?;
        let search = page(visible_users(cx)?.and(group_user::members([group.id])), sorts, window);
        let found = stored(self.store.read(async |db| user::search(db, search).await).await)?;
        let items = self.described_users(cx, found.rows).await?;
        Ok(Page { items, window, total: Some(found.total) })
    }

    pub(super) async fn add_user(
        &self,
        cx: &Cx,
        group: &str,
        body: bodies::WriteGroupIdForGroupUserInclusion,
    ) -> Result<types::User> {
        let group = group_id(group)?;
        let member = named("user_id", body.user_id)?;
        let member: UserId = member.parse().map_err(|_| Error::not_found())?;
        self.change(cx, async |tx| {
            if governed(tx, cx.security()?, group).await?.externally_managed {
                return Err(Error::forbidden().into());
            }
            unless_unknown(group_user::insert(tx, group, member).await, Error::not_found)?;
            Ok(about((), [("user_id", member.to_string().into())]))
        })
        .await?;
        self.one_user(cx, member).await
    }

    pub(super) async fn remove_user(&self, cx: &Cx, group: &str, member: &str) -> Result<()> {
        let group = group_id(group)?;
        let member: UserId = member.parse().map_err(|_| Error::not_found())?;
        self.change(cx, async |tx| {
            let row = governed(tx, cx.security()?, group).await?;
            if row.externally_managed || row.include_by_default {
                return Err(Error::forbidden().into());
            }
            let gives_roles = !roles_through(tx, group).await?.is_empty();
            if !group_user::delete(tx, group, member).await? {
                return Err(Error::not_found().into());
            }
            if gives_roles {
                token::delete_of_user(tx, member).await?;
            }
            crate::role::keep_an_administrator(tx).await
        })
        .await
    }
}

/// The one id in a body that has nothing else.
fn named(field: &str, id: Patch<String>) -> Result<String> {
    id.value().ok_or_else(|| Error::bad_request(format!("`{field}` is missing")))
}
