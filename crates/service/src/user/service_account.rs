//! Service accounts: users that are programs, and sign in with API keys alone.

use super::record::disabled;
use super::user_id;
use crate::{Service, stored, text};
use belvedere_api::{Cx, Error, Result, bodies, types};
use belvedere_store::user::{self, COLUMNS, NewUser};
use belvedere_store::{User, UserId};

impl Service {
    pub(super) async fn make_service_account(
        &self,
        cx: &Cx,
        body: bodies::WriteServiceAccount,
    ) -> Result<types::ServiceAccount> {
        let name = text::name("service_account_name", &body.service_account_name.unwrap_or_default())?;
        let new = NewUser {
            service_account_name: Some(name),
            is_disabled: body.is_disabled.unwrap_or(false),
            ..NewUser::default()
        };
        let made = self.change(cx, async |tx| Ok(user::insert(tx, new, cx.now).await?)).await?;
        self.described_service_account(cx, made).await
    }

    pub(super) async fn change_service_account(
        &self,
        cx: &Cx,
        id: &str,
        body: bodies::WriteServiceAccount,
    ) -> Result<types::ServiceAccount> {
        let id = user_id(id)?;
        let name = body.service_account_name.map(|name| text::name("service_account_name", &name)).transpose()?;
        let changed = self.change(cx, async |tx| {
            let before = service_account(user::get(tx, id).await?)?;
            let mut sets: Vec<_> = name.map(|name| COLUMNS.service_account_name.set(Some(name))).into_iter().collect();
            sets.extend(body.is_disabled.map(|flag| COLUMNS.is_disabled.set(flag)));
            let after = user::update(tx, id, sets, cx.now).await?.ok_or_else(Error::not_found)?;
            if after.is_disabled && !before.is_disabled {
                disabled(tx, id).await?;
            }
            Ok(after)
        });
        let changed = changed.await?;
        self.described_service_account(cx, changed).await
    }

    pub(super) async fn remove_service_account(&self, cx: &Cx, id: &str) -> Result<()> {
        let id: UserId = user_id(id)?;
        service_account(stored(self.store.read(async |db| user::get(db, id).await).await)?)?;
        self.remove_account(cx, id).await
    }

    async fn described_service_account(&self, cx: &Cx, user: User) -> Result<types::ServiceAccount> {
        let created_at = user.created_at;
        let user = self.described_users(cx, vec![user]).await?.pop().ok_or_else(Error::not_found)?;
        Ok(types::ServiceAccount {
            can: user.can,
            id: user.id,
            service_account_name: user.service_account_name,
            is_service_account: user.is_service_account,
            is_disabled: user.is_disabled,
            group_ids: user.group_ids,
            role_ids: user.role_ids,
            credentials_api3: user.credentials_api3,
            created_at: Some(created_at),
            url: user.url,
        })
    }
}

/// The user, if it is a service account.
fn service_account(user: Option<User>) -> Result<User> {
    user.filter(|user| user.service_account_name.is_some()).ok_or_else(Error::not_found)
}
