//! The counter that tells caches of people and tokens when to let go.

use sea_query::{Expr, ExprTrait as _};

use crate::error::Result;
use crate::reader::{Reader, Tx};
use crate::table::table;

table! {
    /// A number that only grows.
    pub struct Counter in "counter", key name {
        /// What it counts.
        name: String,
        /// How far it is.
        value: i64,
    }
}

const GENERATION: &str = "generation";

/// The generation that the database is at.
pub(crate) async fn current(db: &mut Reader) -> Result<u64> {
    let counter = db.one(COLUMNS.name.eq(GENERATION.to_owned())).await?;
    Ok(counter.map_or(0, |counter| counter.value as u64))
}

/// Begins the next generation and returns it.
pub(crate) async fn next(tx: &mut Tx) -> Result<u64> {
    let sets = vec![COLUMNS.value.set_to(Expr::col("value").add(1))];
    let counter = tx.update(COLUMNS.name.eq(GENERATION.to_owned()), sets).await?.pop();
    Ok(counter.map_or(0, |counter| counter.value as u64))
}
