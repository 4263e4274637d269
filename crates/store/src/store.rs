//! The door to the state: reads in snapshots, writes in transactions.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{Error, Result};
use crate::generation::{self, Generation};
use crate::pools::{Location, Pools};
use crate::reader::{Reader, Tx};
use crate::revision::{Revisions, TableName};
use crate::writer::{BoxFuture, GroupWriter, Work};

/// Our own state. A clone is cheap and is the same store.
#[derive(Clone)]
pub struct Store {
    database: Arc<Database>,
    writer: Arc<GroupWriter>,
}

/// The database without the queue in front of it, which needs it too.
pub(crate) struct Database {
    pools: Pools,
    generation: Generation,
    revisions: Revisions,
    /// How many calls have read.
    reads: AtomicU64,
}

tokio::task_local! {
    /// Set while a task is inside of a transaction.
    static IN_TRANSACTION: ();
}

impl Store {
    /// Opens the store, makes it when it does not exist, and brings it to the newest form. A database of PostgreSQL must
    /// exist; its tables are made.
    ///
    /// It is [`Error::Newer`] when a newer version of this program wrote it.
    pub async fn open(location: Location) -> Result<Self> {
        let pools = Pools::open(location).await?;
        let (generation, revisions) = (Generation::default(), Revisions::default());
        let database = Arc::new(Database { pools, generation, revisions, reads: AtomicU64::new(0) });
        let store = Store { writer: Arc::new(GroupWriter::start(database.clone())), database };
        store.refresh_generation().await?;
        Ok(store)
    }

    /// Reads. All that `work` reads stood in the store at one moment.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Reader) -> Result<T>,
    {
        self.database.reads.fetch_add(1, Ordering::Relaxed);
        let mut reader = self.database.begin_read().await?;
        inside(work(&mut reader)).await
    }

    /// How often [`Store::read`] was called, over all clones. What is answered from memory does not raise it.
    pub fn reads(&self) -> u64 {
        self.database.reads.load(Ordering::Relaxed)
    }

    /// Changes the store: all that `work` changes, or nothing when it fails or is dropped before its end.
    ///
    /// There is one writer, over all nodes: what `work` reads stays true until it ends, and nothing that waits for
    /// anything else than the store belongs inside. A statement that fails ends the transaction, whatever `work` makes of
    /// the error.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T>,
    {
        self.transact(work).await
    }

    /// As [`Store::write`], for work that can fail for a reason of its own, which undoes its changes as well.
    pub async fn transact<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T, E>,
        E: From<Error>,
    {
        let mut tx = self.database.begin_write().await?;
        match inside(work(&mut tx)).await {
            Ok(value) => {
                self.database.commit(tx).await?;
                Ok(value)
            }
            Err(error) => {
                // Should it fail, the connection is not used again, which undoes the changes too.
                if let Err(error) = tx.into_transaction().rollback().await {
                    tracing::warn!(%error, "a rollback failed");
                }
                Err(error)
            }
        }
    }

    /// As [`Store::write`], but committed together with other such writes, so that many small ones cost one.
    ///
    /// Each of them is kept or undone on its own. A full queue makes the caller wait. Work that has begun is finished
    /// even when its caller leaves; work whose caller left before is dropped.
    pub async fn write_grouped<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Work<T>,
    {
        refuse_nesting()?;
        self.writer.write(work).await
    }

    /// Grows with every change that may end or alter somebody's access: of users, API keys and sessions, and of tokens
    /// that end before their time.
    ///
    /// Who caches people or tokens takes the generation first, then reads, and drops the entry when the generation is
    /// another one. That a token does not exist must not be cached: a new token begins no generation. A change made
    /// through this store counts when its call returns; one made by another node, within a second where
    /// [`Store::follow`] runs. While the database has not answered it for some time, every call gives a number that was
    /// never given before: then nothing that is cached counts.
    pub fn generation(&self) -> u64 {
        self.database.generation.get()
    }

    /// Reads the generation from the database, where another node may have moved it, and returns it.
    pub async fn refresh_generation(&self) -> Result<u64> {
        let generation = generation::current(&mut self.database.begin_read().await?).await?;
        self.database.generation.reached(generation);
        Ok(self.generation())
    }

    /// A number that grows with every change of these tables through this store, counted before its call returns; rows
    /// that go along with a deleted row of another table are no change of theirs. None where other nodes may change them
    /// unseen; what is changed from the command line begins a generation.
    ///
    /// Who remembers rows takes the number first, then reads, and reads again when the number is another one.
    pub fn revision(&self, tables: &[TableName]) -> Option<u64> {
        (!self.database.pools.are_shared()).then(|| self.database.revisions.of(tables))
    }

    /// Follows the changes that others make, until the store is closed: what another node revokes, or somebody on the
    /// command line, counts here within a second. Memory has nobody else, and nothing to follow.
    pub async fn follow(&self) {
        if !self.database.pools.are_private() {
            generation::follow(self, &self.database.generation).await;
        }
    }

    /// Commits what is queued, waits for the calls that are under way, and closes the files. Later calls give
    /// [`Error::Closed`].
    pub async fn close(&self) {
        self.writer.close().await;
        self.database.pools.close().await;
    }
}

// Futures in boxes: the compiler can not prove of every caller's future that it may move between threads when it has to
// look into these.
impl Database {
    fn begin_read(&self) -> BoxFuture<'_, Result<Reader>> {
        Box::pin(async {
            refuse_nesting()?;
            Ok(Reader::new(self.pools.begin_read().await?))
        })
    }

    pub fn begin_write(&self) -> BoxFuture<'_, Result<Tx>> {
        Box::pin(async {
            refuse_nesting()?;
            Ok(Tx::new(self.pools.begin_write().await?))
        })
    }

    /// Commits, and begins the next generation where somebody's access may have changed.
    pub async fn commit(self: &Arc<Self>, mut tx: Tx) -> Result<()> {
        let generation = if tx.access_changed() { Some(generation::next(&mut tx).await?) } else { None };
        let written = tx.take_written();
        let database = Arc::clone(self);
        // In a task of its own: a caller who leaves between the commit and the counts would leave caches that still
        // honour what was revoked.
        let commit = tokio::spawn(async move {
            tx.into_transaction().commit().await?;
            database.revisions.count(written);
            if let Some(generation) = generation {
                database.generation.reached(generation);
            }
            Ok(())
        });
        commit.await.unwrap_or(Err(Error::Closed))
    }
}

/// Runs work that holds a transaction.
pub(crate) async fn inside<T>(work: impl Future<Output = T>) -> T {
    IN_TRANSACTION.scope((), work).await
}

/// With one writer, or with the one connection to memory, a transaction inside of another waits for itself.
fn refuse_nesting() -> Result<()> {
    if IN_TRANSACTION.try_with(|()| ()).is_ok() {
        return Err(Error::Nested);
    }
    Ok(())
}
