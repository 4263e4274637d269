//! Query tasks: runs in the background whose rows are kept until they are asked for.

use super::run::{
    API, RunParameters, cache_use, calculated_by, check_format, limit, links, refused, reply, result_format,
    running_entry, sql_text,
};
use super::saved;
use crate::audit::run::{Asked, Run};
use crate::workspace::mode;
use crate::{Service, abilities, stored};
use belvedere_api::{Cx, Error, ErrorKind, Json, Reply, Result, bodies, types};
use belvedere_engine::access::Viewer;
use belvedere_engine::{
    CacheUse, CalculatedBy, Ended, Engine, Format, Links, Origin, Outcome, Prepared, Question, ResultFormat, RunError,
    RunOptions, RunningQuery, run_error,
};
use belvedere_store::query_task::{self, NewQueryTask, Status};
use belvedere_store::{JsonObject, QueryTask, QueryTaskId, Store, UserId};
use belvedere_wire::{Object, write_escaped, write_f64, write_string};
use bytes::Bytes;
use futures_util::StreamExt as _;
use indexmap::IndexSet;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// When a caller is told to ask again.
const ASK_AGAIN: Duration = Duration::from_secs(1);

impl Service {
    pub(super) async fn new_task(
        &self,
        cx: &Cx,
        parameters: &RunParameters,
        body: bodies::WriteCreateQueryTask,
    ) -> Result<types::QueryTask> {
        let format = body.result_format.as_str();
        let query = self.saved_query(cx, &body.query_id).await?;
        let mut question = saved::question(&query)?;
        let viewer = Viewer::new(cx.security()?);
        check_format(&viewer, &question.model, result_format(format)?)?;
        limit(&mut question, parameters, &viewer)?;
        let id: QueryTaskId = cx.ids.hex(32).parse().map_err(Error::internal)?;
        let options = json!({
            "limit": parameters.limit,
            "apply_formatting": parameters.apply_formatting,
            "cache": parameters.cache != CacheUse::Never,
            "cache_only": parameters.cache == CacheUse::Only,
            "server_table_calcs": parameters.calculations == CalculatedBy::Server,
            "apply_vis": parameters.apply_vis,
            "generate_links": parameters.links == Links::Shown,
            "path_prefix": parameters.path_prefix,
            "source": body.source.value(),
        });
        let new = NewQueryTask {
            id,
            query_id: query.id,
            user_id: UserId::new(cx.caller()?.user.get()),
            result_format: format.to_owned(),
            options: options.as_object().cloned().unwrap_or_default(),
        };
        let now = cx.now;
        let task = stored(self.store.write(async |tx| query_task::insert(tx, new, now).await).await)?;
        if body.deferred != Some(true) {
            // At the time that the store keeps: when the rows are asked for, the statement must be the same.
            let prepared = self.engine.prepare(&question, &viewer.asker(task.created_at, mode(cx)?));
            let asked = Asked {
                source: source(&task).to_owned(),
                model: Some(question.model.clone()),
                view: Some(question.explore.clone()),
                format: format.to_owned(),
                query_id: Arc::new(query.id.to_string().into()),
                query_task_id: Some(id.to_string()),
                ..Asked::default()
            };
            let work = Work {
                run: self.begin_run(cx, asked).await?,
                store: self.store.clone(),
                engine: Arc::clone(&self.engine),
                node: self.settings.node.clone(),
                id,
                entry: running_entry(cx, Arc::new(query.id.to_string().into()), id.to_string()),
                needs_rows: format != "sql",
                cache: parameters.cache,
            };
            tokio::spawn(work.run(prepared));
        }
        described(cx, &task, &query)
    }

    pub(super) async fn described_task(&self, cx: &Cx, id: &str) -> Result<types::QueryTask> {
        let task = self.own_task(cx, id).await?;
        let query = self.saved_query(cx, &task.query_id.to_string()).await?;
        described(cx, &task, &query)
    }

    /// The result of a task: 202 as long as there is none.
    pub(super) async fn task_results(&self, cx: &Cx, id: &str) -> Result<Reply> {
        let task = self.own_task(cx, id).await?;
        match task.status {
            Status::Added | Status::Running => Ok(Reply::Pending { retry_after: ASK_AGAIN }),
            Status::Expired => Err(Error::not_found()),
            Status::Killed => Err(Error::bad_request("Query was killed")),
            Status::Complete => self.kept_result(cx, &task).await,
            Status::Error => {
                let error = self.told_error(cx, &task).await?;
                if task.result_format == "json_detail" {
                    let (options, prepared) = self.again(cx, &task, Format::JsonDetail).await?;
                    return reply(self.engine.failure(&error, prepared.ok().as_ref(), &options));
                }
                Err(Error::bad_request(error.text()))
            }
        }
    }

    /// The state of several tasks, each with its result when there is one.
    pub(super) async fn results_of_tasks(&self, cx: &Cx, ids: &[String]) -> Result<Json> {
        let mut out = Vec::new();
        let mut tasks = Object::open(&mut out);
        let ids: IndexSet<&str> = ids.iter().map(|id| id.trim()).filter(|id| !id.is_empty()).collect();
        for id in ids {
            let entry = match self.own_task(cx, id).await {
                Ok(task) => match self.result_entry(cx, &task).await {
                    // Its rows are gone, or the model is another one by now.
                    Err(error) if error.status() < 500 => status_alone("expired"),
                    entry => entry?,
                },
                Err(error) if error.kind() == ErrorKind::NotFound => status_alone("missing"),
                Err(error) => return Err(error),
            };
            tasks.key(id).extend_from_slice(&entry);
        }
        tasks.close();
        Ok(Json(out))
    }

    async fn result_entry(&self, cx: &Cx, task: &QueryTask) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        let mut entry = Object::open(&mut out);
        write_string(task.status.as_str(), entry.key("status"));
        match task.status {
            Status::Added | Status::Running | Status::Expired | Status::Killed => {}
            Status::Complete => {
                let reply = self.kept_result(cx, task).await?;
                write_data(reply, &task.result_format, entry.key("data")).await?;
            }
            Status::Error => {
                let error = self.told_error(cx, task).await?;
                let format = match ResultFormat::parse(&task.result_format) {
                    Some(ResultFormat::Rows(format @ (Format::JsonBi | Format::JsonDetail))) => Some(format),
                    _ => None,
                };
                if let Some(format) = format {
                    let (options, prepared) = self.again(cx, task, format).await?;
                    let answer = reply(self.engine.failure(&error, prepared.ok().as_ref(), &options))?;
                    write_data(answer, &task.result_format, entry.key("data")).await?;
                } else {
                    write_failure(task, &error, entry.key("data"));
                }
            }
        }
        entry.close();
        Ok(out)
    }

    /// The caller's own task; administrators see all.
    async fn own_task(&self, cx: &Cx, id: &str) -> Result<QueryTask> {
        let id: QueryTaskId = id.parse().map_err(|_| Error::not_found())?;
        let security = cx.security()?;
        let task = stored(self.store.read(async |db| query_task::get(db, id).await).await)?;
        let sees = |task: &QueryTask| security.is_admin() || task.user_id.get() == security.user().get();
        task.filter(sees).ok_or_else(Error::not_found)
    }

    /// The kept rows of a task, written in its format.
    async fn kept_result(&self, cx: &Cx, task: &QueryTask) -> Result<Reply> {
        let format = match result_format(&task.result_format)? {
            ResultFormat::Rows(format) => format,
            ResultFormat::Sql => {
                let (_, prepared) = self.again(cx, task, Format::Json).await?;
                let prepared = prepared.map_err(|error| Error::bad_request(run_error(&error, None).text()))?;
                return Ok(sql_text(&prepared.script()));
            }
        };
        let (options, prepared) = self.again(cx, task, format).await?;
        let prepared = prepared.map_err(|_| Error::not_found())?;
        let query_id = Arc::new(task.query_id.to_string().into());
        let asked = Asked {
            source: source(task).to_owned(),
            model: Some(prepared.explore.model.to_string()),
            view: Some(prepared.explore.name.to_string()),
            format: task.result_format.clone(),
            query_id: Arc::clone(&query_id),
            query_task_id: Some(task.id.to_string()),
            ..Asked::default()
        };
        let run = self.begin_run(cx, asked).await?;
        run.on(prepared.connection.name());
        let entry = running_entry(cx, query_id, options.id.clone());
        // Rows that are gone, or that a changed model has no use for any more, are not there.
        match self.engine.open(&prepared, &options.origin, entry).await {
            Ok((table, guard)) => {
                let written =
                    self.engine.write(prepared, table, &options, move |ended| run.ended(&guard.judged(ended)));
                reply(written.await)
            }
            Err(error) => {
                run.failed();
                Err(refused(&error).unwrap_or_else(Error::not_found))
            }
        }
    }

    /// Why a task has failed, as far as the caller may know it.
    async fn told_error(&self, cx: &Cx, task: &QueryTask) -> Result<RunError> {
        let query = self.saved_query(cx, &task.query_id.to_string()).await?;
        let error = kept_error(task);
        let sees_sql = Viewer::new(cx.security()?).sees_sql(&query.model);
        Ok(if sees_sql { error } else { RunError { sql: None, ..error } })
    }

    /// The task's query prepared once more, as it was at its time, and how its result is written.
    async fn again(
        &self,
        cx: &Cx,
        task: &QueryTask,
        format: Format,
    ) -> Result<(RunOptions, std::result::Result<Prepared, belvedere_engine::Error>)> {
        let query = self.saved_query(cx, &task.query_id.to_string()).await?;
        let mut question: Question = saved::question(&query)?;
        let parameters = parameters(&task.options);
        let viewer = Viewer::new(cx.security()?);
        // The caller may have lost since what it took to ask for the format.
        check_format(&viewer, &question.model, result_format(&task.result_format)?)?;
        limit(&mut question, &parameters, &viewer)?;
        let options = RunOptions {
            format,
            apply_formatting: parameters.apply_formatting,
            sees_sql: viewer.sees_sql(&question.model),
            sight: viewer.sight(&question.model),
            id: task.id.to_string(),
            origin: Origin::Task(task.id.to_string()),
            links: parameters.links,
            drill_prefix: parameters.drill_prefix(&viewer, &question.model),
        };
        Ok((options, self.engine.prepare(&question, &viewer.asker(task.created_at, mode(cx)?))))
    }
}

fn parameters(options: &JsonObject) -> RunParameters {
    let flag = |key: &str| options.get(key).and_then(Value::as_bool).unwrap_or(false);
    RunParameters {
        limit: options.get("limit").and_then(Value::as_i64),
        apply_formatting: flag("apply_formatting"),
        cache: cache_use(options.get("cache").and_then(Value::as_bool), Some(flag("cache_only"))),
        calculations: calculated_by(Some(flag("server_table_calcs"))),
        apply_vis: flag("apply_vis"),
        links: links(Some(flag("generate_links"))),
        path_prefix: options.get("path_prefix").and_then(Value::as_str).map(str::to_owned),
    }
}

/// What a task is for, as its maker said.
fn source(task: &QueryTask) -> &str {
    task.options.get("source").and_then(Value::as_str).unwrap_or(API)
}

fn described(cx: &Cx, task: &QueryTask, query: &belvedere_store::Query) -> Result<types::QueryTask> {
    let parameters = parameters(&task.options);
    Ok(types::QueryTask {
        can: abilities(&[]),
        id: Some(task.id.to_string()),
        query_id: Some(task.query_id.to_string()),
        query: if cx.shape.wants("query") { Some(saved::described(cx, query)?) } else { None },
        generate_links: Some(parameters.links == Links::Shown),
        path_prefix: parameters.path_prefix,
        force_production: Some(false),
        cache: Some(parameters.cache != CacheUse::Never),
        server_table_calcs: Some(parameters.calculations == CalculatedBy::Server),
        cache_only: Some(parameters.cache == CacheUse::Only),
        status: Some(task.status.as_str().to_owned()),
        source: Some(source(task).to_owned()),
        runtime: task.runtime,
        rebuild_pdts: Some(false),
        result_source: Some("query".to_owned()),
        result_format: Some(task.result_format.clone()),
        ..types::QueryTask::default()
    })
}

/// A task that is worked on.
struct Work {
    run: Arc<Run>,
    store: Store,
    engine: Arc<Engine>,
    node: String,
    id: QueryTaskId,
    entry: RunningQuery,
    needs_rows: bool,
    cache: CacheUse,
}

impl Work {
    /// Carries the task to its end. What goes wrong is told in the task.
    async fn run(self, prepared: std::result::Result<Prepared, belvedere_engine::Error>) {
        let started = Instant::now();
        let (id, node, now) = (self.id, self.node.clone(), self.now());
        match self.store.write(async |tx| query_task::claim(tx, id, &node, now).await).await {
            // It was killed before its turn came.
            Ok(None) => return,
            Ok(Some(_)) => {}
            Err(error) => return tracing::error!(%error, task = %id, "a task could not be claimed"),
        }
        let outcome = self.keep_rows(prepared).await;
        let runtime = started.elapsed().as_secs_f64();
        let now = self.now();
        let ended = match outcome {
            Ok(()) => {
                let location = id.to_string();
                self.store.write(async |tx| query_task::complete(tx, id, &location, runtime, now).await).await
            }
            Err(error) => {
                let error = written(&error);
                self.store.write(async |tx| query_task::fail(tx, id, &error, runtime, now).await).await
            }
        };
        if let Err(error) = ended {
            tracing::error!(%error, task = %id, "the end of a task could not be saved");
        }
    }

    async fn keep_rows(
        &self,
        prepared: std::result::Result<Prepared, belvedere_engine::Error>,
    ) -> std::result::Result<(), RunError> {
        let prepared = prepared.map_err(|error| {
            self.run.failed();
            run_error(&error, None)
        })?;
        if !self.needs_rows {
            self.run.complete();
            return Ok(());
        }
        self.run.on(prepared.connection.name());
        let failed = |error: &belvedere_engine::Error| run_error(error, Some(&prepared.sql));
        let mut entry = self.entry.clone();
        entry.connection = prepared.connection.name().clone();
        entry.sql = prepared.sql.clone();
        let kept = self.engine.keep_for_task(&prepared, self.cache, entry).await;
        self.run.ended(&match &kept {
            Ok((rows, provenance)) => Ended { outcome: Outcome::Complete, rows: *rows, provenance: Some(*provenance) },
            Err(error) => Ended::before_rows(error),
        });
        kept.map(drop).map_err(|error| failed(&error))
    }

    fn now(&self) -> Timestamp {
        self.engine.clock().now()
    }
}

/// An error as the store keeps it.
fn written(error: &RunError) -> String {
    let location = error.location.map(|place| json!([place.line, place.column]));
    json!({
        "message": error.message,
        "message_details": error.message_details,
        "sql": error.sql,
        "location": location,
    })
    .to_string()
}

/// The error that the store keeps of a task.
fn kept_error(task: &QueryTask) -> RunError {
    let text = task.error.as_deref().unwrap_or_default();
    let Ok(Value::Object(error)) = serde_json::from_str::<Value>(text) else { return RunError::new(text) };
    let field = |key: &str| error.get(key).and_then(Value::as_str).map(str::to_owned);
    let place = |index: usize| error.get("location")?.get(index)?.as_u64()?.try_into().ok();
    RunError {
        message: field("message").unwrap_or_default(),
        message_details: field("message_details"),
        sql: field("sql"),
        location: place(0).zip(place(1)).map(|(line, column)| belvedere_engine::SqlLocation { line, column }),
    }
}

/// What is told of a task that has nothing but a status.
fn status_alone(status: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut entry = Object::open(&mut out);
    write_string(status, entry.key("status"));
    entry.close();
    out
}

/// `{id, error, runtime, sql}`: what a failed task of another format than json_detail and json_bi has for data.
fn write_failure(task: &QueryTask, error: &RunError, out: &mut Vec<u8>) {
    let mut data = Object::open(out);
    write_string(&task.id.to_string(), data.key("id"));
    write_string(&error.text(), data.key("error"));
    if let Some(runtime) = task.runtime {
        write_f64(runtime, data.key("runtime"));
    }
    if let Some(sql) = &error.sql {
        write_string(sql, data.key("sql"));
    }
    data.close();
}

/// A whole reply as one JSON value: JSON as it is, any text as a string.
async fn write_data(reply: Reply, format: &str, out: &mut Vec<u8>) -> Result<()> {
    let body: Bytes = match reply {
        Reply::Text { body, .. } => body,
        Reply::Stream { mut body, .. } => {
            let mut whole = Vec::new();
            while let Some(chunk) = body.next().await {
                whole.extend_from_slice(&chunk?);
            }
            whole.into()
        }
        Reply::Json(json) => json.0.into(),
        Reply::Page { .. } | Reply::Attachment(_) | Reply::Empty | Reply::Pending { .. } => Bytes::new(),
    };
    if format.contains("json") {
        out.extend_from_slice(if body.is_empty() { b"null" } else { &body });
        return Ok(());
    }
    out.push(b'"');
    write_escaped(&String::from_utf8_lossy(&body), out);
    out.push(b'"');
    Ok(())
}
