//! How many statements one user has on a connection at once.

use crate::error::Error;
use belvedere_warehouse::{Connection, Error as WarehouseError};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A user on a connection.
type Who = (Arc<str>, String);

/// The places of all users. A user who has none at the moment costs nothing.
#[derive(Debug, Default)]
pub(crate) struct Places(Mutex<HashMap<Who, Weak<Semaphore>>>);

/// A place of a user, held as long as the statement runs.
#[derive(Debug)]
pub(crate) struct Place {
    _permit: OwnedSemaphorePermit,
}

/// Users whose places are remembered before those without any are looked for.
const SWEEP: usize = 1024;

impl Places {
    /// Waits for a place of `user` on `connection`.
    ///
    /// # Errors
    /// [`WarehouseError::BusyUser`] when none was free in time.
    pub(crate) async fn take(&self, connection: &Connection, user: &str) -> Result<Place, Error> {
        let limits = connection.limits();
        let places = self.of(connection, user);
        match tokio::time::timeout(limits.queue, places.acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Place { _permit: permit }),
            Ok(Err(_)) | Err(_) => Err(WarehouseError::BusyUser { concurrent: limits.per_user }.into()),
        }
    }

    fn of(&self, connection: &Connection, user: &str) -> Arc<Semaphore> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= SWEEP {
            known.retain(|_, places| places.strong_count() > 0);
        }
        let who = (Arc::clone(connection.name()), user.to_owned());
        let there = known.get(&who).and_then(Weak::upgrade);
        there.unwrap_or_else(|| {
            let places = Arc::new(Semaphore::new(connection.limits().per_user));
            known.insert(who, Arc::downgrade(&places));
            places
        })
    }
}
