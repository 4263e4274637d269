//! A whole server inside a test: fixed clock, seeded ids, seed data.
//!
//! [`TestServer`] listens on a real port and answers over HTTP. Every answer of an operation is validated against the
//! document that the server itself serves, strictly: what a schema names must be there, and nothing else may be.

mod document;
mod ids;
mod server;

pub use document::Document;
pub use ids::SeededIds;
pub use server::{Answer, NOW, TestServer};
