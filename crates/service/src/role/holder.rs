//! Who has a role.

use super::record::{changeable, role_id};
use crate::audit::{about, texts};
use crate::change::{Undone, unless_unknown};
use crate::criteria::known_ids;
use crate::user::visible_users;
use crate::{Service, stored};
use belvedere_api::{Cx, Error, Result, types};
use belvedere_store::access::{count_admins, directly, holders, members_through};
use belvedere_store::{GroupId, Search, Tx, UserId, group, role, role_group, role_user, token, user};

impl Service {
    pub(super) async fn groups_with_role(&self, cx: &Cx, id: &str) -> Result<Vec<types::Group>> {
        let id = role_id(id)?;
        let found = self.store.read(async |db| {
            if role::get(db, id).await?.is_none() {
                return Ok(None);
            }
            let groups = role_group::of_role(db, id).await?;
            Ok(Some(group::by_ids(db, &Vec::from_iter(groups)).await?))
        });
        let groups = stored(found.await)?.ok_or_else(Error::not_found)?;
        self.described_groups(cx, groups).await
    }

    pub(super) async fn give_role_to_groups(&self, cx: &Cx, id: &str, body: &[String]) -> Result<Vec<types::Group>> {
        let role = role_id(id)?;
        let groups: Vec<GroupId> = known_ids("body", body)?;
        if groups.contains(&group::ALL_USERS) {
            return Err(Error::invalid("body", "the group of all users cannot be given roles"));
        }
        self.change(cx, async |tx| {
            changeable(tx, role).await?;
            let unknown = || Error::invalid("body", "names a group that does not exist");
            let lost = unless_unknown(role_group::set_of_role(tx, role, &groups).await, unknown)?;
            for group in &lost {
                let members = members_through(tx, *group).await?;
                token::delete_of_users(tx, members).await?;
            }
            Ok(about((), [("group_ids", texts(&groups)), ("removed_group_ids", texts(&lost))]))
        })
        .await?;
        self.groups_with_role(cx, id).await
    }

    pub(super) async fn users_with_role(
        &self,
        cx: &Cx,
        id: &str,
        direct_association_only: Option<bool>,
    ) -> Result<Vec<types::User>> {
        let id = role_id(id)?;
        let visible = visible_users(cx)?;
        let found = self.store.read(async |db| {
            if role::get(db, id).await?.is_none() {
                return Ok(None);
            }
            let of_role = if direct_association_only == Some(true) { directly(id) } else { holders(db, id).await? };
            Ok(Some(user::search(db, Search::by(visible.and(of_role))).await?.rows))
        });
        let users = stored(found.await)?.ok_or_else(Error::not_found)?;
        self.described_users(cx, users).await
    }

    pub(super) async fn give_role_to_users(&self, cx: &Cx, id: &str, body: &[String]) -> Result<Vec<types::User>> {
        let role = role_id(id)?;
        let users: Vec<UserId> = known_ids("body", body)?;
        self.change(cx, async |tx| {
            changeable(tx, role).await?;
            let unknown = || Error::invalid("body", "names a user who does not exist");
            let lost = unless_unknown(role_user::set_of_role(tx, role, &users).await, unknown)?;
            for user in &lost {
                token::delete_of_user(tx, *user).await?;
            }
            Ok(about((), [("user_ids", texts(&users)), ("removed_user_ids", texts(&lost))]))
        })
        .await?;
        self.users_with_role(cx, id, Some(true)).await
    }
}

/// Refuses a change after which nobody could administer the instance any more.
pub(crate) async fn keep_an_administrator(tx: &mut Tx) -> Result<(), Undone> {
    if count_admins(tx).await? > 0 { Ok(()) } else { Err(Error::forbidden().into()) }
}
