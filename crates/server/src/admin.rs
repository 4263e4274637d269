//! `belvedere admin`: administrators made, and lost credentials replaced or removed, where nobody can sign in to do it.

use crate::cli::{AdminCommand, StateArguments};
use crate::config::{Config, default_data_dir};
use crate::credentials::{ApiKey, base_url};
use crate::ids::RandomIds;
use crate::store;
use anyhow::{Context, Result, anyhow, ensure};
use belvedere_service::audit::{self, Act, Deed, Record, Subject};
use belvedere_service::{ACCOUNT_SETUP_PATH, PASSWORD_RESET_PATH, password_reset_token, rules};
use belvedere_store::user::{self, NewUser};
use belvedere_store::{CredentialsTotp, Location, Reader, Store, Tx, User, UserId};
use belvedere_store::{access, credentials_api3, credentials_email, credentials_totp, role};
use jiff::Timestamp;
use std::fmt::Write as _;
use std::path::Path;

/// Runs a command. Whoever may write the state may do this: no server is asked.
pub(crate) fn run(command: &AdminCommand) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let told = runtime.block_on(async {
        let now = Timestamp::now();
        match command {
            AdminCommand::Create { email, state } => {
                let (store, folder) = (open(state).await?, folder(state));
                let made = store.transact(async |tx| create(tx, email.as_deref(), now).await).await;
                store.close().await;
                made.map(|given| given.text(&folder))
            }
            AdminCommand::ResetCredential { user, revoke, state } => {
                let (store, folder) = (open_existing(state).await?, folder(state));
                let made = store.transact(async |tx| reset(tx, user, *revoke, now).await).await;
                store.close().await;
                made.map(|given| given.text(&folder))
            }
            AdminCommand::RemoveSecondFactor { user, state } => {
                let store = open_existing(state).await?;
                let removed = store.transact(async |tx| remove_second_factor(tx, user, now).await).await;
                store.close().await;
                removed.map(|factor| format!("User {} has no second factor any more\n", factor.user_id))
            }
        }
    })?;
    print!("{told}");
    Ok(())
}

fn folder(state: &StateArguments) -> std::path::PathBuf {
    state.data_dir.clone().unwrap_or_else(default_data_dir)
}

async fn open(state: &StateArguments) -> Result<Store> {
    let config = Config { data_dir: folder(state), store: state.store.clone(), ..Config::default() };
    let location: Location = store::location(&config)?;
    Store::open(location).await.context("cannot open the state")
}

/// Opens a state that must be there.
pub(crate) async fn open_existing(state: &StateArguments) -> Result<Store> {
    let folder = folder(state);
    let known = state.store.is_some() || folder.join("state.sqlite").is_file();
    ensure!(known, "there is no state in {}: name the data folder with --data-dir", folder.display());
    open(state).await
}

/// What somebody is given, who is told it once.
struct Given {
    id: UserId,
    /// Id and address.
    user: String,
    key: ApiKey,
    /// The path of the page where the password is set.
    password: Option<String>,
}

impl Given {
    fn text(&self, data_dir: &Path) -> String {
        let mut text = format!(
            "Administrator {}\n  API key (shown once)  {} / {}\n",
            self.user, self.key.client_id, self.key.client_secret
        );
        if let Some(path) = &self.password {
            let host = base_url(data_dir).unwrap_or_else(|| "http://ADDRESS-OF-THE-SERVER".to_owned());
            let _ = writeln!(text, "  set the password      {host}{path} (works once, within an hour)");
        }
        text
    }
}

/// Makes an administrator, with an API key and, where there is an address, the way to a password.
async fn create(tx: &mut Tx, email: Option<&str>, now: Timestamp) -> Result<Given> {
    let email = email.map(|email| rules::email("email", email)).transpose()?;
    if let Some(email) = &email {
        let taken = credentials_email::by_email(tx, email).await?.is_some();
        ensure!(!taken, "{email} is the address of a user; `belvedere admin reset-credential` gives another key");
    }
    let name = |name: &str| Some(name.to_owned());
    let new =
        NewUser { first_name: name("Admin"), last_name: name("User"), roles: vec![role::ADMIN], ..NewUser::default() };
    let user = user::insert(tx, new, now).await?;
    if let Some(email) = &email {
        credentials_email::insert(tx, user.id, email, now).await?;
    }
    let given = given(tx, &user, "made by `belvedere admin create`", now).await?;
    record(tx, Deed::CreateAdministrator, &given, now).await?;
    Ok(given)
}

/// Gives an administrator another API key and another way to a password; with `revoke` what was given before ends.
async fn reset(tx: &mut Tx, name: &str, revoke: bool, now: Timestamp) -> Result<Given> {
    let user = named(tx, name).await?;
    ensure!(access::is_admin(tx, user.id).await?, "user {} is no administrator", user.id);
    ensure!(!user.is_disabled, "user {} is disabled", user.id);
    if revoke {
        for key in credentials_api3::of_users(tx, &[user.id]).await? {
            credentials_api3::delete(tx, key.id).await?;
        }
        user::sign_out(tx, user.id).await?;
    }
    let given = given(tx, &user, "made by `belvedere admin reset-credential`", now).await?;
    record(tx, Deed::ResetCredential, &given, now).await?;
    Ok(given)
}

/// Takes the second factor from a user, with every sign-in that waits for a code. Gives what it was.
async fn remove_second_factor(tx: &mut Tx, name: &str, now: Timestamp) -> Result<CredentialsTotp> {
    let user = named(tx, name).await?;
    let factor = credentials_totp::of_user(tx, user.id).await?;
    let factor = factor.ok_or_else(|| anyhow!("user {} has no second factor", user.id))?;
    credentials_totp::delete(tx, user.id).await?;
    record(tx, Deed::RemoveSecondFactor, &factor, now).await?;
    Ok(factor)
}

async fn record(tx: &mut Tx, deed: Deed, subject: &impl Subject, now: Timestamp) -> Result<()> {
    Ok(audit::record(tx, &Act::of_operator(deed, now), subject).await?)
}

impl Subject for Given {
    fn tell(&self, record: &mut Record) {
        record.attribute("user_id", self.id.to_string());
        record.attribute("client_id", self.key.client_id.as_str());
    }
}

async fn given(tx: &mut Tx, user: &User, purpose: &str, now: Timestamp) -> Result<Given> {
    let key = ApiKey::random(&RandomIds);
    key.insert(tx, user.id, purpose, now).await?;
    let credentials = credentials_email::of_user(tx, user.id).await?;
    let password = match &credentials {
        Some(credentials) => {
            let path = if credentials.password_hash.is_none() { ACCOUNT_SETUP_PATH } else { PASSWORD_RESET_PATH };
            Some(format!("{path}{}", password_reset_token(tx, user.id, &RandomIds, now).await?))
        }
        None => None,
    };
    let email = credentials.map(|credentials| format!(" ({})", credentials.email)).unwrap_or_default();
    Ok(Given { id: user.id, user: format!("{}{email}", user.id), key, password })
}

/// The user with this id or address.
async fn named(db: &mut Reader, name: &str) -> Result<User> {
    let id = match name.parse() {
        Ok(id) => Some(id),
        Err(_) => credentials_email::by_email(db, name).await?.map(|credentials| credentials.user_id),
    };
    let user = match id {
        Some(id) => user::get(db, id).await?,
        None => None,
    };
    user.ok_or_else(|| anyhow!("there is no user `{name}`: give an id or an address"))
}
