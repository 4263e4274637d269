//! Where the tests keep their stores, and what they put in.

use belvedere_store::user::{self, NewUser};
use belvedere_store::{Location, SecretHash, Store, User};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

/// A store, and the folder that goes when the test ends.
pub struct Backend {
    pub store: Store,
    _folder: Option<tempfile::TempDir>,
}

pub async fn memory() -> Backend {
    Backend { store: Store::open(Location::Memory).await.unwrap(), _folder: None }
}

pub async fn file() -> Backend {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::File(folder.path().join("belvedere.db"));
    Backend { store: Store::open(location).await.unwrap(), _folder: Some(folder) }
}

/// The moment `seconds` after the one at which the tests begin.
pub fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-01-15T12:00:00Z".parse().unwrap();
    start + SignedDuration::from_secs(seconds)
}

pub fn secret(text: &str) -> SecretHash {
    SecretHash::new(Sha256::digest(text).into())
}

/// A user of whom only the given name matters.
pub async fn user(store: &Store, first_name: &str) -> User {
    let new = NewUser { first_name: Some(first_name.to_owned()), ..NewUser::default() };
    store.write(async |tx| user::insert(tx, new, at(0)).await).await.unwrap()
}

/// Runs the calls at once, each in a task of its own, and gives their outcomes.
pub async fn at_once<T: Send + 'static>(
    calls: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = calls.into_iter().map(tokio::spawn).collect();
    let mut outcomes = Vec::with_capacity(tasks.len());
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}
