//! User attributes and credentials.

use belvedere_store::user_attribute::{self, NewUserAttribute};
use belvedere_store::{
    Error, Store, UserAttributeId, credentials_email, credentials_embed, user, user_attribute_group_value,
    user_attribute_user_value,
};

use crate::backend::{at, user as make};

async fn attribute(store: &Store, name: &str) -> UserAttributeId {
    let new = NewUserAttribute {
        name: name.to_owned(),
        label: name.to_owned(),
        kind: "string".to_owned(),
        ..NewUserAttribute::default()
    };
    store.write(async |tx| user_attribute::insert(tx, new).await).await.unwrap().id
}

pub async fn a_group_keeps_its_rank_and_a_new_one_comes_last(store: &Store) {
    let region = attribute(store, "region").await;
    let (a, b, c) = (
        crate::role::group(store, "a").await,
        crate::role::group(store, "b").await,
        crate::role::group(store, "c").await,
    );
    let values = [(a, 7, "a".to_owned()), (b, 3, "b".to_owned())];
    let ranked = store
        .write(async |tx| {
            user_attribute_group_value::replace(tx, region, &values).await?;
            user_attribute_group_value::set(tx, region, a, "A").await?;
            user_attribute_group_value::set(tx, region, c, "c").await?;
            user_attribute_group_value::of_attribute(tx, region).await
        })
        .await
        .unwrap();
    let ranked: Vec<_> = ranked.iter().map(|value| (value.group_id, value.rank, value.value.as_str())).collect();
    assert_eq!(ranked, [(b, 3, "b"), (a, 7, "A"), (c, 8, "c")]);
    let twice = [(a, 1, "x".to_owned()), (a, 2, "y".to_owned())];
    let refused = store.write(async |tx| user_attribute_group_value::replace(tx, region, &twice).await).await;
    assert!(matches!(refused, Err(Error::Conflict { .. })), "{refused:?}");
    let left = store.read(async |db| user_attribute_group_value::of_groups(db, [a, b, c]).await).await.unwrap();
    assert_eq!(left.len(), 3, "a change that fails changes nothing");
}

pub async fn a_deleted_attribute_takes_its_values_along(store: &Store) {
    let ada = make(store, "Ada").await.id;
    let region = attribute(store, "region").await;
    let set =
        |value: &'static str| store.write(async move |tx| user_attribute_user_value::set(tx, region, ada, value).await);
    let first = set("a").await.unwrap();
    assert_eq!(set("b").await.unwrap().id, first.id);
    store.write(async |tx| user_attribute::delete(tx, region).await).await.unwrap();
    assert_eq!(store.read(async |db| user_attribute_user_value::of_user(db, ada).await).await.unwrap(), []);
    assert!(matches!(set("c").await, Err(Error::Reference { .. })));
}

pub async fn an_address_is_that_of_its_user(store: &Store) {
    let (ada, bob) = (make(store, "Ada").await.id, make(store, "Bob").await.id);
    let insert = |user, email: &'static str| {
        store.write(async move |tx| credentials_email::insert(tx, user, email, at(1)).await)
    };
    insert(ada, "Ada@example.com").await.unwrap();
    assert!(matches!(insert(bob, "ada@EXAMPLE.com").await, Err(Error::Conflict { .. })));
    assert!(matches!(insert(ada, "other@example.com").await, Err(Error::Conflict { .. })));
    let email = || store.read(async |db| Ok(user::get(db, ada).await?.unwrap().email));
    assert_eq!(email().await.unwrap().as_deref(), Some("Ada@example.com"));
    let found = store.read(async |db| credentials_email::by_email(db, "ADA@example.COM").await).await.unwrap();
    assert_eq!(found.map(|found| found.user_id), Some(ada));
    let sets = vec![credentials_email::COLUMNS.email.set("a@example.com".to_owned())];
    store.write(async |tx| credentials_email::update(tx, ada, sets, at(2)).await).await.unwrap();
    assert_eq!(email().await.unwrap().as_deref(), Some("a@example.com"));
    assert!(store.write(async |tx| credentials_email::delete(tx, ada, at(3)).await).await.unwrap());
    assert_eq!(email().await.unwrap(), None);
}

pub async fn embed_users_and_others_are_told_apart(store: &Store) {
    let (ada, bob) = (make(store, "Ada").await.id, make(store, "Bob").await.id);
    store.write(async |tx| credentials_embed::insert(tx, ada, "customer-7", at(1)).await).await.unwrap();
    let taken = store.write(async |tx| credentials_embed::insert(tx, bob, "customer-7", at(1)).await).await;
    assert!(matches!(taken, Err(Error::Conflict { .. })), "{taken:?}");
    let ids = async |filter| {
        let found = store.read(async |db| user::search(db, belvedere_store::Search::by(filter)).await).await.unwrap();
        found.rows.into_iter().map(|user| user.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(credentials_embed::owners()).await, [ada]);
    assert_eq!(ids(credentials_embed::others()).await, [bob]);
}
