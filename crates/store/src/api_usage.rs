//! Who still calls what is deprecated, or belongs to an older version of the API.

use jiff::Timestamp;

use crate::error::Result;
use crate::id::UserId;
use crate::reader::{Reader, Tx};
use crate::secret_hash::SecretHash;
use crate::table::{Search, table};
use crate::{credentials_api3, token};

table! {
    /// The calls of one application, made as one user with one API key, to one thing.
    pub struct ApiUsage in "api_usage", key id {
        /// The row.
        id: i64,
        /// The version that was called, `4.0`.
        version: String,
        /// What was called: an operation (`vector_thumbnail`), a parameter of one (`all_users.page`), a property that
        /// was asked for (`User.embed_group_space_id`).
        thing: String,
        /// As whom the calls were made.
        user_id: UserId,
        /// The public half of the API key; empty where another user's token was used, or the key is gone.
        client_id: String,
        /// What the program said of itself; empty where it said nothing.
        application: String,
        /// How many calls there were.
        calls: i64,
        /// The first one.
        first_at: Timestamp,
        /// The last one.
        last_at: Timestamp,
    }
}

/// Calls to be counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Calls {
    /// As [`ApiUsage::version`].
    pub version: String,
    /// As [`ApiUsage::thing`].
    pub thing: String,
    /// As [`ApiUsage::user_id`].
    pub user: UserId,
    /// The token that the calls were made with.
    pub token: SecretHash,
    /// As [`ApiUsage::application`].
    pub application: String,
    /// How many.
    pub count: u64,
    /// The first one.
    pub first_at: Timestamp,
    /// The last one.
    pub last_at: Timestamp,
}

/// How many rows a user may have: an application may give itself another name with each call. What comes after is
/// counted without the name.
const MOST_ROWS: u64 = 1000;

/// Adds calls to what was counted before.
pub async fn add(tx: &mut Tx, calls: Calls) -> Result<()> {
    let Some(_) = crate::user::get(tx, calls.user).await? else { return Ok(()) };
    let key = match token::get(tx, &calls.token).await?.and_then(|token| token.credentials_api3_id) {
        Some(key) => credentials_api3::get(tx, key).await?,
        None => None,
    };
    let client_id = key.map(|key| key.client_id.to_string()).unwrap_or_default();
    let full = tx.count(COLUMNS.user_id.eq(calls.user)).await? >= MOST_ROWS;
    let application = if full { String::new() } else { calls.application };
    let same = COLUMNS.user_id.eq(calls.user);
    let same = same.and(COLUMNS.version.eq(calls.version.clone())).and(COLUMNS.thing.eq(calls.thing.clone()));
    let same = same.and(COLUMNS.client_id.eq(client_id.clone())).and(COLUMNS.application.eq(application.clone()));
    let count = i64::try_from(calls.count).unwrap_or(i64::MAX);
    if let Some(before) = tx.one(same).await? {
        let sets = vec![
            COLUMNS.calls.set(before.calls.saturating_add(count)),
            COLUMNS.last_at.set(before.last_at.max(calls.last_at)),
        ];
        tx.update(COLUMNS.id.eq(before.id), sets).await?;
        return Ok(());
    }
    let sets = vec![
        COLUMNS.version.set(calls.version),
        COLUMNS.thing.set(calls.thing),
        COLUMNS.user_id.set(calls.user),
        COLUMNS.client_id.set(client_id),
        COLUMNS.application.set(application),
        COLUMNS.calls.set(count),
        COLUMNS.first_at.set(calls.first_at),
        COLUMNS.last_at.set(calls.last_at),
    ];
    tx.insert(sets).await?;
    Ok(())
}

/// Everything that was counted, the things that are called most first.
pub async fn all(db: &mut Reader) -> Result<Vec<ApiUsage>> {
    db.list(Search { sorts: vec![COLUMNS.calls.desc(), COLUMNS.id.asc()], ..Search::default() }).await
}
