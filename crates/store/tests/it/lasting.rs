//! What outlives the process: that it is there again, and that its form moves forward once.

use belvedere_store::user::{self, NewUser};
use belvedere_store::{Error, Filter, Store, query, query_task, session, setting, token};

use crate::backend::{Place, at, at_once, secret, user as make};

/// Runs every body where a store lasts.
macro_rules! on_places {
    ($($name:ident,)*) => {
        mod file {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name(crate::backend::Place::file()).await;
                }
            )*
        }

        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name(crate::backend::Place::empty_postgres()).await;
                }
            )*
        }
    };
}

on_places! {
    everything_is_there_after_a_restart,
    a_database_that_is_opened_several_times_at_once_is_made_once,
    the_database_of_a_newer_program_is_refused,
    a_step_that_has_changed_since_it_ran_is_refused,
    a_value_that_can_not_be_read_is_named_and_not_shown,
    readers_are_not_kept_waiting_by_the_writer_and_see_one_moment,
}

async fn everything_is_there_after_a_restart(place: Place) {
    let store = place.open().await;
    let ada = make(&store, "Ada").await;
    crate::token::token(&store, "t", ada.id, None, None).await;
    let task = crate::query_task::task(&store, ada.id, 1).await;
    store.write(async |tx| setting::set(tx, "instance_id", "i").await).await.unwrap();
    let generation = store.generation();
    store.close().await;

    let store = place.open().await;
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

async fn a_database_that_is_opened_several_times_at_once_is_made_once(place: Place) {
    let calls = (0..4).map(|_| {
        let location = place.location.clone();
        async move { Store::open(location).await.unwrap() }
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

async fn the_database_of_a_newer_program_is_refused(place: Place) {
    place.open().await.close().await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9999, 'from the future', TRUE, '', 0)";
    place.execute(newer).await;
    let error = Store::open(place.location.clone()).await.err().unwrap();
    assert!(matches!(error, Error::Newer { version: 9999 }), "{error:?}");
}

async fn a_step_that_has_changed_since_it_ran_is_refused(place: Place) {
    place.open().await.close().await;
    place.execute("UPDATE _sqlx_migrations SET checksum = '' WHERE version = 2").await;
    let error = Store::open(place.location.clone()).await.err().unwrap();
    assert!(matches!(error, Error::Migration(_)), "{error:?}");
}

async fn a_value_that_can_not_be_read_is_named_and_not_shown(place: Place) {
    let store = place.open().await;
    let ada = make(&store, "Ada").await;
    for (broken, column) in [
        ("UPDATE \"user\" SET rest = '[\"private\"]'", "rest"),
        ("UPDATE \"user\" SET rest = '{}', created_at = 9223372036854775807", "created_at"),
    ] {
        place.execute(broken).await;
        let error = store.read(async |db| user::get(db, ada.id).await).await.unwrap_err();
        assert!(matches!(error, Error::Corrupt { table: "user", column: named, .. } if named == column), "{error:?}");
        assert!(!error.to_string().contains("private"));
    }
    store.close().await;
}

async fn readers_are_not_kept_waiting_by_the_writer_and_see_one_moment(place: Place) {
    let store = place.open().await;
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
