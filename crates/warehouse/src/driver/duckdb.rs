//! DuckDB, embedded: one instance per connection, locked down.
//!
//! The instance itself is in memory. The user's file is attached read-only under the name that DuckDB's own command
//! line would give it, a scratch file of our own beside it; then external access goes off and the configuration is
//! locked, so that no statement can reach another file, the network or an extension.

use crate::error::{Error, Position};
use crate::run::{Canceller, Run};
use crate::{Driver, Permit};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use duckdb::Config;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// Batches that wait between the thread that reads the database and the one that writes the response.
const BATCHES_AHEAD: usize = 2;

/// A statement that failed within this time is run again to learn why, when the engine does not tell.
const SOON: Duration = Duration::from_secs(10);

/// Sessions that are kept for the next statement.
const IDLE_SESSIONS: usize = 4;

/// How a DuckDB database is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// The user's database file.
    pub file: PathBuf,
    /// A folder of our own for the scratch file and for what does not fit into memory.
    pub work: PathBuf,
    /// Memory that the engine may use, in MiB.
    pub memory_mib: u64,
    /// Space on disk that spilling may use, in MiB.
    pub spill_mib: u64,
    /// Threads that work on a statement; 0 means one per core.
    pub threads: usize,
    /// Folders whose files SQL may read besides the database.
    pub readable: Vec<PathBuf>,
}

impl Options {
    /// The file with limits for a laptop: 2 GiB of memory, 16 GiB of spill, all cores.
    pub fn new(file: impl Into<PathBuf>, work: impl Into<PathBuf>) -> Self {
        Self {
            file: file.into(),
            work: work.into(),
            memory_mib: 2048,
            spill_mib: 16 * 1024,
            threads: 0,
            readable: Vec::new(),
        }
    }
}

/// A DuckDB database.
pub struct DuckDb {
    file: PathBuf,
    /// Catalog of the user's file, quoted.
    catalog: String,
    sessions: Arc<Sessions>,
}

/// Sessions of one instance: the first one keeps it alive, the others are reused.
struct Sessions {
    root: Mutex<duckdb::Connection>,
    idle: Mutex<Vec<duckdb::Connection>>,
}

impl DuckDb {
    /// Opens the database of `options` read-only.
    ///
    /// # Errors
    /// [`Error::Open`] when the file is missing, is no DuckDB database or is locked by a writer.
    pub fn open(options: &Options) -> Result<Self, Error> {
        let refused = |message: String| Error::Open { path: options.file.clone(), message };
        if !options.file.is_file() {
            return Err(refused("there is no such file".to_owned()));
        }
        let scratch = options.work.join("scratch.duckdb");
        fs::create_dir_all(&options.work).map_err(|error| refused(error.to_string()))?;
        let catalog = quoted(&catalog_name(&options.file));
        let root = open_instance(options, &catalog, &scratch).map_err(|error| refused(error.to_string()))?;
        Ok(Self {
            file: options.file.clone(),
            catalog,
            sessions: Arc::new(Sessions { root: Mutex::new(root), idle: Mutex::new(Vec::new()) }),
        })
    }

    fn session(&self) -> Result<duckdb::Connection, Error> {
        if let Some(session) = lock(&self.sessions.idle).pop() {
            return Ok(session);
        }
        let session = lock(&self.sessions.root).try_clone().map_err(|error| failure(&error))?;
        session.execute_batch(&format!("USE {}", self.catalog)).map_err(|error| failure(&error))?;
        Ok(session)
    }
}

impl Driver for DuckDb {
    fn dialect_name(&self) -> &'static str {
        "duckdb"
    }

    fn place(&self) -> String {
        self.file.display().to_string()
    }

    /// DuckDB writes the tree of a statement as JSON when it is a `SELECT`, and refuses all others.
    fn check_select(&self, sql: &str) -> Result<(), Error> {
        let refused = |message: String| Error::Statement { message, position: None };
        let session = self.session()?;
        let tree: duckdb::Result<String> =
            session
                .query_row("SELECT CAST(json_serialize_sql(CAST(? AS VARCHAR)) AS VARCHAR)", [sql], |row| row.get(0));
        let answer = tree.map_err(|error| failure(&error)).and_then(|tree| parsed(&tree).map_err(refused));
        let mut idle = lock(&self.sessions.idle);
        if idle.len() < IDLE_SESSIONS {
            idle.push(session);
        }
        answer
    }

    async fn start(&self, sql: String, permit: Permit) -> Result<Run, Error> {
        let session = self.session()?;
        let sessions = Arc::clone(&self.sessions);
        let canceller = Canceller::default();
        let (started, schema) = oneshot::channel();
        let (sender, batches) = mpsc::channel(BATCHES_AHEAD);
        let statement = Statement { sql, canceller: canceller.clone(), started, sender };
        // Until the schema is there, only the guard knows of the statement: dropping this future stops it.
        let mut guard = CancelOnDrop(Some(canceller));
        tokio::task::spawn_blocking(move || {
            let session = statement.execute(session);
            let mut idle = lock(&sessions.idle);
            if let Some(session) = session.filter(|_| idle.len() < IDLE_SESSIONS) {
                idle.push(session);
            }
            drop(permit);
        });
        let schema = schema.await.map_err(|_| Error::Driver("the statement ended without a word".to_owned()))??;
        let canceller = guard.0.take().unwrap_or_default();
        Ok(Run::new(schema, batches, canceller))
    }
}

/// Whether a tree that `json_serialize_sql` gave is that of one statement.
fn parsed(tree: &str) -> Result<(), String> {
    let tree: serde_json::Value = serde_json::from_str(tree).map_err(|error| error.to_string())?;
    if tree["error"].as_bool() != Some(false) {
        let message = tree["error_message"].as_str().unwrap_or("it cannot be read");
        return Err(if tree["error_type"] == "not implemented" {
            format!("only a statement that reads can be run: {message}")
        } else {
            message.to_owned()
        });
    }
    match tree["statements"].as_array().map_or(0, Vec::len) {
        1 => Ok(()),
        0 => Err("there is no statement".to_owned()),
        count => Err(format!("there are {count} statements; only one can be run")),
    }
}

struct CancelOnDrop(Option<Canceller>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(canceller) = &self.0 {
            canceller.cancel();
        }
    }
}

/// How reading a statement ended.
enum End {
    /// After its last row.
    Complete,
    /// With an error.
    Failed(duckdb::Error),
    /// Before its last row: nobody takes them any more.
    Unread,
}

/// A statement on its way through the thread that owns its session.
struct Statement {
    sql: String,
    canceller: Canceller,
    started: oneshot::Sender<Result<SchemaRef, Error>>,
    sender: mpsc::Sender<Result<RecordBatch, Error>>,
}

impl Statement {
    /// Runs to the end, an error or a cancel. Gives the session back when another statement may use it.
    fn execute(self, session: duckdb::Connection) -> Option<duckdb::Connection> {
        let interrupt = session.interrupt_handle();
        if !self.canceller.begin(move || interrupt.interrupt()) {
            let _ = self.started.send(Err(Error::Cancelled));
            return Some(session);
        }
        let Self { sql, canceller, started, sender } = self;
        let told = |error: &duckdb::Error| {
            if canceller.end() { Error::Cancelled } else { failure(error) }
        };
        let result = session.prepare(&sql).and_then(|mut statement| {
            let schema = statement.stream_arrow([])?.get_schema();
            Ok((statement, schema))
        });
        let (statement, schema) = match result {
            Ok(running) => running,
            Err(error) => {
                let _ = started.send(Err(told(&error)));
                return Some(session);
            }
        };
        let _ = started.send(Ok(schema));
        let running = Instant::now();
        // `step` reports an error in mid-stream as such; the stream's own iterator would panic.
        let end = loop {
            match statement.step() {
                Ok(Some(rows)) => {
                    if sender.blocking_send(Ok(RecordBatch::from(rows))).is_err() {
                        break End::Unread;
                    }
                }
                Ok(None) => break End::Complete,
                Err(error) => break End::Failed(error),
            }
        };
        drop(statement);
        let end = match end {
            End::Failed(error) if is_interrupt(&error) && !canceller.is_cancelled() && running.elapsed() < SOON => {
                End::Failed(cause(&session, &sql, error, &canceller))
            }
            end => end,
        };
        if let End::Failed(error) = &end {
            let _ = sender.blocking_send(Err(told(error)));
        }
        canceller.end();
        // A statement that was left in mid-stream may still have work queued in its session.
        if matches!(end, End::Unread) { None } else { Some(session) }
    }
}

/// Whether an error tells only that the thread was interrupted.
fn is_interrupt(error: &duckdb::Error) -> bool {
    error.to_string().starts_with("INTERRUPT Error")
}

/// The error behind an interruption that nobody asked for.
///
/// When one of the engine's threads fails, the others are interrupted, and the thread that reads may meet its own
/// interruption first; the failure itself is then lost (about one run in six, with DuckDB 1.5.6 on two cores). A
/// statement that failed soon is run again, without its rows, until it tells why.
fn cause(session: &duckdb::Connection, sql: &str, interrupt: duckdb::Error, canceller: &Canceller) -> duckdb::Error {
    const TRIES: usize = 5;
    for _ in 0..TRIES {
        let rerun = session.prepare(sql).and_then(|mut statement| {
            let _ = statement.stream_arrow([])?;
            while statement.step()?.is_some() {}
            Ok(())
        });
        match rerun {
            Err(error) if !is_interrupt(&error) => return error,
            _ if canceller.is_cancelled() => break,
            _ => {}
        }
    }
    interrupt
}

fn open_instance(options: &Options, catalog: &str, scratch: &Path) -> duckdb::Result<duckdb::Connection> {
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let config = Config::default()
        .threads(threads as i64)?
        .max_memory(&format!("{}MiB", options.memory_mib))?
        .enable_autoload_extension(false)?
        .with("autoinstall_known_extensions", "false")?
        .with("temp_directory", options.work.join("spill").to_string_lossy())?
        .with("max_temp_directory_size", format!("{}MiB", options.spill_mib))?
        .with("preserve_insertion_order", "false")?;
    let root = duckdb::Connection::open_in_memory_with_flags(config)?;
    root.execute_batch("SET GLOBAL TimeZone = 'UTC'")?;
    // This pass takes parts of a statement that are nearly the same for the same, and swaps their columns (1.5.6).
    root.execute_batch("SET GLOBAL disabled_optimizers = 'common_subplan'")?;
    root.execute_batch(&format!("ATTACH {} AS {catalog} (READ_ONLY)", literal(&options.file.to_string_lossy())))?;
    root.execute_batch(&format!("ATTACH {} AS scratch", literal(&scratch.to_string_lossy())))?;
    let folders: Vec<String> = options.readable.iter().map(|folder| literal(&folder.to_string_lossy())).collect();
    root.execute_batch(&format!("SET allowed_directories = [{}]", folders.join(", ")))?;
    root.execute_batch("SET enable_external_access = false; SET lock_configuration = true")?;
    Ok(root)
}

/// The name that DuckDB gives to the database of a file: its name up to the first dot.
fn catalog_name(file: &Path) -> String {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    match stem {
        "" | "memory" | "scratch" | "system" | "temp" | "main" => format!("{stem}_database"),
        stem => stem.to_owned(),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What DuckDB said, with the place that it marks by a caret under `LINE n: ...`.
fn failure(error: &duckdb::Error) -> Error {
    let duckdb::Error::DuckDBFailure(_, Some(text)) = error else {
        return Error::Statement { message: error.to_string(), position: None };
    };
    let (message, mark) = text.split_once("\n\nLINE ").unwrap_or((text, ""));
    Error::Statement { message: message.trim_end().to_owned(), position: position(mark) }
}

/// Reads `3: SELECT x FROM ...` and the caret on the line below.
fn position(mark: &str) -> Option<Position> {
    let (excerpt, caret) = mark.split_once('\n')?;
    let (line, _) = excerpt.split_once(": ")?;
    let before_excerpt = "LINE ".len() + line.len() + ": ".len();
    let caret = caret.chars().take_while(|c| *c == ' ').count();
    // A long line is shown cut at its start, and then the column is not known.
    let whole = !excerpt[line.len() + 2..].starts_with("...");
    let column = if whole { caret.checked_sub(before_excerpt)? + 1 } else { 1 };
    Some(Position { line: line.parse().ok()?, column })
}

/// Writes a new database file: each table made by its DDL and filled with its batches.
///
/// The file appears under its name only when it is complete.
///
/// # Errors
/// [`Error::Open`] when the file cannot be written or the batches do not fit their table.
pub fn create<'a, B>(file: &Path, tables: impl IntoIterator<Item = (&'a str, &'a str, B)>) -> Result<(), Error>
where
    B: IntoIterator<Item = RecordBatch>,
{
    let refused = |message: String| Error::Open { path: file.to_owned(), message };
    let unfinished = file.with_extension("unfinished");
    let _ = fs::remove_file(&unfinished);
    let fill = || -> duckdb::Result<()> {
        let database = duckdb::Connection::open(&unfinished)?;
        for (name, ddl, batches) in tables {
            database.execute_batch(ddl)?;
            let mut appender = database.appender(name)?;
            for batch in batches {
                appender.append_record_batch(batch)?;
            }
            appender.flush()?;
        }
        database.execute_batch("CHECKPOINT")?;
        database.close().map_err(|(_, error)| error)
    };
    fill().map_err(|error| refused(error.to_string()))?;
    fs::rename(&unfinished, file).map_err(|error| refused(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{catalog_name, position};
    use crate::error::Position;
    use std::path::Path;

    #[test]
    fn the_catalog_is_named_after_the_file() {
        assert_eq!(catalog_name(Path::new("/data/thelook.duckdb")), "thelook");
        assert_eq!(catalog_name(Path::new("scratch.db")), "scratch_database");
    }

    #[test]
    fn the_caret_tells_line_and_column() {
        let mark = "3:   (orders.stat ) AS x\n                 ^";
        assert_eq!(position(mark), Some(Position { line: 3, column: 10 }));
    }
}
