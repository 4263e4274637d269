//! The DuckDB driver: rows, errors early and late, cancelling, and what SQL must not reach.

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use belvedere_warehouse::driver::duckdb::{DuckDb, Options, create};
use belvedere_warehouse::{Connection, Error, Limits};
use std::time::Duration;
use tempfile::TempDir;

struct Fixture {
    folder: TempDir,
    connection: Connection,
}

fn fixture_with(limits: Limits) -> Fixture {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("shop.duckdb");
    let tables = [("orders", "CREATE TABLE orders AS SELECT range AS id FROM range(100000)", Vec::new())];
    create(&file, tables).expect("a database");
    let database = DuckDb::open(&Options::new(&file, folder.path().join("work"))).expect("it opens");
    Fixture { folder, connection: Connection::duckdb("shop", database, limits) }
}

fn fixture() -> Fixture {
    fixture_with(Limits::default())
}

async fn count(connection: &Connection, sql: &str) -> Result<i64, Error> {
    let mut run = connection.run(sql.to_owned()).await?;
    let batch = run.next().await.expect("a row")?;
    Ok(batch.column(0).as_primitive::<Int64Type>().value(0))
}

async fn refusal(connection: &Connection, sql: &str) -> String {
    let mut run = match connection.run(sql.to_owned()).await {
        Err(error) => return error.to_string(),
        Ok(run) => run,
    };
    while let Some(batch) = run.next().await {
        if let Err(error) = batch {
            return error.to_string();
        }
    }
    panic!("{sql} was not refused")
}

#[tokio::test]
async fn rows_come_in_batches_with_their_schema() {
    let shop = fixture();
    let mut run = shop.connection.run("SELECT id, id * 2 AS twice FROM orders".to_owned()).await.expect("it runs");
    assert_eq!(run.schema().field(1).name(), "twice");
    let mut rows = 0;
    while let Some(batch) = run.next().await {
        rows += batch.expect("rows").num_rows();
    }
    assert_eq!(rows, 100_000);
}

#[tokio::test]
async fn an_error_before_the_first_row_names_its_place() {
    let shop = fixture();
    let error = shop.connection.run("SELECT id,\n  nonsense FROM orders".to_owned()).await.expect_err("no such column");
    let Error::Statement { message, position } = error else { panic!("{error}") };
    assert!(message.starts_with("Binder Error: Referenced column \"nonsense\" not found"), "{message}");
    let position = position.expect("a place");
    assert_eq!((position.line, position.column), (2, 3));
}

#[tokio::test]
async fn an_error_after_the_first_batch_is_an_error_and_no_panic() {
    let shop = fixture();
    let sql = "SELECT CASE WHEN id < 90000 THEN id ELSE CAST('x' || id AS BIGINT) END FROM orders ORDER BY ALL";
    let late = "SELECT CASE WHEN range < 5000000 THEN range ELSE error('too far') END FROM range(6000000)";
    assert!(refusal(&shop.connection, sql).await.contains("Could not convert string"));
    let mut run = shop.connection.run(late.to_owned()).await.expect("it starts");
    assert!(run.next().await.expect("a batch").is_ok(), "the first batch arrives");
    let mut last = None;
    while let Some(batch) = run.next().await {
        last = Some(batch);
    }
    let error = last.expect("more").expect_err("the last word is the error");
    assert!(error.to_string().contains("too far"), "{error}");
    assert_eq!(count(&shop.connection, "SELECT count(*) FROM orders").await.expect("it lives on"), 100_000);
}

#[tokio::test]
async fn the_cause_of_a_late_failure_is_told_and_not_the_interruption_that_it_causes() {
    let shop = fixture();
    let late = "SELECT a.id, CASE WHEN a.id + b.id < 60000 THEN 'n' || a.id ELSE error('too far') END AS x \
                FROM orders a, (SELECT id FROM orders LIMIT 10) b";
    for _ in 0..20 {
        assert!(refusal(&shop.connection, late).await.contains("too far"));
    }
}

#[tokio::test]
async fn a_dropped_run_stops_the_statement_and_frees_its_place() {
    let shop = fixture_with(Limits { concurrent: 1, queue: Duration::from_mins(1), ..Limits::default() });
    let endless = "SELECT a.range FROM range(100000000) a, range(100000000) b";
    let mut run = shop.connection.run(endless.to_owned()).await.expect("it starts");
    run.next().await.expect("a batch").expect("rows");
    drop(run);
    assert_eq!(count(&shop.connection, "SELECT count(*) FROM orders").await.expect("the place is free"), 100_000);
}

#[tokio::test]
async fn a_statement_that_nobody_waits_for_any_more_is_stopped_before_its_first_row() {
    let shop = fixture_with(Limits { concurrent: 1, queue: Duration::from_mins(1), ..Limits::default() });
    let endless = "SELECT sum(a.range * b.range) FROM range(100000000) a, range(100000000) b";
    let waiting = shop.connection.run(endless.to_owned());
    assert!(tokio::time::timeout(Duration::from_millis(50), waiting).await.is_err(), "it has no row yet");
    assert_eq!(count(&shop.connection, "SELECT count(*) FROM orders").await.expect("the place is free"), 100_000);
}

#[tokio::test]
async fn a_cancelled_run_says_so() {
    let shop = fixture();
    let endless = "SELECT a.range FROM range(100000000) a, range(100000000) b";
    let mut run = shop.connection.run(endless.to_owned()).await.expect("it starts");
    let canceller = run.canceller();
    run.next().await.expect("a batch").expect("rows");
    canceller.cancel();
    let mut last = None;
    while let Some(batch) = run.next().await {
        last = batch.err();
    }
    assert!(matches!(last, Some(Error::Cancelled)), "{last:?}");
    canceller.cancel();
    assert_eq!(count(&shop.connection, "SELECT count(*) FROM orders").await.expect("it lives on"), 100_000);
}

#[tokio::test]
async fn the_statement_too_many_is_refused() {
    let shop = fixture_with(Limits { concurrent: 1, queue: Duration::ZERO, ..Limits::default() });
    let first = shop.connection.run("SELECT id FROM orders".to_owned()).await.expect("the first has its place");
    let error = shop.connection.run("SELECT 1".to_owned()).await.expect_err("no place");
    assert!(matches!(error, Error::Busy { concurrent: 1 }), "{error}");
    drop(first);
}

#[tokio::test]
async fn sql_reaches_nothing_but_the_database() {
    let shop = fixture();
    let outside = shop.folder.path().join("other.duckdb");
    let outside = outside.display();
    for sql in [
        "SELECT * FROM read_csv('/etc/passwd')".to_owned(),
        "SELECT * FROM read_text('/etc/hostname')".to_owned(),
        "SELECT * FROM '/etc/passwd'".to_owned(),
        "SELECT * FROM glob('/etc/*')".to_owned(),
        format!("COPY orders TO '{outside}'"),
        format!("ATTACH '{outside}'"),
        format!("EXPORT DATABASE '{outside}'"),
        "INSTALL httpfs".to_owned(),
        "LOAD httpfs".to_owned(),
        "SET threads = 1".to_owned(),
        "SET enable_external_access = true".to_owned(),
        "SET TimeZone = 'America/New_York'".to_owned(),
        "RESET memory_limit".to_owned(),
        "INSERT INTO orders VALUES (1)".to_owned(),
        "DELETE FROM orders".to_owned(),
        "DROP TABLE orders".to_owned(),
        "CREATE TABLE other (id INT)".to_owned(),
    ] {
        refusal(&shop.connection, &sql).await;
    }
    assert_eq!(count(&shop.connection, "SELECT count(*) FROM orders").await.expect("untouched"), 100_000);
}

#[tokio::test]
async fn zones_are_known_without_an_extension_from_outside() {
    let shop = fixture();
    let sql = "SELECT extract('hour' FROM TIMESTAMP '2024-07-01 12:00:00' AT TIME ZONE 'UTC' AT TIME ZONE 'America/Los_Angeles')";
    assert_eq!(count(&shop.connection, sql).await.expect("icu is there"), 5);
}

#[test]
fn a_file_that_is_no_database_is_refused_by_name() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("notes.duckdb");
    let open = || DuckDb::open(&Options::new(&file, folder.path().join("work"))).map(|_| ());
    let missing = open().expect_err("missing").to_string();
    assert!(missing.contains("notes.duckdb") && missing.contains("no such file"), "{missing}");
    std::fs::write(&file, "these are notes, not a database; and long enough to be read as a header of one".repeat(100))
        .expect("written");
    assert!(open().expect_err("not a database").to_string().contains("notes.duckdb"));
}
