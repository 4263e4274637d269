//! Saved queries in memory. They never change and are never deleted, so what was read once stays true.

use belvedere_store::{Query, QueryHash, QueryId};
use moka::sync::Cache;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

/// Bytes that are kept of each way to find a query; the longest unasked go first.
const MOST_BYTES: u64 = 16 << 20;

/// The saved queries that were asked for of late, by id and by the hash of their form.
pub(crate) struct KnownQueries {
    by_id: Cache<QueryId, Arc<Query>>,
    by_hash: Cache<QueryHash, Arc<Query>>,
}

impl KnownQueries {
    pub(super) fn by_id(&self, id: QueryId) -> Option<Arc<Query>> {
        self.by_id.get(&id)
    }

    pub(super) fn by_hash(&self, hash: QueryHash) -> Option<Arc<Query>> {
        self.by_hash.get(&hash)
    }

    /// Remembers a query that the store has.
    pub(super) fn remember(&self, query: Query) -> Arc<Query> {
        let query = Arc::new(query);
        self.by_id.insert(query.id, Arc::clone(&query));
        self.by_hash.insert(query.hash, Arc::clone(&query));
        query
    }
}

impl Default for KnownQueries {
    fn default() -> Self {
        Self { by_id: within_bounds(), by_hash: within_bounds() }
    }
}

impl fmt::Debug for KnownQueries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KnownQueries").field(&self.by_id.entry_count()).finish()
    }
}

fn within_bounds<K: Hash + Eq + Send + Sync + 'static>() -> Cache<K, Arc<Query>> {
    Cache::builder().max_capacity(MOST_BYTES).weigher(|_, query: &Arc<Query>| weight(query)).build()
}

/// Bytes that a query takes, about.
fn weight(query: &Query) -> u32 {
    let texts = query.model.len() + query.view.len() + query.body.len();
    u32::try_from(size_of::<Query>() + texts).unwrap_or(u32::MAX)
}
