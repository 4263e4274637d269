//! Where the tests keep their stores, and what they put in.

use std::time::Duration;

use belvedere_store::user::{self, NewUser};
use belvedere_store::{Location, SecretHash, Store, User};
use belvedere_testbed::Postgres;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tokio::sync::OnceCell;

/// A store, and the folder that goes when the test ends.
pub struct Backend {
    pub store: Store,
    _place: Option<Place>,
}

pub async fn memory() -> Backend {
    Backend { store: Store::open(Location::Memory).await.unwrap(), _place: None }
}

pub async fn file() -> Backend {
    on(Place::file()).await
}

pub async fn postgres() -> Backend {
    on(Place::postgres().await).await
}

async fn on(place: Place) -> Backend {
    Backend { store: place.open().await, _place: Some(place) }
}

/// Where a store lies that can be opened several times.
pub struct Place {
    pub location: Location,
    /// The same for those who know nothing of the store.
    pub address: String,
    _folder: Option<tempfile::TempDir>,
}

impl Place {
    /// A file that does not exist yet.
    pub fn file() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("belvedere.db");
        let address = path.to_str().unwrap().to_owned();
        Place { location: Location::File(path), address, _folder: Some(folder) }
    }

    /// A database of PostgreSQL with the tables, and nothing in them but what comes with an instance.
    pub async fn postgres() -> Self {
        // Copying is faster than bringing an empty database forward.
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let make = async || {
            let place = Place::empty_postgres();
            place.open().await.close().await;
            place.address
        };
        let template = TEMPLATE.get_or_init(make).await;
        Place::at(Postgres::shared().copy(template))
    }

    /// A database of PostgreSQL without any table.
    pub fn empty_postgres() -> Self {
        Place::at(Postgres::shared().database())
    }

    fn at(address: String) -> Self {
        Place { location: Location::Postgres(address.parse().unwrap()), address, _folder: None }
    }

    pub async fn open(&self) -> Store {
        Store::open(self.location.clone()).await.unwrap()
    }

    /// Runs a statement behind the back of the store.
    pub async fn execute(&self, sql: &'static str) {
        if matches!(self.location, Location::Postgres(_)) {
            let mut connection = PgConnection::connect(&self.address).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
            return;
        }
        let options = SqliteConnectOptions::new().filename(&self.address);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }
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

/// Asks again and again until it is so. Fails when that takes longer than `limit`.
pub async fn within(limit: Duration, mut is_so: impl AsyncFnMut() -> bool) {
    let asking = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(limit, asking).await.expect("it happens in time");
}
