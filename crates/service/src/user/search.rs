//! Lists and searches of users.

use super::caller_id;
use crate::criteria::{Criteria, ids, page, pattern, sorts};
use crate::permission::Permission;
use crate::{Service, stored};
use belvedere_api::{Cx, Page, Result, parameters, types};
use belvedere_store::user::{self, COLUMNS, full_name_matches};
use belvedere_store::{AnyColumn, Filter, User, credentials_embed, group_user};

/// The users that a caller may know of. In an open system that is everybody; what of them is shown is another matter.
pub(crate) fn visible_users(cx: &Cx) -> Result<Filter<User>> {
    cx.caller()?;
    Ok(Filter::everything())
}

/// The users of whom a caller may know more than everybody does.
fn users_in_detail(cx: &Cx) -> Result<Filter<User>> {
    let sees_all = cx.security()?.may(Permission::SeeUsers.as_str());
    Ok(if sees_all { Filter::everything() } else { COLUMNS.id.eq(caller_id(cx)?) })
}

/// The columns that a caller may sort users by: an order by what is not shown would tell it.
pub(crate) fn sortable(cx: &Cx) -> Result<&'static [AnyColumn<User>]> {
    const PUBLIC: &[AnyColumn<User>] = &[COLUMNS.id.any(), COLUMNS.first_name.any(), COLUMNS.last_name.any()];
    let sees_all = cx.security()?.may(Permission::SeeUsers.as_str());
    Ok(if sees_all { user::SORTABLE } else { PUBLIC })
}

impl Service {
    pub(super) async fn list_users(&self, cx: &Cx, query: parameters::AllUsersQuery) -> Result<Page<types::User>> {
        let window = query.window()?;
        let asked =
            Criteria::new().with(query.ids.map(|texts| COLUMNS.id.one_of(ids(texts.iter().map(String::as_str)))));
        let search =
            page(visible_users(cx)?.and(asked.filter(None)), sorts(query.sorts.as_deref(), sortable(cx)?)?, window);
        self.user_page(cx, search).await
    }

    pub(super) async fn find_users(&self, cx: &Cx, query: parameters::SearchUsersQuery) -> Result<Page<types::User>> {
        let window = query.window()?;
        // A criterion on what the caller may not see finds only those whom the caller sees in detail.
        let seen = users_in_detail(cx)?;
        let private = |filter: Filter<User>| filter.and(seen.clone());
        let email = query.email.as_deref().map(by_email).transpose()?;
        let criteria = Criteria::new()
            .ids(query.id.as_deref(), |ids| COLUMNS.id.one_of(ids))
            .text(query.first_name.as_deref(), COLUMNS.first_name)?
            .text(query.last_name.as_deref(), COLUMNS.last_name)?
            .pattern(query.full_name.as_deref(), full_name_matches)?
            .constant(query.verified_looker_employee, false)
            .with(query.embed_user.map(|embed| if embed { credentials_embed::owners() } else { not_embed() }))
            .with(email.map(private))
            .with(query.is_disabled.map(|flag| private(COLUMNS.is_disabled.eq(flag))))
            // Nobody has been given access to a content metadata record that there is not.
            .with(query.content_metadata_id.map(|_| Filter::nothing()))
            .with(query.can_manage_api3_creds.map(|flag| private(COLUMNS.can_manage_api3_creds.eq(flag))))
            .with(query.is_service_account.map(is_service_account));
        let criteria = match query.group_id.as_deref() {
            Some(id) => criteria.with(Some(self.members_of(cx, id).await?)),
            None => criteria,
        };
        let sorts = sorts(query.sorts.as_deref(), sortable(cx)?)?;
        let filter = visible_users(cx)?.and(criteria.filter(query.filter_or));
        self.user_page(cx, page(filter, sorts, window)).await
    }

    pub(super) async fn find_users_by_name(
        &self,
        cx: &Cx,
        text: &str,
        query: parameters::SearchUsersNamesQuery,
    ) -> Result<Page<types::User>> {
        let window = query.window()?;
        let seen = users_in_detail(cx)?;
        let named = pattern(text)?;
        let named = Filter::any_of([
            COLUMNS.first_name.matches(&named),
            COLUMNS.last_name.matches(&named),
            COLUMNS.email.matches(&named).and(seen.clone()),
        ]);
        let email = query.email.as_deref().map(by_email).transpose()?;
        let criteria = Criteria::new()
            .ids(query.id.as_deref(), |ids| COLUMNS.id.one_of(ids))
            .text(query.first_name.as_deref(), COLUMNS.first_name)?
            .text(query.last_name.as_deref(), COLUMNS.last_name)?
            .constant(query.verified_looker_employee, false)
            .with(email.map(|filter| filter.and(seen.clone())))
            .with(query.is_disabled.map(|flag| COLUMNS.is_disabled.eq(flag).and(seen.clone())));
        let sorts = sorts(query.sorts.as_deref(), sortable(cx)?)?;
        let filter = visible_users(cx)?.and(named).and(criteria.filter(None));
        self.user_page(cx, page(filter, sorts, window)).await
    }

    async fn user_page(&self, cx: &Cx, search: belvedere_store::Search<User>) -> Result<Page<types::User>> {
        let window = belvedere_api::Window { limit: search.limit, offset: search.offset };
        let found = stored(self.store.read(async |db| user::search(db, search).await).await)?;
        let items = self.described_users(cx, found.rows).await?;
        Ok(Page { items, window, total: Some(found.total) })
    }

    /// The members of a group that the caller may know of; nobody for any other.
    async fn members_of(&self, cx: &Cx, group: &str) -> Result<Filter<User>> {
        match self.visible_group(cx, group.trim()).await {
            Ok(group) => Ok(group_user::members([group.id])),
            Err(error) if error.status() == 404 => Ok(Filter::nothing()),
            Err(error) => Err(error),
        }
    }
}

fn by_email(text: &str) -> Result<Filter<User>> {
    Ok(Criteria::new().text(Some(text), COLUMNS.email)?.filter(None))
}

fn not_embed() -> Filter<User> {
    credentials_embed::others()
}

fn is_service_account(flag: bool) -> Filter<User> {
    if flag { COLUMNS.service_account_name.is_not_null() } else { COLUMNS.service_account_name.is_null() }
}
