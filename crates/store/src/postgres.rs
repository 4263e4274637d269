//! Opening PostgreSQL: the address, the connections, the lock of the writer.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgSslMode};
use sqlx::{Connection as _, PgConnection, Postgres};

use crate::error::{Error, Result};
use crate::migrations::{self, Dialect};
use crate::pools::{ACQUIRE_TIMEOUT, Pair};

/// The address of a PostgreSQL database, as `postgres://user:password@host:5432/database?sslmode=verify-full`.
///
/// What it lacks comes from where PostgreSQL's own programs look: `PGPASSWORD` and the like, and `~/.pgpass`. Printed,
/// it has no password.
#[derive(Clone)]
pub struct PostgresUrl(Box<PgConnectOptions>);

/// Why a text is no address of a PostgreSQL database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPostgresUrl {
    /// It does not begin as one.
    #[error("expected an address such as postgres://user:password@host:5432/database")]
    Scheme,
    /// It has a parameter that does not exist, or whose place is another one.
    #[error("`{0}` is no parameter of an address of PostgreSQL; there are {known}", known = PARAMETERS.join(", "))]
    Parameter(String),
    /// A part of it can not be read.
    #[error("{0}")]
    Part(String),
}

/// What may stand behind the `?`. The password may not: it has its place before the host, where no log shows it.
const PARAMETERS: [&str; 9] =
    ["sslmode", "sslrootcert", "sslcert", "sslkey", "host", "port", "user", "dbname", "application_name"];

impl FromStr for PostgresUrl {
    type Err = InvalidPostgresUrl;

    fn from_str(text: &str) -> Result<Self, InvalidPostgresUrl> {
        if !["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)) {
            return Err(InvalidPostgresUrl::Scheme);
        }
        let parameters = text.split_once('?').map_or("", |(_, parameters)| parameters);
        for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
            let name = parameter.split('=').next().unwrap_or_default();
            if !PARAMETERS.contains(&name) {
                return Err(InvalidPostgresUrl::Parameter(name.to_owned()));
            }
        }
        let options = text.parse::<PgConnectOptions>().map_err(|error| InvalidPostgresUrl::Part(reason(&error)))?;
        Ok(PostgresUrl(Box::new(options)))
    }
}

/// The innermost reason; it tells no part of the address.
fn reason(error: &sqlx::Error) -> String {
    let mut error: &dyn std::error::Error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Made of single parts, so that what is not named here is not shown.
        let options = &self.0;
        write!(f, "postgres://{}@{}:{}", options.get_username(), options.get_host(), options.get_port())?;
        write!(f, "/{}", options.get_database().unwrap_or(options.get_username()))?;
        match options.get_socket() {
            Some(socket) => write!(f, "?host={}", socket.display()),
            None => write!(f, "?sslmode={}", ssl_mode(options.get_ssl_mode())),
        }
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresUrl({self})")
    }
}

fn ssl_mode(mode: PgSslMode) -> &'static str {
    match mode {
        PgSslMode::Disable => "disable",
        PgSslMode::Allow => "allow",
        PgSslMode::Prefer => "prefer",
        PgSslMode::Require => "require",
        PgSslMode::VerifyCa => "verify-ca",
        PgSslMode::VerifyFull => "verify-full",
    }
}

pub(crate) const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// What a transaction that writes begins with: limits that hold for it alone, and the lock.
///
/// One such transaction is under way at a time, over all nodes, as on SQLite. What a transaction has read therefore
/// stays true until it ends, two of them never wait for each other in a circle, and none has to be run again. Each
/// statement sees what is committed when it begins, and nothing is committed after the lock is had. A node that falls
/// silent in its transaction loses it, and the lock with it.
const LOCK: &str = "SET LOCAL lock_timeout = '30s';
    SET LOCAL idle_in_transaction_session_timeout = '60s';
    SELECT pg_advisory_xact_lock(4918210437)";

/// How many connections read.
const READERS: u32 = 8;
/// After how much silence a connection is asked whether it still stands.
const UNTESTED: Duration = Duration::from_secs(1);

/// Opens the database and brings it to the newest form.
pub(crate) async fn open(url: &PostgresUrl) -> Result<Pair<Postgres>> {
    let options = (*url.0).clone();
    // Not through a pool, which would keep trying where nobody answers.
    let mut connection = PgConnection::connect_with(&options).await?;
    check_encoding(&mut connection).await?;
    migrate(&mut connection).await?;
    connection.close().await?;
    let pool = |connections| pool(connections).connect_lazy_with(options.clone());
    Ok(Pair { writer: pool(1), readers: pool(READERS) })
}

fn pool(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > UNTESTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
}

/// `_` of a pattern stands for one character, which only this encoding knows for every text.
async fn check_encoding(connection: &mut PgConnection) -> Result<()> {
    let encoding: String = sqlx::query_scalar("SHOW server_encoding").fetch_one(connection).await?;
    if encoding == "UTF8" { Ok(()) } else { Err(Error::Encoding { encoding }) }
}

async fn migrate(connection: &mut PgConnection) -> Result<()> {
    let mut transaction = connection.begin().await?;
    // Notices say that what exists is not made again.
    sqlx::raw_sql("SET LOCAL client_min_messages = warning").execute(&mut *transaction).await?;
    sqlx::raw_sql(LOCK).execute(&mut *transaction).await?;
    migrations::run(&mut *transaction, Dialect::Postgres).await?;
    Ok(transaction.commit().await?)
}

/// Begins a transaction that writes, when no other one does.
pub(crate) async fn begin_write(writer: &PgPool) -> Result<sqlx::Transaction<'static, Postgres>> {
    let mut transaction = writer.begin().await?;
    sqlx::raw_sql(LOCK).execute(&mut *transaction).await?;
    Ok(transaction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        for text in [
            "postgres://ada:s3cret@db.example.com:6543/looker?sslmode=require",
            "postgresql://ada:s3cret@db.example.com:6543/looker?sslmode=require",
            "postgres://ada:s3cret%40%2F@db.example.com:6543/looker?sslmode=require",
        ] {
            let url: PostgresUrl = text.parse().unwrap();
            assert_eq!(url.to_string(), "postgres://ada@db.example.com:6543/looker?sslmode=require");
            assert!(!format!("{url:?} {:?}", crate::Location::Postgres(url.clone())).contains("s3cret"));
        }
        let socket: PostgresUrl = "postgres://ada:s3cret@localhost/looker?host=/run/postgresql".parse().unwrap();
        assert_eq!(socket.to_string(), "postgres://ada@localhost:5432/looker?host=/run/postgresql");
    }

    #[test]
    fn what_is_no_address_is_refused_without_showing_it() {
        let problem = |text: &str| text.parse::<PostgresUrl>().unwrap_err().to_string();
        for text in ["", "s3cret", "mysql://ada:s3cret@host/db", " postgres://ada:s3cret@host/db"] {
            assert!(problem(text).contains("such as postgres://"), "{text}");
        }
        assert!(problem("postgres://host/db?password=s3cret").starts_with("`password` is no parameter"));
        assert!(problem("postgres://host/db?p%61ssword=s3cret").starts_with("`p%61ssword` is no parameter"));
        for text in ["postgres://ada:s3cret@host:port/db", "postgres://host/db?sslmode=s3cret&user=s3cret"] {
            assert!(!problem(text).is_empty() && !problem(text).contains("ada"), "{text}");
        }
    }
}
