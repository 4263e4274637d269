//! `belvedere admin`: administrators from the command line.

use belvedere_store::event::{self, Wanted};
use belvedere_store::{Location, SecretHash, Store, UserId};
use belvedere_store::{access, credentials_api3, credentials_email, credentials_totp, password_reset, role_user};
use belvedere_testing::eventually;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

fn admin(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_belvedere"));
    command.arg("admin").args(arguments).arg("--data-dir").arg(folder);
    command.env_remove("BELVEDERE_STORE").output().expect("it runs")
}

/// What a command that went well has printed: the key, and the path of the page where the password is set.
fn given(output: &Output) -> (String, String, Option<String>) {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    let (_, key) = text.split_once("API key (shown once)  ").expect("a key");
    let (id, secret) = key.lines().next().and_then(|line| line.split_once(" / ")).expect("both halves");
    let password = text.split_once("set the password").map(|(_, rest)| {
        let address = rest.split_whitespace().next().expect("an address");
        address.split_once("ADDRESS-OF-THE-SERVER").expect("a host").1.to_owned()
    });
    (id.to_owned(), secret.to_owned(), password)
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn hash(secret: &str) -> SecretHash {
    SecretHash::new(Sha256::digest(secret).into())
}

async fn open(folder: &Path) -> Store {
    Store::open(Location::File(folder.join("state.sqlite"))).await.expect("the state")
}

/// Whose key this is.
async fn owner(store: &Store, id: &str, secret: &str) -> Option<UserId> {
    let id = id.parse().expect("a client id");
    let key = store.read(async |db| credentials_api3::by_client_id(db, id).await).await.expect("a read")?;
    (key.secret_hash == hash(secret)).then_some(key.user_id)
}

#[tokio::test]
async fn an_administrator_is_made_on_an_empty_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let (id, secret, password) = given(&admin(folder.path(), &["create", "--email", "ada@example.com"]));
    let path = password.expect("a path");
    let token = path.strip_prefix("/account/setup/").expect("the first password").to_owned();
    let store = open(folder.path()).await;
    let user = owner(&store, &id, &secret).await.expect("the key opens");
    store
        .read(async |db| {
            assert!(access::is_admin(db, user).await?);
            assert_eq!(credentials_email::by_email(db, "ada@example.com").await?.map(|row| row.user_id), Some(user));
            let reset = password_reset::find_live(db, &hash(&token), Timestamp::now()).await?;
            assert_eq!(reset.map(|reset| reset.user_id), Some(user));
            Ok(())
        })
        .await
        .expect("a read");
    store.close().await;
    let (id, secret, password) = given(&admin(folder.path(), &["create"]));
    assert_eq!(password, None, "without an address there is no password");
    let store = open(folder.path()).await;
    assert!(owner(&store, &id, &secret).await.is_some_and(|other| other != user));
    store.close().await;
    let taken = refused(&admin(folder.path(), &["create", "--email", "ADA@example.com"]));
    assert!(taken.contains("reset-credential"), "{taken}");
    refused(&admin(folder.path(), &["create", "--email", "no address"]));
}

#[tokio::test]
async fn a_lost_credential_is_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = refused(&admin(folder.path(), &["reset-credential", "1"]));
    assert!(empty.contains("--data-dir"), "{empty}");
    let first = given(&admin(folder.path(), &["create", "--email", "ada@example.com"]));
    let second = given(&admin(folder.path(), &["reset-credential", "Ada@example.com"]));
    let store = open(folder.path()).await;
    let user = owner(&store, &first.0, &first.1).await.expect("the earlier key opens still");
    assert_eq!(owner(&store, &second.0, &second.1).await, Some(user));
    store.close().await;
    let third = given(&admin(folder.path(), &["reset-credential", &user.to_string(), "--revoke"]));
    let store = open(folder.path()).await;
    assert_eq!(owner(&store, &first.0, &first.1).await, None);
    assert_eq!(owner(&store, &second.0, &second.1).await, None);
    assert_eq!(owner(&store, &third.0, &third.1).await, Some(user));
    let no_more = async |tx: &mut belvedere_store::Tx| role_user::set_of_user(tx, user, &[]).await;
    store.write(no_more).await.expect("a change");
    store.close().await;
    let lesser = refused(&admin(folder.path(), &["reset-credential", "ada@example.com"]));
    assert!(lesser.contains("is no administrator"), "{lesser}");
    let nobody = refused(&admin(folder.path(), &["reset-credential", "nobody@example.com"]));
    assert!(nobody.contains("there is no user"), "{nobody}");
}

#[tokio::test]
async fn a_second_factor_is_removed_and_a_running_server_notices_within_a_second() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = refused(&admin(folder.path(), &["remove-second-factor", "1"]));
    assert!(empty.contains("--data-dir"), "{empty}");
    let (id, secret, _) = given(&admin(folder.path(), &["create", "--email", "ada@example.com"]));
    let running = open(folder.path()).await;
    tokio::spawn({
        let store = running.clone();
        async move { store.follow().await }
    });
    let user = owner(&running, &id, &secret).await.expect("the key opens");
    let by_id = user.to_string();
    for name in ["Ada@example.com", &by_id] {
        let factor = running.write(async |tx| credentials_totp::insert(tx, user, Timestamp::now()).await).await;
        assert_eq!(factor.expect("a second factor").user_id, user);
        let before = running.generation();
        let removed = admin(folder.path(), &["remove-second-factor", name]);
        assert!(removed.status.success(), "{removed:?}");
        let told = String::from_utf8_lossy(&removed.stdout);
        assert_eq!(told, format!("User {user} has no second factor any more\n"));
        let noticed = eventually(async || (running.generation() > before).then_some(()));
        assert!(tokio::time::timeout(Duration::from_secs(1), noticed).await.is_ok(), "what is cached must end");
        let left = running.read(async |db| credentials_totp::of_user(db, user).await).await;
        assert_eq!(left.expect("a read"), None);
        let events = running.read(async |db| event::newest(db, &Wanted::default(), 1).await).await.expect("a read");
        let told = (events[0].name.as_str(), events[0].attributes["user_id"].as_str());
        assert_eq!(told, ("remove_second_factor", Some(by_id.as_str())));
    }
    assert_eq!(owner(&running, &id, &secret).await, Some(user), "every other credential stays");
    running.close().await;
    let none = refused(&admin(folder.path(), &["remove-second-factor", "ada@example.com"]));
    assert!(none.contains("has no second factor"), "{none}");
    let nobody = refused(&admin(folder.path(), &["remove-second-factor", "nobody@example.com"]));
    assert!(nobody.contains("there is no user"), "{nobody}");
}
