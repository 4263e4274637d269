//! Tests of LookML as its users meet it.

mod cases;
mod defaults;
mod hostile;
mod snapshots;
mod syntax;
