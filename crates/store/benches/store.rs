//! What a read costs, and what group commit saves, on a database in a file.

use std::time::{Duration, Instant};

use belvedere_store::query::{self, NewQuery};
use belvedere_store::user::{self, NewUser};
use belvedere_store::{Location, Query, QueryHash, Result, Store};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use tokio::runtime::Runtime;

/// The query with this number, of a length that real ones have.
fn numbered(number: u64) -> NewQuery {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    NewQuery {
        hash: QueryHash(hash),
        slug: format!("{number:032}").parse().expect("digits"),
        client_id: format!("{number:022}").parse().expect("digits"),
        model: "thelook".to_owned(),
        view: "order_items".to_owned(),
        body: format!(r#"{{"fields":["orders.id","orders.count"],"limit":"{number}","filters":{{}}}}{:200}"#, ""),
    }
}

async fn own_transaction(store: Store, number: u64) -> Result<Query> {
    store.write(async |tx| query::insert_or_get(tx, numbered(number), Timestamp::UNIX_EPOCH).await).await
}

async fn grouped(store: Store, number: u64) -> Result<Query> {
    query::insert_or_get_grouped(&store, numbered(number), Timestamp::UNIX_EPOCH).await
}

/// How long it takes until all of these many callers, who come at once, are answered.
async fn at_once<F>(callers: u64, call: impl Fn(u64) -> F) -> Duration
where
    F: Future<Output = Result<Query>> + Send + 'static,
{
    let start = Instant::now();
    let tasks: Vec<_> = (0..callers).map(|caller| tokio::spawn(call(caller))).collect();
    for task in tasks {
        task.await.expect("no panic").expect("saved");
    }
    start.elapsed()
}

fn benches(c: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let location = Location::File(folder.path().join("belvedere.db"));
    let store = runtime.block_on(Store::open(location)).expect("a store");
    let insert = store.write(async |tx| user::insert(tx, NewUser::default(), Timestamp::UNIX_EPOCH).await);
    let user = runtime.block_on(insert).expect("a user").id;

    c.bench_function("read one user", |b| {
        let read = || store.read(async |db| user::get(db, user).await);
        b.iter(|| runtime.block_on(read()).expect("a user"));
    });
    c.bench_function("save a query that exists", |b| {
        runtime.block_on(grouped(store.clone(), u64::MAX)).expect("saved");
        b.iter(|| runtime.block_on(grouped(store.clone(), u64::MAX)).expect("saved"));
    });

    let mut next = 0;
    let mut group = c.benchmark_group("save new queries");
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    for callers in [1, 16, 64] {
        group.throughput(Throughput::Elements(callers));
        let mut run = |name: &str, is_grouped: bool| {
            group.bench_function(BenchmarkId::new(name, callers), |b| {
                b.iter_custom(|rounds| {
                    let mut total = Duration::ZERO;
                    for _ in 0..rounds {
                        let first = next;
                        next += callers;
                        let one = |caller| {
                            let (store, number) = (store.clone(), first + caller);
                            async move {
                                if is_grouped {
                                    grouped(store, number).await
                                } else {
                                    own_transaction(store, number).await
                                }
                            }
                        };
                        total += runtime.block_on(at_once(callers, one));
                    }
                    total
                });
            });
        };
        run("a transaction each", false);
        run("group commit", true);
    }
    group.finish();
    runtime.block_on(store.close());
}

criterion_group!(store, benches);
criterion_main!(store);
