//! The small languages: filter expressions, as text and as ranges of values.
//!
//! Pure functions on values: no I/O, no clock, no SQL. What a filter means is data here; the `query` crate writes it
//! as a condition.

pub mod filter;
