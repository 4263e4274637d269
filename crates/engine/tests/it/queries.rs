//! Every case of `tests/queries`: the rows of a query equal those of SQL written by hand.

use crate::case::Case;
use crate::cell::{Cell, rows};
use belvedere_api::{Grant, SecurityContext, UserId};
use belvedere_engine::access::Viewer;
use belvedere_engine::{Clock, Engine, Keep, Mode, Parts, Projects, RunningQuery, ServedProject};
use belvedere_query::{Plan, Role};
use belvedere_warehouse::driver::duckdb::{DuckDb, Options, create};
use belvedere_warehouse::{Connection, Limits};
use jiff::Timestamp;
use jiff::civil::date;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

pub const NOW: &str = "2026-01-15T12:00:00Z";

#[tokio::test]
async fn the_rows_of_a_query_are_those_of_the_sql_written_by_hand() {
    let folder = TempDir::new().expect("a folder");
    let demo = demo_engine(folder.path());
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in cases() {
        let case = Case::read(&path);
        count += 1;
        let outcome = if case.model.is_some() { own(&case).await } else { compare(&case, &demo, "thelook").await };
        if let Err(problem) = outcome {
            wrong.push(format!("{}: {problem}", case.name));
        }
    }
    assert!(count >= 150, "only {count} cases were found");
    assert!(wrong.is_empty(), "{} of {count} cases are wrong:\n\n{}", wrong.len(), wrong.join("\n\n"));
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/queries");
    let entries = std::fs::read_dir(folder).expect("the folder of cases");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    paths.retain(|path| path.file_stem().is_none_or(|name| name != "README"));
    paths.sort();
    paths
}

/// A case with its own model and data.
async fn own(case: &Case) -> Result<(), String> {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("warehouse.duckdb");
    let data = case.data.as_deref().ok_or("a case with its own model needs its own data")?;
    let name = "belvedere_case";
    // The statements stand before the one table that the writer of databases wants to fill.
    let ddl = format!("{data}\nCREATE TABLE {name} (x INTEGER)");
    create(&file, [(name, ddl.as_str(), Vec::new())]).map_err(|error| format!("the data: {error}"))?;
    let (model, lookml) = case.model.as_ref().ok_or("no model")?;
    let files = vec![(format!("{model}.model.lkml").into(), lookml.as_str().into())];
    let engine = engine(folder.path(), &file, "warehouse", ServedProject::embedded("case", files));
    compare(case, &engine, "warehouse").await
}

pub fn demo_engine(folder: &Path) -> Engine {
    let options = belvedere_demo::Options { seed: 1, anchor: date(2026, 1, 15), scale: 0.05 };
    let file = folder.join("thelook.duckdb");
    let tables: Vec<(&str, String)> = belvedere_demo::tables().iter().map(|table| (table.name, table.ddl())).collect();
    let filled = belvedere_demo::tables().iter().zip(&tables);
    let filled = filled.map(|(table, (name, ddl))| (*name, ddl.as_str(), belvedere_demo::batches(&options, table)));
    create(&file, filled).expect("the demonstration's data");
    let files = belvedere_demo::project_files().iter().map(|(path, text)| ((*path).into(), (*text).into()));
    engine(folder, &file, "thelook", ServedProject::embedded("thelook", files.collect()))
}

pub fn engine(folder: &Path, file: &Path, connection: &str, project: ServedProject) -> Engine {
    let mut options = Options::new(file, folder.join("work"));
    options.memory_mib = 512;
    let database = DuckDb::open(&options).expect("the database opens");
    Engine::new(Parts {
        projects: Projects::of([project]).expect("it has no imports"),
        connections: [Connection::duckdb(connection, database, Limits::default())].into_iter().collect(),
        clock: Clock::Fixed(NOW.parse().expect("a time")),
        keep: Keep::open(folder.join("results"), 1 << 20).expect("a folder for results"),
    })
}

async fn compare(case: &Case, engine: &Engine, connection: &str) -> Result<(), String> {
    let expected = sql_rows(engine, connection, &case.check).await.map_err(|error| format!("the check: {error}"))?;
    if expected.is_empty() {
        return Err("the check gives no rows, so it shows nothing".to_owned());
    }
    let question = case.question();
    let is_sorted = !question.query.sorts.is_empty();
    if let Some(literal) = &case.rows {
        agree(&expected, literal, is_sorted)
            .map_err(|problem| format!("the check and the literal rows differ: {problem}"))?;
    }
    let security = SecurityContext::new(UserId::new(1), vec![Grant::admin()], BTreeMap::new(), "en".to_owned(), None);
    let viewer = Viewer::new(&security);
    let now: Timestamp = NOW.parse().expect("a time");
    let prepared =
        engine.prepare(&question, &viewer.asker(now, Mode::Production)).map_err(|error| format!("no plan: {error}"))?;
    let (sql, plan) = (prepared.sql.to_string(), prepared.plan.clone());
    if normalized(&sql) == normalized(&case.check) {
        return Err("the check is our own SQL".to_owned());
    }
    let told = |problem: String| format!("{problem}\n--- our SQL\n{sql}");
    let ours = plan_rows(engine, connection, &plan).await.map_err(told)?;
    agree(&ours, &expected, is_sorted).map_err(told)?;
    holds_beside_further_columns(engine, connection, &plan, &ours).await.map_err(told)?;
    for (name, check) in &case.beside {
        let plan = beside(&plan, name).ok_or_else(|| format!("the plan has no statement for `{name}`"))?;
        let told = |problem: String| format!("{name}: {problem}\n--- our SQL\n{}", plan.render().sql);
        let expected = sql_rows(engine, connection, check).await.map_err(|error| format!("check {name}: {error}"))?;
        let ours = plan_rows(engine, connection, plan).await.map_err(told)?;
        agree(&ours, &expected, false).map_err(told)?;
    }
    if let Some(naive) = &case.naive {
        let naive = sql_rows(engine, connection, naive).await.map_err(|error| format!("the naive join: {error}"))?;
        if agree(&naive, &expected, false).is_ok() {
            return Err("the naive join gives the same rows, so the case shows nothing".to_owned());
        }
    }
    Ok(())
}

pub fn entry() -> RunningQuery {
    RunningQuery {
        id: 0,
        user_id: "1".to_owned(),
        query_id: Arc::default(),
        task_id: "0".repeat(32),
        connection: "".into(),
        sql: "".into(),
        started_at: Timestamp::UNIX_EPOCH,
    }
}

/// The cells of a pivoted plan are the same when those of a column beyond the limit are read with them.
async fn holds_beside_further_columns(
    engine: &Engine,
    connection: &str,
    plan: &Plan,
    cells: &[Vec<Cell>],
) -> Result<(), String> {
    let mut wider = plan.clone();
    let Some(pivot) = &mut wider.shape.pivot else { return Ok(()) };
    pivot.columns_beyond = 1;
    let rows = plan_rows(engine, connection, &wider).await?;
    match cells.iter().find(|cell| !rows.contains(cell)) {
        Some(cell) => Err(format!("beside a column beyond the limit there is no {cell:?}")),
        None => Ok(()),
    }
}

/// A statement beside the rows of a plan.
fn beside<'p>(plan: &'p Plan, name: &str) -> Option<&'p Plan> {
    let shape = &plan.shape;
    match name {
        "totals" => shape.totals.as_deref(),
        "row_totals" => shape.row_totals.as_ref().map(|totals| &*totals.plan),
        "grand_total" => shape.grand_total.as_deref(),
        _ => {
            let depth: usize = name.strip_prefix("subtotals ")?.parse().ok()?;
            shape.subtotals.iter().find(|subtotal| subtotal.depth == depth).map(|subtotal| &*subtotal.plan)
        }
    }
}

/// The rows of a plan, without the columns that only order others.
async fn plan_rows(engine: &Engine, connection: &str, plan: &Plan) -> Result<Vec<Vec<Cell>>, String> {
    let rows = sql_rows(engine, connection, &plan.render().sql).await?;
    let shown = shown(plan);
    Ok(rows.into_iter().map(|row| shown.iter().map(|&index| row[index].clone()).collect()).collect())
}

/// The columns of a plan's statement without those that only order others.
fn shown(plan: &Plan) -> Vec<usize> {
    let is_shown = |index: &usize| plan.columns[*index].column.role != Role::SortHelper;
    (0..plan.columns.len()).filter(is_shown).collect()
}

async fn sql_rows(engine: &Engine, connection: &str, sql: &str) -> Result<Vec<Vec<Cell>>, String> {
    let connection = engine.connections().get(connection).expect("the connection");
    let mut run = connection.run(sql.to_owned()).await.map_err(|error| error.to_string())?;
    let columns: Vec<usize> = (0..run.schema().fields().len()).collect();
    let mut found = Vec::new();
    while let Some(batch) = run.next().await {
        found.extend(rows(&batch.map_err(|error| error.to_string())?, &columns));
    }
    Ok(found)
}

/// Compares rows: in their order where the query is sorted, else as a bag.
fn agree(ours: &[Vec<Cell>], expected: &[Vec<Cell>], is_sorted: bool) -> Result<(), String> {
    let (mut ours, mut expected) = (ours.to_vec(), expected.to_vec());
    if !is_sorted {
        for rows in [&mut ours, &mut expected] {
            rows.sort_by(|a, b| {
                a.iter()
                    .zip(b)
                    .map(|(a, b)| a.order(b))
                    .find(|order| order.is_ne())
                    .unwrap_or(std::cmp::Ordering::Equal)
            });
        }
    }
    if ours.len() != expected.len() {
        return Err(format!(
            "{} rows instead of {}\nours {:?}\nexpected {:?}",
            ours.len(),
            expected.len(),
            head(&ours),
            head(&expected)
        ));
    }
    for (index, (our, expected)) in ours.iter().zip(&expected).enumerate() {
        let same = our.len() == expected.len() && our.iter().zip(expected).all(|(a, b)| a.agrees(b));
        if !same {
            return Err(format!("row {index} is\n{our:?}\ninstead of\n{expected:?}"));
        }
    }
    Ok(())
}

fn head(rows: &[Vec<Cell>]) -> &[Vec<Cell>] {
    &rows[..rows.len().min(5)]
}

fn normalized(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
