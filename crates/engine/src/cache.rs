//! When rows that were read before answer again.

use belvedere_lookml::model::{Explore, Model, Persistence};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// What a run may take out of the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CacheUse {
    /// Rows that are fresh (`cache`, the default).
    #[default]
    Fresh,
    /// None: the statement runs, and its rows are the cached ones from then on (`cache=false`).
    Never,
    /// Rows of any age, and nothing else (`cache_only`).
    Only,
}

/// How long the rows of an explore stay fresh, and under which policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// The datagroup, where one decides.
    pub datagroup: Option<Arc<str>>,
    /// The age from which on they are stale.
    pub max_age: SignedDuration,
}

/// Without a policy rows are fresh for an hour.
const DEFAULT_AGE: SignedDuration = SignedDuration::from_hours(1);
/// The values that are suggested for a filter are fresh for so long, unless `suggest_persist_for` says otherwise.
const AGE_OF_VALUES: SignedDuration = SignedDuration::from_hours(6);
/// No policy keeps rows for longer.
const MOST_AGE: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Freshness {
    /// The policy of an explore: `persist_with` a datagroup, else `persist_for`, else an hour. A datagroup without
    /// `max_cache_age` keeps rows as long as results are kept at all.
    pub fn of(model: &Model, explore: &Explore) -> Self {
        match &explore.persistence {
            Some(Persistence::With(name)) => {
                let datagroup = model.datagroups.get(name);
                let written = datagroup.and_then(|datagroup| datagroup.max_cache_age.as_deref());
                let max_age = written.and_then(age).unwrap_or(MOST_AGE);
                Self { datagroup: Some(Arc::clone(name)), max_age }
            }
            Some(Persistence::For(text)) => Self { datagroup: None, max_age: age(text).unwrap_or(DEFAULT_AGE) },
            None => Self::default(),
        }
    }

    /// That of the values of a field, by its `suggest_persist_for`.
    pub(crate) fn of_values(persist_for: Option<&str>) -> Self {
        Self { datagroup: None, max_age: persist_for.and_then(age).unwrap_or(AGE_OF_VALUES) }
    }

    /// Whether rows of that time are stale now.
    pub fn is_stale(&self, ran_at: Timestamp, now: Timestamp) -> bool {
        now.duration_since(ran_at) >= self.max_age
    }
}

impl Default for Freshness {
    fn default() -> Self {
        Self { datagroup: None, max_age: DEFAULT_AGE }
    }
}

/// Reads `4 hours`, `90 minutes`, `1 day`.
fn age(text: &str) -> Option<SignedDuration> {
    let mut words = text.split_whitespace();
    let count: u32 = words.next()?.parse().ok()?;
    let unit = words.next()?.to_ascii_lowercase();
    let seconds: i64 = match unit.trim_end_matches('s') {
        "second" => 1,
        "minute" => 60,
        "hour" => 3600,
        "day" => 86_400,
        "week" => 7 * 86_400,
        _ => return None,
    };
    let age = SignedDuration::from_secs(i64::from(count) * seconds);
    words.next().is_none().then_some(age.min(MOST_AGE))
}

/// The key of a statement: all that its rows depend on. Two users never share a key, whatever they ask.
pub(crate) fn key(connection: &str, sql: &str, security: &[u8; 32], freshness: &Freshness) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [connection, freshness.datagroup.as_deref().unwrap_or_default(), sql] {
        // The length keeps two parts from passing for two others.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.update(security);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::{Freshness, age, key};
    use jiff::SignedDuration;

    #[test]
    fn ages_are_a_number_and_a_unit() {
        assert_eq!(age("4 hours"), Some(SignedDuration::from_hours(4)));
        assert_eq!(age("1 minute"), Some(SignedDuration::from_mins(1)));
        assert_eq!(age("2 Weeks"), Some(SignedDuration::from_hours(14 * 24)));
        assert_eq!(age("90 days"), Some(SignedDuration::from_hours(30 * 24)));
        for text in ["", "4", "hours", "4 fortnights", "-1 hours", "4 hours ago"] {
            assert_eq!(age(text), None, "{text}");
        }
    }

    #[test]
    fn everything_that_rows_depend_on_makes_another_key() {
        let by = |datagroup: Option<&str>| Freshness { datagroup: datagroup.map(Into::into), ..Freshness::default() };
        let keys = [
            key("a", "SELECT 1", &[0; 32], &by(None)),
            key("b", "SELECT 1", &[0; 32], &by(None)),
            key("a", "SELECT 2", &[0; 32], &by(None)),
            key("a", "SELECT 1", &[1; 32], &by(None)),
            key("a", "SELECT 1", &[0; 32], &by(Some("nightly"))),
            key("aSELECT", " 1", &[0; 32], &by(None)),
        ];
        for (index, one) in keys.iter().enumerate() {
            assert!(keys[index + 1..].iter().all(|other| other != one), "key {index}");
        }
        assert_eq!(keys[0], key("a", "SELECT 1", &[0; 32], &by(None)));
    }
}
