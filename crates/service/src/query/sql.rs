//! Statements of SQL Runner: kept, and run as they were written.

use super::run::{refused, reply, result_format, running_entry};
use crate::audit::run::Asked;
use crate::connection::base;
use crate::user::public_user;
use crate::{Service, abilities, stored};
use belvedere_api::{Cx, Error, FieldCode, Patch, Reply, Result, bodies, time, types};
use belvedere_engine::access::Viewer;
use belvedere_engine::{CacheUse, Links, Origin, ResultFormat, RunOptions, ServedConnection};
use belvedere_store::sql_query::{self, NewSqlQuery};
use belvedere_store::{JsonObject, QueryHash, SqlQuery, UserId, user};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use std::time::Instant;

/// What it takes to write and run statements, on a model of the connection.
const PERMISSION: &str = "use_sql_runner";
/// What such a run is for (unverified: the word).
const SOURCE: &str = "sql_runner";
const SLUG_LENGTH: usize = 20;
/// Rows that the web page shows.
const BROWSER_LIMIT: i64 = 5000;
/// Longest statement.
const LONGEST: usize = 1 << 20;

impl Service {
    /// Keeps a statement, or finds the one with the same text on the same connection.
    pub(super) async fn new_sql_query(&self, cx: &Cx, body: bodies::WriteSqlQueryCreate) -> Result<types::SqlQuery> {
        let sql = body.sql.value().map(|sql| sql.trim().to_owned()).filter(|sql| !sql.is_empty());
        let sql = sql.ok_or_else(|| Error::missing_field("sql"))?;
        if sql.len() > LONGEST {
            return Err(Error::invalid("sql", format!("must be at most {LONGEST} bytes long")));
        }
        let given = |text: Patch<String>| text.value().filter(|text| !text.is_empty());
        let model = given(body.model_name);
        let connection = given(body.connection_name).or(given(body.connection_id));
        let connection = match (&connection, &model) {
            (Some(name), _) => name.clone(),
            (None, Some(model)) => self.connection_of(cx, model)?,
            (None, None) => {
                let message = "either `connection_name` or `model_name` is needed";
                return Err(Error::field("connection_name", FieldCode::MissingField, message));
            }
        };
        let connection = self.connection_to_run_on(cx, &connection)?;
        let vis_config: JsonObject = body.vis_config.value().unwrap_or_default().into_iter().collect();
        let form = json!([connection.name().as_ref(), model, sql, vis_config]).to_string();
        let new = NewSqlQuery {
            slug: cx.ids.alphanumeric(SLUG_LENGTH).parse().map_err(Error::internal)?,
            hash: QueryHash(Sha256::digest(form.as_bytes()).into()),
            connection: connection.name().to_string(),
            model,
            sql,
            vis_config,
            user_id: UserId::new(cx.caller()?.user.get()),
        };
        let now = cx.now;
        let saved = self.store.write(async |tx| sql_query::insert_or_get(tx, new, now).await).await;
        self.described_sql(cx, stored(saved)?).await
    }

    /// The statement with this slug, on a connection that the caller may run statements on.
    pub(super) async fn kept_sql(&self, cx: &Cx, slug: &str) -> Result<(SqlQuery, Arc<ServedConnection>)> {
        let slug = slug.parse().map_err(|_| Error::not_found())?;
        let found = stored(self.store.read(async |db| sql_query::by_slug(db, slug).await).await)?;
        let query = found.ok_or_else(Error::not_found)?;
        let connection = self.connection_to_run_on(cx, &query.connection)?;
        Ok((query, connection))
    }

    /// Runs a kept statement.
    pub(super) async fn run_kept_sql(&self, cx: &Cx, slug: &str, word: &str) -> Result<Reply> {
        let format = result_format(word)?;
        let (query, connection) = self.kept_sql(cx, slug).await?;
        let format = match format {
            ResultFormat::Sql => return Ok(super::run::sql_text(&query.sql)),
            ResultFormat::Rows(format) => format,
        };
        let task_id = cx.ids.hex(32);
        let options = RunOptions {
            format,
            apply_formatting: false,
            sees_sql: true,
            sight: belvedere_engine::describe::Sight::Fields,
            id: task_id.clone(),
            origin: Origin::Cache(CacheUse::Never),
            links: Links::Omitted,
            drill_prefix: None,
        };
        let mut entry = running_entry(cx, Arc::default(), task_id);
        let sql: Arc<str> = query.sql.as_str().into();
        entry.connection = connection.name().clone();
        entry.sql = Arc::clone(&sql);
        let started = Instant::now();
        let asked = Asked {
            source: SOURCE.to_owned(),
            model: query.model.clone(),
            format: word.to_owned(),
            sql_query_slug: Some(query.slug),
            ..Asked::default()
        };
        let run = self.begin_run(cx, asked).await?;
        run.on(&entry.connection);
        let held = Arc::clone(&run);
        let answer = self.engine.run_sql(&connection, sql, &options, entry, move |ended| held.ended(&ended)).await;
        let answer = answer.map_err(|error| {
            run.failed();
            refused(&error).unwrap_or_else(|| Error::internal(error))
        })?;
        let (slug, now, runtime) = (query.slug, cx.now, started.elapsed().as_secs_f64());
        stored(self.store.write(async |tx| sql_query::count_run(tx, slug, runtime, now).await).await)?;
        reply(answer)
    }

    pub(super) async fn described_sql(&self, cx: &Cx, query: SqlQuery) -> Result<types::SqlQuery> {
        let creator = match query.user_id {
            Some(id) => stored(self.store.read(async |db| user::get(db, id).await).await)?,
            None => None,
        };
        let connection = self.engine.connections().get(&query.connection);
        let vis_config: Vec<(String, Value)> = query.vis_config.into_iter().collect();
        Ok(types::SqlQuery {
            can: abilities(&["run", "show", "see_results"]),
            slug: Some(query.slug.to_string()),
            last_runtime: query.last_runtime,
            run_count: Some(query.run_count),
            browser_limit: Some(BROWSER_LIMIT),
            sql: Some(query.sql),
            last_run_at: query.last_run_at.map(time::text),
            connection: connection.map(|connection| base(connection)),
            model_name: query.model,
            creator: creator.map(|user| public_user(cx, &user)),
            explore_url: None,
            plaintext: Some(false),
            vis_config: Some(vis_config.into_iter().collect())
                .filter(|config: &indexmap::IndexMap<_, _>| !config.is_empty()),
            result_maker_id: None,
        })
    }

    /// The connection of a model that the caller may run statements on.
    fn connection_of(&self, cx: &Cx, model: &str) -> Result<String> {
        let viewer = Viewer::new(cx.security()?);
        let model = self.visible_model(&viewer, model)?;
        model.connection.clone().ok_or_else(Error::not_found)
    }

    /// The connection, if a model on it is one whose connections the caller may run statements on; administrators may
    /// on all.
    fn connection_to_run_on(&self, cx: &Cx, name: &str) -> Result<Arc<ServedConnection>> {
        let security = cx.security()?;
        let may_on = |model: &str| security.may_on(PERMISSION, model);
        let models = self.engine.projects().models();
        let on_it = |model: &belvedere_lookml::model::Model| model.connection.as_deref() == Some(name);
        let may = security.is_admin() || models.iter().any(|(_, model)| on_it(model) && may_on(&model.name));
        let connection = self.engine.connections().get(name).filter(|_| may);
        connection.cloned().ok_or_else(Error::not_found)
    }
}
