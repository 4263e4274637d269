//! The connections of one database: one that writes, several that read.

use std::path::PathBuf;
use std::time::Duration;

use sqlx::{Pool, Postgres, Sqlite};

use crate::error::Result;
use crate::postgres::PostgresUrl;
use crate::transaction::Transaction;
use crate::writer::BoxFuture;
use crate::{postgres, sqlite};

/// Where the state lies.
#[derive(Debug, Clone)]
pub enum Location {
    /// In this file, made when it does not exist. Only its owner may read it, and the folders made for it.
    File(PathBuf),
    /// In memory, gone when the store is closed or dropped. Reads and writes follow one another on one connection.
    Memory,
    /// In this PostgreSQL database, which exists and which several nodes may share.
    Postgres(PostgresUrl),
}

/// How long a call waits for its connection before it gives up.
pub(crate) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// The connections, by the database that they lead to.
pub(crate) enum Pools {
    Memory(Pair<Sqlite>),
    File(Pair<Sqlite>),
    Postgres(Pair<Postgres>),
}

/// The connection that writes, and those that read.
pub(crate) struct Pair<D: sqlx::Database> {
    pub writer: Pool<D>,
    pub readers: Pool<D>,
}

impl Pools {
    /// Opens the database and brings it to the newest form.
    pub fn open(location: Location) -> BoxFuture<'static, Result<Self>> {
        Box::pin(async move {
            Ok(match location {
                Location::Memory => Pools::Memory(sqlite::open_memory().await?),
                Location::File(path) => Pools::File(sqlite::open_file(&path).await?),
                Location::Postgres(url) => Pools::Postgres(postgres::open(&url).await?),
            })
        })
    }

    /// Begins a transaction that sees one moment.
    pub async fn begin_read(&self) -> Result<Transaction> {
        Ok(match self {
            Pools::Memory(pools) | Pools::File(pools) => {
                Transaction::sqlite(pools.readers.begin_with(sqlite::BEGIN_READ).await?)
            }
            Pools::Postgres(pools) => Transaction::postgres(pools.readers.begin_with(postgres::BEGIN_READ).await?),
        })
    }

    /// Begins the one transaction that may write.
    pub async fn begin_write(&self) -> Result<Transaction> {
        Ok(match self {
            Pools::Memory(pools) | Pools::File(pools) => {
                Transaction::sqlite(pools.writer.begin_with(sqlite::BEGIN_WRITE).await?)
            }
            Pools::Postgres(pools) => Transaction::postgres(postgres::begin_write(&pools.writer).await?),
        })
    }

    /// Whether other nodes may change the database at any time while this one has it open.
    pub fn are_shared(&self) -> bool {
        matches!(self, Pools::Postgres(_))
    }

    /// Whether nobody else can reach the database: even that of a file may be changed from the command line.
    pub fn are_private(&self) -> bool {
        matches!(self, Pools::Memory(_))
    }

    /// Closes every connection. The writer is the last, because the last one on a file folds its log back into it.
    pub async fn close(&self) {
        match self {
            Pools::Memory(pools) | Pools::File(pools) => pools.close().await,
            Pools::Postgres(pools) => pools.close().await,
        }
    }
}

impl<D: sqlx::Database> Pair<D> {
    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
