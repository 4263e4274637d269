//! Programs that sign users in by OAuth, and what they get.

use belvedere_store::authorization_code::{self, NewAuthorizationCode};
use belvedere_store::oauth_client_app::{self, COLUMNS};
use belvedere_store::{ClientGuid, Error, OauthClientApp, Store, User};
use belvedere_store::{oauth_client_app_user, refresh_token, token, user, user_session};

use crate::backend::{at, at_once, secret, user};
use crate::sign_in::{lives, session};

fn guid(name: &str) -> ClientGuid {
    name.parse().unwrap()
}

/// Registers a program.
async fn app(store: &Store, name: &str) -> OauthClientApp {
    let new = OauthClientApp {
        client_guid: guid(name),
        redirect_uris: vec!["https://app.example.com/".to_owned()],
        display_name: name.to_owned(),
        description: String::new(),
        enabled: true,
        group_id: None,
        tokens_invalid_before: at(0),
    };
    store.write(async |tx| oauth_client_app::insert(tx, new).await).await.unwrap()
}

fn new_code(name: &str, app: &OauthClientApp, user: &User) -> NewAuthorizationCode {
    NewAuthorizationCode {
        hash: secret(name),
        client_guid: app.client_guid.clone(),
        user_id: user.id,
        redirect_uri: "https://app.example.com/".to_owned(),
        code_challenge: secret("challenge"),
        user_session_id: None,
        expires_at: at(60),
    }
}

/// A code named so, used for the refresh token `<name>-refresh` and the access token `<name>-access`.
async fn used_code(store: &Store, name: &str, app: &OauthClientApp, user: &User) {
    used(store, name, new_code(name, app, user)).await;
}

async fn used(store: &Store, name: &str, new: NewAuthorizationCode) {
    let (refresh, access) = (secret(&format!("{name}-refresh")), secret(&format!("{name}-access")));
    let used = store.write(async |tx| {
        let code = authorization_code::insert(tx, new, at(0)).await?;
        assert!(authorization_code::use_once(tx, &code.hash, at(1), at(9000)).await?);
        refresh_token::insert(tx, refresh, code.hash, at(1), at(9000)).await?;
        let new = token::NewToken {
            hash: access,
            user_id: code.user_id,
            sudo_user_id: None,
            credentials_api3_id: None,
            authorization_code_hash: Some(code.hash),
            expires_at: at(3600),
        };
        token::insert(tx, new, at(1)).await
    });
    used.await.unwrap();
}

/// Which of a code's row, refresh token and access token there are.
async fn left(store: &Store, name: &str) -> [bool; 3] {
    let (code, refresh) = (secret(name), secret(&format!("{name}-refresh")));
    let access = secret(&format!("{name}-access"));
    let left = store.read(async |db| {
        Ok([
            authorization_code::get(db, &code).await?.is_some(),
            refresh_token::find_live(db, &refresh, at(2)).await?.is_some(),
            token::find_live(db, &access, at(2)).await?.is_some(),
        ])
    });
    left.await.unwrap()
}

pub async fn the_name_of_a_program_belongs_to_one(store: &Store) {
    let made = app(store, "com.example.app").await;
    let again = store.write(async |tx| oauth_client_app::insert(tx, made.clone()).await).await.unwrap_err();
    assert!(matches!(again, Error::Conflict { table: "oauth_client_app", column: "client_guid" }), "{again:?}");
    app(store, "com.example.App").await;
    let all = store.read(async |db| oauth_client_app::all(db).await).await.unwrap();
    let names: Vec<&str> = all.iter().map(|app| app.client_guid.as_str()).collect();
    assert_eq!(names, ["belvedere.api-explorer", "com.example.App", "com.example.app"]);
    assert!(all.contains(&made));
}

pub async fn of_many_who_use_a_code_at_once_one_does(store: &Store) {
    let (ada, app) = (user(store, "Ada").await, app(store, "app").await);
    let new = new_code("code", &app, &ada);
    store.write(async |tx| authorization_code::insert(tx, new, at(0)).await).await.unwrap();
    let calls =
        (0..20).map(|_| {
            let store = store.clone();
            async move {
                store.write(async |tx| authorization_code::use_once(tx, &secret("code"), at(1), at(9)).await).await
            }
        });
    let used: Vec<bool> = at_once(calls).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(used.iter().filter(|used| **used).count(), 1);
}

pub async fn all_that_came_of_a_code_ends_with_it(store: &Store) {
    let (ada, app) = (user(store, "Ada").await, app(store, "app").await);
    for name in ["by code", "by logout", "other"] {
        used_code(store, name, &app, &ada).await;
    }
    let before = store.generation();
    assert!(store.write(async |tx| authorization_code::delete(tx, &secret("by code")).await).await.unwrap());
    assert!(store.generation() > before, "whoever remembers callers forgets them");
    assert!(store.write(async |tx| token::delete(tx, &secret("by logout-access")).await).await.unwrap());
    assert_eq!(left(store, "by code").await, [false; 3]);
    assert_eq!(left(store, "by logout").await, [false; 3]);
    assert_eq!(left(store, "other").await, [true; 3]);
}

pub async fn who_signs_out_of_a_page_of_the_server_signs_out_of_the_browser(store: &Store) {
    let (ada, app) = (user(store, "Ada").await, app(store, "app").await);
    for name in ["one", "other"] {
        session(store, name, ada.id).await;
    }
    let one = store.read(async |db| user_session::find_live(db, &secret("one"), at(1)).await).await.unwrap().unwrap();
    let of_one = |name| NewAuthorizationCode { user_session_id: Some(one.id), ..new_code(name, &app, &ada) };
    for name in ["replayed", "page"] {
        used(store, name, of_one(name)).await;
    }
    used_code(store, "program", &app, &ada).await;
    let sign_out = async |name: &str| {
        let token = secret(&format!("{name}-access"));
        assert!(store.write(async |tx| token::delete(tx, &token).await).await.unwrap(), "{name}");
        (lives(store, "one", 1).await, lives(store, "other", 1).await)
    };
    assert!(store.write(async |tx| authorization_code::delete(tx, &secret("replayed")).await).await.unwrap());
    assert_eq!(sign_out("program").await, (true, true), "that is the affair of the program");
    assert_eq!(sign_out("page").await, (false, true));
    assert_eq!(left(store, "page").await, [false; 3]);
}

pub async fn a_code_outlives_the_session_of_the_browser(store: &Store) {
    let (ada, app) = (user(store, "Ada").await, app(store, "app").await);
    session(store, "s", ada.id).await;
    let found = store.read(async |db| user_session::find_live(db, &secret("s"), at(1)).await).await.unwrap().unwrap();
    used(store, "code", NewAuthorizationCode { user_session_id: Some(found.id), ..new_code("code", &app, &ada) }).await;
    assert!(store.write(async |tx| user_session::delete(tx, &secret("s")).await).await.unwrap());
    assert_eq!(left(store, "code").await, [true; 3]);
    assert!(store.write(async |tx| token::delete(tx, &secret("code-access")).await).await.unwrap());
    assert_eq!(left(store, "code").await, [false; 3]);
}

pub async fn what_a_program_has_got_ends_with_whom_it_is_of(store: &Store) {
    let (ada, paul) = (user(store, "Ada").await, user(store, "Paul").await);
    let (one, other) = (app(store, "one").await, app(store, "other").await);
    let all = [("one ada", &one, &ada), ("one paul", &one, &paul), ("other ada", &other, &ada)];
    for (name, app, user) in all {
        store
            .write(async |tx| oauth_client_app_user::insert(tx, &app.client_guid, user.id, at(0)).await)
            .await
            .unwrap();
        used_code(store, name, app, user).await;
    }
    let survivors = async || {
        let mut names = Vec::new();
        for (name, ..) in all {
            if left(store, name).await == [true; 3] {
                names.push(name);
            }
        }
        names
    };
    let taken_back = store.write(async |tx| oauth_client_app_user::delete(tx, &one.client_guid, paul.id).await);
    assert!(taken_back.await.unwrap());
    assert_eq!(survivors().await, ["one ada", "other ada"]);
    let disabled = vec![COLUMNS.enabled.set(false)];
    let disabled = store.write(async |tx| oauth_client_app::update(tx, &one.client_guid, disabled, at(7)).await);
    assert_eq!(disabled.await.unwrap().unwrap().tokens_invalid_before, at(7));
    assert_eq!(survivors().await, ["other ada"]);
    store.write(async |tx| user::sign_out(tx, ada.id).await).await.unwrap();
    assert_eq!(survivors().await, Vec::<&str>::new());
    let consents =
        store.read(async |db| oauth_client_app_user::of_apps(db, &[one.client_guid, other.client_guid]).await);
    assert_eq!(consents.await.unwrap().len(), 2, "who has consented stays");
}

pub async fn a_deleted_program_or_user_takes_codes_tokens_and_consents_along(store: &Store) {
    let (ada, paul, app) = (user(store, "Ada").await, user(store, "Paul").await, app(store, "app").await);
    for (name, user) in [("ada", &ada), ("paul", &paul)] {
        store
            .write(async |tx| oauth_client_app_user::insert(tx, &app.client_guid, user.id, at(0)).await)
            .await
            .unwrap();
        used_code(store, name, &app, user).await;
    }
    store.write(async |tx| user::delete(tx, ada.id).await).await.unwrap();
    assert_eq!((left(store, "ada").await, left(store, "paul").await), ([false; 3], [true; 3]));
    assert!(store.write(async |tx| oauth_client_app::delete(tx, &app.client_guid).await).await.unwrap());
    assert_eq!(left(store, "paul").await, [false; 3]);
    assert!(!store.write(async |tx| oauth_client_app::delete(tx, &app.client_guid).await).await.unwrap());
    let consents = store.read(async |db| oauth_client_app_user::of_apps(db, &[app.client_guid]).await);
    assert_eq!(consents.await.unwrap(), Vec::new());
}

pub async fn codes_are_cleared_away_when_nothing_of_them_lives(store: &Store) {
    let (ada, app) = (user(store, "Ada").await, app(store, "app").await);
    used_code(store, "used", &app, &ada).await;
    let unused = new_code("unused", &app, &ada);
    store.write(async |tx| authorization_code::insert(tx, unused, at(0)).await).await.unwrap();
    let cleared =
        async |seconds| store.write(async |tx| authorization_code::delete_ended(tx, at(seconds)).await).await.unwrap();
    assert_eq!((cleared(59).await, cleared(60).await, cleared(8999).await, cleared(9000).await), (0, 1, 0, 1));
}

pub async fn nobody_consents_to_a_program_that_there_is_not(store: &Store) {
    let ada = user(store, "Ada").await;
    let nothing = guid("nothing");
    let consent = store.write(async |tx| oauth_client_app_user::insert(tx, &nothing, ada.id, at(0)).await);
    assert!(matches!(consent.await.unwrap_err(), Error::Reference { .. }));
}
