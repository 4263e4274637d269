//! `belvedere lookml test`

use super::files::read;
use super::{code, moment, user};
use crate::cli::TestArguments;
use crate::config::databases;
use anyhow::{Context as _, Result, bail};
use belvedere_engine::access::Viewer;
use belvedere_engine::{
    Asker, Clock, Engine, Error, Failure, HandClock, Keep, Mode, Parts, Projects, Reason, RunningQuery, ServedProject,
    TestRun, run_error,
};
use belvedere_lookml::model::{DataTest, Model};
use belvedere_warehouse::driver::duckdb::{self, DuckDb};
use belvedere_warehouse::{Connection, Limits};
use serde_json::{Value, json};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Bytes of results that wait on the disk.
const KEEP_LIMIT: u64 = 1 << 30;

/// A test, and what came of it.
struct Outcome {
    model: Arc<Model>,
    test: Arc<DataTest>,
    run: Result<TestRun, Error>,
}

impl Outcome {
    fn passed(&self) -> bool {
        self.run.as_ref().is_ok_and(|run| run.failures.is_empty())
    }
}

/// Runs the data tests of projects, one after the other.
pub fn test(arguments: &TestArguments) -> Result<ExitCode> {
    let scratch = tempfile::tempdir().context("cannot make a folder for scratch files")?;
    let engine = engine(arguments, scratch.path())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut outcomes = Vec::new();
    let user = user::of(&arguments.user_attribute)?;
    let viewer = user.as_ref().map(Viewer::new);
    let now = engine.clock().now();
    let asker = viewer.as_ref().map_or_else(|| Asker::author(now), |viewer| viewer.asker(now, Mode::Production));
    let mut unseen = 0;
    for (model, test) in tests(&engine, arguments)? {
        let explore = model.explore(&test.source.explore);
        if explore.is_some_and(|explore| viewer.as_ref().is_some_and(|viewer| !viewer.sees_explore(explore))) {
            unseen += 1;
            continue;
        }
        let run = runtime.block_on(engine.run_data_test(&model.name, &test, &asker, entry(engine.clock())));
        outcomes.push(Outcome { model, test, run });
    }
    if unseen > 0 {
        eprintln!("{unseen} tests left out: the user does not see their explores");
    }
    let mut out = io::stdout().lock();
    if arguments.json {
        let rows: Vec<Value> = outcomes.iter().map(json).collect();
        serde_json::to_writer(&mut out, &rows)?;
        writeln!(out)?;
    } else {
        for outcome in &outcomes {
            tell(outcome, &mut out)?;
        }
        let failed = outcomes.iter().filter(|outcome| !outcome.passed()).count();
        writeln!(out, "{} tests, {failed} failed", outcomes.len())?;
    }
    Ok(code(!outcomes.iter().all(Outcome::passed)))
}

fn engine(arguments: &TestArguments, scratch: &Path) -> Result<Engine> {
    let opened = |path: &PathBuf| {
        let found = read(path, &arguments.imports, &arguments.paths)?;
        Ok(ServedProject::embedded(&found.name(path), found.files))
    };
    let projects = arguments.paths.iter().map(opened).collect::<Result<Vec<_>>>()?;
    let named = |connection: &String| match connection.split_once('=') {
        Some((name, place)) => Ok((name.to_owned(), place.to_owned())),
        None => bail!("--connection {connection}: expected NAME=duckdb:FILE"),
    };
    let named = arguments.connection.iter().map(named).collect::<Result<Vec<_>>>()?;
    let mut connections = Vec::new();
    for (name, file) in databases(named.iter().map(|(name, place)| (name.as_str(), place.as_str())))? {
        let database = DuckDb::open(&duckdb::Options::new(&file, scratch.join("duckdb").join(name)))?;
        connections.push(Connection::duckdb(name, database, Limits::default()));
    }
    Ok(Engine::new(Parts {
        projects: Projects::of(projects).context("cannot read an imported project")?,
        connections: connections.into_iter().collect(),
        clock: Clock::Hand(HandClock::at(moment(arguments.now.as_deref())?)),
        keep: Keep::open(scratch.join("results"), KEEP_LIMIT)?,
    }))
}

/// The tests that are meant, by model.
fn tests(engine: &Engine, arguments: &TestArguments) -> Result<Vec<(Arc<Model>, Arc<DataTest>)>> {
    let mut found = Vec::new();
    for (_, model) in engine.projects().models() {
        if arguments.model.as_ref().is_some_and(|wanted| **wanted != *model.name) {
            continue;
        }
        let tests =
            model.tests.values().filter(|test| arguments.test.as_ref().is_none_or(|wanted| **wanted == *test.name));
        found.extend(tests.map(|test| (Arc::clone(&model), Arc::clone(test))));
    }
    if found.is_empty() && (arguments.model.is_some() || arguments.test.is_some()) {
        bail!("no data test is meant by --model and --test");
    }
    Ok(found)
}

fn entry(clock: Clock) -> RunningQuery {
    RunningQuery {
        id: 0,
        user_id: String::new(),
        query_id: Arc::default(),
        task_id: String::new(),
        connection: "".into(),
        sql: "".into(),
        started_at: clock.now(),
    }
}

fn tell(outcome: &Outcome, out: &mut impl io::Write) -> io::Result<()> {
    let Outcome { model, test, run } = outcome;
    let place = format!("{}:{}", test.location.file, test.location.line);
    let name = format!("{}/{} {}", model.name, test.source.explore, test.name);
    match run {
        Ok(run) if run.failures.is_empty() && run.rows == 0 => {
            writeln!(out, "pass  {name}  (its query returned no rows)")
        }
        Ok(run) if run.failures.is_empty() => writeln!(out, "pass  {name}"),
        Ok(run) => {
            writeln!(out, "FAIL  {name}\n        --> {place}")?;
            run.failures.iter().try_for_each(|failure| tell_failure(failure, run.rows, out))
        }
        Err(error) => writeln!(out, "FAIL  {name}\n        --> {place}\n      {}", run_error(error, None).text()),
    }
}

fn tell_failure(failure: &Failure, rows: usize, out: &mut impl io::Write) -> io::Result<()> {
    writeln!(out, "      {}", failure.message())?;
    let Reason::Rows { count, examples, .. } = &failure.reason else { return Ok(()) };
    for row in examples {
        let fields: Vec<String> =
            row.iter().map(|(name, value)| format!("{name} = {}", value.as_deref().unwrap_or("null"))).collect();
        writeln!(out, "        {}", fields.join(", "))?;
    }
    writeln!(out, "        {count} of {rows} rows")
}

fn json(outcome: &Outcome) -> Value {
    let Outcome { model, test, run } = outcome;
    let told = |failure: &Failure| {
        let (count, rows) = match &failure.reason {
            Reason::Invalid(_) => (None, Vec::new()),
            Reason::Rows { count, examples, .. } => (Some(*count), examples.clone()),
        };
        let rows: Vec<Value> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        json!({
            "assertion": &*failure.assertion, "message": failure.message(), "file": &*failure.location.file,
            "line": failure.location.line, "rows_failed": count, "examples": rows,
        })
    };
    let failures: Vec<Value> = run.iter().flat_map(|run| &run.failures).map(told).collect();
    json!({
        "model": &*model.name, "explore": &*test.source.explore, "test": &*test.name, "file": &*test.location.file,
        "line": test.location.line, "success": outcome.passed(),
        "assertions": test.asserts.len(),
        "rows": run.as_ref().ok().map(|run| run.rows),
        "failures": failures,
        "error": run.as_ref().err().map(|error| run_error(error, None).text()),
    })
}
