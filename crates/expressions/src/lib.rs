//! The small languages: filter expressions, as text and as ranges of values, and Looker expressions, as trees that are
//! computed or translated.
//!
//! Pure functions on values: no I/O, no clock, no SQL. What a filter or an expression means is data here; the `query`
//! crate writes it as SQL.

pub mod filter;
pub mod looker;
pub mod suggest;
