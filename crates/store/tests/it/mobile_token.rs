//! Devices for messages of the mobile application.

use belvedere_store::mobile_token::{self, DeviceType, MOST_DEVICES, NewMobileToken};
use belvedere_store::{Error, MobileToken, Store, UserId, user};

use crate::backend::{at, user as make};

async fn register(store: &Store, user_id: UserId, token: &str, seconds: i64) -> Result<MobileToken, Error> {
    let device_token = token.parse().unwrap();
    let new = NewMobileToken { user_id, device_token, device_type: DeviceType::Ios };
    store.write(async |tx| mobile_token::insert(tx, new, at(seconds)).await).await
}

async fn tokens(store: &Store, user: UserId) -> Vec<String> {
    let found = store.read(async |db| mobile_token::of_users(db, &[user]).await).await.unwrap();
    found.iter().map(|device| device.device_token.as_str().to_owned()).collect()
}

pub async fn a_device_is_registered_once_for_each_user(store: &Store) {
    let (ada, bob) = (make(store, "Ada").await.id, make(store, "Bob").await.id);
    let longest = "a".repeat(mobile_token::DeviceToken::MAX_LENGTH);
    for token in ["t", &longest] {
        let made = register(store, ada, token, 1).await.unwrap();
        assert_eq!(
            (made.user_id, made.device_type, made.created_at, made.renewed_at),
            (ada, DeviceType::Ios, at(1), at(1))
        );
        let again = register(store, ada, token, 2).await;
        assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
        let others = register(store, bob, token, 3).await.unwrap();
        assert_ne!(others.id, made.id);
        let token = token.parse().unwrap();
        let found = store.read(async |db| mobile_token::by_device_token(db, ada, &token).await).await.unwrap();
        assert_eq!(found, Some(made));
    }
    let nobody = register(store, UserId::new(99), "t", 1).await;
    assert!(matches!(nobody, Err(Error::Reference { .. })), "{nobody:?}");
}

pub async fn a_device_is_renewed_and_removed_by_its_user_alone_and_goes_with_the_user(store: &Store) {
    let (ada, bob) = (make(store, "Ada").await.id, make(store, "Bob").await.id);
    let device = register(store, ada, "t", 0).await.unwrap();
    let renew = async |user, seconds| {
        store.write(async |tx| mobile_token::renew(tx, user, device.id, at(seconds)).await).await.unwrap()
    };
    let remove = async |user| store.write(async |tx| mobile_token::delete(tx, user, device.id).await).await.unwrap();
    assert_eq!(renew(bob, 1).await, None);
    assert_eq!(renew(ada, 2).await, Some(MobileToken { renewed_at: at(2), ..device.clone() }));
    assert!(!remove(bob).await);
    assert!(remove(ada).await);
    assert!(!remove(ada).await);
    register(store, ada, "t", 3).await.unwrap();
    store.write(async |tx| user::delete(tx, ada).await).await.unwrap();
    assert_eq!(tokens(store, ada).await, [""; 0]);
}

pub async fn one_device_too_many_takes_the_place_of_the_one_that_was_silent_for_longest(store: &Store) {
    let (ada, bob) = (make(store, "Ada").await.id, make(store, "Bob").await.id);
    register(store, bob, "bob", 0).await.unwrap();
    let first = register(store, ada, "1", 1).await.unwrap();
    for number in 2..=MOST_DEVICES {
        register(store, ada, &number.to_string(), 2).await.unwrap();
    }
    store.write(async |tx| mobile_token::renew(tx, ada, first.id, at(3)).await).await.unwrap();
    register(store, ada, "more", 4).await.unwrap();
    let left = tokens(store, ada).await;
    assert_eq!(left.len() as u64, MOST_DEVICES);
    assert!(left.contains(&"1".to_owned()) && left.contains(&"more".to_owned()) && !left.contains(&"2".to_owned()));
    assert_eq!(tokens(store, bob).await, ["bob"]);
}
