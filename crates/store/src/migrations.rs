//! The form of the database, step by step. Every step is written for each database: with the same number, the same
//! meaning, and the same tables, columns, keys and indexes, which a test compares.

use std::sync::Arc;

use sqlx::SqlStr;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};

use crate::error::{Error, Result};

/// One step forward. One that stood in a release never changes.
struct Step {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! steps {
    ($($version:literal: $name:literal in $file:literal,)*) => {
        &[$(Step {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../migrations/postgres/", $file)),
        }),*]
    };
}

/// Every step, oldest first.
const STEPS: &[Step] = steps! {
    1: "foundation" in "0001_foundation.sql",
    2: "api_usage" in "0002_api_usage.sql",
    3: "people" in "0003_people.sql",
    4: "sql_and_merge_queries" in "0004_sql_and_merge_queries.sql",
    5: "sign_in" in "0005_sign_in.sql",
    6: "oauth" in "0006_oauth.sql",
    7: "totp" in "0007_totp.sql",
    8: "audit" in "0008_audit.sql",
    9: "people_in_order" in "0009_people_in_order.sql",
    10: "mobile_token" in "0010_mobile_token.sql",
    11: "parts_of_names" in "0011_parts_of_names.sql",
    12: "api_explorer" in "0012_api_explorer.sql",
};

/// Which text of a step to run.
#[derive(Clone, Copy)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// Brings a database to the newest form, within the transaction that is open on `connection`, which keeps every other
/// process waiting.
pub(crate) async fn run<C: Migrate>(connection: &mut C, dialect: Dialect) -> Result<()> {
    let migrations = STEPS.iter().map(|step| {
        let sql = match dialect {
            Dialect::Sqlite => step.sqlite,
            Dialect::Postgres => step.postgres,
        };
        Migration::new(step.version, step.name.into(), MigrationType::Simple, SqlStr::from_static(sql), false)
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    // The transaction is the lock.
    migrator.set_locking(false);
    // `run` gives a future of which the compiler can not prove that it may move between threads; this is what it calls.
    migrator.run_direct(None, connection, false).await.map_err(migration_error)
}

fn migration_error(error: MigrateError) -> Error {
    match error {
        MigrateError::VersionMissing(version) => Error::Newer { version },
        MigrateError::Execute(error) => error.into(),
        error => Error::Migration(Arc::new(error)),
    }
}
