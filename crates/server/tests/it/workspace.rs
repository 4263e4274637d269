//! Tag Workspace: production, and that of a developer.

use belvedere_store::RoleId;
use belvedere_store::user::NewUser;
use belvedere_testing::TestServer;
use serde_json::{Value, json};

#[tokio::test]
async fn a_developer_has_two_workspaces_and_others_one() {
    let server = TestServer::shop().await;
    let ids = |workspaces: &Value| {
        let list = workspaces.as_array().expect("a list").iter();
        list.map(|workspace| (workspace["id"].clone(), workspace["projects"].as_array().map(Vec::len)))
            .collect::<Vec<_>>()
    };
    let with_role = async |id| server.add_user(NewUser { roles: vec![RoleId::new(id)], ..NewUser::default() }).await;
    let both = vec![(json!("production"), Some(1)), (json!("dev"), Some(1))];
    assert_eq!(ids(&server.admin().get("/workspaces").await.ok()), both);
    let developer = with_role(1).await;
    assert_eq!(ids(&server.user(&developer).get("/workspaces").await.ok()), both);
    let viewer = with_role(4).await;
    assert_eq!(ids(&server.user(&viewer).get("/workspaces").await.ok()), [(json!("production"), Some(0))]);
    assert_eq!(server.user(&viewer).get("/workspaces/production").await.ok()["projects"], json!([]));
    server.user(&viewer).get("/workspaces/dev").await.refused(404);
    server.admin().get("/workspaces/staging").await.refused(404);
    assert_eq!(server.admin().get("/workspaces/dev").await.ok()["projects"][0]["id"], "shop");
}
