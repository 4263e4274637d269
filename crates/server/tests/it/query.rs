//! Tag Query: saved queries, their runs, and runs in the background.

mod cache;
mod drill;
mod filter;
mod format;
mod label;
mod late;
mod merge;
mod permitted;
mod run;
mod running;
mod saved;
mod shape;
mod sql;
mod task;

use belvedere_store::RoleId;
use belvedere_store::user::NewUser;
use belvedere_testing::{TestServer, TestUser};
use serde_json::{Value, json};

/// A user with these permissions on the model `shop`.
async fn user_permitted(server: &TestServer, permissions: &[&str]) -> TestUser {
    let admin = server.admin();
    let id = |made: Value| made["id"].as_str().expect("an id").to_owned();
    let name = permissions.join(" ");
    let set = json!({"name": name, "permissions": permissions});
    let permission_set = id(admin.post("/permission_sets").json(&set).await.ok());
    let model_set = id(admin.post("/model_sets").json(&json!({"name": name, "models": ["shop"]})).await.ok());
    let role = json!({"name": name, "permission_set_id": permission_set, "model_set_id": model_set});
    let role: RoleId = id(admin.post("/roles").json(&role).await.ok()).parse().expect("an id");
    server.add_user(NewUser { roles: vec![role], ..NewUser::default() }).await
}
