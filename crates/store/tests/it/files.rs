//! What is special to files: they are private, and a crash leaves them whole.

use std::path::{Path, PathBuf};

use belvedere_store::user;
use belvedere_store::{Error, Location, Store, UserId};

use crate::backend::user as make;

async fn open(path: &Path) -> Store {
    Store::open(Location::File(path.to_owned())).await.unwrap()
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
