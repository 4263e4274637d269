//! What is locked after failed sign-ins.

use crate::audit::about;
use crate::criteria::{Criteria, page, pattern, sorts};
use crate::user::display_name;
use crate::{Service, abilities, stored};
use belvedere_api::{Cx, Error, Page, Result, parameters, types};
use belvedere_store::user::{self, full_name_matches};
use belvedere_store::user_login_lockout::{self, COLUMNS, are_locked};
use belvedere_store::{AuthType, Filter, Search, User, UserId, UserLoginLockout};
use std::collections::HashMap;

impl Service {
    pub(super) async fn list_lockouts(&self, cx: &Cx) -> Result<Vec<types::UserLoginLockout>> {
        Ok(self.searched_lockouts(Search::by(are_locked(cx.now))).await?.0)
    }

    pub(super) async fn find_lockouts(
        &self,
        cx: &Cx,
        query: parameters::SearchUserLoginLockoutsQuery,
    ) -> Result<Page<types::UserLoginLockout>> {
        let window = query.window()?;
        let of_users = |matching: Filter<User>| Some(user_login_lockout::of_users(matching));
        let names = query.full_name.as_deref().map(pattern).transpose()?;
        let emails = query.email.as_deref().map(pattern).transpose()?;
        let criteria = Criteria::new()
            .with(query.auth_type.as_deref().map(of_type))
            .with(names.and_then(|names| of_users(full_name_matches(&names))))
            .with(emails.and_then(|emails| of_users(user::COLUMNS.email.matches(&emails))))
            // Nobody signs in with an account of a directory.
            .with(query.remote_id.map(|_| Filter::nothing()));
        let filter = are_locked(cx.now).and(criteria.filter(query.filter_or));
        let sorts = sorts(query.sorts.as_deref(), user_login_lockout::SORTABLE)?;
        let (items, total) = self.searched_lockouts(page(filter, sorts, window)).await?;
        Ok(Page { items, window, total: Some(total) })
    }

    pub(super) async fn lift_lockout(&self, cx: &Cx, key: &str) -> Result<()> {
        self.change(cx, async |tx| {
            let lockout = user_login_lockout::get(tx, key).await?.ok_or_else(Error::not_found)?;
            user_login_lockout::delete(tx, key).await?;
            let owner = lockout.user_id.map(|user| user.to_string());
            Ok(about((), [("user_id", owner.into()), ("ip_address", lockout.ip.into())]))
        })
        .await
        .map(drop)
    }

    async fn searched_lockouts(&self, search: Search<UserLoginLockout>) -> Result<(Vec<types::UserLoginLockout>, u64)> {
        let read = self.store.read(async |db| {
            let found = user_login_lockout::search(db, search).await?;
            let users: Vec<UserId> = found.rows.iter().filter_map(|row| row.user_id).collect();
            let users = user::by_ids(db, &users).await?;
            Ok((found, users))
        });
        let (found, users) = stored(read.await)?;
        let users: HashMap<UserId, User> = users.into_iter().map(|user| (user.id, user)).collect();
        let described = found.rows.iter().map(|row| described(row, row.user_id.and_then(|id| users.get(&id))));
        Ok((described.collect(), found.total))
    }
}

/// Lockouts of this kind of credentials; none when there is no such kind.
fn of_type(word: &str) -> Filter<UserLoginLockout> {
    AuthType::parse(word.trim()).map_or_else(Filter::nothing, |kind| COLUMNS.auth_type.eq(kind))
}

fn described(lockout: &UserLoginLockout, user: Option<&User>) -> types::UserLoginLockout {
    types::UserLoginLockout {
        can: abilities(&["show", "delete"]),
        key: Some(lockout.key.clone()),
        auth_type: Some(lockout.auth_type.as_str().to_owned()),
        ip: Some(lockout.ip.clone()).filter(|ip| !ip.is_empty()),
        user_id: lockout.user_id.map(|id| id.to_string()),
        remote_id: None,
        full_name: user.and_then(display_name),
        email: user.and_then(|user| user.email.clone()),
        fail_count: Some(lockout.fail_count),
        lockout_at: lockout.lockout_at,
    }
}
