//! The record of who did what: sign-ins, and every change of people, permissions and credentials, are events in the
//! store; what was asked of users' data is its history.
//!
//! An event is written in the transaction of what it tells of, by [`Service::change`](crate::Service), and from nowhere
//! else: which operation is recorded as which event stands in one table, and a change without a row fails. What a change
//! is about it says by what it gives ([`Subject`]). No event holds a secret or the value of a user attribute.

mod act;
pub(crate) mod run;
mod subject;
mod table;

pub use act::{Act, Told};
pub use subject::{About, By, Record, Subject, about};
pub use table::{Deed, recorded, without_row};

pub(crate) use subject::texts;

use crate::{Service, stored};
use belvedere_api::Result;
use belvedere_store::{Tx, event, history};
use jiff::{SignedDuration, Timestamp};

/// Records what is done within a transaction, where it is no service that does it.
///
/// # Errors
/// Those of the store.
pub async fn record(tx: &mut Tx, act: &Act<'_>, subject: &impl Subject) -> Result<()> {
    match act.told(subject)? {
        Some(told) => stored(told.record(tx).await),
        None => Ok(()),
    }
}

/// How long the record is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Days that events are kept; none for ever.
    pub event_days: Option<u32>,
    /// Days that the history of queries is kept; none for ever.
    pub history_days: Option<u32>,
}

/// A year of events, and ninety days of history as the product keeps them.
impl Default for Retention {
    fn default() -> Self {
        Self { event_days: Some(365), history_days: Some(90) }
    }
}

/// Rows that are forgotten in one transaction.
const FORGOTTEN_AT_ONCE: u64 = 10_000;

impl Service {
    /// Forgets what is older than the operator keeps it.
    ///
    /// # Errors
    /// 500 when the store fails.
    pub async fn forget_old_records(&self) -> Result<()> {
        let Retention { event_days, history_days } = self.settings.retention;
        if let Some(before) = event_days.and_then(|days| days_before(self.now(), days)) {
            let mut more = true;
            while more {
                let step = self.store.write(async |tx| event::forget_before(tx, before, FORGOTTEN_AT_ONCE).await);
                more = stored(step.await)? == FORGOTTEN_AT_ONCE;
            }
        }
        if let Some(before) = history_days.and_then(|days| days_before(self.now(), days)) {
            let mut more = true;
            while more {
                let step = self.store.write(async |tx| history::forget_before(tx, before, FORGOTTEN_AT_ONCE).await);
                more = stored(step.await)? == FORGOTTEN_AT_ONCE;
            }
        }
        Ok(())
    }
}

/// None for a time before all times.
fn days_before(now: Timestamp, days: u32) -> Option<Timestamp> {
    now.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).ok()
}
