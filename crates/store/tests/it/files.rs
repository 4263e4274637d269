//! What is special to files: they last, they are private, and their form moves forward.

use std::path::{Path, PathBuf};

use belvedere_store::user::{self, NewUser};
use belvedere_store::{Error, Filter, Location, Store, UserId, query, query_task, session, setting, token};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::backend::{at, at_once, secret, user as make};

async fn open(path: &Path) -> Store {
    Store::open(Location::File(path.to_owned())).await.unwrap()
}

/// A connection to the file that knows nothing of the store.
async fn raw(path: &Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await.unwrap()
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("belvedere.db");
    let store = open(&path).await;
    let ada = make(&store, "Ada").await;
    crate::token::token(&store, "t", ada.id, None, None).await;
    let task = crate::query_task::task(&store, ada.id, 1).await;
    store.write(async |tx| setting::set(tx, "instance_id", "i").await).await.unwrap();
    let generation = store.generation();
    store.close().await;

    let store = open(&path).await;
    assert_eq!(store.generation(), generation);
    store
        .read(async |db| {
            assert_eq!(user::get(db, ada.id).await?.as_ref(), Some(&ada));
            assert!(token::find_live(db, &secret("t"), at(1)).await?.is_some());
            assert!(session::get(db, &secret("t")).await?.is_some());
            assert_eq!(query_task::get(db, task.id).await?.as_ref(), Some(&task));
            assert!(query::get(db, task.query_id).await?.is_some());
            assert_eq!(setting::get(db, "instance_id").await?.as_deref(), Some("i"));
            Ok(())
        })
        .await
        .unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_commit_is_kept_when_the_process_ends_without_closing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("belvedere.db");
    let first = open(&path).await;
    let ada = make(&first, "Ada").await;
    // The copy is what a crash would leave: the file and the log that was not folded back into it.
    let copy = folder.path().join("copy.db");
    for suffix in ["", "-wal"] {
        std::fs::copy(with(&path, suffix), with(&copy, suffix)).unwrap();
    }
    let second = open(&copy).await;
    assert_eq!(second.read(async |db| user::get(db, ada.id).await).await.unwrap(), Some(ada));
    second.close().await;
    first.close().await;
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

#[tokio::test]
async fn a_closed_store_leaves_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("belvedere.db");
    let store = open(&path).await;
    make(&store, "Ada").await;
    store.read(async |db| user::get(db, UserId::new(1)).await).await.unwrap();
    store.close().await;
    store.close().await;
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["belvedere.db"]);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/state/belvedere.db");
    let store = open(&path).await;
    make(&store, "Ada").await;
    for suffix in ["", "-wal", "-shm"] {
        assert_eq!(mode(&with(&path, suffix)), 0o600, "{suffix}");
    }
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(mode(&folder.path().join("data")), 0o700);
    store.close().await;

    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    open(&path).await.close().await;
    assert_eq!(mode(&path), 0o600, "a file that others could read is closed to them");
}

#[tokio::test]
async fn a_path_is_the_name_of_a_file_whatever_it_looks_like() {
    let folder = tempfile::tempdir().unwrap();
    for name in [":memory:", "file:x?mode=memory", "100%25 #?.db"] {
        let path = folder.path().join(name);
        open(&path).await.close().await;
        assert!(path.is_file(), "{name}");
    }
}

#[tokio::test]
async fn a_folder_that_can_not_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Store::open(Location::File(file.join("belvedere.db"))).await.err().unwrap();
    assert!(matches!(&error, Error::File { path, .. } if *path == file), "{error:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = "not a database, and longer than the header of one would be: ".repeat(20);
    std::fs::write(&path, &text).unwrap();
    let error = Store::open(Location::File(path.clone())).await.err().unwrap();
    assert!(matches!(error, Error::Database(_)), "{error:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn migrations_run_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("belvedere.db");
    let schema = async || {
        let rows = sqlx::query_as("SELECT type, name, sql FROM sqlite_schema ORDER BY name");
        let schema: Vec<(String, String, Option<String>)> = rows.fetch_all(&mut raw(&path).await).await.unwrap();
        let ran: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM _sqlx_migrations").fetch_one(&mut raw(&path).await).await.unwrap();
        (schema, ran)
    };
    open(&path).await.close().await;
    let first = schema().await;
    open(&path).await.close().await;
    assert_eq!(schema().await, first);
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite")).unwrap();
    assert_eq!(first.1, files.count() as i64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_file_that_is_opened_several_times_at_once_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("belvedere.db");
    let calls = (0..4).map(|_| {
        let path = path.clone();
        async move { Store::open(Location::File(path)).await.unwrap() }
    });
    let stores = at_once(calls).await;
    for store in &stores {
        make(store, "Ada").await;
    }
    for store in &stores {
        let people = store.read(async |db| user::count(db, Filter::everything()).await).await.unwrap();
        assert_eq!(people, 4);
        assert_eq!(store.refresh_generation().await.unwrap(), 4, "the change of one counts for the others");
        store.close().await;
    }
}

#[tokio::test]
async fn the_database_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("belvedere.db");
    open(&path).await.close().await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9999, 'from the future', TRUE, x'00', 0)";
    sqlx::query(newer).execute(&mut raw(&path).await).await.unwrap();
    let error = Store::open(Location::File(path)).await.err().unwrap();
    assert!(matches!(error, Error::Newer { version: 9999 }), "{error:?}");
}

#[tokio::test]
async fn a_value_that_can_not_be_read_is_named_and_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("belvedere.db");
    let store = open(&path).await;
    let ada = make(&store, "Ada").await;
    for (broken, column) in [
        ("UPDATE \"user\" SET rest = '[\"private\"]'", "rest"),
        ("UPDATE \"user\" SET rest = '{}', created_at = 9223372036854775807", "created_at"),
    ] {
        sqlx::query(broken).execute(&mut raw(&path).await).await.unwrap();
        let error = store.read(async |db| user::get(db, ada.id).await).await.unwrap_err();
        assert!(matches!(error, Error::Corrupt { table: "user", column: named, .. } if named == column), "{error:?}");
        assert!(!error.to_string().contains("private"));
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_are_not_kept_waiting_by_the_writer_and_see_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("belvedere.db")).await;
    let count = async |store: &Store| store.read(async |db| user::count(db, Filter::everything()).await).await.unwrap();
    let (inserted, at_insert) = tokio::sync::oneshot::channel();
    let (release, released) = tokio::sync::oneshot::channel::<()>();
    let writing = {
        let store = store.clone();
        tokio::spawn(async move {
            store
                .write(async |tx| {
                    user::insert(tx, NewUser::default(), at(0)).await?;
                    inserted.send(()).unwrap();
                    released.await.unwrap();
                    Ok(())
                })
                .await
        })
    };
    at_insert.await.unwrap();
    assert_eq!(count(&store).await, 0, "what is not committed is not seen");
    let writer = store.clone();
    store
        .read(async |db| {
            assert_eq!(user::count(db, Filter::everything()).await?, 0);
            release.send(()).unwrap();
            writing.await.unwrap()?;
            // In a task of its own, for it is another transaction.
            let seen = tokio::spawn(async move { count(&writer).await }).await.unwrap();
            assert_eq!(seen, 1);
            assert_eq!(user::count(db, Filter::everything()).await?, 0, "this reader's moment was before");
            Ok(())
        })
        .await
        .unwrap();
    store.close().await;
}
