//! Users as the API shows them: in full to themselves and to those who see users, else the public part.

use super::caller_id;
use super::{credentials_api3, credentials_email, credentials_embed, credentials_other};
use crate::permission::{Permission, allows};
use crate::{Service, abilities, can, stored};
use belvedere_api::{Cx, OperationId, Result, types};
use belvedere_store::access::role_ids_of_users;
use belvedere_store::{CredentialsApi3, CredentialsEmail, CredentialsEmbed, CredentialsTotp, RoleId, User, UserId};
use belvedere_store::{
    credentials_api3 as api_keys, credentials_email as emails, credentials_embed as embeds,
    credentials_totp as second_factors, group_user,
};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The folder that everybody shares: where a user begins who has chosen no other.
const SHARED_FOLDER: &str = "1";

/// What belongs to users beside their rows.
#[derive(Default)]
struct Around {
    keys: Vec<CredentialsApi3>,
    emails: Vec<CredentialsEmail>,
    embeds: Vec<CredentialsEmbed>,
    second_factors: Vec<CredentialsTotp>,
    groups: Vec<group_user::GroupUser>,
    roles: BTreeMap<UserId, BTreeSet<RoleId>>,
}

impl Service {
    /// Users as the caller may see them, in the order given.
    pub(crate) async fn described_users(&self, cx: &Cx, users: Vec<User>) -> Result<Vec<types::User>> {
        let sees_all = cx.security()?.may(Permission::SeeUsers.as_str());
        let caller = caller_id(cx)?;
        let in_detail = |user: &User| sees_all || user.id == caller;
        let ids: Vec<UserId> = users.iter().filter(|user| in_detail(user)).map(|user| user.id).collect();
        let places = self.around_users(cx, &ids).await?;
        let nothing = Around::default();
        let described = users.iter().map(|user| {
            if in_detail(user) {
                described(cx, user, places.get(&user.id).unwrap_or(&nothing))
            } else {
                described_to_others(cx, user)
            }
        });
        Ok(described.collect())
    }

    async fn around_users(&self, cx: &Cx, ids: &[UserId]) -> Result<HashMap<UserId, Around>> {
        let wants = |name| cx.shape.wants(name) && !ids.is_empty();
        let read = self.store.read(async |db| {
            let mut all = Around::default();
            if wants("credentials_api3") {
                all.keys = api_keys::of_users(db, ids).await?;
            }
            if wants("credentials_email") {
                all.emails = emails::of_users(db, ids).await?;
            }
            // That an account is one for embedding is said in a property of its own.
            if wants("credentials_embed") || wants("is_embed_user") {
                all.embeds = embeds::of_users(db, ids).await?;
            }
            if wants("credentials_totp") {
                all.second_factors = second_factors::of_users(db, ids).await?;
            }
            if wants("group_ids") {
                all.groups = group_user::of_users(db, ids).await?;
            }
            if wants("role_ids") {
                all.roles = role_ids_of_users(db, ids).await?;
            }
            Ok(all)
        });
        let all = stored(read.await)?;
        let mut by_user: HashMap<UserId, Around> = HashMap::new();
        for key in all.keys {
            by_user.entry(key.user_id).or_default().keys.push(key);
        }
        for email in all.emails {
            by_user.entry(email.user_id).or_default().emails.push(email);
        }
        for embed in all.embeds {
            by_user.entry(embed.user_id).or_default().embeds.push(embed);
        }
        for second_factor in all.second_factors {
            by_user.entry(second_factor.user_id).or_default().second_factors.push(second_factor);
        }
        for group in all.groups {
            by_user.entry(group.user_id).or_default().groups.push(group);
        }
        for (user, roles) in all.roles {
            by_user.entry(user).or_default().roles.insert(user, roles);
        }
        Ok(by_user)
    }
}

/// Given and family name, as far as they are known; the name of a service account.
pub(crate) fn display_name(user: &User) -> Option<String> {
    if let Some(name) = &user.service_account_name {
        return Some(name.clone());
    }
    let names = [user.first_name.as_deref(), user.last_name.as_deref()].into_iter().flatten();
    Some(names.collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty())
}

/// The address of a user in the API.
pub(super) fn user_url(cx: &Cx, user: UserId) -> String {
    cx.url(&format!("/api/4.0/users/{user}"))
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
        url: Some(user_url(cx, user.id)),
        is_embed_user: Some(false),
        is_service_account: Some(user.service_account_name.is_some()),
    }
}

/// The public part of a user, in the form of a whole one. Flags have no null: they say nothing here.
fn described_to_others(cx: &Cx, user: &User) -> types::User {
    types::User {
        can: can(&[
            ("show", true),
            ("index", true),
            ("show_details", false),
            ("index_details", false),
            ("sudo", false),
        ]),
        id: Some(user.id.to_string()),
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        display_name: display_name(user),
        is_disabled: Some(false),
        presumed_looker_employee: Some(false),
        verified_looker_employee: Some(false),
        roles_externally_managed: Some(false),
        allow_direct_roles: Some(true),
        allow_normal_group_membership: Some(true),
        allow_roles_from_normal_groups: Some(true),
        is_iam_admin: Some(false),
        can_manage_api3_creds: Some(false),
        is_service_account: Some(user.service_account_name.is_some()),
        url: Some(user_url(cx, user.id)),
        is_embed_user: Some(false),
        abilities: Some(IndexMap::new()),
        ..types::User::default()
    }
}

fn described(cx: &Cx, user: &User, around: &Around) -> types::User {
    let may = |operation| cx.security().is_ok_and(|security| allows(security, operation));
    let text = |key: &str| user.rest.get(key).and_then(|value| value.as_str()).map(str::to_owned);
    let ui_state = user.rest.get("ui_state").and_then(|value| value.as_object());
    types::User {
        can: can(&[
            ("show", true),
            ("index", true),
            ("show_details", true),
            ("index_details", true),
            ("sudo", may(OperationId::LoginUser)),
        ]),
        credentials_api3: Some(around.keys.iter().map(|key| credentials_api3::described(cx, key)).collect()),
        credentials_email: around.emails.first().map(|email| credentials_email::described(cx, email)),
        is_embed_user: Some(!around.embeds.is_empty()),
        credentials_embed: Some(around.embeds.iter().map(|embed| credentials_embed::described(cx, embed)).collect()),
        credentials_totp: around.second_factors.first().map(|factor| credentials_other::described(cx, factor)),
        display_name: display_name(user),
        email: user.email.clone(),
        first_name: user.first_name.clone(),
        group_ids: Some(around.groups.iter().map(|row| row.group_id.to_string()).collect()),
        home_folder_id: Some(text("home_folder_id").unwrap_or_else(|| SHARED_FOLDER.to_owned())),
        id: Some(user.id.to_string()),
        is_disabled: Some(user.is_disabled),
        last_name: user.last_name.clone(),
        locale: user.locale.clone(),
        looker_versions: Some(Vec::new()),
        models_dir_validated: user.rest.get("models_dir_validated").and_then(serde_json::Value::as_bool),
        presumed_looker_employee: Some(false),
        role_ids: Some(around.roles.values().flatten().map(ToString::to_string).collect()),
        sessions: Some(Vec::new()),
        ui_state: ui_state.map(|state| state.iter().map(|(key, value)| (key.clone(), value.clone())).collect()),
        verified_looker_employee: Some(false),
        roles_externally_managed: Some(false),
        allow_direct_roles: Some(true),
        allow_normal_group_membership: Some(true),
        allow_roles_from_normal_groups: Some(true),
        is_iam_admin: Some(false),
        can_manage_api3_creds: Some(user.can_manage_api3_creds),
        is_service_account: Some(user.service_account_name.is_some()),
        service_account_name: user.service_account_name.clone(),
        url: Some(user_url(cx, user.id)),
        abilities: Some(IndexMap::new()),
        ..types::User::default()
    }
}
