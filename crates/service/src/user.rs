//! Tag User: people and service accounts.

use crate::{Service, abilities, abilities_but, stored};
use belvedere_api::{Cx, Error, Page, Result, Window, parameters, tags, time, types};
use belvedere_store::user::{self, COLUMNS};
use belvedere_store::{Filter, Search, Sort, User, UserId, credentials_api3};
use indexmap::IndexMap;

impl tags::User for Service {
    async fn me(&self, cx: &Cx) -> Result<types::User> {
        self.one_user(cx, UserId::new(cx.caller()?.user.get())).await
    }

    async fn all_users(&self, cx: &Cx, query: parameters::AllUsersQuery) -> Result<Page<types::User>> {
        let window = Window::asked(query.limit, query.offset, query.page, query.per_page)?;
        let mut filters = vec![visible_users(cx)?];
        if let Some(ids) = &query.ids {
            let ids: Vec<UserId> = ids.iter().filter_map(|id| id.trim().parse().ok()).collect();
            filters.push(COLUMNS.id.one_of(ids));
        }
        let sorts = sorts(query.sorts.as_deref().unwrap_or_default())?;
        let search =
            Search { sorts, limit: window.limit, offset: window.offset, ..Search::by(Filter::all_of(filters)) };
        let found = stored(self.store.read(async |db| user::search(db, search).await).await)?;
        let items = self.described_users(cx, found.rows).await?;
        Ok(Page { items, window, total: Some(found.total) })
    }

    async fn user(&self, cx: &Cx, path: parameters::UserPath) -> Result<types::User> {
        let id = path.user_id.parse().map_err(|_| Error::not_found())?;
        self.one_user(cx, id).await
    }
}

impl Service {
    async fn one_user(&self, cx: &Cx, id: UserId) -> Result<types::User> {
        let search = Search::by(visible_users(cx)?.and(COLUMNS.id.eq(id)));
        let found = stored(self.store.read(async |db| user::search(db, search).await).await)?;
        self.described_users(cx, found.rows).await?.pop().ok_or_else(Error::not_found)
    }

    async fn described_users(&self, cx: &Cx, users: Vec<User>) -> Result<Vec<types::User>> {
        let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
        let keys = if cx.shape.wants("credentials_api3") {
            stored(self.store.read(async |db| credentials_api3::of_users(db, &ids).await).await)?
        } else {
            Vec::new()
        };
        let described = users.iter().map(|user| {
            let keys = keys.iter().filter(|key| key.user_id == user.id).map(|key| described_key(cx, key));
            types::User { credentials_api3: Some(keys.collect()), ..described_user(cx, user) }
        });
        Ok(described.collect())
    }
}

/// The users that a caller may know of: all for administrators, otherwise themselves.
fn visible_users(cx: &Cx) -> Result<Filter<User>> {
    let security = cx.security()?;
    let sees_all = security.may("see_users");
    Ok(if sees_all { Filter::everything() } else { COLUMNS.id.eq(UserId::new(security.user().get())) })
}

/// `sorts`: names, each with `asc` or `desc`. A name that cannot be sorted by is passed over, as clients send such.
fn sorts(text: &str) -> Result<Vec<Sort<User>>> {
    let mut sorts = Vec::new();
    for sort in text.split(',').map(str::trim).filter(|sort| !sort.is_empty()) {
        let (name, direction) = sort.split_once(char::is_whitespace).unwrap_or((sort, "asc"));
        let Some(column) = user::sortable(name) else { continue };
        match direction.trim().to_ascii_lowercase().as_str() {
            "asc" => sorts.push(column.asc()),
            "desc" => sorts.push(column.desc()),
            _ => return Err(Error::bad_request(format!("`sorts`: `{sort}` must end with `asc` or `desc`"))),
        }
    }
    sorts.push(COLUMNS.id.asc());
    Ok(sorts)
}

/// Given and family name, as far as they are known.
fn display_name(user: &User) -> Option<String> {
    let names = [user.first_name.as_deref(), user.last_name.as_deref()].into_iter().flatten();
    Some(names.collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty())
}

/// The address of a user in the API.
fn user_url(cx: &Cx, user: &User) -> String {
    cx.url(&format!("/api/4.0/users/{}", user.id))
}

/// What everybody may know of a user. The contract has no null for names and picture: who has none has an empty text.
pub(crate) fn public_user(cx: &Cx, user: &User) -> types::UserPublic {
    types::UserPublic {
        can: abilities(&["show", "index"]),
        id: Some(user.id.to_string()),
        first_name: Some(user.first_name.clone().unwrap_or_default()),
        last_name: Some(user.last_name.clone().unwrap_or_default()),
        display_name: display_name(user),
        avatar_url: Some(String::new()),
        url: Some(user_url(cx, user)),
        is_embed_user: Some(false),
        is_service_account: Some(false),
    }
}

fn described_user(cx: &Cx, user: &User) -> types::User {
    let is_self = cx.caller.as_ref().is_some_and(|caller| caller.user.get() == user.id.get());
    let lacking: &[&str] = if cx.security().is_ok_and(|security| security.is_admin()) { &[] } else { &["sudo"] };
    types::User {
        can: abilities_but(lacking, &["show", "index", "show_details", "index_details", "sudo"]),
        credentials_embed: Some(Vec::new()),
        display_name: display_name(user),
        email: user.email.clone(),
        first_name: user.first_name.clone(),
        group_ids: Some(Vec::new()),
        id: Some(user.id.to_string()),
        is_disabled: Some(user.is_disabled),
        last_name: user.last_name.clone(),
        locale: user.locale.clone(),
        looker_versions: Some(Vec::new()),
        models_dir_validated: None,
        presumed_looker_employee: Some(false),
        role_ids: Some(Vec::new()),
        sessions: Some(Vec::new()),
        verified_looker_employee: Some(false),
        roles_externally_managed: Some(false),
        allow_direct_roles: Some(true),
        allow_normal_group_membership: Some(true),
        allow_roles_from_normal_groups: Some(true),
        is_iam_admin: Some(false),
        can_manage_api3_creds: Some(user.is_admin || is_self),
        is_service_account: Some(false),
        url: Some(user_url(cx, user)),
        is_embed_user: Some(false),
        abilities: Some(IndexMap::new()),
        ..types::User::default()
    }
}

fn described_key(cx: &Cx, key: &belvedere_store::CredentialsApi3) -> types::CredentialsApi3 {
    types::CredentialsApi3 {
        can: abilities(&[]),
        id: Some(key.id.to_string()),
        client_id: Some(key.client_id.to_string()),
        created_at: Some(time::text(key.created_at)),
        is_disabled: Some(key.is_disabled),
        r#type: Some("api3".to_owned()),
        purpose: key.purpose.clone(),
        url: Some(cx.url(&format!("/api/4.0/users/{}/credentials_api3/{}", key.user_id, key.id))),
    }
}
