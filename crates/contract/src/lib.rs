//! Documents of the API as data: read, compared by the rules of the promise, and searched for in application code.
//!
//! [`Document`] is what an OpenAPI 3 or Swagger 2.0 document promises. [`compare()`] gives each difference between two
//! of them as a [`Change`]: its [`Rule`], its place, and whether it breaks what was promised. [`release`] makes the
//! document of any release out of the newest one.

pub mod audit;
pub mod change;
mod compare;
pub mod document;
mod error;
mod moves;
pub mod release;
pub mod report;
mod rule;

pub use change::{Change, Class, Place};
pub use compare::{Comparison, compare};
pub use document::Document;
pub use error::Error;
pub use moves::{Move, Moved, Name};
pub use release::Release;
pub use rule::{Effect, Rule};
