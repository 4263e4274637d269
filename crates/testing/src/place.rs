//! Where the state of servers under test lies.

use belvedere_store::{Location, Store};
use belvedere_testbed::Postgres;
use tokio::sync::OnceCell;

/// A place of its own: in memory, or in PostgreSQL where the variable `BELVEDERE_TEST_STORE` says `postgres`.
pub(crate) async fn any() -> Location {
    match std::env::var("BELVEDERE_TEST_STORE").as_deref() {
        Ok("postgres") => postgres().await,
        Ok("") | Err(_) => Location::Memory,
        Ok(other) => panic!("BELVEDERE_TEST_STORE is `{other}`: expected `postgres`, or nothing for memory"),
    }
}

/// A database of PostgreSQL.
pub(crate) async fn postgres() -> Location {
    // Copying is faster than bringing an empty database forward.
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let at = |address: String| Location::Postgres(address.parse().expect("an address"));
    let make = async || {
        let address = Postgres::shared().database();
        Store::open(at(address.clone())).await.expect("a store").close().await;
        address
    };
    let template = TEMPLATE.get_or_init(make).await;
    at(Postgres::shared().copy(template))
}
