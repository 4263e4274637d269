//! Statements of SQL Runner: one for each connection and text.

use jiff::Timestamp;

use crate::cell::JsonObject;
use crate::error::{Error, Result};
use crate::id::{QueryHash, SqlQuerySlug, UserId};
use crate::reader::{Reader, Tx};
use crate::table::{Set, Table as _, table};

table! {
    /// A statement, and how often it ran.
    pub struct SqlQuery in "sql_query", key slug {
        /// Which statement.
        slug: SqlQuerySlug,
        /// The hash of all that was written.
        hash: QueryHash,
        /// The connection that it runs on.
        connection: String,
        /// The model that named the connection, if one did.
        model: Option<String>,
        /// The text.
        sql: String,
        /// Settings of the chart, as they were written.
        vis_config: JsonObject,
        /// Who wrote it first; none when the user is gone.
        user_id: Option<UserId>,
        /// When it was first written.
        created_at: Timestamp,
        /// How often it ran.
        run_count: i64,
        /// When it last ran.
        last_run_at: Option<Timestamp>,
        /// How long that took, in seconds.
        last_runtime: Option<f64>,
    }
}

/// A statement to be kept. The slug is used only when the statement is new.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSqlQuery {
    /// As [`SqlQuery::slug`].
    pub slug: SqlQuerySlug,
    /// As [`SqlQuery::hash`].
    pub hash: QueryHash,
    /// As [`SqlQuery::connection`].
    pub connection: String,
    /// As [`SqlQuery::model`].
    pub model: Option<String>,
    /// As [`SqlQuery::sql`].
    pub sql: String,
    /// As [`SqlQuery::vis_config`].
    pub vis_config: JsonObject,
    /// As [`SqlQuery::user_id`].
    pub user_id: UserId,
}

/// The statement with this slug.
pub async fn by_slug(db: &mut Reader, slug: SqlQuerySlug) -> Result<Option<SqlQuery>> {
    db.one(COLUMNS.slug.eq(slug)).await
}

/// The statement with this hash, made when there is none. It is [`Conflict`](Error::Conflict) when the slug is taken.
pub async fn insert_or_get(tx: &mut Tx, new: NewSqlQuery, now: Timestamp) -> Result<SqlQuery> {
    let hash = new.hash;
    if let Some(query) = tx.insert_unless_taken(sets(new, now)).await? {
        return Ok(query);
    }
    let existing = tx.one(COLUMNS.hash.eq(hash)).await?;
    existing.ok_or(Error::Conflict { table: SqlQuery::NAME, column: "slug" })
}

/// Counts a run that began at `now` and took `runtime` seconds.
pub async fn count_run(tx: &mut Tx, slug: SqlQuerySlug, runtime: f64, now: Timestamp) -> Result<()> {
    let Some(query) = by_slug(tx, slug).await? else { return Ok(()) };
    let sets = vec![
        COLUMNS.run_count.set(query.run_count.saturating_add(1)),
        COLUMNS.last_run_at.set(Some(now)),
        COLUMNS.last_runtime.set(Some(runtime)),
    ];
    tx.update(COLUMNS.slug.eq(slug), sets).await?;
    Ok(())
}

fn sets(new: NewSqlQuery, now: Timestamp) -> Vec<Set<SqlQuery>> {
    vec![
        COLUMNS.slug.set(new.slug),
        COLUMNS.hash.set(new.hash),
        COLUMNS.connection.set(new.connection),
        COLUMNS.model.set(new.model),
        COLUMNS.sql.set(new.sql),
        COLUMNS.vis_config.set(new.vis_config),
        COLUMNS.user_id.set(Some(new.user_id)),
        COLUMNS.created_at.set(now),
        COLUMNS.run_count.set(0),
    ]
}
