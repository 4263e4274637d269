//! Counting who calls what is deprecated, or calls an older version of the API.
//!
//! Counts gather in memory, so that a call costs a look into a map, and are written into the store from time to time and
//! when the server stops. What a server that dies has not yet written is lost: counts are for planning, not for bills.

use crate::{Service, stored};
use belvedere_api::{Cx, Operation, Result, Status, TokenHash, UserId};
use belvedere_store::api_usage::{self, Calls};
use belvedere_store::{SecretHash, UserId as StoreUserId};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How many different counts gather at most between two writes; calls that would be more are not counted.
const MOST: usize = 10_000;
/// What is kept of the name that a program gives itself, in characters.
const LONGEST_NAME: usize = 100;

/// Counts that are not written yet.
#[derive(Debug, Default)]
pub(crate) struct Gathered(Mutex<HashMap<Key, Count>>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    version: &'static str,
    thing: String,
    user: UserId,
    token: TokenHash,
    application: String,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    calls: u64,
    first_at: Timestamp,
    last_at: Timestamp,
}

impl Service {
    /// Counts a call, made in this version of the API with these query parameters, if anything in it is deprecated or
    /// the version is not the newest.
    pub fn count_usage(&self, cx: &Cx, version: &'static str, query: &[(String, String)]) {
        let Some(caller) = &cx.caller else { return };
        for thing in deprecated_things(Operation::of(cx.operation), version, query) {
            let application = cx.client.application.as_deref().or(cx.client.user_agent.as_deref()).unwrap_or_default();
            let application = application.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
            let key = Key { version, thing, user: caller.user, token: caller.token, application };
            let mut gathered = self.usage.0.lock().unwrap_or_else(PoisonError::into_inner);
            if gathered.len() >= MOST && !gathered.contains_key(&key) {
                return;
            }
            let count = gathered.entry(key).or_insert(Count { calls: 0, first_at: cx.now, last_at: cx.now });
            count.calls += 1;
            count.last_at = count.last_at.max(cx.now);
        }
    }

    /// Writes what has gathered into the store.
    ///
    /// # Errors
    /// 500 when the store fails; the counts of this round are lost then.
    pub async fn write_usage(&self) -> Result<()> {
        let gathered = std::mem::take(&mut *self.usage.0.lock().unwrap_or_else(PoisonError::into_inner));
        if gathered.is_empty() {
            return Ok(());
        }
        let mut counts: Vec<Calls> = gathered.into_iter().map(|(key, count)| calls(key, count)).collect();
        counts.sort_by(|a, b| (a.user, &a.thing, &a.application).cmp(&(b.user, &b.thing, &b.application)));
        let written = self.store.write(async |tx| {
            for calls in counts {
                api_usage::add(tx, calls).await?;
            }
            Ok(())
        });
        stored(written.await)
    }
}

fn calls(key: Key, count: Count) -> Calls {
    Calls {
        version: key.version.to_owned(),
        thing: key.thing,
        user: StoreUserId::new(key.user.get()),
        token: SecretHash::new(key.token.0),
        application: key.application,
        count: count.calls,
        first_at: count.first_at,
        last_at: count.last_at,
    }
}

/// What of a call is deprecated; for an older version, at least the operation itself.
fn deprecated_things(operation: &Operation, version: &str, query: &[(String, String)]) -> Vec<String> {
    let mut things = Vec::new();
    if operation.status == Status::Deprecated || version != belvedere_api::documents::VERSION {
        things.push(operation.name().to_owned());
    }
    let deprecated = operation.parameters.iter().filter(|parameter| parameter.deprecated);
    let sent = deprecated.filter(|parameter| query.iter().any(|(name, _)| name == parameter.name));
    things.extend(sent.map(|parameter| format!("{}.{}", operation.name(), parameter.name)));
    things
}
