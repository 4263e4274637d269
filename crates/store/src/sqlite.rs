//! Opening SQLite: the file and who may read it, the connections, the migrations.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::SqlStr;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use crate::error::{Error, Result};
use crate::writer::BoxFuture;

/// Where the state lies.
#[derive(Debug, Clone)]
pub enum Location {
    /// In this file, made when it does not exist. Only its owner may read it, and the folders made for it.
    File(PathBuf),
    /// In memory, gone when the store is closed or dropped. Reads and writes follow one another on one connection.
    Memory,
}

/// The connections of one database: one that writes, several that read.
pub(crate) struct Pools {
    pub writer: SqlitePool,
    pub readers: SqlitePool,
}

pub(crate) const BEGIN_READ: &str = "BEGIN DEFERRED";
pub(crate) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";

/// How long another process may hold the file before a write gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long to wait before asking a busy file again.
const BUSY_PAUSE: Duration = Duration::from_millis(10);
/// How long a call waits for its connection before it gives up.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// Version, name and text of each migration, oldest first. A migration that stood in a release never changes.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "foundation", include_str!("../migrations/sqlite/0001_foundation.sql")),
    (2, "api_usage", include_str!("../migrations/sqlite/0002_api_usage.sql")),
    (3, "people", include_str!("../migrations/sqlite/0003_people.sql")),
    (4, "sql_and_merge_queries", include_str!("../migrations/sqlite/0004_sql_and_merge_queries.sql")),
    (6, "oauth", include_str!("../migrations/sqlite/0006_oauth.sql")),
];

impl Pools {
    pub fn open(location: Location) -> BoxFuture<'static, Result<Self>> {
        Box::pin(async move {
            match location {
                Location::Memory => open_memory().await,
                Location::File(path) => open_file(&path).await,
            }
        })
    }

    /// Closes every connection. The writer is the last, because the last one folds the log back into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

async fn open_memory() -> Result<Pools> {
    let only = pool(1).connect_with(SqliteConnectOptions::new()).await?;
    migrate(&only).await?;
    Ok(Pools { writer: only.clone(), readers: only })
}

async fn open_file(path: &Path) -> Result<Pools> {
    // An absolute path: SQLite takes `:memory:` and `file:...` for something else than the name of a file.
    let path = std::path::absolute(path).map_err(file_error(path))?;
    make_private(&path)?;
    let options = SqliteConnectOptions::new().filename(&path).busy_timeout(BUSY_TIMEOUT);
    let writer = open_writer(&options).await?;
    let readers = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 8);
    let readers = pool(readers as u32).connect_lazy_with(options.read_only(true));
    Ok(Pools { writer, readers })
}

async fn open_writer(options: &SqliteConnectOptions) -> Result<SqlitePool> {
    // A commit is on the disk before its caller is answered: a token that was revoked stays revoked after a crash.
    let options = options.clone().journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    let open = async || {
        let writer = pool(1).connect_with(options.clone()).await?;
        migrate(&writer).await?;
        Ok(writer)
    };
    let start = Instant::now();
    loop {
        match open().await {
            // SQLite does not wait by itself while another process gives a new file its log.
            Err(Error::Busy) if start.elapsed() < BUSY_TIMEOUT => tokio::time::sleep(BUSY_PAUSE).await,
            outcome => return outcome,
        }
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    // A connection to a file does not age, and one to memory must never be replaced.
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// Makes the file where there is none, readable by its owner alone; its log and index take the same mode from it.
fn make_private(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent() {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(file_error(folder))?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        // By its name and not by a handle: closing a handle would end the locks that this process has on the file.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => close_to_others(path).map_err(file_error(path)),
        Err(error) => Err(file_error(path)(error)),
    }
}

#[cfg(unix)]
fn close_to_others(path: &Path) -> std::io::Result<()> {
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn file_error(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File { path, source: Arc::new(source) }
}

/// Brings the database to the newest form, in one transaction that keeps a second process waiting.
async fn migrate(writer: &SqlitePool) -> Result<()> {
    let mut transaction = writer.begin_with(BEGIN_WRITE).await?;
    let migrations = MIGRATIONS.iter().map(|(version, name, sql)| {
        Migration::new(*version, (*name).into(), MigrationType::Simple, SqlStr::from_static(sql), false)
    });
    let migrator = Migrator::with_migrations(migrations.collect());
    // `run` gives a future of which the compiler can not prove that it may move between threads; this is what it calls.
    migrator.run_direct(None, &mut *transaction, false).await.map_err(migration_error)?;
    transaction.commit().await?;
    Ok(())
}

fn migration_error(error: MigrateError) -> Error {
    match error {
        MigrateError::VersionMissing(version) => Error::Newer { version },
        MigrateError::Execute(error) => error.into(),
        error => Error::Migration(Arc::new(error)),
    }
}
