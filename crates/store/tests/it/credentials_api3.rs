//! API keys.

use belvedere_store::credentials_api3::{self, COLUMNS, NewCredentialsApi3};
use belvedere_store::token;
use belvedere_store::{ApiClientId, CredentialsApi3, Error, Store, UserId};

use crate::backend::{at, at_once, secret, user};
use crate::token::token;

pub fn client_id(name: &str) -> ApiClientId {
    format!("{name:0>20}").parse().unwrap()
}

pub fn new(user_id: UserId, name: &str) -> NewCredentialsApi3 {
    NewCredentialsApi3 { user_id, client_id: client_id(name), secret_hash: secret(name), purpose: None }
}

/// A key named so.
pub async fn key(store: &Store, user_id: UserId, name: &str) -> CredentialsApi3 {
    store.write(async |tx| credentials_api3::insert(tx, new(user_id, name), at(0)).await).await.unwrap()
}

pub async fn a_key_is_found_by_its_client_id(store: &Store) {
    let ada = user(store, "Ada").await;
    let bob = user(store, "Bob").await;
    let first = key(store, ada.id, "a").await;
    let second = key(store, ada.id, "b").await;
    let third = key(store, bob.id, "c").await;
    assert_eq!(first.secret_hash, secret("a"));
    assert!(!first.is_disabled);
    let found = store.read(async |db| credentials_api3::by_client_id(db, client_id("b")).await).await.unwrap();
    assert_eq!(found.as_ref(), Some(&second));
    let other_case = store.read(async |db| credentials_api3::by_client_id(db, client_id("B")).await).await.unwrap();
    assert_eq!(other_case, None);
    let of = |users: Vec<UserId>| store.read(async move |db| credentials_api3::of_users(db, &users).await);
    assert_eq!(of(vec![ada.id]).await.unwrap(), [first.clone(), second.clone()]);
    assert_eq!(of(vec![bob.id, ada.id]).await.unwrap(), [first, second, third]);
}

pub async fn a_client_id_that_is_taken_is_a_conflict(store: &Store) {
    let ada = user(store, "Ada").await;
    key(store, ada.id, "a").await;
    let again = store.write(async |tx| credentials_api3::insert(tx, new(ada.id, "a"), at(0)).await).await.unwrap_err();
    assert!(matches!(again, Error::Conflict { table: "credentials_api3", column: "client_id" }), "{again:?}");
}

pub async fn of_many_who_take_a_client_id_at_once_one_gets_it(store: &Store) {
    let ada = user(store, "Ada").await;
    let calls = (0..16).map(|_| {
        let store = store.clone();
        async move { store.write(async |tx| credentials_api3::insert(tx, new(ada.id, "a"), at(0)).await).await }
    });
    let outcomes = at_once(calls).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(_) | Err(Error::Conflict { .. }))));
    let kept = store.read(async |db| credentials_api3::of_users(db, &[ada.id]).await).await.unwrap();
    assert_eq!(kept.len(), 1);
}

pub async fn a_key_of_nobody_is_refused(store: &Store) {
    let nobody = UserId::new(99);
    let error = store.write(async |tx| credentials_api3::insert(tx, new(nobody, "a"), at(0)).await).await.unwrap_err();
    assert!(matches!(error, Error::Reference { table: "credentials_api3" }), "{error:?}");
}

pub async fn a_deleted_key_takes_its_tokens_along(store: &Store) {
    let ada = user(store, "Ada").await;
    let gone = key(store, ada.id, "a").await;
    let kept = key(store, ada.id, "b").await;
    token(store, "of a", ada.id, None, Some(gone.id)).await;
    token(store, "of b", ada.id, None, Some(kept.id)).await;
    assert!(store.write(async |tx| credentials_api3::delete(tx, gone.id).await).await.unwrap());
    assert!(!store.write(async |tx| credentials_api3::delete(tx, gone.id).await).await.unwrap());
    let live = |name: &'static str| store.read(async move |db| token::find_live(db, &secret(name), at(1)).await);
    assert_eq!(live("of a").await.unwrap(), None);
    assert!(live("of b").await.unwrap().is_some());
}

pub async fn a_disabled_key_takes_its_tokens_along(store: &Store) {
    let ada = user(store, "Ada").await;
    let key = key(store, ada.id, "a").await;
    token(store, "of a", ada.id, None, Some(key.id)).await;
    let live = || store.read(async |db| token::find_live(db, &secret("of a"), at(1)).await);
    let named = vec![COLUMNS.purpose.set(Some("nightly".to_owned()))];
    let named = store.write(async |tx| credentials_api3::update(tx, key.id, named).await).await.unwrap().unwrap();
    assert_eq!(named.purpose.as_deref(), Some("nightly"));
    assert!(live().await.unwrap().is_some());
    let unchanged = store.write(async |tx| credentials_api3::update(tx, key.id, vec![]).await).await.unwrap();
    assert_eq!(unchanged, Some(named));
    let disabled = vec![COLUMNS.is_disabled.set(true)];
    let disabled = store.write(async |tx| credentials_api3::update(tx, key.id, disabled).await).await.unwrap().unwrap();
    assert!(disabled.is_disabled);
    assert_eq!(live().await.unwrap(), None);
}
