//! The record of what was done and asked.

use belvedere_store::event::{self, NewEvent, Wanted};
use belvedere_store::history::{self, NewHistory, Status};
use belvedere_store::session::WorkspaceId;
use belvedere_store::{Error, Event, History, QueryId, Store, UserId};
use serde_json::json;

use crate::backend::{at, user};

fn done(name: &str, user: UserId) -> NewEvent {
    let attributes = json!({"user_id": "7", "permissions": ["develop", "see_lookml"]});
    NewEvent {
        name: name.to_owned(),
        category: "user".to_owned(),
        user_id: Some(user),
        sudo_user_id: Some(UserId::new(1)),
        is_admin: true,
        is_api_call: true,
        attributes: attributes.as_object().cloned().unwrap_or_default(),
    }
}

fn run(rows: i64, second: i64) -> NewHistory {
    NewHistory {
        created_at: at(second),
        operation: "run_inline_query".to_owned(),
        source: "api4".to_owned(),
        user_id: UserId::new(7),
        sudo_user_id: None,
        workspace_id: WorkspaceId::Production,
        query_id: Some(QueryId::new(3)),
        sql_query_slug: None,
        query_task_id: Some("000000000000000000000000000000ab".parse().unwrap()),
        model: Some("shop".to_owned()),
        view: Some("orders".to_owned()),
        connection_name: Some("shop".to_owned()),
        result_format: "csv".to_owned(),
        result_source: Some("cache".to_owned()),
        status: Status::Complete,
        rows: Some(rows),
        runtime: 0.25,
        ip_address: Some("192.0.2.7".to_owned()),
        application: None,
    }
}

async fn record(store: &Store, name: &str, user: UserId, second: i64) -> Event {
    let new = done(name, user);
    store.write(async |tx| event::insert(tx, new, at(second)).await).await.unwrap()
}

async fn events(store: &Store) -> Vec<Event> {
    let mut events = store.read(async |db| event::newest(db, &Wanted::default(), 10_000).await).await.unwrap();
    events.reverse();
    events
}

async fn runs(store: &Store) -> Vec<History> {
    let mut runs = store.read(async |db| history::newest(db, &Wanted::default(), 10_000).await).await.unwrap();
    runs.reverse();
    runs
}

pub async fn an_event_outlives_whom_it_tells_of(store: &Store) {
    let ada = user(store, "Ada").await;
    let recorded = record(store, "update_user", ada.id, 5).await;
    store.write(async |tx| belvedere_store::user::delete(tx, ada.id).await).await.unwrap();
    assert_eq!(events(store).await, std::slice::from_ref(&recorded));
    assert_eq!((recorded.user_id, recorded.sudo_user_id), (Some(ada.id), Some(UserId::new(1))));
    assert_eq!(recorded.attributes["permissions"], json!(["develop", "see_lookml"]));
}

pub async fn an_event_is_undone_with_its_change(store: &Store) {
    let change = store.write(async |tx| {
        event::insert(tx, done("create_user", UserId::new(1)), at(0)).await?;
        Err::<(), _>(Error::Closed)
    });
    assert!(change.await.is_err());
    assert_eq!(events(store).await, []);
}

pub async fn what_is_old_is_forgotten_in_steps(store: &Store) {
    for second in 0..5 {
        record(store, "login", UserId::new(1), second).await;
    }
    let forget = async || store.write(async |tx| event::forget_before(tx, at(3), 2).await).await.unwrap();
    assert_eq!([forget().await, forget().await, forget().await], [2, 1, 0]);
    assert_eq!(events(store).await.iter().map(|event| event.created_at).collect::<Vec<_>>(), [at(3), at(4)]);

    store.write(async |tx| history::insert_all(tx, (0..4).map(|second| run(1, second))).await).await.unwrap();
    let forget = async || store.write(async |tx| history::forget_before(tx, at(2), 10).await).await.unwrap();
    assert_eq!([forget().await, forget().await], [2, 0]);
    assert_eq!(runs(store).await.len(), 2);
}

pub async fn the_record_is_read_by_time_user_and_name_newest_first(store: &Store) {
    for (second, name) in ["login", "logout", "login", "create_user"].into_iter().enumerate() {
        record(store, name, UserId::new(second as i64), second as i64).await;
    }
    store.write(async |tx| history::insert_all(tx, [run(1, 0), run(2, 1)]).await).await.unwrap();
    let read = async |wanted: Wanted, limit| {
        let events = store.read(async |db| event::newest(db, &wanted, limit).await).await.unwrap();
        let runs = store.read(async |db| history::newest(db, &wanted, limit).await).await.unwrap();
        let users: Vec<i64> = events.iter().map(|event| event.user_id.unwrap().get()).collect();
        (users, runs.iter().map(|run| run.rows.unwrap()).collect::<Vec<_>>())
    };
    assert_eq!(read(Wanted::default(), 2).await, (vec![3, 2], vec![2, 1]));
    let time = Wanted { since: Some(at(1)), until: Some(at(3)), ..Wanted::default() };
    assert_eq!(read(time, 9).await, (vec![2, 1], vec![2]));
    let user = |user| Wanted { user: Some(UserId::new(user)), ..Wanted::default() };
    assert_eq!(read(user(7), 9).await, (vec![], vec![2, 1]));
    assert_eq!(read(user(1), 9).await, (vec![3, 2, 1, 0], vec![]), "user 1 acts in the place of all of them");
    let names = Wanted { names: vec!["login".to_owned(), "run_query".to_owned()], ..Wanted::default() };
    assert_eq!(read(names, 9).await, (vec![2, 0], vec![]));
}

pub async fn many_runs_are_recorded_in_one_statement(store: &Store) {
    store.write(async |tx| history::insert_all(tx, (0..1000).map(|rows| run(rows, rows))).await).await.unwrap();
    store.write(async |tx| history::insert_all(tx, []).await).await.unwrap();
    let runs = runs(store).await;
    assert_eq!(runs.len(), 1000);
    assert_eq!((runs[999].rows, runs[999].created_at, runs[999].status), (Some(999), at(999), Status::Complete));
    assert_eq!(runs[0].query_task_id.map(|id| id.to_string()).as_deref(), Some("000000000000000000000000000000ab"));
    assert!((runs[0].runtime - 0.25).abs() < 1e-9);
}

#[tokio::test]
async fn no_statement_changes_what_is_recorded() {
    use sqlx::Connection as _;
    let (file, postgres) = (crate::backend::Place::file(), crate::backend::Place::postgres().await);
    for place in [&file, &postgres] {
        let store = place.open().await;
        record(&store, "login", UserId::new(1), 0).await;
        store.write(async |tx| history::insert_all(tx, [run(1, 0)]).await).await.unwrap();
        store.close().await;
    }
    for sql in ["UPDATE event SET name = 'logout'", "UPDATE history SET rows = 0"] {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file.address);
        let mut sqlite = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        let refused = sqlx::query(sql).execute(&mut sqlite).await.unwrap_err();
        assert!(refused.to_string().contains("never changes"), "{refused}");
        let mut postgres = sqlx::PgConnection::connect(&postgres.address).await.unwrap();
        let refused = sqlx::query(sql).execute(&mut postgres).await.unwrap_err();
        assert!(refused.to_string().contains("never changes"), "{refused}");
    }
}
