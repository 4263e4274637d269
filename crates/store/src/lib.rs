//! Our own state on SQLite or PostgreSQL: people, groups, roles, user attributes, credentials, tokens, queries, query
//! tasks, and the record of what was done and asked.
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
//! The form of the tables is in `migrations/sqlite` and `migrations/postgres`: every migration is written for both.
//!
//! Nothing here looks at the clock or draws a random number: times, ids and hashes are given.

pub mod access;
pub mod api_usage;
pub mod authorization_code;
pub mod credentials_api3;
pub mod credentials_email;
pub mod credentials_embed;
pub mod credentials_totp;
pub mod event;
pub mod group;
pub mod group_group;
pub mod group_user;
pub mod history;
pub mod merge_query;
pub mod mobile_token;
pub mod model_set;
pub mod oauth_client_app;
pub mod oauth_client_app_user;
pub mod password_reset;
pub mod permission_set;
pub mod query;
pub mod query_task;
pub mod refresh_token;
pub mod role;
pub mod role_group;
pub mod role_user;
pub mod session;
pub mod setting;
pub mod sql_query;
pub mod token;
pub mod totp_sign_in;
pub mod user;
pub mod user_attribute;
pub mod user_attribute_group_value;
pub mod user_attribute_user_value;
pub mod user_login_lockout;
pub mod user_session;

mod cell;
mod error;
mod generation;
mod id;
mod migrations;
mod password_hash;
mod pools;
mod postgres;
mod reader;
mod revision;
mod sealed_secret;
mod secret_hash;
mod sqlite;
mod store;
mod table;
mod transaction;
mod writer;

pub use api_usage::ApiUsage;
pub use authorization_code::AuthorizationCode;
pub use cell::JsonObject;
pub use credentials_api3::CredentialsApi3;
pub use credentials_email::CredentialsEmail;
pub use credentials_embed::CredentialsEmbed;
pub use credentials_totp::CredentialsTotp;
pub use error::{Error, Result};
pub use event::Event;
pub use group::Group;
pub use history::History;
pub use id::{
    Alphanumeric, ApiClientId, ClientGuid, CredentialsApi3Id, CredentialsEmbedId, EventId, GroupId, HistoryId,
    InvalidId, MergeQueryId, MobileTokenId, ModelSetId, PermissionSetId, QueryClientId, QueryHash, QueryId, QuerySlug,
    QueryTaskId, RoleId, SqlQuerySlug, UserAttributeGroupValueId, UserAttributeId, UserAttributeUserValueId, UserId,
    UserSessionId,
};
pub use merge_query::MergeQuery;
pub use mobile_token::MobileToken;
pub use model_set::ModelSet;
pub use oauth_client_app::OauthClientApp;
pub use oauth_client_app_user::OauthClientAppUser;
pub use password_hash::PasswordHash;
pub use password_reset::PasswordReset;
pub use permission_set::PermissionSet;
pub use pools::Location;
pub use postgres::{InvalidPostgresUrl, PostgresUrl};
pub use query::Query;
pub use query_task::QueryTask;
pub use reader::{Reader, Tx};
pub use refresh_token::RefreshToken;
pub use revision::TableName;
pub use role::Role;
pub use sealed_secret::SealedSecret;
pub use secret_hash::SecretHash;
pub use session::{Session, WorkspaceId};
pub use sql_query::SqlQuery;
pub use store::Store;
pub use table::{AnyColumn, Column, Filter, Found, Pattern, Search, Set, Sort, Text};
pub use token::Token;
pub use totp_sign_in::TotpSignIn;
pub use user::User;
pub use user_attribute::UserAttribute;
pub use user_attribute_group_value::UserAttributeGroupValue;
pub use user_attribute_user_value::UserAttributeUserValue;
pub use user_login_lockout::{AuthType, UserLoginLockout};
pub use user_session::UserSession;
pub use writer::{BoxFuture, Work};
