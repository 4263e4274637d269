//! Users.

use belvedere_store::credentials_api3;
use belvedere_store::query_task;
use belvedere_store::token;
use belvedere_store::user::{self, COLUMNS, NewUser};
use belvedere_store::{Store, UserId};
use serde_json::json;

use crate::backend::{at, secret, user as make};

pub async fn a_user_is_read_as_it_was_written(store: &Store) {
    let new = NewUser {
        first_name: Some("Ada".to_owned()),
        last_name: Some("O'Lovelace \u{1f980}".to_owned()),
        email: Some("ada@example.com".to_owned()),
        is_disabled: false,
        can_manage_api3_creds: true,
        locale: None,
        service_account_name: None,
        roles: vec![],
        rest: json!({"z": 1, "ui_state": {"theme": "dark"}, "a": null}).as_object().unwrap().clone(),
    };
    let written = store.write(async |tx| user::insert(tx, new.clone(), at(0)).await).await.unwrap();
    let read = store.read(async |db| user::get(db, written.id).await).await.unwrap().unwrap();
    assert_eq!(read, written);
    assert_eq!(read.id.to_string(), "1");
    assert_eq!((read.first_name, read.last_name, read.email), (new.first_name, new.last_name, new.email));
    assert_eq!((read.is_disabled, read.can_manage_api3_creds, read.locale), (false, true, None));
    assert_eq!((read.created_at, read.updated_at), (at(0), at(0)));
    let keys: Vec<_> = read.rest.keys().collect();
    assert_eq!(keys, ["z", "ui_state", "a"], "the order of the keys is kept");
    assert_eq!(read.rest, new.rest);
}

pub async fn a_change_leaves_the_rest_of_a_user_alone(store: &Store) {
    let before = make(store, "Ada").await;
    let other = make(store, "Bob").await;
    let sets = vec![COLUMNS.is_disabled.set(true), COLUMNS.locale.set(Some("de_DE".to_owned()))];
    let after = store.write(async |tx| user::update(tx, before.id, sets, at(5)).await).await.unwrap().unwrap();
    assert_eq!((after.is_disabled, after.locale.as_deref(), after.updated_at), (true, Some("de_DE"), at(5)));
    assert_eq!((after.id, after.first_name, after.created_at), (before.id, before.first_name, before.created_at));
    assert_eq!(store.read(async |db| user::get(db, other.id).await).await.unwrap(), Some(other));
    let nobody = store.write(async |tx| user::update(tx, UserId::new(99), vec![], at(5)).await).await.unwrap();
    assert_eq!(nobody, None);
}

pub async fn the_id_of_a_deleted_user_is_never_given_again(store: &Store) {
    let last = make(store, "Ada").await;
    assert!(store.write(async |tx| user::delete(tx, last.id).await).await.unwrap());
    assert!(!store.write(async |tx| user::delete(tx, last.id).await).await.unwrap());
    assert!(make(store, "Bob").await.id > last.id);
}

pub async fn a_deleted_user_takes_keys_tokens_and_tasks_along(store: &Store) {
    let ada = make(store, "Ada").await;
    let admin = make(store, "Admin").await;
    let key = crate::credentials_api3::key(store, ada.id, "a").await;
    crate::token::token(store, "own", ada.id, None, Some(key.id)).await;
    crate::token::token(store, "ada acts as admin", admin.id, Some(ada.id), None).await;
    crate::token::token(store, "admin", admin.id, None, None).await;
    let task = crate::query_task::task(store, ada.id, 1).await;

    store.write(async |tx| user::delete(tx, ada.id).await).await.unwrap();
    store
        .read(async |db| {
            assert_eq!(credentials_api3::get(db, key.id).await?, None);
            assert_eq!(token::find_live(db, &secret("own"), at(1)).await?, None);
            assert_eq!(token::find_live(db, &secret("ada acts as admin"), at(1)).await?, None);
            assert!(token::find_live(db, &secret("admin"), at(1)).await?.is_some());
            assert_eq!(query_task::get(db, task.id).await?, None);
            Ok(())
        })
        .await
        .unwrap();
}

pub async fn users_are_found_by_ids_in_the_order_of_ids(store: &Store) {
    let ada = make(store, "Ada").await;
    let bob = make(store, "Bob").await;
    make(store, "Eve").await;
    let ids = [bob.id, UserId::new(99), ada.id, bob.id];
    let found = store.read(async |db| user::by_ids(db, &ids).await).await.unwrap();
    assert_eq!(found, [ada, bob]);
    assert!(store.read(async |db| user::by_ids(db, &[]).await).await.unwrap().is_empty());
}
