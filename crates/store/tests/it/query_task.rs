//! Query tasks.

use belvedere_store::query;
use belvedere_store::query_task::{self, NewQueryTask, Status};
use belvedere_store::{Error, QueryId, QueryTask, QueryTaskId, Store, UserId};
use serde_json::json;

use crate::backend::{at, at_once, user};

fn new(user_id: UserId, query_id: QueryId, id: u128) -> NewQueryTask {
    NewQueryTask {
        id: QueryTaskId::new(id),
        query_id,
        user_id,
        result_format: "json_bi".to_owned(),
        options: json!({"limit": -1, "cache": false}).as_object().unwrap().clone(),
    }
}

/// A waiting task with this number, made that many seconds after the start.
pub async fn task(store: &Store, user: UserId, number: i64) -> QueryTask {
    store
        .write(async |tx| {
            let query = query::insert_or_get(tx, crate::query::new("{}", "a"), at(0)).await?;
            query_task::insert(tx, new(user, query.id, number as u128), at(number)).await
        })
        .await
        .unwrap()
}

async fn claim(store: &Store, id: QueryTaskId) -> Option<QueryTask> {
    store.write(async |tx| query_task::claim(tx, id, "node", at(10)).await).await.unwrap()
}

async fn complete(store: &Store, id: QueryTaskId) -> bool {
    store.write(async |tx| query_task::complete(tx, id, "results/1", 0.25, at(20)).await).await.unwrap()
}

async fn fail(store: &Store, id: QueryTaskId) -> bool {
    store.write(async |tx| query_task::fail(tx, id, "no such table", 0.5, at(20)).await).await.unwrap()
}

async fn kill(store: &Store, id: QueryTaskId) -> bool {
    store.write(async |tx| query_task::kill(tx, id, at(20)).await).await.unwrap()
}

async fn get(store: &Store, id: QueryTaskId) -> QueryTask {
    store.read(async |db| query_task::get(db, id).await).await.unwrap().unwrap()
}

async fn status(store: &Store, id: QueryTaskId) -> Status {
    get(store, id).await.status
}

pub async fn a_task_goes_from_added_to_complete(store: &Store) {
    let ada = user(store, "Ada").await;
    let added = task(store, ada.id, 1).await;
    assert_eq!((added.status, added.created_at, added.started_at), (Status::Added, at(1), None));
    assert_eq!(added.options, new(ada.id, added.query_id, 1).options);
    assert_eq!(get(store, added.id).await, added);

    let running = claim(store, added.id).await.unwrap();
    let expected = QueryTask {
        status: Status::Running,
        started_at: Some(at(10)),
        claimed_by: Some("node".to_owned()),
        ..added.clone()
    };
    assert_eq!(running, expected);

    assert!(complete(store, added.id).await);
    let expected = QueryTask {
        status: Status::Complete,
        finished_at: Some(at(20)),
        result_location: Some("results/1".to_owned()),
        runtime: Some(0.25),
        ..running
    };
    assert_eq!(get(store, added.id).await, expected);
    let ids = [QueryTaskId::new(99), added.id];
    assert_eq!(store.read(async |db| query_task::by_ids(db, &ids).await).await.unwrap(), [expected]);
}

pub async fn a_task_that_failed_tells_why(store: &Store) {
    let ada = user(store, "Ada").await;
    let id = task(store, ada.id, 1).await.id;
    claim(store, id).await;
    assert!(fail(store, id).await);
    let failed = get(store, id).await;
    assert_eq!((failed.status, failed.error.as_deref()), (Status::Error, Some("no such table")));
    assert_eq!((failed.runtime, failed.finished_at), (Some(0.5), Some(at(20))));
}

pub async fn a_step_is_refused_from_any_other_state(store: &Store) {
    let ada = user(store, "Ada").await;
    let mut number = 0;
    // From: what claim, complete, fail and kill may do.
    for (from, allowed) in [
        (Status::Added, [true, false, false, true]),
        (Status::Running, [false, true, true, true]),
        (Status::Complete, [false; 4]),
        (Status::Error, [false; 4]),
        (Status::Killed, [false; 4]),
        (Status::Expired, [false; 4]),
    ] {
        for (step, allowed) in allowed.into_iter().enumerate() {
            number += 1;
            let id = task(store, ada.id, number).await.id;
            bring_to(store, id, from).await;
            let done = match step {
                0 => claim(store, id).await.is_some(),
                1 => complete(store, id).await,
                2 => fail(store, id).await,
                _ => kill(store, id).await,
            };
            assert_eq!(done, allowed, "step {step} from {from:?}");
            assert_eq!(status(store, id).await == from, !allowed, "step {step} from {from:?}");
        }
    }
    assert!(!complete(store, QueryTaskId::new(u128::MAX)).await, "a task that never was");
}

async fn bring_to(store: &Store, id: QueryTaskId, to: Status) {
    if to == Status::Added {
        return;
    }
    claim(store, id).await.unwrap();
    match to {
        Status::Added | Status::Running => {}
        Status::Complete | Status::Expired => assert!(complete(store, id).await),
        Status::Error => assert!(fail(store, id).await),
        Status::Killed => assert!(kill(store, id).await),
    }
    if to == Status::Expired {
        store.write(async |tx| query_task::expire(tx, at(21)).await).await.unwrap();
    }
    assert_eq!(status(store, id).await, to);
}

pub async fn of_many_who_claim_a_task_one_gets_it(store: &Store) {
    let ada = user(store, "Ada").await;
    let id = task(store, ada.id, 1).await.id;
    let calls = (0..16).map(|_| {
        let store = store.clone();
        async move { claim(&store, id).await }
    });
    assert_eq!(at_once(calls).await.into_iter().flatten().count(), 1);
}

pub async fn a_task_is_complete_or_killed_but_not_both(store: &Store) {
    let ada = user(store, "Ada").await;
    for number in 1..=20 {
        let id = task(store, ada.id, number).await.id;
        claim(store, id).await.unwrap();
        let calls = [true, false].map(|kills| {
            let store = store.clone();
            async move { if kills { kill(&store, id).await } else { complete(&store, id).await } }
        });
        let [killed, completed] = at_once(calls).await.try_into().unwrap();
        assert!(killed != completed, "{killed} {completed}");
        let expected = if killed { Status::Killed } else { Status::Complete };
        let task = get(store, id).await;
        assert_eq!(task.status, expected);
        assert_eq!(task.result_location.is_some(), completed);
    }
}

pub async fn a_restarted_node_fails_the_tasks_it_was_running(store: &Store) {
    let ada = user(store, "Ada").await;
    for number in 1..=4 {
        task(store, ada.id, number).await;
    }
    let [waiting, running, done, elsewhere] = [1, 2, 3, 4].map(QueryTaskId::new);
    claim(store, running).await;
    claim(store, done).await;
    complete(store, done).await;
    store.write(async |tx| query_task::claim(tx, elsewhere, "other node", at(10)).await).await.unwrap();

    let fail = || store.write(async |tx| query_task::fail_abandoned(tx, "node", "server restarted", at(30)).await);
    assert_eq!(fail().await.unwrap(), 1);
    assert_eq!(fail().await.unwrap(), 0);
    let failed = get(store, running).await;
    assert_eq!((failed.status, failed.error.as_deref()), (Status::Error, Some("server restarted")));
    assert_eq!(failed.finished_at, Some(at(30)));
    assert_eq!(status(store, waiting).await, Status::Added);
    assert_eq!(status(store, done).await, Status::Complete);
    assert_eq!(status(store, elsewhere).await, Status::Running);
}

pub async fn unfinished_tasks_are_listed_oldest_first(store: &Store) {
    let ada = user(store, "Ada").await;
    for number in [3, 1, 2] {
        task(store, ada.id, number).await;
    }
    claim(store, QueryTaskId::new(3)).await;
    kill(store, QueryTaskId::new(2)).await;
    let unfinished = store.read(async |db| query_task::unfinished(db).await).await.unwrap();
    let ids: Vec<_> = unfinished.iter().map(|task| task.id).collect();
    assert_eq!(ids, [QueryTaskId::new(1), QueryTaskId::new(3)]);
}

pub async fn results_expire_and_tell_where_they_lie(store: &Store) {
    let ada = user(store, "Ada").await;
    for number in 1..=3 {
        task(store, ada.id, number).await;
    }
    let [done, killed, waiting] = [1, 2, 3].map(QueryTaskId::new);
    claim(store, done).await;
    complete(store, done).await;
    kill(store, killed).await;

    let expire = |before: i64| store.write(async move |tx| query_task::expire(tx, at(before)).await);
    assert!(expire(20).await.unwrap().is_empty(), "both finished at 20");
    assert_eq!(expire(21).await.unwrap(), ["results/1"]);
    assert!(expire(21).await.unwrap().is_empty());
    assert_eq!(status(store, done).await, Status::Expired);
    assert_eq!(status(store, killed).await, Status::Expired);
    assert_eq!(status(store, waiting).await, Status::Added);

    let clear = |before: i64| store.write(async move |tx| query_task::delete_expired(tx, at(before)).await);
    assert_eq!(clear(20).await.unwrap(), 0);
    assert_eq!(clear(21).await.unwrap(), 2);
    assert_eq!(store.read(async |db| query_task::get(db, done).await).await.unwrap(), None);
    assert_eq!(status(store, waiting).await, Status::Added);
}

pub async fn a_task_of_no_query_is_refused(store: &Store) {
    let ada = user(store, "Ada").await;
    let insert = |user: UserId, query: QueryId| {
        store.write(async move |tx| query_task::insert(tx, new(user, query, 1), at(0)).await)
    };
    let error = insert(ada.id, QueryId::new(99)).await.unwrap_err();
    assert!(matches!(error, Error::Reference { table: "query_task" }), "{error:?}");
    let first = task(store, ada.id, 1).await;
    let error = insert(ada.id, first.query_id).await.unwrap_err();
    assert!(matches!(error, Error::Conflict { table: "query_task", column: "id" }), "{error:?}");
}
