//! Queries that merge the results of others: immutable, and one for each canonical form.

use jiff::Timestamp;

use crate::error::{Error, Result};
use crate::id::{MergeQueryId, QueryHash};
use crate::reader::{Reader, Tx};
use crate::table::{Table as _, table};

table! {
    /// A merge query, as it was first written.
    pub struct MergeQuery in "merge_query", key id {
        /// Which merge query.
        id: MergeQueryId,
        /// The hash of the canonical form.
        hash: QueryHash,
        /// The canonical form: the writable fields as JSON.
        body: String,
        /// When it was first written.
        created_at: Timestamp,
    }
}

/// The merge query with this id.
pub async fn get(db: &mut Reader, id: MergeQueryId) -> Result<Option<MergeQuery>> {
    db.one(COLUMNS.id.eq(id)).await
}

/// The merge query with this form, made when there is none.
pub async fn insert_or_get(tx: &mut Tx, hash: QueryHash, body: String, now: Timestamp) -> Result<MergeQuery> {
    let sets = vec![COLUMNS.hash.set(hash), COLUMNS.body.set(body), COLUMNS.created_at.set(now)];
    if let Some(query) = tx.insert_unless_taken(sets).await? {
        return Ok(query);
    }
    let existing = tx.one(COLUMNS.hash.eq(hash)).await?;
    existing.ok_or(Error::Conflict { table: MergeQuery::NAME, column: "hash" })
}
