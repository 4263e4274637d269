//! The statements that run now.

use super::saved;
use crate::user::public_user;
use crate::{Service, abilities, stored};
use belvedere_api::{Cx, Error, Result, time, types};
use belvedere_store::{QueryId, QueryTaskId, UserId, query, query_task, user};

impl Service {
    pub(super) async fn described_running(&self, cx: &Cx) -> Result<Vec<types::RunningQueries>> {
        let running = self.engine.running().list();
        let queries: Vec<QueryId> = running.iter().filter_map(|entry| entry.query_id.get()?.parse().ok()).collect();
        let users: Vec<UserId> = running.iter().filter_map(|entry| entry.user_id.parse().ok()).collect();
        let found =
            self.store.read(async |db| Ok((query::by_ids(db, &queries).await?, user::by_ids(db, &users).await?)));
        let (queries, users) = stored(found.await)?;
        let mut described = Vec::with_capacity(running.len());
        for entry in running {
            let query_id = entry.query_id.get();
            let query = queries.iter().find(|query| Some(&query.id.to_string()) == query_id);
            let user = users.iter().find(|user| user.id.to_string() == entry.user_id);
            described.push(types::RunningQueries {
                can: abilities(&[]),
                id: Some(entry.id.to_string()),
                user: user.map(|user| public_user(cx, user)),
                query: query.map(|query| saved::described(cx, query)).transpose()?,
                created_at: Some(time::text(entry.started_at)),
                query_id: query_id.cloned(),
                source: Some("api4".to_owned()),
                node_id: Some(self.settings.node.clone()),
                slug: query.map(|query| query.slug.to_string()),
                connection_name: Some(entry.connection.to_string()),
                dialect: self.engine.dialect(Some(&entry.connection)).map(|dialect| dialect.name().to_owned()),
                connection_id: Some(entry.connection.to_string()),
                status: Some("running".to_owned()),
                runtime: Some(cx.now.duration_since(entry.started_at).as_secs_f64()),
                sql: Some(entry.sql.to_string()),
                query_task_id: Some(entry.task_id),
                ..types::RunningQueries::default()
            });
        }
        Ok(described)
    }

    /// Stops a run: the caller's own, or anybody's for administrators.
    pub(super) async fn kill(&self, cx: &Cx, task_id: &str) -> Result<()> {
        let security = cx.security()?;
        let may_stop = |owner: &str| security.is_admin() || owner == security.user().to_string();
        if let Some(running) = self.engine.running().find(task_id).filter(|running| may_stop(&running.user_id)) {
            self.engine.running().kill(&running.task_id);
            self.mark_killed(cx, task_id).await?;
            return Ok(());
        }
        // A task that waits for its turn is in the store alone.
        let id: QueryTaskId = task_id.parse().map_err(|_| Error::not_found())?;
        let task = stored(self.store.read(async |db| query_task::get(db, id).await).await)?;
        task.filter(|task| may_stop(&task.user_id.to_string())).ok_or_else(Error::not_found)?;
        if self.mark_killed(cx, task_id).await? { Ok(()) } else { Err(Error::not_found()) }
    }

    async fn mark_killed(&self, cx: &Cx, task_id: &str) -> Result<bool> {
        let Ok(id) = task_id.parse() else { return Ok(false) };
        let now = cx.now;
        stored(self.store.write(async |tx| query_task::kill(tx, id, now).await).await)
    }
}
