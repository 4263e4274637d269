//! Running a query and answering with its rows.

use super::saved::{asked, canonical, vis};
use crate::Service;
use crate::audit::run::{Asked, Run};
use crate::workspace::mode;
use belvedere_api::{Cx, Error, OpenQuery, Patch, Reply, Result, bodies};
use belvedere_engine::access::{Download, Viewer};
use belvedere_engine::{
    Answer, Body, CacheUse, CalculatedBy, Format, Links, Origin, QueryError, Question, ResultFormat, RunOptions,
    RunningQuery, WarehouseError, run_error,
};
use bytes::Bytes;
use futures_util::StreamExt as _;
use indexmap::IndexMap;
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// What a caller wants of a run besides the query.
#[derive(Debug, Clone, Default)]
pub(crate) struct RunParameters {
    /// Takes the place of the query's own limit.
    pub(crate) limit: Option<i64>,
    /// Values as formatted text.
    pub(crate) apply_formatting: bool,
    /// What of the cache may answer.
    pub(crate) cache: CacheUse,
    /// Who computes table calculations.
    pub(crate) calculations: CalculatedBy,
    /// Columns as the query's chart shows them.
    pub(crate) apply_vis: bool,
    /// Whether cells have a menu of links.
    pub(crate) links: Links,
    /// What the addresses in it begin with.
    pub(crate) path_prefix: Option<String>,
}

/// `server_table_calcs`
pub(crate) fn calculated_by(server_table_calcs: Option<bool>) -> CalculatedBy {
    if server_table_calcs == Some(true) { CalculatedBy::Server } else { CalculatedBy::Client }
}

/// `cache` and `cache_only`, which goes before it.
pub(crate) fn cache_use(cache: Option<bool>, cache_only: Option<bool>) -> CacheUse {
    match (cache, cache_only) {
        (_, Some(true)) => CacheUse::Only,
        (Some(false), _) => CacheUse::Never,
        _ => CacheUse::Fresh,
    }
}

/// `generate_drill_links`
pub(crate) fn links(generate_drill_links: Option<bool>) -> Links {
    if generate_drill_links == Some(true) { Links::Shown } else { Links::Omitted }
}

impl RunParameters {
    /// What the addresses of drills begin with, for callers who may drill.
    pub(crate) fn drill_prefix(&self, viewer: &Viewer<'_>, model: &str) -> Option<String> {
        viewer.drills(model).then(|| self.path_prefix.clone().unwrap_or_default())
    }
}

/// What a run is answered; the run is not recorded as long as this is held.
pub(super) struct Answered {
    pub(super) reply: Result<Reply>,
    _run: Arc<Run>,
}

/// What a run is for that a call of the API asks for.
pub(crate) const API: &str = "api4";

/// Result formats of the contract that this server does not write yet.
const NOT_YET: [&str; 3] = ["png", "jpg", "odc"];

/// The format that a path names.
pub(crate) fn result_format(word: &str) -> Result<ResultFormat> {
    match ResultFormat::parse(word) {
        Some(format) => Ok(format),
        None if NOT_YET.contains(&word) => Err(Error::not_implemented()),
        None => {
            let known: Vec<&str> = Format::words().collect();
            Err(Error::bad_request(format!("`{word}` is not a result format; expected {} or sql", known.join(", "))))
        }
    }
}

impl Service {
    /// Runs a query that was never saved, and saves it beside: implicit queries have an id and a share address too.
    pub(super) async fn run_unsaved(
        &self,
        cx: &Cx,
        body: bodies::WriteQuery,
        word: &str,
        parameters: &RunParameters,
    ) -> Result<Reply> {
        // Saving checks it too, but beside the run.
        self.check_asker(cx, &body.model, &body.view)?;
        let form = canonical(body.clone());
        let question = Question {
            model: body.model.clone(),
            explore: body.view.clone(),
            query: asked(&form)?,
            vis: Some(vis(&form)),
            ..Question::default()
        };
        result_format(word)?;
        let query_id = Arc::<OnceLock<String>>::default();
        let save = async {
            let saved = self.save_query(cx, body).await?;
            let _ = query_id.set(saved.id.to_string());
            Ok(())
        };
        let run = self.run(cx, question, word, parameters, Arc::clone(&query_id));
        // The run is recorded with the id of its query, which may come later than the rows.
        let (saved, answered): (Result<()>, _) = tokio::join!(save, run);
        saved?;
        answered?.reply
    }

    /// Runs a question. Every failure that the format can tell is an answer; the others are refusals.
    pub(super) async fn run(
        &self,
        cx: &Cx,
        mut question: Question,
        word: &str,
        parameters: &RunParameters,
        query_id: Arc<OnceLock<String>>,
    ) -> Result<Answered> {
        let format = result_format(word)?;
        let viewer = Viewer::new(cx.security()?);
        self.visible_model(&viewer, &question.model)?;
        check_format(&viewer, &question.model, format)?;
        limit(&mut question, parameters, &viewer)?;
        let asked = Asked {
            source: API.to_owned(),
            model: Some(question.model.clone()),
            view: Some(question.explore.clone()),
            format: word.to_owned(),
            query_id,
            ..Asked::default()
        };
        let run = self.begin_run(cx, asked).await?;
        let reply = self.answer(cx, question, format, parameters, &run).await;
        if reply.is_err() {
            run.failed();
        }
        Ok(Answered { reply, _run: run })
    }

    /// Answers a question, and tells its run how that ended.
    async fn answer(
        &self,
        cx: &Cx,
        question: Question,
        format: ResultFormat,
        parameters: &RunParameters,
        run: &Arc<Run>,
    ) -> Result<Reply> {
        let viewer = Viewer::new(cx.security()?);
        let prepared = self.engine.prepare(&question, &viewer.asker(cx.now, mode(cx)?));
        let format = match format {
            ResultFormat::Sql => {
                let reply = sql_reply(prepared)?;
                run.complete();
                return Ok(reply);
            }
            ResultFormat::Rows(format) => format,
        };
        let task_id = cx.ids.hex(32);
        let options = RunOptions {
            format,
            apply_formatting: parameters.apply_formatting,
            sees_sql: viewer.sees_sql(&question.model),
            sight: viewer.sight(&question.model),
            id: task_id.clone(),
            origin: Origin::Cache(parameters.cache),
            links: parameters.links,
            drill_prefix: parameters.drill_prefix(&viewer, &question.model),
        };
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err(error) => {
                if let Some(refusal) = refused(&error) {
                    return Err(refusal);
                }
                run.failed();
                return reply(self.engine.failed(&error, None, &options));
            }
        };
        let mut entry = running_entry(cx, run.query_id(), task_id);
        entry.connection = prepared.connection.name().clone();
        entry.sql = prepared.sql.clone();
        run.on(&entry.connection);
        let held = Arc::clone(run);
        match self.engine.run(prepared, &options, entry, move |ended| held.ended(&ended)).await {
            Ok(answer) => reply(answer),
            Err(error) => Err(refused(&error).unwrap_or_else(|| Error::internal(error))),
        }
    }
}

/// The statement itself.
fn sql_reply(prepared: std::result::Result<belvedere_engine::Prepared, belvedere_engine::Error>) -> Result<Reply> {
    let prepared = prepared
        .map_err(|error| refused(&error).unwrap_or_else(|| Error::bad_request(run_error(&error, None).text())))?;
    Ok(sql_text(&prepared.script()))
}

/// How a run is listed among the running ones.
pub(crate) fn running_entry(cx: &Cx, query_id: Arc<OnceLock<String>>, task_id: String) -> RunningQuery {
    RunningQuery {
        id: 0,
        user_id: cx.caller.as_ref().map(|caller| caller.user.to_string()).unwrap_or_default(),
        query_id,
        task_id,
        connection: "".into(),
        sql: "".into(),
        started_at: cx.now,
    }
}

/// A statement as the answer in format `sql`.
pub(super) fn sql_text(sql: &str) -> Reply {
    Reply::Text { content_type: Cow::Borrowed("application/sql"), body: Bytes::copy_from_slice(sql.as_bytes()) }
}

/// Rows that callers get who may not download without limit.
const LIMITED_ROWS: i64 = 5000;

/// What the call says of the question: its `limit` takes the place of the query's. Neither goes beyond what the caller
/// may download.
pub(super) fn limit(question: &mut Question, parameters: &RunParameters, viewer: &Viewer<'_>) -> Result<()> {
    question.calculations = parameters.calculations;
    if !parameters.apply_vis {
        question.vis = None;
    }
    match parameters.limit {
        None => {}
        Some(limit) if limit >= -1 => question.query.limit = Some(limit),
        Some(limit) => {
            let message = format!("`limit` must be a number of rows, or -1 for all, not {limit}");
            return Err(Error::bad_request(message));
        }
    }
    let beyond = question.query.limit.is_some_and(|limit| !(0..=LIMITED_ROWS).contains(&limit));
    if beyond && viewer.downloads(&question.model) != Download::Unlimited {
        question.query.limit = Some(LIMITED_ROWS);
    }
    Ok(())
}

/// Refuses the formats of files to callers who may not download (unverified: with which status), and the statement itself
/// to those who may not see it.
pub(super) fn check_format(viewer: &Viewer<'_>, model: &str, format: ResultFormat) -> Result<()> {
    let may_have = match format {
        ResultFormat::Rows(format) => !format.is_file() || viewer.downloads(model) != Download::None,
        ResultFormat::Sql => viewer.sees_sql(model),
    };
    if may_have { Ok(()) } else { Err(Error::not_found()) }
}

/// The refusal that an error of the engine means; `None` for one that a result format tells in its own way.
pub(crate) fn refused(error: &belvedere_engine::Error) -> Option<Error> {
    use belvedere_engine::Error as Engine;
    match error {
        Engine::UnknownModel(_) | Engine::UnknownExplore { .. } | Engine::Query(QueryError::UnknownExplore { .. }) => {
            Some(Error::not_found())
        }
        Engine::Query(QueryError::NoFields) => Some(Error::bad_request("Must query at least one dimension or measure")),
        Engine::UnknownTimezone(_) => Some(Error::invalid("query_timezone", error.to_string())),
        Engine::NotCached => Some(Error::not_found()),
        Engine::TooManyFillRows => Some(Error::bad_request(error.to_string())),
        Engine::Database(WarehouseError::Busy { .. } | WarehouseError::BusyUser { .. }) => {
            Some(Error::too_many_requests(Duration::from_secs(5)))
        }
        _ => None,
    }
}

/// An answer of the engine as a reply.
pub(super) fn reply(answer: Answer) -> Result<Reply> {
    match answer {
        Answer::Body { content_type, body: Body::Whole(body) } => {
            Ok(Reply::Text { content_type: Cow::Borrowed(content_type), body })
        }
        Answer::Body { content_type, body: Body::Chunks(chunks) } => {
            let body = chunks.map(|chunk| chunk.map_err(Error::internal));
            Ok(Reply::Stream { content_type: Cow::Borrowed(content_type), body: Box::pin(body) })
        }
        Answer::BadRequest(message) => Err(Error::bad_request(message)),
    }
}

/// A query that is written in an address: `fields`, `f[view.field]`, `sorts`, ...
pub(super) fn url_encoded(
    model: &str,
    explore: &str,
    query: &OpenQuery,
) -> Result<(bodies::WriteQuery, RunParameters)> {
    let list = |key: &str| match query.get(key) {
        Some(text) => {
            Patch::Value(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect())
        }
        None => Patch::Absent,
    };
    let text = |key: &str| query.get(key).map_or(Patch::Absent, |text| Patch::Value(text.to_owned()));
    let is_on = |key: &str| query.get(key).is_some_and(|word| ["on", "true", "1", "yes"].contains(&word));
    let filter = |(key, value): &(String, String)| {
        let field = key.strip_prefix("f[")?.strip_suffix(']')?;
        Some((field.to_owned(), value.clone()))
    };
    let filters: IndexMap<String, String> = query.0.iter().filter_map(filter).collect();
    let vis_config = match query.get("vis").or_else(|| query.get("vis_config")) {
        None | Some("") => Patch::Absent,
        Some(json) => {
            let object: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(json).map_err(|_| Error::bad_request("`vis` must be a JSON object"))?;
            Patch::Value(object.into_iter().collect())
        }
    };
    let body = bodies::WriteQuery {
        model: model.to_owned(),
        view: explore.to_owned(),
        fields: list("fields"),
        pivots: list("pivots"),
        fill_fields: list("fill_fields"),
        filters: if filters.is_empty() { Patch::Absent } else { Patch::Value(filters) },
        filter_expression: text("filter_expression"),
        sorts: list("sorts"),
        limit: text("limit"),
        column_limit: text("column_limit"),
        total: if is_on("total") { Patch::Value(true) } else { Patch::Absent },
        row_total: text("row_total"),
        subtotals: list("subtotals"),
        vis_config,
        dynamic_fields: text("dynamic_fields"),
        query_timezone: text("query_timezone"),
        ..bodies::WriteQuery::default()
    };
    let said = |key: &str| query.get(key).filter(|word| !word.is_empty()).map(|_| is_on(key));
    let parameters = RunParameters {
        limit: None,
        apply_formatting: is_on("apply_formatting"),
        cache: cache_use(said("cache"), said("cache_only")),
        calculations: calculated_by(said("server_table_calcs")),
        apply_vis: is_on("apply_vis"),
        links: links(said("generate_drill_links")),
        path_prefix: query.get("path_prefix").map(str::to_owned),
    };
    Ok((body, parameters))
}
