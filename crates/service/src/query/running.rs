//! The statements that run now.

use crate::{Service, abilities, stored};
use belvedere_api::{Cx, Error, Result, time, types};
use belvedere_store::{QueryTaskId, query_task};

impl Service {
    pub(super) async fn described_running(&self, cx: &Cx) -> Result<Vec<types::RunningQueries>> {
        let now = cx.now;
        let running = self.engine.running().list().into_iter().map(|query| types::RunningQueries {
            can: abilities(&[]),
            id: Some(query.id.to_string()),
            user: Some(types::UserPublic { id: Some(query.user_id), ..types::UserPublic::default() }),
            created_at: Some(time::text(query.started_at)),
            query_id: query.query_id,
            source: Some("api4".to_owned()),
            node_id: Some(self.settings.node.clone()),
            query_task_id: Some(query.task_id),
            connection_name: Some(query.connection.to_string()),
            dialect: self.engine.dialect(Some(&query.connection)).map(|dialect| dialect.name().to_owned()),
            connection_id: Some(query.connection.to_string()),
            status: Some("running".to_owned()),
            runtime: Some(now.duration_since(query.started_at).as_secs_f64()),
            sql: Some(query.sql.to_string()),
            ..types::RunningQueries::default()
        });
        Ok(running.collect())
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
