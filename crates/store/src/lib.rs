//! Our own state on SQLite: users, API keys, tokens, API sessions, queries, query tasks.
//!
//! Each noun has a file: its row, and the functions that read and change it. Functions that read take a [`Reader`],
//! which [`Store::read`] gives; functions that change take a [`Tx`], which [`Store::write`] gives, and which passes for
//! a [`Reader`] as well.
//!
//! ```
//! use belvedere_store::user::{self, NewUser};
//! use belvedere_store::{Location, Store};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> belvedere_store::Result<()> {
//! let store = Store::open(Location::Memory).await?;
//! let now = jiff::Timestamp::UNIX_EPOCH;
//! let ada = NewUser { first_name: Some("Ada".to_owned()), ..NewUser::default() };
//! let ada = store.write(async |tx| user::insert(tx, ada, now).await).await?;
//! assert_eq!(store.read(async |db| user::get(db, ada.id).await).await?, Some(ada));
//! # Ok(())
//! # }
//! ```
//!
//! Nothing here looks at the clock or draws a random number: times, ids and hashes are given.

pub mod credentials_api3;
pub mod query;
pub mod query_task;
pub mod session;
pub mod setting;
pub mod token;
pub mod user;

mod cell;
mod error;
mod generation;
mod id;
mod reader;
mod secret_hash;
mod sqlite;
mod store;
mod table;
mod writer;

pub use cell::JsonObject;
pub use credentials_api3::CredentialsApi3;
pub use error::{Error, Result};
pub use id::{
    Alphanumeric, ApiClientId, CredentialsApi3Id, InvalidId, QueryClientId, QueryHash, QueryId, QuerySlug, QueryTaskId,
    UserId,
};
pub use query::Query;
pub use query_task::QueryTask;
pub use reader::{Reader, Tx};
pub use secret_hash::SecretHash;
pub use session::{Session, WorkspaceId};
pub use sqlite::Location;
pub use store::Store;
pub use table::{AnyColumn, Column, Filter, Found, Pattern, Search, Set, Sort};
pub use token::Token;
pub use user::User;
pub use writer::{BoxFuture, Work};
