//! Who still calls what is deprecated.

use belvedere_store::api_usage::{self, ApiUsage, Calls};
use belvedere_store::{Store, UserId};

use crate::backend::{at, secret, user};
use crate::credentials_api3::key;
use crate::token::token;

fn calls(user: UserId, token: &str, application: &str, count: u64, second: i64) -> Calls {
    Calls {
        version: "4.0".to_owned(),
        thing: "vector_thumbnail".to_owned(),
        user,
        token: secret(token),
        application: application.to_owned(),
        count,
        first_at: at(second),
        last_at: at(second + 1),
    }
}

async fn add(store: &Store, calls: Calls) {
    store.write(async |tx| api_usage::add(tx, calls).await).await.unwrap();
}

async fn all(store: &Store) -> Vec<ApiUsage> {
    store.read(async |db| api_usage::all(db).await).await.unwrap()
}

pub async fn calls_of_one_application_add_up(store: &Store) {
    let ada = user(store, "Ada").await;
    let key = key(store, ada.id, "k").await;
    token(store, "t", ada.id, None, Some(key.id)).await;
    add(store, calls(ada.id, "t", "PY SDK 26.12", 3, 10)).await;
    add(store, calls(ada.id, "t", "PY SDK 26.12", 4, 20)).await;
    add(store, calls(ada.id, "t", "TS-SDK 26.12", 1, 30)).await;
    let rows = all(store).await;
    let told: Vec<_> =
        rows.iter().map(|row| (row.application.as_str(), row.calls, row.first_at, row.last_at)).collect();
    assert_eq!(told, [("PY SDK 26.12", 7, at(10), at(21)), ("TS-SDK 26.12", 1, at(30), at(31))]);
    assert!(rows.iter().all(|row| row.client_id == key.client_id.to_string()));
}

pub async fn calls_with_a_token_that_has_ended_are_counted_without_its_key(store: &Store) {
    let ada = user(store, "Ada").await;
    add(store, calls(ada.id, "gone", "", 1, 0)).await;
    let rows = all(store).await;
    assert_eq!((rows.len(), rows[0].client_id.as_str()), (1, ""));
}

pub async fn calls_of_a_user_who_is_gone_are_not_kept(store: &Store) {
    let ada = user(store, "Ada").await;
    add(store, calls(ada.id, "t", "", 1, 0)).await;
    store.write(async |tx| belvedere_store::user::delete(tx, ada.id).await).await.unwrap();
    add(store, calls(ada.id, "t", "", 1, 0)).await;
    assert!(all(store).await.is_empty());
}

pub async fn an_application_with_many_names_fills_no_table(store: &Store) {
    let ada = user(store, "Ada").await;
    store
        .write(async |tx| {
            for number in 0..1100 {
                api_usage::add(tx, calls(ada.id, "t", &format!("app {number}"), 1, 0)).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let rows = all(store).await;
    assert_eq!(rows.len(), 1001);
    assert_eq!((rows[0].application.as_str(), rows[0].calls), ("", 100));
}
