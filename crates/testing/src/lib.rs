//! A whole server inside a test: a clock that is set by hand, seeded ids, seed data.
//!
//! [`TestServer`] listens on a real port and answers over HTTP. Every answer of an operation is validated against the
//! document that the server itself serves, strictly: what a schema names must be there, and nothing else may be.
//!
//! ```no_run
//! # async fn example() {
//! use belvedere_testing::TestServer;
//! use serde_json::json;
//!
//! let server = TestServer::shop().await;
//! let query = json!({"model": "shop", "view": "orders", "fields": ["orders.count"]});
//! let rows = server.admin().post("/queries/run/json").json(&query).await.ok();
//! assert_eq!(rows, json!([{"orders.count": 6}]));
//! # }
//! ```

mod answer;
mod call;
mod document;
mod fields;
mod ids;
mod older;
mod place;
mod seed;
mod server;

pub use answer::Answer;
pub use call::{Call, Caller};
pub use document::{Document, Exchange};
pub use ids::SeededIds;
pub use seed::Seed;
pub use server::{NOW, ORIGIN, TestServer, TestUser, eventually};
