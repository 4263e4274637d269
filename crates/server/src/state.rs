//! `serve --state FILE`: brings a server to declared users, groups, roles and user attributes before it answers.
//!
//! What the file names is made, or changed to what it says; what it does not name stays. All of it is one change: a
//! mistake anywhere leaves everything as it was. The form of the file is described in `docs/state-file.md`.

mod password;

use anyhow::{Context, Error, Result, bail, ensure};
use belvedere_service::audit::{self, Act, Deed, Record, Subject};
use belvedere_service::rules;
use belvedere_store::user::{self, NewUser};
use belvedere_store::{
    ApiClientId, Filter, GroupId, Reader, Role, RoleId, Search, SecretHash, Store, Tx, User, UserAttribute, UserId,
    access, credentials_api3, credentials_email, group, group_group, group_user, model_set, permission_set, role,
    role_group, role_user, user_attribute, user_attribute_group_value, user_attribute_user_value,
};
use jiff::Timestamp;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A state file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct State {
    permission_sets: Vec<PermissionSet>,
    model_sets: Vec<ModelSet>,
    roles: Vec<DeclaredRole>,
    groups: Vec<Group>,
    user_attributes: Vec<Attribute>,
    users: Vec<Person>,
    service_accounts: Vec<ServiceAccount>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PermissionSet {
    name: String,
    permissions: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelSet {
    name: String,
    models: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredRole {
    name: String,
    permission_set: String,
    model_set: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: String,
    /// The roles of its members.
    #[serde(default)]
    roles: Vec<String>,
    /// The groups that it is in.
    #[serde(default)]
    groups: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Attribute {
    name: String,
    label: Option<String>,
    #[serde(default = "text_attribute")]
    r#type: String,
    default_value: Option<String>,
    #[serde(default = "yes")]
    user_can_view: bool,
    #[serde(default)]
    user_can_edit: bool,
    /// Values of groups, the one that counts first at the front.
    #[serde(default)]
    groups: Vec<GroupValue>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupValue {
    group: String,
    value: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    locale: Option<String>,
    #[serde(default)]
    is_disabled: bool,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    #[serde(default)]
    api_keys: Vec<Key>,
    /// The hash of the password.
    password_hash: Option<String>,
    /// The environment variable that has the password.
    password_env: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceAccount {
    name: String,
    #[serde(default)]
    is_disabled: bool,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    #[serde(default)]
    api_keys: Vec<Key>,
}

/// What people and service accounts have alike.
struct Account<'a> {
    is_disabled: bool,
    roles: &'a [String],
    groups: &'a [String],
    attributes: &'a BTreeMap<String, String>,
    api_keys: &'a [Key],
}

/// What a person and a service account have alike, out of one of them.
macro_rules! account {
    ($declared:expr) => {
        Account {
            is_disabled: $declared.is_disabled,
            roles: &$declared.roles,
            groups: &$declared.groups,
            attributes: &$declared.attributes,
            api_keys: &$declared.api_keys,
        }
    };
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    client_id: String,
    client_secret: Option<String>,
    /// The environment variable that has the secret.
    client_secret_env: Option<String>,
    purpose: Option<String>,
}

fn text_attribute() -> String {
    "string".to_owned()
}

fn yes() -> bool {
    true
}

/// Brings the store to what the file says.
pub(crate) async fn bring(store: &Store, file: &Path, now: Timestamp) -> Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let state = parse(&text).with_context(|| format!("{} is not a state file", file.display()))?;
    let declared = Declared { file, state: &state };
    // Hashing takes long, and nothing waits within a change.
    let passwords = password::of(store, &state.users).await.with_context(|| file.display().to_string())?;
    let brought = store.transact(async |tx| {
        apply(tx, &state, now).await?;
        password::set(tx, passwords, now).await?;
        audit::record(tx, &Act::of_operator(Deed::DeclareState, now), &declared).await?;
        anyhow::Ok(())
    });
    brought.await.with_context(|| file.display().to_string())
}

/// A state file that was brought to effect.
struct Declared<'a> {
    file: &'a Path,
    state: &'a State,
}

impl Subject for Declared<'_> {
    fn tell(&self, record: &mut Record) {
        let State { permission_sets, model_sets, roles, groups, user_attributes, users, service_accounts } = self.state;
        record.attribute("file", self.file.display().to_string());
        for (name, names) in [
            ("permission_sets", permission_sets.iter().map(|set| set.name.as_str()).collect::<Vec<_>>()),
            ("model_sets", model_sets.iter().map(|set| set.name.as_str()).collect()),
            ("roles", roles.iter().map(|role| role.name.as_str()).collect()),
            ("groups", groups.iter().map(|group| group.name.as_str()).collect()),
            ("user_attributes", user_attributes.iter().map(|attribute| attribute.name.as_str()).collect()),
            ("users", users.iter().map(|user| user.email.as_str()).collect()),
            ("service_accounts", service_accounts.iter().map(|account| account.name.as_str()).collect()),
        ] {
            record.optional(name, Some(names).filter(|names| !names.is_empty()));
        }
    }
}

fn parse(text: &str) -> Result<State> {
    if text.trim().is_empty() {
        return Ok(State::default());
    }
    Ok(serde_saphyr::from_str(text)?)
}

async fn apply(tx: &mut Tx, state: &State, now: Timestamp) -> Result<()> {
    for set in &state.permission_sets {
        permissions(tx, set).await.with_context(|| format!("permission set `{}`", set.name))?;
    }
    for set in &state.model_sets {
        models(tx, set).await.with_context(|| format!("model set `{}`", set.name))?;
    }
    for role in &state.roles {
        self::role(tx, role).await.with_context(|| format!("role `{}`", role.name))?;
    }
    // Groups first of all, so that they can name each other in any order.
    for group in &state.groups {
        named_group(tx, &group.name).await.with_context(|| format!("group `{}`", group.name))?;
    }
    for group in &state.groups {
        self::group(tx, group).await.with_context(|| format!("group `{}`", group.name))?;
    }
    for attribute in &state.user_attributes {
        self::attribute(tx, attribute).await.with_context(|| format!("user attribute `{}`", attribute.name))?;
    }
    for person in &state.users {
        self::person(tx, person, now).await.with_context(|| format!("user `{}`", person.email))?;
    }
    for account in &state.service_accounts {
        service_account(tx, account, now).await.with_context(|| format!("service account `{}`", account.name))?;
    }
    let somebody = user::count(tx, Filter::everything()).await? > 0;
    ensure!(
        !somebody || access::count_admins(tx).await? > 0,
        "nobody would be an administrator: give a user `roles: [Admin]`"
    );
    Ok(())
}

async fn permissions(tx: &mut Tx, declared: &PermissionSet) -> Result<()> {
    let name = rules::name("name", &declared.name)?;
    let permissions = rules::permissions(&declared.permissions)?;
    match permission_set::by_name(tx, &name).await? {
        Some(set) if set.built_in => bail!("comes with the product and cannot be changed"),
        Some(set) => {
            permission_set::update(tx, set.id, vec![permission_set::COLUMNS.permissions.set(permissions)]).await?;
        }
        None => {
            permission_set::insert(tx, permission_set::NewPermissionSet { name, permissions }).await?;
        }
    }
    Ok(())
}

async fn models(tx: &mut Tx, declared: &ModelSet) -> Result<()> {
    let name = rules::name("name", &declared.name)?;
    let models = rules::models(&declared.models)?;
    match model_set::by_name(tx, &name).await? {
        Some(set) if set.built_in => bail!("comes with the product and cannot be changed"),
        Some(set) => {
            model_set::update(tx, set.id, vec![model_set::COLUMNS.models.set(models)]).await?;
        }
        None => {
            model_set::insert(tx, model_set::NewModelSet { name, models }).await?;
        }
    }
    Ok(())
}

async fn role(tx: &mut Tx, declared: &DeclaredRole) -> Result<()> {
    let name = rules::name("name", &declared.name)?;
    let no_permissions = || format!("there is no permission set `{}`", declared.permission_set);
    let permissions = permission_set::by_name(tx, &declared.permission_set).await?.with_context(no_permissions)?;
    ensure!(!permissions.all_access, "the permission set `Admin` is for the role `Admin` alone");
    let no_models = || format!("there is no model set `{}`", declared.model_set);
    let models = model_set::by_name(tx, &declared.model_set).await?.with_context(no_models)?;
    match role::by_name(tx, &name).await? {
        Some(role) if role.built_in => bail!("comes with the product and cannot be changed"),
        Some(role) => {
            let sets =
                vec![role::COLUMNS.permission_set_id.set(permissions.id), role::COLUMNS.model_set_id.set(models.id)];
            role::update(tx, role.id, sets).await?;
        }
        None => {
            let new = role::NewRole { name, permission_set_id: permissions.id, model_set_id: models.id };
            role::insert(tx, new).await?;
        }
    }
    Ok(())
}

/// The group with this name, made if there is none.
async fn named_group(tx: &mut Tx, name: &str) -> Result<GroupId> {
    let name = rules::name("name", name)?;
    if let Some(group) = group::by_name(tx, &name).await? {
        return Ok(group.id);
    }
    let new = group::NewGroup { name, can_add_to_content_metadata: true, external_group_id: None };
    Ok(group::insert(tx, new).await?.id)
}

async fn group(tx: &mut Tx, declared: &Group) -> Result<()> {
    let group = named_group(tx, &declared.name).await?;
    ensure!(group != group::ALL_USERS || declared.roles.is_empty(), "the group of all users cannot have roles");
    let roles = roles(tx, &declared.roles).await?;
    role_group::set_of_group(tx, group, &roles).await?;
    let mut outer = Vec::new();
    for name in &declared.groups {
        outer.push(existing_group(tx, name).await?);
    }
    for before in group_group::parents(tx, &[group]).await? {
        if !outer.contains(&before.group_id) {
            group_group::delete(tx, before.group_id, group).await?;
        }
    }
    for outer in outer {
        ensure!(group_group::insert(tx, outer, group).await?, "would come to stand within itself");
    }
    Ok(())
}

async fn existing_group(db: &mut Reader, name: &str) -> Result<GroupId> {
    let group = group::by_name(db, name).await?.with_context(|| format!("there is no group `{name}`"))?;
    Ok(group.id)
}

async fn roles(db: &mut Reader, names: &[String]) -> Result<Vec<RoleId>> {
    let mut ids = Vec::new();
    for name in names {
        let role: Role = role::by_name(db, name).await?.with_context(|| format!("there is no role `{name}`"))?;
        ids.push(role.id);
    }
    Ok(ids)
}

async fn attribute(tx: &mut Tx, declared: &Attribute) -> Result<()> {
    let name = rules::attribute_name(&declared.name)?;
    let label = rules::name("label", declared.label.as_deref().unwrap_or(&declared.name))?;
    let kind = rules::attribute_kind(&declared.r#type)?;
    let default = declared.default_value.as_deref();
    let default_value = default.map(|value| rules::attribute_value(&kind, "default_value", value)).transpose()?;
    let attribute = match user_attribute::by_name(tx, &name).await? {
        Some(attribute) if attribute.is_permanent => bail!("follows from the user's record and cannot be changed"),
        Some(attribute) => {
            let columns = user_attribute::COLUMNS;
            let sets = vec![
                columns.label.set(label),
                columns.kind.set(kind),
                columns.default_value.set(default_value),
                columns.user_can_view.set(declared.user_can_view),
                columns.user_can_edit.set(declared.user_can_edit),
            ];
            user_attribute::update(tx, attribute.id, sets).await?.context("is gone")?
        }
        None => {
            let new = user_attribute::NewUserAttribute {
                name,
                label,
                kind,
                default_value,
                user_can_view: declared.user_can_view,
                user_can_edit: declared.user_can_edit,
                ..user_attribute::NewUserAttribute::default()
            };
            user_attribute::insert(tx, new).await?
        }
    };
    let mut values = Vec::new();
    for (index, of_group) in declared.groups.iter().enumerate() {
        let value = rules::attribute_value(&attribute.kind, "value", &of_group.value)?;
        values.push((existing_group(tx, &of_group.group).await?, index as i64 + 1, value));
    }
    let groups: BTreeSet<GroupId> = values.iter().map(|(group, ..)| *group).collect();
    ensure!(groups.len() == values.len(), "a group stands twice");
    user_attribute_group_value::replace(tx, attribute.id, &values).await?;
    Ok(())
}

async fn person(tx: &mut Tx, declared: &Person, now: Timestamp) -> Result<()> {
    let email = rules::email("email", &declared.email)?;
    let line = |field, text: &Option<String>| text.as_deref().map(|text| rules::name(field, text)).transpose();
    let (first_name, last_name) = (line("first_name", &declared.first_name)?, line("last_name", &declared.last_name)?);
    let locale = declared.locale.as_deref().map(|locale| rules::locale("locale", locale)).transpose()?;
    let user = if let Some(known) = credentials_email::by_email(tx, &email).await? {
        let sets = vec![
            user::COLUMNS.first_name.set(first_name),
            user::COLUMNS.last_name.set(last_name),
            user::COLUMNS.locale.set(locale),
        ];
        user::update(tx, known.user_id, sets, now).await?.context("is gone")?
    } else {
        let new = NewUser { first_name, last_name, locale, ..NewUser::default() };
        let made = user::insert(tx, new, now).await?;
        credentials_email::insert(tx, made.id, &email, now).await?;
        made
    };
    account(tx, &user, &account!(declared), now).await
}

async fn service_account(tx: &mut Tx, declared: &ServiceAccount, now: Timestamp) -> Result<()> {
    let name = rules::name("name", &declared.name)?;
    let known = user::COLUMNS.service_account_name.eq(Some(name.clone()));
    let user = match user::search(tx, Search::by(known)).await?.rows.into_iter().next() {
        Some(known) => known,
        None => user::insert(tx, NewUser { service_account_name: Some(name), ..NewUser::default() }, now).await?,
    };
    account(tx, &user, &account!(declared), now).await
}

async fn account(tx: &mut Tx, user: &User, declared: &Account<'_>, now: Timestamp) -> Result<()> {
    if user.is_disabled != declared.is_disabled {
        user::update(tx, user.id, vec![user::COLUMNS.is_disabled.set(declared.is_disabled)], now).await?;
    }
    if declared.is_disabled {
        user::sign_out(tx, user.id).await?;
    }
    let roles = roles(tx, declared.roles).await?;
    role_user::set_of_user(tx, user.id, &roles).await?;
    let mut groups = BTreeSet::new();
    for name in declared.groups {
        groups.insert(existing_group(tx, name).await?);
    }
    group_user::set_of_user(tx, user.id, &groups).await?;
    values(tx, user.id, declared.attributes).await?;
    for key in declared.api_keys {
        self::key(tx, user.id, key, now).await.with_context(|| format!("API key `{}`", key.client_id))?;
    }
    Ok(())
}

/// Gives a user exactly these values.
async fn values(tx: &mut Tx, user: UserId, declared: &BTreeMap<String, String>) -> Result<()> {
    let mut kept = BTreeSet::new();
    for (name, value) in declared {
        let unknown = || format!("there is no user attribute `{name}`");
        let attribute: UserAttribute = user_attribute::by_name(tx, name).await?.with_context(unknown)?;
        ensure!(!attribute.is_permanent, "user attribute `{name}` follows from the user's record");
        let value = rules::attribute_value(&attribute.kind, name, value)?;
        user_attribute_user_value::set(tx, attribute.id, user, &value).await?;
        kept.insert(attribute.id);
    }
    for before in user_attribute_user_value::of_user(tx, user).await? {
        if !kept.contains(&before.user_attribute_id) {
            user_attribute_user_value::delete(tx, before.user_attribute_id, user).await?;
        }
    }
    Ok(())
}

/// Makes a key, or gives a known one the secret that the file says.
async fn key(tx: &mut Tx, user_id: UserId, declared: &Key, now: Timestamp) -> Result<()> {
    let expected = "expected 20 letters and digits as `client_id`";
    let client_id: ApiClientId = declared.client_id.parse().map_err(|_| Error::msg(expected))?;
    let secret_hash = SecretHash::new(Sha256::digest(secret(declared)?.as_bytes()).into());
    if let Some(known) = credentials_api3::by_client_id(tx, client_id).await? {
        ensure!(known.user_id == user_id, "belongs to another user");
        if known.secret_hash != secret_hash {
            let sets = vec![credentials_api3::COLUMNS.secret_hash.set(secret_hash)];
            credentials_api3::update(tx, known.id, sets).await?;
        }
    } else {
        let purpose = declared.purpose.as_deref().map(|purpose| rules::line("purpose", purpose)).transpose()?;
        let new = credentials_api3::NewCredentialsApi3 { user_id, client_id, secret_hash, purpose };
        credentials_api3::insert(tx, new, now).await?;
    }
    Ok(())
}

/// The fewest characters of a secret.
const SHORTEST_SECRET: usize = 16;

fn secret(declared: &Key) -> Result<String> {
    let secret = match (&declared.client_secret, &declared.client_secret_env) {
        (Some(secret), None) => secret.clone(),
        (None, Some(variable)) => {
            std::env::var(variable).with_context(|| format!("the environment variable `{variable}`"))?
        }
        _ => bail!("expected either `client_secret` or `client_secret_env`"),
    };
    ensure!(secret.len() >= SHORTEST_SECRET, "expected a secret of at least {SHORTEST_SECRET} characters");
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use belvedere_store::{Location, token};

    const FILE: &str = r"
permission_sets:
  - {name: Analyst, permissions: [access_data, see_looks, explore]}
model_sets:
  - {name: Shop, models: [shop]}
roles:
  - {name: Analyst, permission_set: Analyst, model_set: Shop}
groups:
  - {name: North, groups: [Sales]}
  - {name: Sales, roles: [Analyst]}
user_attributes:
  - name: region
    label: Region
    default_value: none
    groups: [{group: North, value: north}]
users:
  - email: ada@example.com
    first_name: Ada
    roles: [Admin]
    api_keys: [{client_id: AAAAAAAAAAAAAAAAAAAA, client_secret: a-secret-of-ada-s-own}]
  - email: paul@example.com
    groups: [North]
    attributes: {region: west}
service_accounts:
  - {name: Nightly, roles: [Analyst]}
";

    async fn applied(store: &Store, text: &str) -> Result<()> {
        let state = parse(text)?;
        store.transact(async |tx| apply(tx, &state, Timestamp::UNIX_EPOCH).await).await
    }

    async fn store() -> Store {
        Store::open(Location::Memory).await.expect("a store")
    }

    async fn user_named(store: &Store, email: &str) -> User {
        let found = store.read(async |db| {
            let email = credentials_email::by_email(db, email).await?.expect("credentials");
            Ok(user::get(db, email.user_id).await?.expect("a user"))
        });
        found.await.expect("a read")
    }

    #[tokio::test]
    async fn a_server_comes_to_what_the_file_says_and_stays_there() {
        let store = store().await;
        for _ in 0..2 {
            applied(&store, FILE).await.expect("it is applied");
            let paul = user_named(&store, "PAUL@example.com").await;
            let (access, values, users) = store
                .read(async |db| {
                    let access = access::of_user(db, paul.id).await?;
                    let values = user_attribute_user_value::of_user(db, paul.id).await?;
                    Ok((access, values, user::count(db, Filter::everything()).await?))
                })
                .await
                .expect("a read");
            let roles: Vec<&str> = access.roles.iter().map(|held| held.role.name.as_str()).collect();
            assert_eq!((roles, access.groups.len(), users), (vec!["Analyst"], 3, 3));
            assert_eq!(values.iter().map(|value| value.value.as_str()).collect::<Vec<_>>(), ["west"]);
        }
    }

    #[tokio::test]
    async fn what_a_file_no_longer_says_of_a_user_is_taken_away() {
        let store = store().await;
        applied(&store, FILE).await.expect("it is applied");
        let less = FILE.replace("    groups: [North]\n    attributes: {region: west}\n", "    is_disabled: true\n");
        applied(&store, &less).await.expect("it is applied");
        let paul = user_named(&store, "paul@example.com").await;
        assert!(paul.is_disabled);
        let access = store.read(async |db| access::of_user(db, paul.id).await).await.expect("a read");
        assert_eq!((access.roles, access.groups), (Vec::new(), BTreeSet::from([group::ALL_USERS])));
    }

    #[tokio::test]
    async fn a_mistake_names_its_place_and_changes_nothing() {
        for (before, after, told) in [
            ("explore]", "explode]", "permission set `Analyst`"),
            ("permission_set: Analyst", "permission_set: Analist", "there is no permission set `Analist`"),
            ("model_set: Shop", "model_set: Stop", "there is no model set `Stop`"),
            ("roles: [Admin]", "roles: [Analyst]", "nobody would be an administrator"),
            ("groups: [Sales]", "groups: [North]", "would come to stand within itself"),
            ("groups: [North]\n    attr", "groups: [South]\n    attr", "there is no group `South`"),
            ("{region: west}", "{regoin: west}", "there is no user attribute `regoin`"),
            ("paul@example.com", "paul", "user `paul`"),
            ("a-secret-of-ada-s-own", "short", "at least 16 characters"),
            ("AAAAAAAAAAAAAAAAAAAA", "A", "20 letters and digits"),
            ("first_name: Ada", "locale: ../../en", "must be a language"),
            ("a-secret-of-ada-s-own}", "a-secret-of-ada-s-own, purpose: \"a\\nb\"}", "must be one line"),
            ("first_name", "frist_name", "frist_name"),
            (
                "{name: Analyst, permission_set: Analyst",
                "{name: Admin, permission_set: Analyst",
                "comes with the product",
            ),
        ] {
            let store = store().await;
            let text = FILE.replacen(before, after, 1);
            assert_ne!(text, FILE, "{before}");
            let error = format!("{:#}", applied(&store, &text).await.expect_err(after));
            assert!(error.contains(told), "{after}: {error}");
            let users = store.read(async |db| user::count(db, Filter::everything()).await).await.expect("a read");
            assert_eq!(users, 0, "{after}");
        }
    }

    #[tokio::test]
    async fn another_secret_or_a_disabled_user_ends_what_was_got_before() {
        let store = store().await;
        let file = FILE.replace("{name: Nightly, roles: [Analyst]}", "{name: Nightly, roles: [Admin]}");
        for (before, after) in
            [("a-secret-of-ada-s-own", "another-secret-of-ada"), ("first_name: Ada", "is_disabled: true")]
        {
            applied(&store, &file).await.expect("it is applied");
            let ada = user_named(&store, "ada@example.com").await;
            let hash = SecretHash::new([7; 32]);
            let made = store.write(async |tx| {
                let key = credentials_api3::of_users(tx, &[ada.id]).await?.remove(0);
                let new = token::NewToken {
                    hash,
                    user_id: ada.id,
                    sudo_user_id: None,
                    credentials_api3_id: Some(key.id),
                    authorization_code_hash: None,
                    expires_at: Timestamp::from_second(4_000_000_000).expect("a time"),
                };
                token::insert(tx, new, Timestamp::UNIX_EPOCH).await
            });
            made.await.expect("a token");
            let lives = async || store.read(async |db| token::get(db, &hash).await).await.expect("a read").is_some();
            applied(&store, &file).await.expect("it is applied");
            assert!(lives().await, "nothing has changed about Ada");
            applied(&store, &file.replace(before, after)).await.expect("it is applied");
            assert!(!lives().await, "{after}");
        }
    }

    #[tokio::test]
    async fn an_empty_file_says_nothing() {
        applied(&store().await, "\n").await.expect("it is applied");
    }
}
