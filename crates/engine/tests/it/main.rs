//! Queries against the real engine, compared with SQL written by hand.

mod agree;
mod case;
mod cell;
mod hostile;
mod merged;
mod queries;
