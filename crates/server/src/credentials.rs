//! The first user and its API key, made at the first start.

use crate::private::replace_private;
use anyhow::{Context, Result};
use belvedere_api::Ids;
use belvedere_service::audit::{self, Act, Deed, about};
use belvedere_store::credentials_api3::{self, NewCredentialsApi3};
use belvedere_store::user::{self, NewUser};
use belvedere_store::{Filter, SecretHash, Store, Tx, UserId, role};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// An API key, secret included: told once.
#[derive(Debug)]
pub(crate) struct ApiKey {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

impl ApiKey {
    /// A key that nobody can guess.
    pub(crate) fn random(ids: &dyn Ids) -> Self {
        Self { client_id: ids.alphanumeric(20), client_secret: ids.alphanumeric(24) }
    }

    /// Keeps the key, as one of a user.
    pub(crate) async fn insert(&self, tx: &mut Tx, user_id: UserId, purpose: &str, now: Timestamp) -> Result<()> {
        let client_id = self.client_id.parse()?;
        let secret_hash = SecretHash::new(Sha256::digest(self.client_secret.as_bytes()).into());
        let purpose = Some(purpose.to_owned());
        credentials_api3::insert(tx, NewCredentialsApi3 { user_id, client_id, secret_hash, purpose }, now).await?;
        Ok(())
    }
}

/// Makes an administrator with an API key when the store has no user yet.
pub(crate) async fn first_user(store: &Store, ids: &dyn Ids, now: Timestamp) -> Result<Option<ApiKey>> {
    let key = ApiKey::random(ids);
    let name = |name: &str| Some(name.to_owned());
    let admin =
        NewUser { first_name: name("Admin"), last_name: name("User"), roles: vec![role::ADMIN], ..NewUser::default() };
    let is_first = store.transact(async |tx| {
        // Several nodes may start at once on an empty database: one of them makes the user.
        if user::count(tx, Filter::everything()).await? > 0 {
            return anyhow::Ok(false);
        }
        let admin = user::insert(tx, admin, now).await?;
        key.insert(tx, admin.id, "made at the first start", now).await?;
        let told = about(admin, [("client_id", key.client_id.as_str().into())]);
        audit::record(tx, &Act::of_operator(Deed::FirstStart, now), &told).await?;
        Ok(true)
    });
    Ok(is_first.await?.then_some(key))
}

/// The place of the file that the SDKs read.
fn ini_path(data_dir: &Path) -> PathBuf {
    data_dir.join("looker.ini")
}

/// Writes the file that the official SDKs read as it is; only its owner may.
pub(crate) fn write_ini(data_dir: &Path, base_url: &str, key: &ApiKey) -> Result<PathBuf> {
    let path = ini_path(data_dir);
    let text = format!(
        "[Looker]\nbase_url={base_url}\nclient_id={}\nclient_secret={}\nverify_ssl=true\ntimeout=120\n",
        key.client_id, key.client_secret
    );
    replace_private(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// The address that the file tells.
pub(crate) fn base_url(data_dir: &Path) -> Option<String> {
    let text = fs::read_to_string(ini_path(data_dir)).ok()?;
    text.lines().find_map(|line| line.strip_prefix("base_url=")).map(str::to_owned)
}

/// Tells the file of a new address, where the server listens on another than when it was written.
pub(crate) fn update_ini(data_dir: &Path, base_url: &str) -> Result<PathBuf> {
    let path = ini_path(data_dir);
    let Ok(text) = fs::read_to_string(&path) else { return Ok(path) };
    let lines = text.lines().map(|line| match line.strip_prefix("base_url=") {
        Some(before) if before != base_url => format!("base_url={base_url}\n"),
        _ => format!("{line}\n"),
    });
    let updated: String = lines.collect();
    if updated != text {
        replace_private(&path, &updated).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(path)
}
