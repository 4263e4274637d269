//! Statements of SQL Runner, and merge queries.

use belvedere_store::sql_query::{self, NewSqlQuery};
use belvedere_store::{QueryHash, SqlQuery, Store, UserId, merge_query, user};
use serde_json::json;

use crate::backend::{at, user as new_user};

fn new(user_id: UserId, slug: char, hash: u8) -> NewSqlQuery {
    NewSqlQuery {
        slug: slug.to_string().repeat(20).parse().unwrap(),
        hash: QueryHash([hash; 32]),
        connection: "shop".to_owned(),
        model: None,
        sql: "SELECT 1".to_owned(),
        vis_config: json!({"type": "table"}).as_object().unwrap().clone(),
        user_id,
    }
}

async fn save(store: &Store, new: NewSqlQuery, second: i64) -> SqlQuery {
    store.write(async |tx| sql_query::insert_or_get(tx, new, at(second)).await).await.unwrap()
}

pub async fn the_same_statement_keeps_its_slug(store: &Store) {
    let ada = new_user(store, "Ada").await;
    let first = save(store, new(ada.id, 'a', 1), 1).await;
    assert_eq!(save(store, new(ada.id, 'b', 1), 2).await, first);
    let other = save(store, new(ada.id, 'b', 2), 3).await;
    assert_ne!(other.slug, first.slug);
    let found = store.read(async |db| sql_query::by_slug(db, first.slug).await).await.unwrap();
    assert_eq!(found, Some(first));
}

pub async fn runs_are_counted(store: &Store) {
    let ada = new_user(store, "Ada").await;
    let query = save(store, new(ada.id, 'a', 1), 1).await;
    assert_eq!((query.run_count, query.last_run_at, query.last_runtime), (0, None, None));
    for second in [5, 9] {
        let run = store.write(async |tx| sql_query::count_run(tx, query.slug, 0.5, at(second)).await);
        run.await.unwrap();
    }
    let query = store.read(async |db| sql_query::by_slug(db, query.slug).await).await.unwrap().unwrap();
    assert_eq!((query.run_count, query.last_run_at, query.last_runtime), (2, Some(at(9)), Some(0.5)));
}

pub async fn a_statement_outlives_who_wrote_it(store: &Store) {
    let ada = new_user(store, "Ada").await;
    let query = save(store, new(ada.id, 'a', 1), 1).await;
    store.write(async |tx| user::delete(tx, ada.id).await).await.unwrap();
    let left = store.read(async |db| sql_query::by_slug(db, query.slug).await).await.unwrap().unwrap();
    assert_eq!((left.user_id, left.sql), (None, query.sql));
}

pub async fn the_same_merge_is_the_same_merge_query(store: &Store) {
    let save = async |hash: u8, body: &str| {
        let body = body.to_owned();
        let saved = store.write(async |tx| merge_query::insert_or_get(tx, QueryHash([hash; 32]), body, at(1)).await);
        saved.await.unwrap()
    };
    let first = save(1, "{}").await;
    assert_eq!(save(1, "{}").await, first);
    assert_ne!(save(2, "{\"total\":true}").await.id, first.id);
    assert_eq!(store.read(async |db| merge_query::get(db, first.id).await).await.unwrap(), Some(first));
}
