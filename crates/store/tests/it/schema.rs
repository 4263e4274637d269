//! Both databases have the same form: what one migration brings on SQLite, the one of its number brings on PostgreSQL.

use std::collections::BTreeSet;

use belvedere_store::{Filter, Location, Search, Store};
use belvedere_store::{group, model_set, oauth_client_app, permission_set, role, role_group, user_attribute};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

use crate::backend::Place;

/// A line for each column, key, index, reference and check.
type Form = BTreeSet<String>;

/// The index for searches for a part of a name: each database has one of its own kind under the same name.
const OF_ITS_OWN_KIND: &str = "user_names";

#[tokio::test]
async fn both_databases_have_the_same_tables_columns_keys_and_indexes() {
    let (file, postgres) = (Place::file(), Place::postgres().await);
    file.open().await.close().await;
    let options = SqliteConnectOptions::new().filename(&file.address);
    let sqlite = sqlite_form(&mut SqliteConnection::connect_with(&options).await.unwrap()).await;
    let postgres = postgres_form(&mut PgConnection::connect(&postgres.address).await.unwrap()).await;
    let only = |form: &Form, other: &Form| form.difference(other).cloned().collect::<Vec<_>>().join("\n");
    let (on_sqlite, on_postgres) = (only(&sqlite, &postgres), only(&postgres, &sqlite));
    assert!(sqlite == postgres, "only on SQLite:\n{on_sqlite}\nonly on PostgreSQL:\n{on_postgres}");
    assert!(sqlite.len() > 200, "{sqlite:#?}");
}

#[tokio::test]
async fn both_databases_begin_with_the_same_rows() {
    let memory = Store::open(Location::Memory).await.unwrap();
    let postgres = Place::postgres().await.open().await;
    assert_eq!(rows(&memory).await, rows(&postgres).await);
}

async fn rows(store: &Store) -> String {
    let read = store.read(async |db| {
        let groups = group::search(db, Search::default()).await?.rows;
        let holders = role_group::of_groups(db, &groups.iter().map(|group| group.id).collect::<Vec<_>>()).await?;
        let attributes = user_attribute::list(db, Filter::everything(), vec![]).await?;
        let roles = role::search(db, Search::default()).await?.rows;
        let sets = permission_set::search(db, Search::default()).await?.rows;
        let models = model_set::search(db, Search::default()).await?.rows;
        let apps = oauth_client_app::all(db).await?;
        Ok(format!("{groups:#?}{holders:#?}{attributes:#?}{roles:#?}{sets:#?}{models:#?}{apps:#?}"))
    });
    read.await.unwrap()
}

async fn sqlite_form(db: &mut SqliteConnection) -> Form {
    let mut form = Form::new();
    let tables = sqlx::query_as(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'
             AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    );
    let tables: Vec<(String, String)> = tables.fetch_all(&mut *db).await.unwrap();
    for (table, sql) in tables {
        let columns =
            sqlx::query("SELECT name, type, \"notnull\" AS required, dflt_value, pk FROM pragma_table_info(?)");
        let mut key = Vec::new();
        for column in columns.bind(&table).fetch_all(&mut *db).await.unwrap() {
            let name: String = column.get("name");
            let is_flag = sql.contains(&format!("CHECK ({name} IN (0, 1))"));
            let kind = match column.get::<&str, _>("type") {
                "INTEGER" if is_flag => "flag",
                "INTEGER" => "number",
                "REAL" => "double",
                "TEXT" => "text",
                "BLOB" => "bytes",
                other => panic!("{table}.{name} has the type {other}"),
            };
            let place: i64 = column.get("pk");
            // What is a key is never null, said or not.
            let required = column.get::<i64, _>("required") == 1 || place > 0;
            let default = column.get::<Option<&str>, _>("dflt_value").is_some();
            form.insert(format!("{table}.{name}: {kind} required={required} default={default}"));
            if place > 0 {
                key.push((place, name));
            }
        }
        key.sort();
        let key: Vec<_> = key.into_iter().map(|(_, name)| name).collect();
        form.insert(format!("{table} key ({})", key.join(", ")));
        let references = sqlx::query("SELECT \"from\", \"table\", \"to\", on_delete FROM pragma_foreign_key_list(?)");
        for row in references.bind(&table).fetch_all(&mut *db).await.unwrap() {
            let [from, to_table, to, action] = [0, 1, 2, 3].map(|place| row.get::<String, _>(place));
            form.insert(format!("{table}.{from} -> {to_table}.{to} on delete {}", action.to_lowercase()));
        }
        form.extend(words_of_checks(&table, &sql));
        form.extend(sqlite_indexes(db, &table).await);
    }
    form
}

async fn sqlite_indexes(db: &mut SqliteConnection, table: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let indexes = sqlx::query(
        "SELECT list.name, list.\"unique\" AS is_unique, list.origin, schema.sql
         FROM pragma_index_list(?) AS list JOIN sqlite_schema AS schema ON schema.name = list.name",
    );
    for index in indexes.bind(table).fetch_all(&mut *db).await.unwrap() {
        let (name, origin): (String, String) = (index.get("name"), index.get("origin"));
        let unique: bool = index.get("is_unique");
        if origin == "pk" {
            continue;
        }
        let columns = if name == OF_ITS_OWN_KIND {
            String::new()
        } else if let Some(sql) = index.get::<Option<String>, _>("sql") {
            within_parentheses(&sql)
        } else {
            let columns = sqlx::query_scalar("SELECT name FROM pragma_index_info(?) ORDER BY seqno");
            let columns: Vec<String> = columns.bind(&name).fetch_all(&mut *db).await.unwrap();
            columns.join(", ")
        };
        let name = if origin == "c" { name.as_str() } else { "" };
        lines.push(format!("{table} index {name} ({columns}) unique={unique}"));
    }
    lines
}

async fn postgres_form(db: &mut PgConnection) -> Form {
    let mut form = Form::new();
    let columns = sqlx::query(
        "SELECT c.relname, a.attname, format_type(a.atttypid, NULL) AS kind, a.attnotnull AS required, a.atthasdef,
                a.attidentity::TEXT AS identity, co.collname::TEXT AS collation
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_collation co ON co.oid = a.attcollation
         WHERE c.relnamespace = 'public'::REGNAMESPACE AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
             AND c.relname <> '_sqlx_migrations'",
    );
    for column in columns.fetch_all(&mut *db).await.unwrap() {
        let (table, name): (String, String) = (column.get("relname"), column.get("attname"));
        let kind = match column.get::<&str, _>("kind") {
            "boolean" => "flag",
            "bigint" => "number",
            "double precision" => "double",
            "text" => "text",
            "bytea" => "bytes",
            other => panic!("{table}.{name} has the type {other}"),
        };
        let collation: Option<String> = column.get("collation");
        assert_eq!(collation.as_deref(), (kind == "text").then_some("C"), "the collation of {table}.{name}");
        let is_numbered = name == "id" && kind == "number";
        assert_eq!(column.get::<&str, _>("identity"), if is_numbered { "d" } else { "" }, "{table}.{name}");
        let (required, default): (bool, bool) = (column.get("required"), column.get("atthasdef"));
        form.insert(format!("{table}.{name}: {kind} required={required} default={default}"));
    }
    let indexes = sqlx::query(
        "SELECT t.relname AS table_name, c.relname AS name, i.indisunique, i.indisprimary,
                EXISTS (SELECT FROM pg_constraint p WHERE p.conindid = c.oid) AS is_constraint,
                pg_get_indexdef(c.oid) AS sql
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
         WHERE t.relnamespace = 'public'::REGNAMESPACE AND t.relname <> '_sqlx_migrations'",
    );
    for index in indexes.fetch_all(&mut *db).await.unwrap() {
        let (table, name): (String, String) = (index.get("table_name"), index.get("name"));
        // SQLite puts them there by itself, and does not let it be said.
        let mut columns = within_parentheses(index.get("sql")).replace(" nulls first", "");
        if name == OF_ITS_OWN_KIND {
            columns.clear();
        }
        if index.get("indisprimary") {
            form.insert(format!("{table} key ({columns})"));
            continue;
        }
        let name = if index.get("is_constraint") { "" } else { name.as_str() };
        form.insert(format!("{table} index {name} ({columns}) unique={}", index.get::<bool, _>("indisunique")));
    }
    let constraints = sqlx::query(
        "SELECT t.relname, c.contype::TEXT AS kind, pg_get_constraintdef(c.oid) AS sql
         FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
         WHERE t.relnamespace = 'public'::REGNAMESPACE AND c.contype IN ('f', 'c')",
    );
    for constraint in constraints.fetch_all(&mut *db).await.unwrap() {
        let (table, sql): (String, String) = (constraint.get("relname"), constraint.get("sql"));
        if constraint.get::<&str, _>("kind") == "c" {
            form.extend(words_of_checks(&table, &sql));
            continue;
        }
        // FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
        let (from, to) = sql.split_once(" REFERENCES ").unwrap();
        let (to_table, rest) = to.split_once('(').unwrap();
        let (to, action) = rest.split_once(')').unwrap();
        let action = action.strip_prefix(" ON DELETE ").unwrap_or("NO ACTION").to_lowercase();
        let from = within_parentheses(from);
        form.insert(format!("{table}.{from} -> {}.{to} on delete {action}", to_table.trim_matches('"')));
    }
    form
}

/// The words that checks of a table allow.
fn words_of_checks(table: &str, sql: &str) -> Vec<String> {
    let checks = sql.split("CHECK").skip(1);
    checks
        .flat_map(|check| {
            // Behind the check comes the rest of the table, whose words belong to none.
            let end = check.find(",\n").unwrap_or(check.len());
            let words = check[..end].split('\'').skip(1).step_by(2);
            words.map(|word| format!("{table} check allows {word}")).collect::<Vec<_>>()
        })
        .collect()
}

/// What stands in the outer parentheses, in lower case and without quotes.
fn within_parentheses(sql: &str) -> String {
    let (_, rest) = sql.split_once('(').unwrap();
    let (inner, _) = rest.rsplit_once(')').unwrap();
    inner.replace('"', "").to_lowercase()
}

#[tokio::test]
async fn every_file_of_a_migration_is_run() {
    let place = Place::postgres().await;
    let sql = AssertSqlSafe("SELECT COUNT(*) FROM _sqlx_migrations".to_owned());
    let mut db = PgConnection::connect(&place.address).await.unwrap();
    let ran: i64 = sqlx::query_scalar(sql).fetch_one(&mut db).await.unwrap();
    for folder in ["sqlite", "postgres"] {
        let files = std::fs::read_dir(format!("{}/migrations/{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert_eq!(files.count() as i64, ran, "{folder}");
    }
}
