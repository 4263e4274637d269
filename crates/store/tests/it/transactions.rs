//! All or nothing, whatever becomes of the caller.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use belvedere_store::credentials_api3;
use belvedere_store::token;
use belvedere_store::user::{self, NewUser};
use belvedere_store::{CredentialsApi3, Error, Filter, Store, TableName, User, UserId};
use tokio::sync::oneshot;

use crate::backend::{at, at_once, secret, user as make};

async fn people(store: &Store) -> u64 {
    store.read(async |db| user::count(db, Filter::everything()).await).await.unwrap()
}

pub async fn a_transaction_that_fails_changes_nothing(store: &Store) {
    let outcome: Result<(), Error> = store
        .write(async |tx| {
            user::insert(tx, NewUser::default(), at(0)).await?;
            Err(Error::Busy)
        })
        .await;
    assert!(matches!(outcome, Err(Error::Busy)));
    assert_eq!(people(store).await, 0);
}

#[derive(Debug, PartialEq)]
enum Refused {
    TooMany,
    Store,
}

impl From<Error> for Refused {
    fn from(_: Error) -> Self {
        Refused::Store
    }
}

pub async fn a_reason_of_ones_own_undoes_the_transaction(store: &Store) {
    let outcome: Result<(), Refused> = store
        .transact(async |tx| {
            user::insert(tx, NewUser::default(), at(0)).await?;
            Err(Refused::TooMany)
        })
        .await;
    assert_eq!(outcome, Err(Refused::TooMany));
    assert_eq!(people(store).await, 0);
}

pub async fn a_dropped_transaction_changes_nothing(store: &Store) {
    let before = store.generation();
    let (inserted, at_insert) = oneshot::channel();
    {
        let mut write = pin!(store.write(async |tx| {
            user::insert(tx, NewUser::default(), at(0)).await?;
            inserted.send(()).unwrap();
            std::future::pending::<Result<(), Error>>().await
        }));
        tokio::select! {
            _ = &mut write => unreachable!("the work never ends"),
            reached = at_insert => reached.unwrap(),
        }
    }
    assert_eq!(people(store).await, 0);
    assert_eq!(store.generation(), before);
    make(store, "the writer is free again").await;
    assert_eq!(people(store).await, 1);
}

pub async fn a_caller_who_leaves_during_the_commit_leaves_no_stale_cache(store: &Store) {
    let ada = make(store, "Ada").await;
    let mut left_during_commit = 0;
    for round in 0..1000_u32 {
        if left_during_commit == 3 {
            return;
        }
        let name = round.to_string();
        crate::token::token(store, &name, ada.id, None, None).await;
        let before = store.generation();
        let hash = secret(&name);
        let worked = AtomicBool::new(false);
        let answered = {
            let write = pin!(store.write(async |tx| {
                let deleted = token::delete(tx, &hash).await;
                worked.store(true, Ordering::Relaxed);
                deleted
            }));
            left_after(write, &worked, 1 + round % 8).await.is_some()
        };
        let live = store.read(async |db| token::find_live(db, &hash, at(0)).await).await.unwrap().is_some();
        if live {
            assert!(!answered, "what was answered is kept");
            continue;
        }
        let begun = async {
            while store.generation() == before {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), begun).await.expect("a new generation");
        left_during_commit += u32::from(!answered);
    }
    panic!("no caller left during the commit");
}

/// Leaves the future when it has been pending so many times after the work was done; the outcome if there was one.
async fn left_after<F: Future>(mut future: Pin<&mut F>, worked: &AtomicBool, pending: u32) -> Option<F::Output> {
    let mut left = pending;
    std::future::poll_fn(|cx| {
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        left -= u32::from(worked.load(Ordering::Relaxed));
        if left == 0 { Poll::Ready(None) } else { Poll::Pending }
    })
    .await
}

pub async fn a_panic_undoes_the_transaction(store: &Store) {
    let panicking = store.clone();
    let outcome = tokio::spawn(async move {
        panicking
            .write(async |tx| -> Result<(), Error> {
                user::insert(tx, NewUser::default(), at(0)).await?;
                panic!("a bug");
            })
            .await
    });
    assert!(outcome.await.unwrap_err().is_panic());
    assert_eq!(people(store).await, 0);
    make(store, "the writer is free again").await;
}

pub async fn a_failed_statement_ends_the_transaction(store: &Store) {
    let ada = make(store, "Ada").await;
    crate::credentials_api3::key(store, ada.id, "a").await;
    let mut after = None;
    let outcome = store
        .write(async |tx| {
            user::insert(tx, NewUser::default(), at(0)).await?;
            let taken = crate::credentials_api3::new(ada.id, "a");
            assert!(matches!(credentials_api3::insert(tx, taken, at(0)).await, Err(Error::Conflict { .. })));
            after = Some(user::get(tx, ada.id).await);
            Ok(())
        })
        .await;
    assert!(matches!(outcome, Err(Error::Conflict { column: "client_id", .. })), "{outcome:?}");
    assert!(matches!(after, Some(Err(Error::Conflict { column: "client_id", .. }))), "{after:?}");
    assert_eq!(people(store).await, 1);
}

pub async fn what_was_read_before_a_change_is_still_true_with_it(store: &Store) {
    let most = 3;
    let calls = (0..16).map(|_| {
        let store = store.clone();
        async move {
            let write = store.write(async |tx| {
                let room = user::count(tx, Filter::everything()).await? < most;
                // Others have every chance to come in between.
                for _ in 0..4 {
                    tokio::task::yield_now().await;
                }
                if room {
                    user::insert(tx, NewUser::default(), at(0)).await?;
                }
                Ok(())
            });
            write.await.unwrap();
        }
    });
    at_once(calls).await;
    assert_eq!(people(store).await, most);
}

pub async fn a_transaction_reads_its_own_changes(store: &Store) {
    store
        .write(async |tx| {
            let ada = user::insert(tx, NewUser::default(), at(0)).await?;
            assert_eq!(user::get(tx, ada.id).await?, Some(ada));
            Ok(())
        })
        .await
        .unwrap();
}

pub async fn a_transaction_inside_of_another_is_refused(store: &Store) {
    let write = async || store.write(async |tx| user::insert(tx, NewUser::default(), at(0)).await).await;
    let read = async || store.read(async |db| user::get(db, UserId::new(1)).await).await;
    let grouped = async || {
        let insert = store.write_grouped(|tx| Box::pin(user::insert(tx, NewUser::default(), at(0))));
        insert.await
    };
    store
        .write(async |_| {
            assert!(matches!(write().await, Err(Error::Nested)));
            assert!(matches!(read().await, Err(Error::Nested)));
            assert!(matches!(grouped().await, Err(Error::Nested)));
            Ok(())
        })
        .await
        .unwrap();
    store
        .read(async |_| {
            assert!(matches!(write().await, Err(Error::Nested)));
            assert!(matches!(read().await, Err(Error::Nested)));
            Ok(())
        })
        .await
        .unwrap();
    let inner = store.clone();
    let nested = store.write_grouped(move |_| Box::pin(async move { inner.refresh_generation().await })).await;
    assert!(matches!(nested, Err(Error::Nested)));
    assert_eq!(people(store).await, 0);
}

pub async fn a_change_counts_for_its_table_alone(store: &Store) {
    let (users, keys) = (TableName::of::<User>(), TableName::of::<CredentialsApi3>());
    let now = || (store.revision(&[users]), store.revision(&[keys]), store.revision(&[users, keys]));
    let before = now();
    if before.0.is_none() {
        assert_eq!(before, (None, None, None), "another node may change any table");
        return;
    }
    make(store, "Ada").await;
    let after = now();
    assert!(after.0 > before.0 && after.1 == before.1 && after.2 > before.2, "{before:?} {after:?}");
    let failed: Result<(), Error> = store
        .write(async |tx| {
            user::insert(tx, NewUser::default(), at(0)).await?;
            Err(Error::Busy)
        })
        .await;
    assert!(failed.is_err() && now() == after);
}

pub async fn a_failed_change_begins_no_generation(store: &Store) {
    let before = store.generation();
    let outcome: Result<(), Error> = store
        .write(async |tx| {
            user::insert(tx, NewUser::default(), at(0)).await?;
            Err(Error::Busy)
        })
        .await;
    assert!(outcome.is_err());
    assert_eq!(store.refresh_generation().await.unwrap(), before);
}

pub async fn writes_at_once_are_all_kept(store: &Store) {
    let calls = (0..64).map(|number| {
        let store = store.clone();
        async move {
            let name = number.to_string();
            let made = make(&store, &name).await;
            // Reads and writes interleave, and each reader sees what was committed before it began.
            let read = store.read(async |db| user::get(db, made.id).await).await.unwrap();
            assert_eq!(read, Some(made));
        }
    });
    at_once(calls).await;
    assert_eq!(people(store).await, 64);
    assert_eq!(store.refresh_generation().await.unwrap(), 64);
}

pub async fn a_closed_store_takes_no_calls(store: &Store) {
    store.close().await;
    let write = store.write(async |tx| user::insert(tx, NewUser::default(), at(0)).await).await;
    assert!(matches!(write, Err(Error::Closed)), "{write:?}");
    let read = store.read(async |db| user::get(db, UserId::new(1)).await).await;
    assert!(matches!(read, Err(Error::Closed)), "{read:?}");
    let grouped = store.write_grouped(|tx| Box::pin(user::insert(tx, NewUser::default(), at(0)))).await;
    assert!(matches!(grouped, Err(Error::Closed)), "{grouped:?}");
}
