//! Passwords, the way to a new one, sessions of browsers, failed sign-ins.

use belvedere_store::totp_sign_in::{self, NewTotpSignIn};
use belvedere_store::user_login_lockout::{self, Failure};
use belvedere_store::user_session::{self, NewUserSession};
use belvedere_store::{
    AuthType, CredentialsEmail, Error, PasswordHash, SealedSecret, Store, UserId, credentials_email, credentials_totp,
    password_reset, token,
};

use crate::backend::{at, at_once, secret, user};

async fn credentials(store: &Store) -> CredentialsEmail {
    let ada = user(store, "Ada").await;
    store.write(async |tx| credentials_email::insert(tx, ada.id, "ada@example.com", at(0)).await).await.unwrap()
}

pub async fn session(store: &Store, name: &str, user_id: UserId) {
    let new = NewUserSession {
        hash: secret(name),
        user_id,
        credentials_type: "email".to_owned(),
        ip_address: None,
        user_agent: None,
        expires_at: at(3600),
    };
    store.write(async |tx| user_session::insert(tx, new, at(0)).await).await.unwrap();
}

pub async fn lives(store: &Store, name: &str, seconds: i64) -> bool {
    let found = store.read(async |db| user_session::find_live(db, &secret(name), at(seconds)).await).await;
    found.unwrap().is_some()
}

pub async fn a_new_password_ends_sessions_tokens_and_the_way_to_it(store: &Store) {
    let ada = credentials(store).await.user_id;
    session(store, "s", ada).await;
    crate::token::token(store, "t", ada, None, None).await;
    store.write(async |tx| password_reset::replace(tx, ada, secret("r"), None, at(0)).await).await.unwrap();
    let before = store.generation();
    let set = store.write(async |tx| {
        let hash = PasswordHash::new("$argon2id$");
        credentials_email::set_password(tx, ada, hash, at(1)).await
    });
    assert!(set.await.unwrap());
    assert!(store.generation() > before);
    assert!(!lives(store, "s", 1).await);
    store
        .read(async |db| {
            assert_eq!(token::find_live(db, &secret("t"), at(1)).await?, None);
            assert_eq!(password_reset::find_live(db, &secret("r"), at(1)).await?, None);
            let now = credentials_email::of_user(db, ada).await?.unwrap();
            assert_eq!((now.password_hash, now.password_set_at), (Some(PasswordHash::new("$argon2id$")), Some(at(1))));
            Ok(())
        })
        .await
        .unwrap();
}

pub async fn of_many_who_take_a_reset_one_gets_it(store: &Store) {
    let ada = credentials(store).await.user_id;
    for (hash, expires_at, taken) in [("old", None, 0), ("late", Some(at(9)), 0), ("live", Some(at(11)), 1)] {
        store.write(async |tx| password_reset::replace(tx, ada, secret(hash), expires_at, at(0)).await).await.unwrap();
        if hash == "old" {
            continue;
        }
        let calls = (0..8).map(|_| {
            let store = store.clone();
            async move { store.write(async |tx| password_reset::take(tx, &secret(hash), at(10)).await).await.unwrap() }
        });
        assert_eq!(at_once(calls).await.into_iter().filter(|took| *took).count(), taken, "{hash}");
    }
    let old = store.write(async |tx| password_reset::take(tx, &secret("old"), at(0)).await).await.unwrap();
    assert!(!old, "a new one takes the place of the old");
}

pub async fn a_session_of_a_browser_ends_in_time_or_with_its_credentials(store: &Store) {
    let ada = credentials(store).await.user_id;
    session(store, "s", ada).await;
    assert!(lives(store, "s", 3599).await);
    assert!(!lives(store, "s", 3600).await);
    let told = store.read(async |db| user_session::of_users(db, &[ada]).await).await.unwrap();
    let id = told[0].id;
    store.write(async |tx| user_session::extend(tx, id, at(7200), at(3500)).await).await.unwrap();
    assert!(lives(store, "s", 7199).await);
    store.write(async |tx| credentials_email::delete(tx, ada, at(0)).await).await.unwrap();
    assert!(!lives(store, "s", 0).await);
}

fn failure(key: &str) -> Failure {
    Failure { key: key.to_owned(), auth_type: AuthType::Email, ip: "192.0.2.7".to_owned(), user_id: None }
}

pub async fn failures_at_once_are_all_counted(store: &Store) {
    let calls = (0..16).map(|_| {
        let store = store.clone();
        async move { store.write(async |tx| user_login_lockout::count(tx, failure("k"), at(300)).await).await.unwrap() }
    });
    let mut counts: Vec<i64> = at_once(calls).await.into_iter().map(|counted| counted.fail_count).collect();
    counts.sort_unstable();
    assert_eq!(counts, (1..=16).collect::<Vec<_>>());
}

pub async fn what_is_locked_is_found_until_it_expires(store: &Store) {
    let locked = async |seconds| {
        let keys = ["k".to_owned(), "other".to_owned()];
        let found = store.read(async |db| user_login_lockout::locked(db, &keys, at(seconds)).await).await;
        found.unwrap().is_some()
    };
    store.write(async |tx| user_login_lockout::count(tx, failure("k"), at(300)).await).await.unwrap();
    assert!(!locked(0).await);
    store.write(async |tx| user_login_lockout::lock(tx, "k", at(400), at(100)).await).await.unwrap();
    assert!(locked(100).await);
    assert!(locked(399).await);
    assert!(!locked(400).await);
    assert_eq!(store.write(async |tx| user_login_lockout::delete_expired(tx, at(399)).await).await.unwrap(), 0);
    assert_eq!(store.write(async |tx| user_login_lockout::delete_expired(tx, at(400)).await).await.unwrap(), 1);
}

/// Notes that somebody has shown the password of a user, who then sets a second factor up with this secret.
async fn begin(store: &Store, name: &str, user_id: UserId, secret_: Option<&str>, seconds: i64) -> Result<(), Error> {
    let secret_ = secret_.map(SealedSecret::new);
    let new = NewTotpSignIn { hash: secret(name), user_id, secret: secret_, expires_at: at(seconds + 600) };
    store.write(async |tx| totp_sign_in::insert(tx, new, at(seconds)).await).await.map(|_| ())
}

async fn waits(store: &Store, name: &str, seconds: i64) -> bool {
    let found = store.read(async |db| totp_sign_in::find_live(db, &secret(name), at(seconds)).await).await;
    found.unwrap().is_some()
}

pub async fn a_sign_in_between_two_factors_ends_in_time_or_with_what_it_is_of(store: &Store) {
    let ada = credentials(store).await.user_id;
    let none = begin(store, "a", ada, None, 0).await;
    assert!(matches!(none, Err(Error::Reference { .. })), "{none:?}");
    store.write(async |tx| credentials_totp::insert(tx, ada, at(0)).await).await.unwrap();
    begin(store, "a", ada, Some("sealed"), 0).await.unwrap();
    assert!(waits(store, "a", 599).await);
    assert!(!waits(store, "a", 600).await);
    begin(store, "b", ada, None, 700).await.unwrap();
    assert!(!waits(store, "a", 0).await, "whoever waited for too long is forgotten");
    let password = PasswordHash::new("$argon2id$");
    store.write(async |tx| credentials_email::set_password(tx, ada, password, at(701)).await).await.unwrap();
    assert!(!waits(store, "b", 701).await, "a new password ends what the old one began");
    begin(store, "c", ada, None, 700).await.unwrap();
    assert!(store.write(async |tx| totp_sign_in::delete(tx, &secret("c")).await).await.unwrap());
    assert!(!waits(store, "c", 701).await);
    begin(store, "d", ada, None, 700).await.unwrap();
    store.write(async |tx| credentials_totp::delete(tx, ada).await).await.unwrap();
    assert!(!waits(store, "d", 701).await);
}

pub async fn a_second_factor_that_is_set_up_ends_every_other_set_up(store: &Store) {
    let ada = credentials(store).await.user_id;
    let made = store.write(async |tx| credentials_totp::insert(tx, ada, at(0)).await).await.unwrap();
    assert_eq!((made.verified, made.secret, made.last_step), (false, None, None));
    begin(store, "own", ada, Some("own"), 0).await.unwrap();
    begin(store, "other", ada, Some("other"), 0).await.unwrap();
    let own = SealedSecret::new("own");
    store.write(async |tx| credentials_totp::verify(tx, ada, own, 7).await).await.unwrap();
    assert!(!waits(store, "own", 1).await && !waits(store, "other", 1).await);
    store.write(async |tx| credentials_totp::use_step(tx, ada, 9).await).await.unwrap();
    let kept = store.read(async |db| credentials_totp::of_user(db, ada).await).await.unwrap().unwrap();
    assert_eq!((kept.verified, kept.secret, kept.last_step), (true, Some(SealedSecret::new("own")), Some(9)));
}
