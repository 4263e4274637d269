//! Real servers of other makers that tests start for themselves.
//!
//! Such a server belongs to one test process: it is started when the first test asks for it, listens where nobody else
//! does, and stops when the process ends, however it ends.

mod postgres;

pub use postgres::Postgres;
