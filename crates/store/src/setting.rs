//! Small facts about this store itself, such as the id of the instance.

use crate::error::Result;
use crate::reader::{Reader, Tx};
use crate::table::table;

table! {
    /// One fact.
    pub struct Setting in "setting", key key {
        /// Its name.
        key: String,
        /// Its text.
        value: String,
    }
}

/// The value of `key`.
pub async fn get(db: &mut Reader, key: &str) -> Result<Option<String>> {
    let setting = db.one(COLUMNS.key.eq(key.to_owned())).await?;
    Ok(setting.map(|setting| setting.value))
}

/// Sets `key` to `value`, whatever it was before.
pub async fn set(tx: &mut Tx, key: &str, value: &str) -> Result<()> {
    let updated = tx.update(COLUMNS.key.eq(key.to_owned()), vec![COLUMNS.value.set(value.to_owned())]).await?;
    if updated.is_empty() {
        tx.insert(vec![COLUMNS.key.set(key.to_owned()), COLUMNS.value.set(value.to_owned())]).await?;
    }
    Ok(())
}

/// The value of `key`, which is `value` when it had none: of several who ask at once, all get the first one's.
pub async fn get_or_set(tx: &mut Tx, key: &str, value: &str) -> Result<String> {
    let sets = vec![COLUMNS.key.set(key.to_owned()), COLUMNS.value.set(value.to_owned())];
    if let Some(setting) = tx.insert_unless_taken(sets).await? {
        return Ok(setting.value);
    }
    Ok(get(tx, key).await?.unwrap_or_else(|| value.to_owned()))
}
