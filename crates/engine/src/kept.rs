//! Results that are kept until they are asked for again: the rows of query tasks, and the cache.
//!
//! A result is recorded while its rows flow and can be had only once it is whole. A small one stays in memory, a larger
//! one is an Arrow IPC stream in a file, whatever format it is asked for in. Tasks and cache share it: both are names
//! for the same rows, which go away with their last reader and their last name.

mod shelf;

use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, SchemaRef};
use belvedere_warehouse::Error;
use jiff::Timestamp;
use shelf::Shelf;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A result of at most this many bytes stays in memory.
const SMALL: u64 = 64 * 1024;
/// Bytes of all small results together; beyond, they are files too.
const MEMORY: u64 = 64 * 1024 * 1024;
/// Most bytes of a result that is kept on the chance that somebody asks again.
const CACHED: u64 = 64 * 1024 * 1024;
/// Kept results may take this many times what one may.
const RESULTS: u64 = 4;

/// The results that are kept.
#[derive(Debug, Clone)]
pub struct Keep(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    /// Most bytes of one result.
    limit: u64,
    next_file: AtomicU64,
    /// Bytes of results in memory.
    in_memory: AtomicU64,
    shelf: Mutex<Shelf>,
}

/// What a kept result is asked for by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Name {
    /// The id of a query task, and the statement that gave the rows.
    Task(String, [u8; 32]),
    /// The key of a statement in the cache.
    Cached([u8; 32]),
}

impl Keep {
    /// Keeps results, each of at most `limit` bytes, the larger ones in `folder`. What an earlier process left there
    /// is cleared away: its tasks ended with it.
    pub fn open(folder: PathBuf, limit: u64) -> io::Result<Self> {
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(&folder)?,
        }
        let shelf = Mutex::new(Shelf::new(limit.saturating_mul(RESULTS)));
        Ok(Self(Arc::new(Inner { folder, limit, next_file: AtomicU64::new(0), in_memory: AtomicU64::new(0), shelf })))
    }

    /// The result under `name`.
    pub fn get(&self, name: &Name) -> Option<Arc<Kept>> {
        self.shelf().get(name)
    }

    /// Keeps a result under `name`. Results that nobody asked for in a long time make room.
    pub fn put(&self, name: Name, result: Arc<Kept>) {
        let dropped = self.shelf().put(name, result);
        // Files are removed after the shelf is free again.
        drop(dropped);
    }

    /// Lets go of the results of a query task.
    pub fn remove_task(&self, task: &str) {
        let dropped = self.shelf().remove_task(task);
        drop(dropped);
    }

    /// Lets go of the result under `name`.
    pub fn remove(&self, name: &Name) {
        let dropped = self.shelf().remove(name);
        drop(dropped);
    }

    /// Records the rows of a result.
    pub fn recorder(&self, schema: SchemaRef) -> Recorder {
        Recorder {
            limit: self.0.limit,
            keep: self.clone(),
            schema,
            batches: Vec::new(),
            bytes: 0,
            count: 0,
            file: None,
        }
    }

    /// Records the rows of a result while they go to somebody else: a large one is let go, lest it slows them down.
    pub fn passing_recorder(&self, schema: SchemaRef) -> Recorder {
        let recorder = self.recorder(schema);
        Recorder { limit: recorder.limit.min(CACHED), ..recorder }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.0.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A result whose rows are kept.
#[derive(Debug)]
pub struct Kept {
    schema: SchemaRef,
    rows: Body,
    /// How many rows it has.
    pub count: u64,
    bytes: u64,
    /// When its statement ran.
    pub ran_at: Timestamp,
    /// How long that took.
    pub runtime: Duration,
}

#[derive(Debug)]
enum Body {
    Memory { batches: Vec<RecordBatch>, keep: Arc<Inner>, bytes: u64 },
    File(Spool),
}

impl Drop for Body {
    fn drop(&mut self) {
        if let Self::Memory { keep, bytes, .. } = self {
            keep.in_memory.fetch_sub(*bytes, Ordering::Relaxed);
        }
    }
}

/// A file that is removed when nobody needs it any more. Whoever reads it still can.
#[derive(Debug)]
struct Spool(PathBuf);

impl Drop for Spool {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl Kept {
    /// Names and types of the columns.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The rows, from the first on.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn rows(self: &Arc<Self>) -> Result<KeptRows, Error> {
        let source = match &self.rows {
            Body::Memory { .. } => Source::Memory(0),
            Body::File(spool) => {
                let file = File::open(&spool.0).map_err(|error| disk(&error))?;
                let reader = StreamReader::try_new(BufReader::new(file), None).map_err(|error| arrow(&error))?;
                Source::File(Box::new(reader))
            }
        };
        Ok(KeptRows { kept: Arc::clone(self), source })
    }
}

/// Reads the rows of a kept result.
#[derive(Debug)]
pub struct KeptRows {
    kept: Arc<Kept>,
    source: Source,
}

enum Source {
    /// The index of the next batch.
    Memory(usize),
    File(Box<StreamReader<BufReader<File>>>),
}

impl KeptRows {
    /// The result that they belong to.
    pub fn kept(&self) -> &Arc<Kept> {
        &self.kept
    }
}

impl Iterator for KeptRows {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match (&mut self.source, &self.kept.rows) {
            (Source::Memory(at), Body::Memory { batches, .. }) => {
                let batch = batches.get(*at)?.clone();
                *at += 1;
                Some(Ok(batch))
            }
            (Source::File(reader), _) => reader.next().map(|batch| batch.map_err(|error| arrow(&error))),
            (Source::Memory(_), Body::File(_)) => None,
        }
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Memory(_) => "Memory",
            Self::File(_) => "File",
        })
    }
}

/// Takes the rows of a result as they flow. Dropped before its end it leaves nothing.
pub struct Recorder {
    keep: Keep,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    bytes: u64,
    /// Rows that were taken.
    count: u64,
    /// Most bytes.
    limit: u64,
    file: Option<(StreamWriter<BufWriter<File>>, Spool)>,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl Recorder {
    /// Takes the next rows.
    ///
    /// # Errors
    /// The result is larger than what is kept, or the disk does not take it.
    pub fn push(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        self.bytes += batch.get_array_memory_size() as u64;
        self.count += batch.num_rows() as u64;
        if self.bytes > self.limit {
            let limit = self.limit >> 20;
            return Err(Error::Driver(format!("the result is larger than the {limit} MiB that are kept of one")));
        }
        if let Some((writer, _)) = &mut self.file {
            return writer.write(batch).map_err(|error| arrow(&error));
        }
        self.batches.push(batch.clone());
        if self.bytes > SMALL { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> Result<(), Error> {
        let inner = &self.keep.0;
        let number = inner.next_file.fetch_add(1, Ordering::Relaxed);
        let path = inner.folder.join(format!("{number}.arrows"));
        let file = File::create_new(&path).map_err(|error| disk(&error))?;
        let spool = Spool(path);
        let mut writer = StreamWriter::try_new(BufWriter::new(file), &self.schema).map_err(|error| arrow(&error))?;
        for batch in self.batches.drain(..) {
            writer.write(&batch).map_err(|error| arrow(&error))?;
        }
        self.file = Some((writer, spool));
        Ok(())
    }

    /// The whole result, of a statement that ran at that time and for so long.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn finish(mut self, ran_at: Timestamp, runtime: Duration) -> Result<Arc<Kept>, Error> {
        let inner = Arc::clone(&self.keep.0);
        if self.file.is_none() {
            let before = inner.in_memory.fetch_add(self.bytes, Ordering::Relaxed);
            if before + self.bytes <= MEMORY {
                let rows = Body::Memory { batches: std::mem::take(&mut self.batches), keep: inner, bytes: self.bytes };
                return Ok(Arc::new(Kept {
                    schema: self.schema,
                    rows,
                    count: self.count,
                    bytes: self.bytes,
                    ran_at,
                    runtime,
                }));
            }
            inner.in_memory.fetch_sub(self.bytes, Ordering::Relaxed);
            self.spill()?;
        }
        let Some((mut writer, spool)) = self.file else {
            return Err(Error::Driver("the result was not kept".to_owned()));
        };
        writer.finish().map_err(|error| arrow(&error))?;
        let (rows, count, bytes) = (Body::File(spool), self.count, self.bytes);
        Ok(Arc::new(Kept { schema: self.schema, rows, count, bytes, ran_at, runtime }))
    }
}

fn disk(error: &io::Error) -> Error {
    Error::Driver(format!("the result cannot be kept: {error}"))
}

fn arrow(error: &ArrowError) -> Error {
    Error::Driver(format!("the result cannot be kept: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{Body, Keep, Kept, Name};
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int64Type;
    use arrow_array::{ArrayRef, Int64Array, RecordBatch};
    use jiff::Timestamp;
    use std::fs;
    use std::sync::Arc;
    use std::time::Duration;
    use tempfile::TempDir;

    fn keep(limit: u64) -> (TempDir, Keep) {
        let folder = TempDir::new().expect("a folder");
        let keep = Keep::open(folder.path().join("results"), limit).expect("it opens");
        (folder, keep)
    }

    fn batch(numbers: std::ops::Range<i64>) -> RecordBatch {
        let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(numbers));
        RecordBatch::try_from_iter([("n", numbers)]).expect("a batch")
    }

    fn kept(keep: &Keep, batches: &[RecordBatch]) -> Arc<Kept> {
        let mut recorder = keep.recorder(batch(0..0).schema());
        for batch in batches {
            recorder.push(batch).expect("it is kept");
        }
        recorder.finish(Timestamp::UNIX_EPOCH, Duration::ZERO).expect("it is kept")
    }

    fn numbers(kept: &Arc<Kept>) -> Vec<i64> {
        let rows = kept.rows().expect("rows").map(|batch| batch.expect("rows"));
        rows.flat_map(|batch| batch.column(0).as_primitive::<Int64Type>().values().to_vec()).collect()
    }

    fn files(folder: &TempDir) -> usize {
        fs::read_dir(folder.path().join("results")).expect("the folder").count()
    }

    #[test]
    fn small_results_stay_in_memory_and_large_ones_are_files() {
        let (folder, keep) = keep(10 << 20);
        let small = kept(&keep, &[batch(0..10), batch(10..20)]);
        assert!(matches!(small.rows, Body::Memory { .. }) && files(&folder) == 0);
        assert_eq!(numbers(&small), (0..20).collect::<Vec<_>>());
        let large = kept(&keep, &[batch(0..10_000), batch(10_000..20_000)]);
        assert!(matches!(large.rows, Body::File(_)) && files(&folder) == 1);
        assert_eq!(numbers(&large), (0..20_000).collect::<Vec<_>>());
        assert_eq!(numbers(&large).len(), 20_000, "it can be read again");
    }

    #[test]
    fn a_file_goes_with_the_last_name_and_the_last_reader() {
        let (folder, keep) = keep(10 << 20);
        let large = kept(&keep, &[batch(0..20_000)]);
        let (task, cached) = (Name::Task("a".to_owned(), [0; 32]), Name::Cached([0; 32]));
        keep.put(task.clone(), Arc::clone(&large));
        keep.put(cached.clone(), large);
        keep.remove(&task);
        assert_eq!(files(&folder), 1);
        let mut reading = keep.get(&cached).expect("it is kept").rows().expect("rows");
        keep.remove(&cached);
        assert!(keep.get(&cached).is_none());
        assert_eq!(reading.next().expect("rows").expect("rows").num_rows(), 20_000);
        drop(reading);
        assert_eq!(files(&folder), 0);
    }

    #[test]
    fn what_is_not_finished_leaves_nothing() {
        let (folder, keep) = keep(10 << 20);
        let mut recorder = keep.recorder(batch(0..0).schema());
        recorder.push(&batch(0..20_000)).expect("it is kept");
        assert_eq!(files(&folder), 1);
        drop(recorder);
        assert_eq!(files(&folder), 0);
    }

    #[test]
    fn a_result_that_is_too_large_is_refused() {
        let (_folder, keep) = keep(100_000);
        let mut recorder = keep.recorder(batch(0..0).schema());
        let refused = recorder.push(&batch(0..20_000)).expect_err("it is too large");
        assert!(refused.to_string().contains("larger than"), "{refused}");
    }

    #[test]
    fn what_was_not_asked_for_in_a_long_time_makes_room() {
        let (_folder, keep) = keep(100_000);
        let names: Vec<Name> = (0..6).map(|number| Name::Task(number.to_string(), [0; 32])).collect();
        for name in &names[..4] {
            keep.put(name.clone(), kept(&keep, &[batch(0..10_000)]));
        }
        assert!(keep.get(&names[0]).is_some());
        keep.put(names[4].clone(), kept(&keep, &[batch(0..10_000)]));
        keep.put(names[5].clone(), kept(&keep, &[batch(0..10_000)]));
        let left: Vec<bool> = names.iter().map(|name| keep.get(name).is_some()).collect();
        assert_eq!(left, [true, false, false, true, true, true]);
    }
}
