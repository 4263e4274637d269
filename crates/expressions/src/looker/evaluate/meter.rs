//! Bounds of what a calculation may take.

use std::cell::Cell;

use super::{CalculationError, Value};

/// The lists of one calculation may have so many values together, those of each cell counted.
const MOST_LISTED: u64 = 200_000_000;
/// Lists that are kept may have so many values together, in all calculations of a query.
const MOST_KEPT: u64 = 1 << 23;
/// Texts that are made may have so many bytes together, in all calculations of a query.
const MOST_TEXT: u64 = 1 << 29;
/// Whether somebody waits is asked once in so many steps.
const STEPS_BETWEEN_QUESTIONS: u32 = 1 << 8;

/// What the calculations of a query have taken already.
#[derive(Clone, Copy, Default)]
pub(in crate::looker) struct Taken {
    kept: u64,
    text: u64,
}

/// Counts what one calculation takes.
pub(super) struct Meter<'e> {
    listed: Cell<u64>,
    taken: Cell<Taken>,
    steps: Cell<u32>,
    is_cancelled: &'e dyn Fn() -> bool,
}

impl<'e> Meter<'e> {
    /// A meter that goes on where others stopped.
    pub(super) fn new(taken: Taken, is_cancelled: &'e dyn Fn() -> bool) -> Self {
        Self { listed: Cell::new(0), taken: Cell::new(taken), steps: Cell::new(0), is_cancelled }
    }

    /// What has been taken by now, earlier calculations included.
    pub(super) fn taken(&self) -> Taken {
        self.taken.get()
    }

    /// Counts a cell, and tells whether to go on.
    #[inline]
    pub(super) fn step(&self) -> Result<(), CalculationError> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps % STEPS_BETWEEN_QUESTIONS);
        let taken = self.taken.get();
        if self.listed.get() > MOST_LISTED || taken.kept > MOST_KEPT || taken.text > MOST_TEXT {
            return Err(CalculationError::TooLong);
        }
        if steps == STEPS_BETWEEN_QUESTIONS && (self.is_cancelled)() {
            return Err(CalculationError::Cancelled);
        }
        Ok(())
    }

    /// Counts the values of a list; false if there are too many to make it. The next step fails then.
    pub(super) fn list(&self, length: usize) -> bool {
        self.listed.set(self.listed.get().saturating_add(length as u64));
        self.listed.get() <= MOST_LISTED
    }

    /// Counts what was made, if it is a text or a list.
    #[inline]
    pub(super) fn made(&self, value: &Value) {
        match value {
            Value::Text(text) => {
                let taken = self.taken.get();
                self.taken.set(Taken { text: taken.text + text.len() as u64, ..taken });
            }
            Value::List(items) => {
                self.list(items.len());
            }
            _ => {}
        }
    }

    /// Counts what is kept, if it is a list.
    #[inline]
    pub(super) fn keep(&self, value: &Value) {
        if let Value::List(items) = value {
            let taken = self.taken.get();
            self.taken.set(Taken { kept: taken.kept + items.len() as u64, ..taken });
        }
    }
}
