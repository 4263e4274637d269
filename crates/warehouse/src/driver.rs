//! One driver per kind of database, one file each, behind features.

#[cfg(feature = "duckdb")]
pub mod duckdb;
