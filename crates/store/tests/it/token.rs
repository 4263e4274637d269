//! Access tokens and the generation.

use belvedere_store::credentials_api3;
use belvedere_store::session::{self, WorkspaceId};
use belvedere_store::token::{self, NewToken};
use belvedere_store::user;
use belvedere_store::{CredentialsApi3Id, Error, Store, Token, UserId};

use crate::backend::{at, at_once, secret, user};
use crate::credentials_api3::key;

fn new(name: &str, user: UserId, sudo: Option<UserId>, key: Option<CredentialsApi3Id>) -> NewToken {
    NewToken {
        hash: secret(name),
        user_id: user,
        sudo_user_id: sudo,
        credentials_api3_id: key,
        authorization_code_hash: None,
        expires_at: at(3600),
    }
}

/// A token named so, of an hour.
pub async fn token(
    store: &Store,
    name: &str,
    user: UserId,
    sudo: Option<UserId>,
    key: Option<CredentialsApi3Id>,
) -> Token {
    store.write(async |tx| token::insert(tx, new(name, user, sudo, key), at(0)).await).await.unwrap()
}

async fn live(store: &Store, name: &str, seconds: i64) -> bool {
    store.read(async |db| token::find_live(db, &secret(name), at(seconds)).await).await.unwrap().is_some()
}

pub async fn a_token_lives_until_it_expires(store: &Store) {
    let ada = user(store, "Ada").await;
    let made = token(store, "t", ada.id, None, None).await;
    let found = store.read(async |db| token::find_live(db, &secret("t"), at(3599)).await).await.unwrap();
    assert_eq!(found, Some(made));
    assert!(!live(store, "t", 3600).await);
    assert!(!live(store, "u", 0).await);
}

pub async fn a_token_that_exists_is_a_conflict(store: &Store) {
    let ada = user(store, "Ada").await;
    token(store, "t", ada.id, None, None).await;
    let again = store.write(async |tx| token::insert(tx, new("t", ada.id, None, None), at(0)).await).await.unwrap_err();
    assert!(matches!(again, Error::Conflict { table: "token", column: "hash" }), "{again:?}");
}

pub async fn a_logout_ends_one_token(store: &Store) {
    let ada = user(store, "Ada").await;
    token(store, "t", ada.id, None, None).await;
    token(store, "u", ada.id, None, None).await;
    assert!(store.write(async |tx| token::delete(tx, &secret("t")).await).await.unwrap());
    assert!(!store.write(async |tx| token::delete(tx, &secret("t")).await).await.unwrap());
    assert!(!live(store, "t", 0).await);
    assert!(live(store, "u", 0).await);
}

pub async fn the_tokens_of_a_user_include_those_it_acts_through(store: &Store) {
    let ada = user(store, "Ada").await;
    let admin = user(store, "Admin").await;
    token(store, "ada", ada.id, None, None).await;
    token(store, "admin as ada", ada.id, Some(admin.id), None).await;
    token(store, "admin", admin.id, None, None).await;
    assert_eq!(store.write(async |tx| token::delete_of_user(tx, admin.id).await).await.unwrap(), 2);
    assert!(live(store, "ada", 0).await);
    assert!(!live(store, "admin as ada", 0).await);
    assert!(!live(store, "admin", 0).await);
}

pub async fn expired_tokens_are_cleared_away(store: &Store) {
    let ada = user(store, "Ada").await;
    token(store, "t", ada.id, None, None).await;
    assert_eq!(store.write(async |tx| token::delete_expired(tx, at(3599)).await).await.unwrap(), 0);
    let before = store.generation();
    assert_eq!(store.write(async |tx| token::delete_expired(tx, at(3600)).await).await.unwrap(), 1);
    assert_eq!(store.generation(), before, "who caches a token knows when it ends");
    assert!(!live(store, "t", 0).await);
}

pub async fn what_ends_access_begins_a_generation(store: &Store) {
    let ada = user(store, "Ada").await;
    let key = key(store, ada.id, "a").await;
    for name in ["t", "u", "v", "w"] {
        token(store, name, ada.id, None, Some(key.id)).await;
    }
    let mut last = store.generation();
    let mut begun = |what: &str, expected: bool| {
        let now = store.generation();
        assert_eq!(now > last, expected, "{what}: {last} -> {now}");
        last = now;
    };
    token(store, "x", ada.id, None, Some(key.id)).await;
    begun("a new token", false);
    store.write(async |tx| token::delete(tx, &secret("t")).await).await.unwrap();
    begun("a logout", true);
    store.write(async |tx| token::delete(tx, &secret("t")).await).await.unwrap();
    begun("a logout of nobody", false);
    store.write(async |tx| session::set_workspace(tx, &secret("u"), WorkspaceId::Dev, at(1)).await).await.unwrap();
    begun("another workspace", true);
    let disabled = vec![user::COLUMNS.is_disabled.set(true)];
    store.write(async |tx| user::update(tx, ada.id, disabled, at(1)).await).await.unwrap();
    begun("a disabled user", true);
    store.write(async |tx| token::delete_of_credentials(tx, key.id).await).await.unwrap();
    begun("the tokens of a key", true);
    store.write(async |tx| credentials_api3::delete(tx, key.id).await).await.unwrap();
    begun("a deleted key", true);
    store.write(async |tx| user::delete(tx, ada.id).await).await.unwrap();
    begun("a deleted user", true);
    assert_eq!(store.refresh_generation().await.unwrap(), store.generation());
}

pub async fn of_many_who_end_a_token_at_once_one_does(store: &Store) {
    let ada = user(store, "Ada").await;
    token(store, "t", ada.id, None, None).await;
    let calls = (0..16).map(|_| {
        let store = store.clone();
        async move { store.write(async |tx| token::delete(tx, &secret("t")).await).await.unwrap() }
    });
    assert_eq!(at_once(calls).await.into_iter().filter(|ended| *ended).count(), 1);
}
