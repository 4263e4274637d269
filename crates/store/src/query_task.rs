//! Query tasks: runs of a query that their callers poll for.
//!
//! ```text
//! added ──claim──> running ──complete──> complete ─┐
//!   │                 ├──────fail──────> error ────┼─expire──> expired
//!   └──────kill───────┴──────kill──────> killed ───┘
//! ```
//!
//! Each step is one statement that names the states it may start from: of two that race, one wins.

use jiff::Timestamp;

use crate::cell::{JsonObject, cell_of_word};
use crate::error::Result;
use crate::id::{QueryId, QueryTaskId, UserId};
use crate::reader::{Reader, Tx};
use crate::table::{Filter, Search, Set, table};

table! {
    /// One run of a query.
    pub struct QueryTask in "query_task", key id {
        /// Which task.
        id: QueryTaskId,
        /// What it runs.
        query_id: QueryId,
        /// For whom.
        user_id: UserId,
        /// The format of the result, by its name in the API.
        result_format: String,
        /// How far it is.
        status: Status,
        /// How to run it: the parameters and members that the caller gave.
        options: JsonObject,
        /// When it was asked for.
        created_at: Timestamp,
        /// When it was claimed.
        started_at: Option<Timestamp>,
        /// When it was complete, failed or was killed.
        finished_at: Option<Timestamp>,
        /// The node that claimed it.
        claimed_by: Option<String>,
        /// What to tell the caller of a task that failed.
        error: Option<String>,
        /// Where the result of a complete task lies.
        result_location: Option<String>,
        /// How long the query ran, in seconds.
        runtime: Option<f64>,
    }
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// It waits to be claimed.
    Added,
    /// A node works on it.
    Running,
    /// Its result can be fetched.
    Complete,
    /// It failed.
    Error,
    /// Its result is gone.
    Expired,
    /// Somebody stopped it.
    Killed,
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 6] =
        [Status::Added, Status::Running, Status::Complete, Status::Error, Status::Expired, Status::Killed];
    const UNFINISHED: [Status; 2] = [Status::Added, Status::Running];
    const FINISHED: [Status; 3] = [Status::Complete, Status::Error, Status::Killed];

    /// The word in the API, in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Added => "added",
            Status::Running => "running",
            Status::Complete => "complete",
            Status::Error => "error",
            Status::Expired => "expired",
            Status::Killed => "killed",
        }
    }
}

cell_of_word!(Status, "status");

/// A task to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewQueryTask {
    /// As [`QueryTask::id`].
    pub id: QueryTaskId,
    /// As [`QueryTask::query_id`].
    pub query_id: QueryId,
    /// As [`QueryTask::user_id`].
    pub user_id: UserId,
    /// As [`QueryTask::result_format`].
    pub result_format: String,
    /// As [`QueryTask::options`].
    pub options: JsonObject,
}

/// The task with this id.
pub async fn get(db: &mut Reader, id: QueryTaskId) -> Result<Option<QueryTask>> {
    db.one(COLUMNS.id.eq(id)).await
}

/// The tasks with these ids, by id; ids of no task are left out.
pub async fn by_ids(db: &mut Reader, ids: &[QueryTaskId]) -> Result<Vec<QueryTask>> {
    db.of_any(COLUMNS.id, ids).await
}

/// The tasks that wait or run, oldest first.
pub async fn unfinished(db: &mut Reader) -> Result<Vec<QueryTask>> {
    let filter = COLUMNS.status.one_of(Status::UNFINISHED);
    db.list(Search { sorts: vec![COLUMNS.created_at.asc()], ..Search::by(filter) }).await
}

/// Makes a task that waits. It is [`Conflict`](crate::Error::Conflict) when the id is taken, and
/// [`Reference`](crate::Error::Reference) when there is no such query or user.
pub async fn insert(tx: &mut Tx, new: NewQueryTask, now: Timestamp) -> Result<QueryTask> {
    tx.insert(vec![
        COLUMNS.id.set(new.id),
        COLUMNS.query_id.set(new.query_id),
        COLUMNS.user_id.set(new.user_id),
        COLUMNS.result_format.set(new.result_format),
        COLUMNS.status.set(Status::Added),
        COLUMNS.options.set(new.options),
        COLUMNS.created_at.set(now),
    ])
    .await
}

/// Takes a waiting task for `node` to run; none when it does not wait (any more).
pub async fn claim(tx: &mut Tx, id: QueryTaskId, node: &str, now: Timestamp) -> Result<Option<QueryTask>> {
    let sets = vec![
        COLUMNS.status.set(Status::Running),
        COLUMNS.claimed_by.set(Some(node.to_owned())),
        COLUMNS.started_at.set(Some(now)),
    ];
    step(tx, id, &[Status::Added], sets).await
}

/// Gives a running task its result, which lies at `result_location`. `false` when it does not run (any more): it was
/// killed, or the user was deleted, and nobody will fetch the result.
pub async fn complete(
    tx: &mut Tx,
    id: QueryTaskId,
    result_location: &str,
    runtime: f64,
    now: Timestamp,
) -> Result<bool> {
    let sets = vec![
        COLUMNS.status.set(Status::Complete),
        COLUMNS.result_location.set(Some(result_location.to_owned())),
        COLUMNS.runtime.set(Some(runtime)),
        COLUMNS.finished_at.set(Some(now)),
    ];
    Ok(step(tx, id, &[Status::Running], sets).await?.is_some())
}

/// Ends a running task that failed, with what to tell its caller. `false` when it does not run (any more).
pub async fn fail(tx: &mut Tx, id: QueryTaskId, error: &str, runtime: f64, now: Timestamp) -> Result<bool> {
    let sets = vec![
        COLUMNS.status.set(Status::Error),
        COLUMNS.error.set(Some(error.to_owned())),
        COLUMNS.runtime.set(Some(runtime)),
        COLUMNS.finished_at.set(Some(now)),
    ];
    Ok(step(tx, id, &[Status::Running], sets).await?.is_some())
}

/// Stops a task that waits or runs. `false` when it has finished, or never was.
pub async fn kill(tx: &mut Tx, id: QueryTaskId, now: Timestamp) -> Result<bool> {
    let sets = vec![COLUMNS.status.set(Status::Killed), COLUMNS.finished_at.set(Some(now))];
    Ok(step(tx, id, &Status::UNFINISHED, sets).await?.is_some())
}

/// Ends the tasks that `node` was running when it stopped; called when it starts again. Returns how many.
pub async fn fail_abandoned(tx: &mut Tx, node: &str, error: &str, now: Timestamp) -> Result<u64> {
    let abandoned = COLUMNS.claimed_by.eq(Some(node.to_owned()));
    let sets = vec![
        COLUMNS.status.set(Status::Error),
        COLUMNS.error.set(Some(error.to_owned())),
        COLUMNS.finished_at.set(Some(now)),
    ];
    let failed = tx.update(COLUMNS.status.eq(Status::Running).and(abandoned), sets).await?;
    Ok(failed.len() as u64)
}

/// Lets go of the results of tasks that finished before `finished_before`, and returns where they lie.
pub async fn expire(tx: &mut Tx, finished_before: Timestamp) -> Result<Vec<String>> {
    let filter =
        Filter::all_of([COLUMNS.status.one_of(Status::FINISHED), COLUMNS.finished_at.less_than(Some(finished_before))]);
    let expired = tx.update(filter, vec![COLUMNS.status.set(Status::Expired)]).await?;
    Ok(expired.into_iter().filter_map(|task| task.result_location).collect())
}

/// Clears away the expired tasks that finished before `finished_before`. Returns how many.
pub async fn delete_expired(tx: &mut Tx, finished_before: Timestamp) -> Result<u64> {
    let filter = COLUMNS.status.eq(Status::Expired);
    tx.delete(filter.and(COLUMNS.finished_at.less_than(Some(finished_before)))).await
}

async fn step(tx: &mut Tx, id: QueryTaskId, from: &[Status], sets: Vec<Set<QueryTask>>) -> Result<Option<QueryTask>> {
    let may = COLUMNS.status.one_of(from.iter().copied());
    Ok(tx.update(COLUMNS.id.eq(id).and(may), sets).await?.pop())
}
