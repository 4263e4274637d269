//! Tag Query: saved queries, their runs, and runs in the background.

mod filter;
mod format;
mod late;
mod run;
mod running;
mod saved;
mod task;
