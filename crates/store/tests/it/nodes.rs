//! Several nodes on one database of PostgreSQL, and the command line beside the one on a file.

use std::time::Duration;

use belvedere_store::user::{self, NewUser};
use belvedere_store::{Error, Filter, Location, Store, group_group, query_task, role, role_user, token};
use belvedere_store::{credentials_api3, setting};

use sqlx::{Connection as _, PgConnection};

use crate::backend::{Place, at, at_once, secret, user as make, within};

const SECOND: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(30);

/// Two nodes that follow each other.
async fn two(place: &Place) -> [Store; 2] {
    let nodes = [place.open().await, place.open().await];
    for node in nodes.clone() {
        tokio::spawn(async move { node.follow().await });
    }
    nodes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_access_on_one_node_counts_on_the_other_within_a_second() {
    ends_access_elsewhere(&Place::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_access_from_the_command_line_counts_within_a_second() {
    ends_access_elsewhere(&Place::file()).await;
}

async fn ends_access_elsewhere(place: &Place) {
    let [here, there] = two(place).await;
    let ada = make(&here, "Ada").await;
    crate::token::token(&here, "t", ada.id, None, None).await;
    let live = there.read(async |db| token::find_live(db, &secret("t"), at(1)).await).await.unwrap();
    assert!(live.is_some(), "a token is known everywhere when it has been made");

    let changes: [&dyn Fn() -> _; 3] = [
        &|| Box::pin(here.write(async |tx| token::delete(tx, &secret("t")).await.map(|_| ()))) as Change<'_>,
        &|| Box::pin(here.write(async |tx| role_user::set_of_user(tx, ada.id, &[role::ADMIN]).await.map(|_| ()))),
        &|| Box::pin(here.write(async |tx| user::delete(tx, ada.id).await.map(|_| ()))),
    ];
    for change in changes {
        // What was changed before has arrived.
        there.refresh_generation().await.unwrap();
        let before = there.generation();
        change().await.unwrap();
        within(SECOND, async || there.generation() > before).await;
    }
    here.close().await;
    there.close().await;
}

type Change<'a> = std::pin::Pin<Box<dyn Future<Output = belvedere_store::Result<()>> + 'a>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_on_both_nodes_who_make_the_same_one_does() {
    let place = Place::postgres().await;
    let nodes = two(&place).await;
    let ada = make(&nodes[0], "Ada").await;
    let calls = (0..16).map(|caller| {
        let node = nodes[caller % 2].clone();
        async move {
            let new = crate::credentials_api3::new(ada.id, "a");
            node.write(async |tx| credentials_api3::insert(tx, new, at(0)).await).await
        }
    });
    let outcomes = at_once(calls).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(_) | Err(Error::Conflict { column: "client_id", .. }))));

    let calls = (0..16).map(|caller: usize| {
        let node = nodes[caller % 2].clone();
        async move {
            let mine = caller.to_string();
            node.write(async |tx| setting::get_or_set(tx, "instance_id", &mine).await).await.unwrap()
        }
    });
    let values = at_once(calls).await;
    assert!(values.iter().all(|value| *value == values[0]), "{values:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_is_claimed_by_one_node() {
    let place = Place::postgres().await;
    let nodes = two(&place).await;
    let ada = make(&nodes[0], "Ada").await;
    for number in 1..=10 {
        let id = crate::query_task::task(&nodes[0], ada.id, number).await.id;
        let calls = (0..8).map(|caller| {
            let node = nodes[caller % 2].clone();
            let name = ["here", "there"][caller % 2];
            async move { node.write(async |tx| query_task::claim(tx, id, name, at(10)).await).await.unwrap() }
        });
        assert_eq!(at_once(calls).await.into_iter().flatten().count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_close_no_circle_of_groups() {
    let place = Place::postgres().await;
    let [here, there] = two(&place).await;
    for round in 0..10 {
        let a = crate::role::group(&here, &format!("a{round}")).await;
        let b = crate::role::group(&there, &format!("b{round}")).await;
        let calls = [(here.clone(), a, b), (there.clone(), b, a)].map(|(node, outer, inner)| async move {
            node.write(async |tx| group_group::insert(tx, outer, inner).await).await.unwrap()
        });
        assert_eq!(at_once(calls).await.iter().filter(|put| **put).count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn grouped_writes_of_two_nodes_are_all_kept() {
    let place = Place::postgres().await;
    let nodes = two(&place).await;
    let calls = (0..200).map(|caller| {
        let node = nodes[caller % 2].clone();
        async move { node.write_grouped(|tx| Box::pin(user::insert(tx, NewUser::default(), at(0)))).await.unwrap().id }
    });
    let mut ids = at_once(calls).await;
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_whose_connections_were_cut_goes_on() {
    let place = Place::postgres().await;
    let [store, _] = two(&place).await;
    make(&store, "Ada").await;
    place.execute(CUT).await;
    let insert = async || store.write(async |tx| user::insert(tx, NewUser::default(), at(0)).await).await;
    within(PATIENCE, async || insert().await.is_ok()).await;
    within(PATIENCE, async || {
        store.read(async |db| user::count(db, Filter::everything()).await).await.is_ok_and(|people| people == 2)
    })
    .await;
}

const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_cached_does_not_count_while_the_database_is_silent() {
    let place = Place::postgres().await;
    let [store, _] = two(&place).await;
    let before = store.generation();
    assert_eq!(store.generation(), before);
    let mut other = PgConnection::connect(&place.address).await.unwrap();
    let lock = sqlx::raw_sql("BEGIN; LOCK TABLE counter IN ACCESS EXCLUSIVE MODE");
    lock.execute(&mut other).await.unwrap();
    within(PATIENCE, async || store.generation() != store.generation()).await;
    other.close().await.unwrap();
    within(PATIENCE, async || store.generation() == before).await;
}

#[tokio::test]
async fn a_database_that_nobody_serves_is_told_at_once() {
    // A port that was just free: nobody answers there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://ada:s3cret@127.0.0.1:{port}/belvedere");
    let error = Store::open(Location::Postgres(url.parse().unwrap())).await.err().unwrap();
    assert!(matches!(error, Error::Unreachable(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_database_that_can_not_keep_every_text_is_refused() {
    let place = Place::empty_postgres();
    place
        .execute("CREATE DATABASE bytes ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER 'libc' TEMPLATE template0")
        .await;
    let (before, after) = place.address.split_once("/test_").unwrap();
    let address = format!("{before}/bytes?{}", after.split_once('?').unwrap().1);
    let error = Store::open(Location::Postgres(address.parse().unwrap())).await.err().unwrap();
    assert!(matches!(&error, Error::Encoding { encoding } if encoding == "SQL_ASCII"), "{error:?}");
}
