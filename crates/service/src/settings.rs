//! What an administrator decides about the instance, one object for each area.

use belvedere_store::{Error, Reader, Result, Tx, setting};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What is decided about an area; what the product does by itself when nothing is.
pub(crate) async fn get<T: DeserializeOwned + Default>(db: &mut Reader, area: &str) -> Result<T> {
    let Some(text) = setting::get(db, area).await? else { return Ok(T::default()) };
    serde_json::from_str(&text).map_err(|error| corrupt(&error))
}

/// Decides about an area.
pub(crate) async fn set<T: Serialize>(tx: &mut Tx, area: &str, decided: &T) -> Result<()> {
    let text = serde_json::to_string(decided).map_err(|error| corrupt(&error))?;
    setting::set(tx, area, &text).await
}

fn corrupt(error: &serde_json::Error) -> Error {
    Error::Corrupt { table: "setting", column: "value", reason: error.to_string() }
}
