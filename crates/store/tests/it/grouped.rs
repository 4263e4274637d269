//! Group commit.

use belvedere_store::credentials_api3;
use belvedere_store::token;
use belvedere_store::user::{self, NewUser};
use belvedere_store::{Error, Filter, Store, Tx, User, UserId};
use tokio::sync::oneshot;

use crate::backend::{at, at_once, secret, user as make};

async fn people(store: &Store) -> u64 {
    store.read(async |db| user::count(db, Filter::everything()).await).await.unwrap()
}

/// Keeps the one writer until the answer, so that the queue fills behind it.
async fn hold(store: &Store) -> (oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let (release, released) = oneshot::channel::<()>();
    let (held, holds) = oneshot::channel();
    let store = store.clone();
    let task = tokio::spawn(async move {
        let write = store.write(async |_: &mut Tx| {
            held.send(()).unwrap();
            released.await.unwrap();
            Ok(())
        });
        write.await.unwrap();
    });
    holds.await.unwrap();
    (release, task)
}

async fn insert(store: &Store) -> Result<User, Error> {
    store.write_grouped(|tx| Box::pin(user::insert(tx, NewUser::default(), at(0)))).await
}

pub async fn every_grouped_write_is_answered_and_kept(store: &Store) {
    // More than wait in the queue, so that some callers wait to be let in.
    let calls = (0..1500).map(|_| {
        let store = store.clone();
        async move { insert(&store).await.unwrap().id }
    });
    let mut ids = at_once(calls).await;
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 1500);
    assert_eq!(people(store).await, 1500);
}

pub async fn a_grouped_write_that_fails_takes_no_other_along(store: &Store) {
    let (release, holder) = hold(store).await;
    let everyone = store.clone();
    let calls = (0..10).map(move |number| {
        let store = everyone.clone();
        async move {
            let write = store.write_grouped(move |tx| {
                Box::pin(async move {
                    let user = user::insert(tx, NewUser::default(), at(0)).await?;
                    if number % 2 == 1 { Err(Error::Busy) } else { Ok(user) }
                })
            });
            write.await.is_ok()
        }
    });
    let calls = tokio::spawn(at_once(calls));
    release.send(()).unwrap();
    holder.await.unwrap();
    assert_eq!(calls.await.unwrap().into_iter().filter(|kept| *kept).count(), 5);
    assert_eq!(people(store).await, 5);
}

pub async fn a_grouped_write_that_panics_takes_no_other_along(store: &Store) {
    let calls = (0..10).map(|number| {
        let store = store.clone();
        async move {
            let write = store.write_grouped(move |tx| {
                assert!(number != 5, "a bug before the work");
                Box::pin(async move {
                    let user = user::insert(tx, NewUser::default(), at(0)).await?;
                    assert!(number != 4, "a bug in the work");
                    Ok(user)
                })
            });
            write.await
        }
    });
    let outcomes = at_once(calls).await;
    assert!(matches!(outcomes[4..6], [Err(Error::Panicked), Err(Error::Panicked)]));
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 8);
    assert_eq!(people(store).await, 8);
}

pub async fn a_grouped_write_that_passes_over_a_failure_fails(store: &Store) {
    let ada = make(store, "Ada").await;
    let calls = (0..6).map(|number| {
        let store = store.clone();
        async move {
            let write = store.write_grouped(move |tx| {
                Box::pin(async move {
                    user::insert(tx, NewUser::default(), at(0)).await?;
                    if number == 3 {
                        let nobody = crate::credentials_api3::new(UserId::new(99), "a");
                        credentials_api3::insert(tx, nobody, at(0)).await.unwrap_err();
                    }
                    Ok(())
                })
            });
            write.await
        }
    });
    let outcomes = at_once(calls).await;
    assert!(matches!(outcomes[3], Err(Error::Reference { .. })), "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 5);
    assert_eq!(people(store).await, 6);
    assert!(store.read(async |db| user::get(db, ada.id).await).await.unwrap().is_some());
}

pub async fn a_closing_store_commits_what_is_queued(store: &Store) {
    let (release, holder) = hold(store).await;
    let mut writes: Vec<_> = (0..50).map(|_| Box::pin(insert(store))).collect();
    // One poll puts each of them into the queue.
    for write in &mut writes {
        assert!(polled_once(write).await.is_none());
    }
    let closing = {
        let store = store.clone();
        tokio::spawn(async move { store.close().await })
    };
    release.send(()).unwrap();
    holder.await.unwrap();
    closing.await.unwrap();
    for write in writes {
        write.await.unwrap();
    }
    assert!(matches!(insert(store).await, Err(Error::Closed)));
}

pub async fn a_revocation_in_a_group_counts_when_its_call_returns(store: &Store) {
    let ada = make(store, "Ada").await;
    crate::token::token(store, "t", ada.id, None, None).await;
    let before = store.generation();
    assert!(store.write_grouped(|tx| Box::pin(async { token::delete(tx, &secret("t")).await })).await.unwrap());
    assert!(store.generation() > before);
}

pub async fn a_write_whose_caller_left_early_is_dropped(store: &Store) {
    let (release, holder) = hold(store).await;
    let mut left = Box::pin(insert(store));
    assert!(polled_once(&mut left).await.is_none());
    drop(left);
    release.send(()).unwrap();
    holder.await.unwrap();
    insert(store).await.unwrap();
    assert_eq!(people(store).await, 1);
}

/// Polls once; the outcome if there is one yet.
async fn polled_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|cx| {
        let polled = std::pin::Pin::new(&mut *future).poll(cx);
        std::task::Poll::Ready(match polled {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}
