//! The tests of this crate that need files.

mod audit;
mod hostile;
mod promises;
mod rules;
