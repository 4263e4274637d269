//! What was read of the store, remembered as long as it stands there unchanged.

use moka::sync::Cache;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

/// Values by key, each with the state `S` of the store that it was read in. The longest unasked go first.
pub(crate) struct Remembered<K, S, V>(Cache<K, Arc<Entry<S, V>>>);

struct Entry<S, V> {
    read_in: S,
    value: Arc<V>,
}

impl<K, S, V> Remembered<K, S, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    S: PartialEq + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Room for this many values.
    pub(crate) fn new(most: u64) -> Self {
        Self(Cache::new(most))
    }

    /// The value, if it is known and the store is still in the state in which it was read.
    pub(crate) fn get(&self, key: &K, state: &S) -> Option<Arc<V>> {
        let entry = self.0.get(key)?;
        (entry.read_in == *state).then(|| Arc::clone(&entry.value))
    }

    /// Remembers a value that was read after the store's state was asked for.
    pub(crate) fn insert(&self, key: K, state: S, value: V) -> Arc<V> {
        let value = Arc::new(value);
        self.0.insert(key, Arc::new(Entry { read_in: state, value: Arc::clone(&value) }));
        value
    }
}

impl<K, S, V> fmt::Debug for Remembered<K, S, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Remembered").field(&self.0.entry_count()).finish()
    }
}
