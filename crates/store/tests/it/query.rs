//! Saved queries.

use belvedere_store::query::{self, NewQuery};
use belvedere_store::{Error, Query, QueryHash, QueryId, Store};
use sha2::{Digest as _, Sha256};

use crate::backend::{at, at_once};

/// The query with this body, named by this word.
pub fn new(body: &str, name: &str) -> NewQuery {
    NewQuery {
        hash: QueryHash(Sha256::digest(body).into()),
        slug: format!("{name:0>32}").parse().unwrap(),
        client_id: format!("{name:0>22}").parse().unwrap(),
        model: "thelook".to_owned(),
        view: "orders".to_owned(),
        body: body.to_owned(),
    }
}

async fn save(store: &Store, new: NewQuery) -> Result<Query, Error> {
    store.write(async |tx| query::insert_or_get(tx, new, at(0)).await).await
}

pub async fn a_query_is_found_by_all_its_names(store: &Store) {
    let other = save(store, new("{}", "other")).await.unwrap();
    let saved = save(store, new(r#"{"limit":"1"}"#, "a")).await.unwrap();
    assert_eq!((saved.model.as_str(), saved.view.as_str(), saved.created_at), ("thelook", "orders", at(0)));
    store
        .read(async |db| {
            assert_eq!(query::get(db, saved.id).await?.as_ref(), Some(&saved));
            assert_eq!(query::by_slug(db, saved.slug).await?.as_ref(), Some(&saved));
            assert_eq!(query::by_client_id(db, saved.client_id).await?.as_ref(), Some(&saved));
            let ids = [saved.id, QueryId::new(99), other.id];
            assert_eq!(query::by_ids(db, &ids).await?, [other.clone(), saved.clone()]);
            assert_eq!(query::get(db, QueryId::new(99)).await?, None);
            Ok(())
        })
        .await
        .unwrap();
}

pub async fn the_same_form_is_the_same_query(store: &Store) {
    let first = save(store, new("{}", "a")).await.unwrap();
    assert_eq!(save(store, new("{}", "b")).await.unwrap(), first);
    assert_eq!(query::insert_or_get_grouped(store, new("{}", "c"), at(9)).await.unwrap(), first);
    assert_ne!(save(store, new("[]", "d")).await.unwrap().id, first.id);
}

pub async fn a_client_id_of_another_query_is_a_conflict(store: &Store) {
    save(store, new("{}", "a")).await.unwrap();
    save(store, new("[]", "b")).await.unwrap();
    let taken = |body: &str, slug: &str| NewQuery { slug: new("", slug).slug, ..new(body, "a") };
    for body in ["new", "[]"] {
        let error = save(store, taken(body, "c")).await.unwrap_err();
        assert!(matches!(error, Error::Conflict { table: "query", column: "client_id" }), "{error:?}");
        let error = query::insert_or_get_grouped(store, taken(body, "c"), at(0)).await.unwrap_err();
        assert!(matches!(error, Error::Conflict { table: "query", column: "client_id" }), "{error:?}");
    }
    assert!(save(store, taken("{}", "c")).await.is_ok(), "its own client id is no conflict");
}

pub async fn a_slug_that_is_taken_is_a_conflict(store: &Store) {
    save(store, new("{}", "a")).await.unwrap();
    let error = save(store, NewQuery { slug: new("", "a").slug, ..new("[]", "b") }).await.unwrap_err();
    assert!(matches!(error, Error::Conflict { table: "query", column: "slug" }), "{error:?}");
}

pub async fn of_many_who_save_a_form_at_once_all_get_the_same_query(store: &Store) {
    let calls = (0..32).map(|caller| {
        let store = store.clone();
        let new = new("{}", &caller.to_string());
        async move {
            // Half of the callers go through the queue, so that both ways race.
            if caller % 2 == 0 {
                return save(&store, new).await.unwrap();
            }
            query::insert_or_get_grouped(&store, new, at(0)).await.unwrap()
        }
    });
    let saved = at_once(calls).await;
    assert!(saved.iter().all(|query| *query == saved[0]), "{saved:?}");
}

pub async fn of_many_forms_with_one_client_id_one_gets_it(store: &Store) {
    let calls = (0..16).map(|caller| {
        let store = store.clone();
        let own = new(&format!("[{caller}]"), &caller.to_string());
        let new = NewQuery { client_id: new("", "shared").client_id, ..own };
        async move { query::insert_or_get_grouped(&store, new, at(0)).await }
    });
    let outcomes = at_once(calls).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(_) | Err(Error::Conflict { column: "client_id", .. }))));
}

pub async fn the_text_of_a_query_is_kept_to_the_letter(store: &Store) {
    let body = "{\"b\":1.0,\"a\":10000000000000000000000,\"c\":\"\\u0041 \u{1f980}\", \"d\":  null}";
    let saved = save(store, new(body, "a")).await.unwrap();
    let read = store.read(async |db| query::get(db, saved.id).await).await.unwrap().unwrap();
    assert_eq!(read.body, body);
}
