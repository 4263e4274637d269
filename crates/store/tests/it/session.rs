//! API sessions.

use belvedere_store::session::{self, WorkspaceId};
use belvedere_store::token;
use belvedere_store::{Session, Store};

use crate::backend::{at, secret, user};

pub async fn a_session_starts_in_production_and_lasts_as_long_as_its_token(store: &Store) {
    let ada = user(store, "Ada").await;
    crate::token::token(store, "t", ada.id, None, None).await;
    crate::token::token(store, "u", ada.id, None, None).await;
    let get = |name: &'static str| store.read(async move |db| session::get(db, &secret(name)).await);
    let session = |name, workspace_id, updated_at| Session { token_hash: secret(name), workspace_id, updated_at };

    assert_eq!(get("t").await.unwrap(), Some(session("t", WorkspaceId::Production, at(0))));
    let to_dev = || store.write(async |tx| session::set_workspace(tx, &secret("t"), WorkspaceId::Dev, at(7)).await);
    assert_eq!(to_dev().await.unwrap(), Some(session("t", WorkspaceId::Dev, at(7))));
    assert_eq!(get("t").await.unwrap(), Some(session("t", WorkspaceId::Dev, at(7))));
    assert_eq!(get("u").await.unwrap(), Some(session("u", WorkspaceId::Production, at(0))));

    store.write(async |tx| token::delete(tx, &secret("t")).await).await.unwrap();
    assert_eq!(get("t").await.unwrap(), None);
    assert_eq!(to_dev().await.unwrap(), None);
}
