//! Tag Query: saved queries, their runs, and runs in the background.

mod cache;
mod drill;
mod filter;
mod format;
mod late;
mod merge;
mod permitted;
mod run;
mod running;
mod saved;
mod shape;
mod sql;
mod task;
