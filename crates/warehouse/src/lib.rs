//! Connections to users' databases: SQL in, Arrow batches out.
//!
//! This crate knows no LookML and writes no SQL about users' data. A [`Driver`] speaks to one kind of database; each
//! stands in one file of [`driver`]. A [`Connection`] is a driver under the name that models use, with the limit of
//! statements that may run at once.

pub mod driver;
mod error;
mod run;

pub use error::{Error, Position};
pub use run::{Canceller, Run};

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// One kind of database, opened.
pub trait Driver: Send + Sync {
    /// The word for the dialect of its SQL, such as `duckdb`: `dialect_name` of the API.
    fn dialect_name(&self) -> &'static str;

    /// The file or host it reads, for people.
    fn place(&self) -> String;

    /// Checks, without running it, that a text is one statement and that this only reads.
    fn check_select(&self, sql: &str) -> Result<(), Error>;

    /// Starts one statement. Rows flow as they are read; dropping the [`Run`] stops the statement in the database.
    ///
    /// `permit` stands for the place among the statements that run at once and must live as long as the statement.
    fn start(&self, sql: String, permit: Permit) -> impl Future<Output = Result<Run, Error>> + Send
    where
        Self: Sized;
}

/// A place among the statements of a connection that run at once.
#[derive(Debug)]
pub struct Permit(#[allow(dead_code, reason = "held for its drop")] tokio::sync::OwnedSemaphorePermit);

/// How many statements a connection runs, and how long others wait.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Statements that run at once.
    pub concurrent: usize,
    /// Statements of one user that run or wait for a place of the connection; the user's others wait behind them, so
    /// that nobody's flood keeps the others out.
    pub per_user: usize,
    /// How long a statement may wait for its place before it is refused.
    pub queue: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { concurrent: 4, per_user: 4, queue: Duration::from_secs(30) }
    }
}

/// A database under the name that models use.
pub struct Connection {
    name: Arc<str>,
    driver: AnyDriver,
    places: Arc<Semaphore>,
    limits: Limits,
}

/// The drivers that are compiled in.
enum AnyDriver {
    #[cfg(feature = "duckdb")]
    DuckDb(driver::duckdb::DuckDb),
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("name", &self.name)
            .field("dialect", &self.dialect_name())
            .finish_non_exhaustive()
    }
}

impl Connection {
    /// A DuckDB database as a connection.
    #[cfg(feature = "duckdb")]
    pub fn duckdb(name: &str, database: driver::duckdb::DuckDb, limits: Limits) -> Self {
        Self {
            name: name.into(),
            driver: AnyDriver::DuckDb(database),
            places: Arc::new(Semaphore::new(limits.concurrent)),
            limits,
        }
    }

    /// The name in `connection:` of models.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The word for the dialect of its SQL.
    pub fn dialect_name(&self) -> &'static str {
        match &self.driver {
            #[cfg(feature = "duckdb")]
            AnyDriver::DuckDb(driver) => driver.dialect_name(),
        }
    }

    /// The file or host it reads, for people.
    pub fn place(&self) -> String {
        match &self.driver {
            #[cfg(feature = "duckdb")]
            AnyDriver::DuckDb(driver) => driver.place(),
        }
    }

    /// How many statements run at once.
    pub fn concurrent_queries(&self) -> usize {
        self.limits.concurrent
    }

    /// How many statements run, and how long others wait.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Checks, without running it, that a text written by hand is one statement and that this only reads: in the words
    /// of the database's own parser.
    ///
    /// # Errors
    /// [`Error::Statement`] with what is wrong.
    pub async fn check_select(self: &Arc<Self>, sql: &str) -> Result<(), Error> {
        let (connection, sql) = (Arc::clone(self), sql.to_owned());
        let checking = tokio::task::spawn_blocking(move || match &connection.driver {
            #[cfg(feature = "duckdb")]
            AnyDriver::DuckDb(driver) => driver.check_select(&sql),
        });
        checking.await.map_err(|error| Error::Driver(error.to_string()))?
    }

    /// Runs one statement; waits for its place among those that run at once.
    ///
    /// # Errors
    /// [`Error::Busy`] when no place was free in time, otherwise what the database says before its first row.
    pub async fn run(&self, sql: String) -> Result<Run, Error> {
        let place = tokio::time::timeout(self.limits.queue, Arc::clone(&self.places).acquire_owned());
        let permit = match place.await {
            Ok(Ok(permit)) => Permit(permit),
            Ok(Err(_)) | Err(_) => {
                return Err(Error::Busy { concurrent: self.limits.concurrent });
            }
        };
        match &self.driver {
            #[cfg(feature = "duckdb")]
            AnyDriver::DuckDb(driver) => driver.start(sql, permit).await,
        }
    }
}

/// The connections of a server, by name.
#[derive(Debug, Default)]
pub struct Connections(BTreeMap<Arc<str>, Arc<Connection>>);

impl Connections {
    /// The connection that models call `name`.
    pub fn get(&self, name: &str) -> Option<&Arc<Connection>> {
        self.0.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Connection>> {
        self.0.values()
    }
}

impl FromIterator<Connection> for Connections {
    fn from_iter<I: IntoIterator<Item = Connection>>(connections: I) -> Self {
        let by_name = connections.into_iter().map(|connection| (Arc::clone(&connection.name), Arc::new(connection)));
        Self(by_name.collect())
    }
}
