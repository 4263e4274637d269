//! What time it is: the machine's clock, a fixed one, or one that is set by hand.

use jiff::Timestamp;
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};

/// The source of `now` for everything that is relative to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// Always the same moment, so that `7 days` means the same on every run.
    Fixed(Timestamp),
    /// A moment that somebody moves: tests let time pass with it.
    Hand(HandClock),
}

impl Clock {
    /// The present moment.
    pub fn now(self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(now) => now,
            Self::Hand(hand) => hand.now(),
        }
    }
}

/// A clock that stands still until it is set. Copies are the same clock.
#[derive(Clone, Copy)]
pub struct HandClock(&'static AtomicI64);

impl HandClock {
    /// A clock that shows `now`. It is never freed: there is one for a whole process, or for a test.
    pub fn at(now: Timestamp) -> Self {
        Self(Box::leak(Box::new(AtomicI64::new(now.as_microsecond()))))
    }

    /// Lets the clock show `now`, to the microsecond.
    pub fn set(self, now: Timestamp) {
        self.0.store(now.as_microsecond(), Ordering::SeqCst);
    }

    /// What it shows.
    pub fn now(self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
    }
}

impl PartialEq for HandClock {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for HandClock {}

impl fmt::Debug for HandClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HandClock").field(&self.now()).finish()
    }
}
