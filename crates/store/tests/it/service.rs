//! The store as the methods of a service use it: borrowed arguments, and a future that may move between threads.

use belvedere_store::user::{self, NewUser};
use belvedere_store::{Error, Filter, Store, User, UserId};

use crate::backend::{at, at_once};

trait Operations {
    fn create(&self, name: &str) -> impl Future<Output = Result<User, Refused>> + Send;
    fn rename(&self, id: &str, name: &str) -> impl Future<Output = Result<User, Refused>> + Send;
}

#[derive(Debug, PartialEq)]
enum Refused {
    NotFound,
    Taken,
    Store(String),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused::Store(error.to_string())
    }
}

struct Service {
    store: Store,
    most: u64,
}

impl Service {
    async fn found(&self, id: UserId) -> Result<User, Refused> {
        self.store.read(async |db| user::get(db, id).await).await?.ok_or(Refused::NotFound)
    }
}

impl Operations for Service {
    async fn create(&self, name: &str) -> Result<User, Refused> {
        let create = self.store.transact(async |tx| {
            if user::count(tx, Filter::everything()).await? >= self.most {
                return Err(Refused::Taken);
            }
            let new = NewUser { first_name: Some(name.to_owned()), ..NewUser::default() };
            Ok(user::insert(tx, new, at(0)).await?)
        });
        create.await
    }

    async fn rename(&self, id: &str, name: &str) -> Result<User, Refused> {
        let id = self.found(id.parse().map_err(|_| Refused::NotFound)?).await?.id;
        let sets = vec![user::COLUMNS.first_name.set(Some(name.to_owned()))];
        self.store.write(async |tx| user::update(tx, id, sets, at(1)).await).await?.ok_or(Refused::NotFound)
    }
}

/// What a router does: it knows the operations by their trait, and runs each request in a task.
async fn handle<O: Operations + Send + Sync>(operations: &O, name: String) -> Result<User, Refused> {
    let user = operations.create(&name).await?;
    operations.rename(&user.id.to_string(), &format!("{name}!")).await
}

pub async fn a_check_and_the_change_it_allows_are_one(store: &Store) {
    let calls = (0..8).map(|number: i32| {
        let service = Service { store: store.clone(), most: 3 };
        async move { handle(&service, number.to_string()).await }
    });
    let outcomes = at_once(calls).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 3);
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(_) | Err(Refused::Taken))), "{outcomes:?}");
    for user in outcomes.into_iter().flatten() {
        assert!(user.first_name.unwrap().ends_with('!'));
    }
}

pub async fn what_is_not_there_is_none(store: &Store) {
    let service = Service { store: store.clone(), most: 3 };
    assert_eq!(service.rename("1", "x").await, Err(Refused::NotFound));
    assert_eq!(service.rename("01", "x").await, Err(Refused::NotFound));
}
