//! What the data depends on.

use jiff::civil::{Date, date};

const ORDERS: f64 = 56_200.0;
const USERS: f64 = 18_000.0;
const PRODUCTS: f64 = 1_500.0;

/// What the data depends on, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Two seeds give two different shops.
    pub seed: u64,
    /// The day that the shop's history leads up to: every time lies in the four years before it, none on it or later.
    /// Years before 1900 count as 1900.
    pub anchor: Date,
    /// The size: 1 gives about 100,000 order items, 0.1 a tenth. Orders, users and events grow with it, products with
    /// its square root. What is below the smallest size gives one order; what is above 10,000 counts as 10,000.
    pub scale: f64,
}

impl Options {
    /// Seed 1 and scale 1.
    pub const fn new(anchor: Date) -> Self {
        Self { seed: 1, anchor, scale: 1.0 }
    }

    /// The day behind the last one with data.
    pub(crate) fn end(&self) -> Date {
        self.anchor.max(date(1900, 1, 1))
    }

    pub(crate) fn orders(&self) -> u64 {
        count(ORDERS * self.size())
    }

    pub(crate) fn users(&self) -> u64 {
        count(USERS * self.size())
    }

    pub(crate) fn products(&self) -> u64 {
        // The square root is exact to the last bit everywhere, as IEEE 754 asks.
        count(PRODUCTS * self.size().sqrt())
    }

    fn size(&self) -> f64 {
        if self.scale.is_nan() { 0.0 } else { self.scale.clamp(0.0, 10_000.0) }
    }
}

fn count(exact: f64) -> u64 {
    (exact.round() as u64).max(1)
}
