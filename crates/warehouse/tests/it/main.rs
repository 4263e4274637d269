//! The drivers against real databases.

mod duckdb;
