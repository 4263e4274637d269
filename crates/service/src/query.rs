//! Tag Query: saved queries, their runs, and runs in the background.

mod known;
mod merge;
pub(crate) mod run;
mod running;
pub(crate) mod saved;
mod sql;
mod task;

use crate::Service;
use belvedere_api::{Cx, Json, OpenQuery, Reply, Result, bodies, parameters, tags, types};
pub(crate) use known::KnownQueries;
use run::RunParameters;
use std::sync::Arc;

/// The parameters that every run has, out of those of one operation.
macro_rules! run_parameters {
    ($query:expr) => {
        RunParameters {
            limit: $query.limit,
            apply_formatting: $query.apply_formatting.unwrap_or(false),
            cache: run::cache_use($query.cache, $query.cache_only),
            calculations: run::calculated_by($query.server_table_calcs),
            apply_vis: $query.apply_vis.unwrap_or(false),
            links: run::links($query.generate_drill_links),
            path_prefix: $query.path_prefix,
        }
    };
}

impl tags::Query for Service {
    async fn create_query(&self, cx: &Cx, body: bodies::WriteQuery) -> Result<types::Query> {
        let query = self.save_query(cx, body).await?;
        saved::described(cx, &query)
    }

    async fn query(&self, cx: &Cx, path: parameters::QueryPath) -> Result<types::Query> {
        let query = self.saved_query(cx, &path.query_id).await?;
        saved::described(cx, &query)
    }

    async fn query_for_slug(&self, cx: &Cx, path: parameters::QueryForSlugPath) -> Result<types::Query> {
        let query = self.query_by_slug(cx, &path.slug).await?;
        saved::described(cx, &query)
    }

    async fn run_query(
        &self,
        cx: &Cx,
        path: parameters::RunQueryPath,
        query: parameters::RunQueryQuery,
    ) -> Result<Reply> {
        let saved = self.saved_query(cx, &path.query_id).await?;
        let question = saved::question(&saved)?;
        let query_id = Arc::new(saved.id.to_string().into());
        self.run(cx, question, &path.result_format, &run_parameters!(query), query_id).await?.reply
    }

    async fn run_inline_query(
        &self,
        cx: &Cx,
        path: parameters::RunInlineQueryPath,
        query: parameters::RunInlineQueryQuery,
        body: bodies::WriteQuery,
    ) -> Result<Reply> {
        self.run_unsaved(cx, body, &path.result_format, &run_parameters!(query)).await
    }

    async fn run_url_encoded_query(
        &self,
        cx: &Cx,
        path: parameters::RunUrlEncodedQueryPath,
        query: OpenQuery,
    ) -> Result<Reply> {
        let (body, parameters) = run::url_encoded(&path.model_name, &path.view_name, &query)?;
        self.run_unsaved(cx, body, &path.result_format, &parameters).await
    }

    async fn create_query_task(
        &self,
        cx: &Cx,
        query: parameters::CreateQueryTaskQuery,
        body: bodies::WriteCreateQueryTask,
    ) -> Result<types::QueryTask> {
        self.new_task(cx, &run_parameters!(query), body).await
    }

    async fn query_task(&self, cx: &Cx, path: parameters::QueryTaskPath) -> Result<types::QueryTask> {
        self.described_task(cx, &path.query_task_id).await
    }

    async fn query_task_results(&self, cx: &Cx, path: parameters::QueryTaskResultsPath) -> Result<Reply> {
        self.task_results(cx, &path.query_task_id).await
    }

    async fn query_task_multi_results(&self, cx: &Cx, query: parameters::QueryTaskMultiResultsQuery) -> Result<Json> {
        self.results_of_tasks(cx, &query.query_task_ids).await
    }

    async fn all_running_queries(&self, cx: &Cx) -> Result<Vec<types::RunningQueries>> {
        self.described_running(cx).await
    }

    async fn kill_query(&self, cx: &Cx, path: parameters::KillQueryPath) -> Result<()> {
        self.kill(cx, &path.query_task_id).await
    }

    async fn create_merge_query(&self, cx: &Cx, body: bodies::WriteMergeQuery) -> Result<types::MergeQuery> {
        self.new_merge_query(cx, body).await
    }

    async fn merge_query(&self, cx: &Cx, path: parameters::MergeQueryPath) -> Result<types::MergeQuery> {
        self.kept_merge_query(cx, &path.merge_query_id).await
    }

    async fn create_sql_query(&self, cx: &Cx, body: bodies::WriteSqlQueryCreate) -> Result<types::SqlQuery> {
        self.new_sql_query(cx, body).await
    }

    async fn sql_query(&self, cx: &Cx, path: parameters::SqlQueryPath) -> Result<types::SqlQuery> {
        let (query, _) = self.kept_sql(cx, &path.slug).await?;
        self.described_sql(cx, query).await
    }

    async fn run_sql_query(
        &self,
        cx: &Cx,
        path: parameters::RunSqlQueryPath,
        query: parameters::RunSqlQueryQuery,
    ) -> Result<Reply> {
        let reply = self.run_kept_sql(cx, &path.slug, &path.result_format).await?;
        let is_download = query.download.is_some_and(|word| word.eq_ignore_ascii_case("true") || word == "1");
        Ok(if is_download { Reply::Attachment(Box::new(reply)) } else { reply })
    }
}
