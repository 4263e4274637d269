//! The counter that tells caches of people and tokens when to let go.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sea_query::{Expr, ExprTrait as _};

use crate::error::{Error, Result};
use crate::reader::{Reader, Tx};
use crate::store::Store;
use crate::table::table;

/// How often the database is asked whether another node has begun a generation: what it revokes counts within a second.
const INTERVAL: Duration = Duration::from_millis(400);
/// How long the database may leave that unanswered before nothing that is cached counts any more.
const PATIENCE: Duration = Duration::from_secs(3);

table! {
    /// A number that only grows.
    pub struct Counter in "counter", key name {
        /// What it counts.
        name: String,
        /// How far it is.
        value: i64,
    }
}

const GENERATION: &str = "generation";

/// The generation that the database is at.
pub(crate) async fn current(db: &mut Reader) -> Result<u64> {
    let counter = db.one(COLUMNS.name.eq(GENERATION.to_owned())).await?;
    Ok(counter.map_or(0, |counter| counter.value as u64))
}

/// Begins the next generation and returns it.
pub(crate) async fn next(tx: &mut Tx) -> Result<u64> {
    let sets = vec![COLUMNS.value.set_to(Expr::col("value").add(1))];
    let counter = tx.update(COLUMNS.name.eq(GENERATION.to_owned()), sets).await?.pop();
    Ok(counter.map_or(0, |counter| counter.value as u64))
}

/// The generation that this node knows of.
#[derive(Debug, Default)]
pub(crate) struct Generation {
    known: AtomicU64,
    /// Whether the database has not answered for too long.
    lost: AtomicBool,
    /// How many numbers were given out meanwhile.
    strays: AtomicU64,
}

impl Generation {
    /// The generation; a number that was never given out before when it is not known.
    pub fn get(&self) -> u64 {
        if self.lost.load(Ordering::Acquire) {
            return u64::MAX - self.strays.fetch_add(1, Ordering::Relaxed);
        }
        self.known.load(Ordering::Acquire)
    }

    /// The database is at least at this one.
    pub fn reached(&self, generation: u64) {
        self.known.fetch_max(generation, Ordering::AcqRel);
    }
}

/// Asks again and again for the generation, until the store is closed.
pub(crate) async fn follow(store: &Store, generation: &Generation) {
    let mut answered = Instant::now();
    loop {
        match tokio::time::timeout(PATIENCE, store.refresh_generation()).await {
            Ok(Ok(_)) => {
                answered = Instant::now();
                if generation.lost.swap(false, Ordering::AcqRel) {
                    tracing::info!("the database of the state answers again");
                }
            }
            Ok(Err(Error::Closed)) => return,
            _ if answered.elapsed() >= PATIENCE && !generation.lost.swap(true, Ordering::AcqRel) => {
                tracing::warn!("the database of the state does not answer");
            }
            _ => {}
        }
        tokio::time::sleep(INTERVAL).await;
    }
}
