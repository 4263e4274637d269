//! Results that are kept until they are asked for: the rows of a query task.
//!
//! Rows are kept as an Arrow IPC stream, whatever format they are asked for in later. A file appears under its name
//! only when it is whole.

use crate::rows::Rows;
use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, SchemaRef};
use belvedere_warehouse::Error;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter};
use std::path::{Path, PathBuf};

/// The folder of kept results.
#[derive(Debug, Clone)]
pub struct Keep {
    folder: PathBuf,
    /// Most bytes of one result.
    limit: u64,
}

impl Keep {
    /// Keeps results in `folder`, each of at most `limit` bytes. What an earlier process left there is cleared away:
    /// its tasks ended with it.
    pub fn open(folder: PathBuf, limit: u64) -> io::Result<Self> {
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(&folder)?,
        }
        Ok(Self { folder, limit })
    }

    /// Keeps all of `rows` under `name`, on a thread that may wait.
    ///
    /// # Errors
    /// What the database says in mid-stream; a result that is too large, or that the disk does not take.
    pub fn store(&self, name: &str, mut rows: Rows) -> Result<(), Error> {
        let path = self.path(name);
        let unfinished = path.with_extension("unfinished");
        let written = self.write(&unfinished, &mut rows);
        let published = written.and_then(|()| fs::rename(&unfinished, &path).map_err(|error| disk(&error)));
        if published.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        published
    }

    fn write(&self, path: &Path, rows: &mut Rows) -> Result<(), Error> {
        let file = BufWriter::new(File::create(path).map_err(|error| disk(&error))?);
        let mut writer = StreamWriter::try_new(file, &rows.schema()).map_err(|error| arrow(&error))?;
        let mut bytes = 0;
        while let Some(batch) = rows.blocking_next() {
            let batch = batch?;
            bytes += batch.get_array_memory_size() as u64;
            if bytes > self.limit {
                let limit = self.limit >> 20;
                return Err(Error::Driver(format!(
                    "the result is larger than the {limit} MiB that are kept for a task"
                )));
            }
            writer.write(&batch).map_err(|error| arrow(&error))?;
        }
        writer.finish().map_err(|error| arrow(&error))
    }

    /// Reads the rows under `name`; `None` when there are none.
    pub fn load(&self, name: &str) -> Result<Option<KeptRows>, Error> {
        let file = match File::open(self.path(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file.map_err(|error| disk(&error))?,
        };
        let reader = StreamReader::try_new(BufReader::new(file), None).map_err(|error| arrow(&error))?;
        Ok(Some(KeptRows(Box::new(reader))))
    }

    /// Lets go of what is kept under `name`.
    pub fn remove(&self, name: &str) {
        let _ = fs::remove_file(self.path(name));
    }

    /// Names are ids of our own making; anything else is not looked for.
    fn path(&self, name: &str) -> PathBuf {
        let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        self.folder.join(if plain { name } else { "no-such-result" }).with_extension("arrows")
    }
}

/// The rows of a kept result.
pub struct KeptRows(Box<StreamReader<BufReader<File>>>);

impl KeptRows {
    /// Names and types of the columns.
    pub fn schema(&self) -> SchemaRef {
        self.0.schema()
    }
}

impl Iterator for KeptRows {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|batch| batch.map_err(|error| arrow(&error)))
    }
}

impl std::fmt::Debug for KeptRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("KeptRows").field(&self.schema()).finish()
    }
}

fn disk(error: &io::Error) -> Error {
    Error::Driver(format!("the result cannot be kept: {error}"))
}

fn arrow(error: &ArrowError) -> Error {
    Error::Driver(format!("the result cannot be kept: {error}"))
}
