//! Users as the API shows them: in full to themselves and to those who see users, else the public part.

use super::caller_id;
use super::{credentials_api3, credentials_email, credentials_embed, credentials_other, session};
use crate::permission::{Permission, allows};
use crate::remembered::Remembered;
use crate::{Service, abilities, can, stored};
use belvedere_api::{Cx, OperationId, Result, types};
use belvedere_store::access::role_ids_of_users;
use belvedere_store::{
    CredentialsApi3, CredentialsEmail, CredentialsEmbed, CredentialsTotp, PasswordReset, Reader, RoleId, TableName,
    User, UserId, UserSession, user,
};
use belvedere_store::{
    credentials_api3 as api_keys, credentials_email as emails, credentials_embed as embeds,
    credentials_totp as second_factors, group_user, password_reset, user_session,
};
use indexmap::IndexMap;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The folder that everybody shares: where a user begins who has chosen no other.
const SHARED_FOLDER: &str = "1";

/// Users with all that is shown of them. Most of what changes it begins a generation of the store; the rest writes to
/// one of [`SHOWN`].
pub(crate) type People = Remembered<UserId, (u64, u64), Person>;

/// How many of them are remembered.
pub(crate) const MOST_PEOPLE: u64 = 2000;

/// The tables that are shown and may change within a generation.
const SHOWN: [TableName; 4] = [
    TableName::of::<CredentialsEmail>(),
    TableName::of::<CredentialsTotp>(),
    TableName::of::<PasswordReset>(),
    TableName::of::<UserSession>(),
];

/// A user, and what belongs to it.
pub(crate) struct Person {
    user: User,
    around: Around,
}

/// What belongs to users beside their rows.
#[derive(Default)]
struct Around {
    keys: Vec<CredentialsApi3>,
    emails: Vec<CredentialsEmail>,
    resets: Vec<PasswordReset>,
    embeds: Vec<CredentialsEmbed>,
    second_factors: Vec<CredentialsTotp>,
    /// Those that have expired among them.
    sessions: Vec<UserSession>,
    groups: Vec<group_user::GroupUser>,
    roles: BTreeSet<RoleId>,
}

impl Service {
    /// Users as the caller may see them, in the order given.
    pub(crate) async fn described_users(&self, cx: &Cx, users: Vec<User>) -> Result<Vec<types::User>> {
        let in_detail = in_detail(cx)?;
        let ids: Vec<UserId> = users.iter().filter(|user| in_detail(user)).map(|user| user.id).collect();
        let wants = |name: &str| cx.shape.wants(name) && !ids.is_empty();
        let places = stored(self.store.read(async |db| around_users(db, &ids, wants).await).await)?;
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

    /// A user with all that is shown of it, if there is one.
    pub(crate) async fn person(&self, id: UserId) -> Result<Option<Arc<Person>>> {
        let state = self.store.revision(&SHOWN).map(|revision| (self.store.generation(), revision));
        if let Some(known) = state.and_then(|state| self.people.get(&id, &state)) {
            return Ok(Some(known));
        }
        let read = self.store.read(async |db| {
            let Some(user) = user::get(db, id).await? else { return Ok(None) };
            let around = around_users(db, &[id], |_| true).await?.remove(&id).unwrap_or_default();
            Ok(Some(Person { user, around }))
        });
        let Some(person) = stored(read.await)? else { return Ok(None) };
        Ok(Some(match state {
            Some(state) => self.people.insert(id, state, person),
            None => Arc::new(person),
        }))
    }
}

/// Whether the caller may see all of a user.
fn in_detail(cx: &Cx) -> Result<impl Fn(&User) -> bool> {
    let sees_all = cx.security()?.may(Permission::SeeUsers.as_str());
    let caller = caller_id(cx)?;
    Ok(move |user: &User| sees_all || user.id == caller)
}

/// A user as the caller may see it.
pub(super) fn described_person(cx: &Cx, person: &Person) -> Result<types::User> {
    let Person { user, around } = person;
    Ok(if in_detail(cx)?(user) { described(cx, user, around) } else { described_to_others(cx, user) })
}

/// What belongs to these users, as far as it is wanted: by the names of properties.
async fn around_users(
    db: &mut Reader,
    ids: &[UserId],
    wants: impl Fn(&str) -> bool,
) -> belvedere_store::Result<HashMap<UserId, Around>> {
    let mut by_user: HashMap<UserId, Around> = HashMap::new();
    if wants("credentials_api3") {
        for key in api_keys::of_users(db, ids).await? {
            by_user.entry(key.user_id).or_default().keys.push(key);
        }
    }
    if wants("credentials_email") {
        for email in emails::of_users(db, ids).await? {
            by_user.entry(email.user_id).or_default().emails.push(email);
        }
        for reset in password_reset::of_users(db, ids).await? {
            by_user.entry(reset.user_id).or_default().resets.push(reset);
        }
    }
    // That an account is one for embedding is said in a property of its own.
    if wants("credentials_embed") || wants("is_embed_user") {
        for embed in embeds::of_users(db, ids).await? {
            by_user.entry(embed.user_id).or_default().embeds.push(embed);
        }
    }
    if wants("credentials_totp") {
        for second_factor in second_factors::of_users(db, ids).await? {
            by_user.entry(second_factor.user_id).or_default().second_factors.push(second_factor);
        }
    }
    if wants("sessions") {
        for session in user_session::of_users(db, ids).await? {
            by_user.entry(session.user_id).or_default().sessions.push(session);
        }
    }
    if wants("group_ids") {
        for group in group_user::of_users(db, ids).await? {
            by_user.entry(group.user_id).or_default().groups.push(group);
        }
    }
    if wants("role_ids") {
        for (user, roles) in role_ids_of_users(db, ids).await? {
            by_user.entry(user).or_default().roles = roles;
        }
    }
    Ok(by_user)
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
    let email = around.emails.first();
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
        credentials_email: email.map(|email| credentials_email::described(cx, email, around.resets.first())),
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
        role_ids: Some(around.roles.iter().map(ToString::to_string).collect()),
        sessions: Some(session::described_live(cx, &around.sessions)),
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
