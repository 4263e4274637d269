//! The roles of a user.

use super::{caller_id, user_id};
use crate::audit::{about, texts};
use crate::change::unless_unknown;
use crate::criteria::known_ids;
use crate::permission::Permission;
use crate::role::keep_an_administrator;
use crate::{Service, stored};
use belvedere_api::{Cx, Error, Result, types};
use belvedere_store::access::{self, with_sets};
use belvedere_store::{RoleId, role, role_user, token, user};

impl Service {
    pub(super) async fn roles_of_user(
        &self,
        cx: &Cx,
        id: &str,
        direct_association_only: Option<bool>,
    ) -> Result<Vec<types::Role>> {
        let id = user_id(id)?;
        if id != caller_id(cx)? && !cx.security()?.may(Permission::SeeUsers.as_str()) {
            return Err(Error::not_found());
        }
        let found = self.store.read(async |db| {
            if user::get(db, id).await?.is_none() {
                return Ok(None);
            }
            if direct_association_only != Some(true) {
                return Ok(Some(access::of_user(db, id).await?.roles));
            }
            let direct: Vec<RoleId> =
                role_user::of_users(db, &[id]).await?.into_iter().map(|row| row.role_id).collect();
            let roles = role::by_ids(db, &direct).await?;
            Ok(Some(with_sets(db, roles).await?))
        });
        let held = stored(found.await)?.ok_or_else(Error::not_found)?;
        Ok(held.into_iter().map(|held| self.described_role(cx, held)).collect())
    }

    pub(super) async fn give_roles(&self, cx: &Cx, id: &str, body: &[String]) -> Result<Vec<types::Role>> {
        let user = user_id(id)?;
        let roles: Vec<RoleId> = known_ids("body", body)?;
        let is_admin = cx.security()?.is_admin();
        self.change(cx, async |tx| {
            user::get(tx, user).await?.ok_or_else(Error::not_found)?;
            let had_admin = role_user::of_users(tx, &[user]).await?.iter().any(|row| row.role_id == role::ADMIN);
            // Who manages roles makes no administrators, nor takes the role from them.
            if !is_admin && had_admin != roles.contains(&role::ADMIN) {
                return Err(Error::forbidden().into());
            }
            let unknown = || Error::invalid("body", "names a role that does not exist");
            let lost = unless_unknown(role_user::set_of_user(tx, user, &roles).await, unknown)?;
            if !lost.is_empty() {
                token::delete_of_user(tx, user).await?;
            }
            keep_an_administrator(tx).await?;
            Ok(about((), [("role_ids", texts(&roles)), ("removed_role_ids", texts(&lost))]))
        })
        .await?;
        self.direct_roles(cx, user).await
    }

    /// The roles that a user was just given.
    async fn direct_roles(&self, cx: &Cx, user: belvedere_store::UserId) -> Result<Vec<types::Role>> {
        let found = self.store.read(async |db| {
            let direct: Vec<RoleId> =
                role_user::of_users(db, &[user]).await?.into_iter().map(|row| row.role_id).collect();
            let roles = role::by_ids(db, &direct).await?;
            with_sets(db, roles).await
        });
        Ok(stored(found.await)?.into_iter().map(|held| self.described_role(cx, held)).collect())
    }
}
