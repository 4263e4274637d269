//! Opening SQLite: the file and who may read it, the connections.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::Sqlite;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use crate::error::{Error, Result};
use crate::migrations::{self, Dialect};
use crate::pools::{ACQUIRE_TIMEOUT, Pair};

pub(crate) const BEGIN_READ: &str = "BEGIN DEFERRED";
pub(crate) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";

/// How long another process may hold the file before a write gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long to wait before asking a busy file again.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

pub(crate) async fn open_memory() -> Result<Pair<Sqlite>> {
    let only = pool(1).connect_with(SqliteConnectOptions::new()).await?;
    migrate(&only).await?;
    Ok(Pair { writer: only.clone(), readers: only })
}

pub(crate) async fn open_file(path: &Path) -> Result<Pair<Sqlite>> {
    // An absolute path: SQLite takes `:memory:` and `file:...` for something else than the name of a file.
    let path = std::path::absolute(path).map_err(file_error(path))?;
    make_private(&path)?;
    let options = SqliteConnectOptions::new().filename(&path).busy_timeout(BUSY_TIMEOUT);
    let writer = open_writer(&options).await?;
    let readers = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 8);
    let readers = pool(readers as u32).connect_lazy_with(options.read_only(true));
    Ok(Pair { writer, readers })
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
    migrations::run(&mut *transaction, Dialect::Sqlite).await?;
    Ok(transaction.commit().await?)
}
