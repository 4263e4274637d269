//! Changes of the state: all or nothing, with a refusal in the midst.

use crate::Service;
use crate::audit::{Act, Subject};
use belvedere_api::{Error, Result};
use belvedere_store::Tx;

/// Why a change is not made.
#[derive(Debug)]
pub(crate) struct Undone(Error);

impl From<Error> for Undone {
    fn from(refusal: Error) -> Self {
        Self(refusal)
    }
}

impl From<belvedere_store::Error> for Undone {
    fn from(failure: belvedere_store::Error) -> Self {
        Self(crate::failed(failure))
    }
}

impl From<Undone> for Error {
    fn from(undone: Undone) -> Self {
        undone.0
    }
}

impl Service {
    /// Makes a change and records it, or nothing of both when the work is refused or fails.
    pub(crate) async fn change<'a, T, F>(&self, act: impl Into<Act<'a>>, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T, Undone>,
        T: Subject,
    {
        let act = act.into();
        let recorded = self.store.transact(async |tx| {
            let done = work(tx).await?;
            if let Some(told) = act.told(&done)? {
                told.record(tx).await?;
            }
            Ok::<T, Undone>(done)
        });
        Ok(recorded.await?)
    }
}

/// What a statement gave, with a refusal where another row has a value that only one may have.
pub(crate) fn unless_taken<T>(
    result: belvedere_store::Result<T>,
    refusal: impl FnOnce() -> Error,
) -> Result<T, Undone> {
    match result {
        Err(belvedere_store::Error::Conflict { .. }) => Err(refusal().into()),
        other => Ok(other?),
    }
}

/// What a statement gave, with a refusal where it refers to what does not exist.
pub(crate) fn unless_unknown<T>(
    result: belvedere_store::Result<T>,
    refusal: impl FnOnce() -> Error,
) -> Result<T, Undone> {
    match result {
        Err(belvedere_store::Error::Reference { .. }) => Err(refusal().into()),
        other => Ok(other?),
    }
}
