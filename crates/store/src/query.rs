//! Saved queries: immutable, and one for each canonical form.

use jiff::Timestamp;

use crate::error::{Error, Result};
use crate::id::{QueryClientId, QueryHash, QueryId, QuerySlug};
use crate::reader::{Reader, Tx};
use crate::store::Store;
use crate::table::{Filter, Search, Set, Table as _, table};

table! {
    /// A query, as it was first written.
    pub struct Query in "query", key id {
        /// Which query.
        id: QueryId,
        /// What its share address ends with.
        slug: QuerySlug,
        /// The name that a client gave it, or that was made for it.
        client_id: QueryClientId,
        /// The hash of the canonical form.
        hash: QueryHash,
        /// The LookML model.
        model: String,
        /// The explore.
        view: String,
        /// The writable fields: the JSON text that was given, to the letter.
        body: String,
        /// When it was first written.
        created_at: Timestamp,
    }
}

/// A query to be saved. The names are used only when the query is new.
#[derive(Debug, Clone, PartialEq)]
pub struct NewQuery {
    /// As [`Query::hash`].
    pub hash: QueryHash,
    /// As [`Query::slug`].
    pub slug: QuerySlug,
    /// As [`Query::client_id`].
    pub client_id: QueryClientId,
    /// As [`Query::model`].
    pub model: String,
    /// As [`Query::view`].
    pub view: String,
    /// As [`Query::body`].
    pub body: String,
}

/// The query with this id.
pub async fn get(db: &mut Reader, id: QueryId) -> Result<Option<Query>> {
    db.one(COLUMNS.id.eq(id)).await
}

/// The queries with these ids, by id; ids of no query are left out.
pub async fn by_ids(db: &mut Reader, ids: &[QueryId]) -> Result<Vec<Query>> {
    db.of_any(COLUMNS.id, ids).await
}

/// The query with this slug.
pub async fn by_slug(db: &mut Reader, slug: QuerySlug) -> Result<Option<Query>> {
    db.one(COLUMNS.slug.eq(slug)).await
}

/// The query with this client id.
pub async fn by_client_id(db: &mut Reader, client_id: QueryClientId) -> Result<Option<Query>> {
    db.one(COLUMNS.client_id.eq(client_id)).await
}

/// The query with this canonical form, made when there is none.
///
/// It is [`Conflict`](Error::Conflict) when the `client_id` belongs to a query of another form, whether or not this
/// form is new, or when the slug is taken.
pub async fn insert_or_get(tx: &mut Tx, new: NewQuery, now: Timestamp) -> Result<Query> {
    if let Some(query) = tx.insert_unless_taken(sets(new.clone(), now)).await? {
        return Ok(query);
    }
    // When it is neither the form nor the client id that is taken, it is the slug.
    existing(tx, &new).await?.ok_or(conflict("slug"))
}

/// As [`insert_or_get`], for the hot path: a query that exists costs a read, a new one shares its commit with others.
pub async fn insert_or_get_grouped(store: &Store, new: NewQuery, now: Timestamp) -> Result<Query> {
    if let Some(query) = store.read(async |db| existing(db, &new).await).await? {
        return Ok(query);
    }
    store.write_grouped(move |tx| Box::pin(insert_or_get(tx, new, now))).await
}

async fn existing(db: &mut Reader, new: &NewQuery) -> Result<Option<Query>> {
    let same = [COLUMNS.hash.eq(new.hash), COLUMNS.client_id.eq(new.client_id)];
    let found = db.list(Search::by(Filter::any_of(same))).await?;
    if found.iter().any(|query| query.client_id == new.client_id && query.hash != new.hash) {
        return Err(conflict("client_id"));
    }
    Ok(found.into_iter().next())
}

const fn conflict(column: &'static str) -> Error {
    Error::Conflict { table: Query::NAME, column }
}

fn sets(new: NewQuery, now: Timestamp) -> Vec<Set<Query>> {
    vec![
        COLUMNS.slug.set(new.slug),
        COLUMNS.client_id.set(new.client_id),
        COLUMNS.hash.set(new.hash),
        COLUMNS.model.set(new.model),
        COLUMNS.view.set(new.view),
        COLUMNS.body.set(new.body),
        COLUMNS.created_at.set(now),
    ]
}
