//! A breaking change makes a new version that runs alongside: 4.1, for these tests alone, made of one change.

use belvedere_service::Settings;
use belvedere_testing::{Seed, TestServer};
use belvedere_versions::{Change, Edit, Is, Standing, Version, Versions};
use serde_json::json;

static V4_1: Version = Version::new("4.1", Standing::Experimental, &[&SESSIONS_NAME_THEIR_WORKSPACE]);

const SESSIONS_NAME_THEIR_WORKSPACE: Change = Change {
    edits: &[
        Edit::Property { schema: "ApiSession", name: "workspace", of: "workspace_id" },
        Edit::NoProperties { schema: "ApiSession", names: &["workspace_id"] },
        Edit::Properties { schema: "ApiSession", are: Is::Integer, names: &["sudo_user_id"] },
    ],
    ..Change::new("sessions_name_their_workspace", "A session has `workspace`, and the id of who acts is an integer.")
};

async fn with_both() -> TestServer {
    let settings = Settings { versions: Versions::new([&V4_1]), ..Settings::default() };
    TestServer::ruled(Seed::shop(), settings, None).await
}

#[tokio::test]
async fn the_change_is_live_in_the_new_version() {
    let server = with_both().await;
    let newer = server.admin().speaking("4.1");
    let moved = newer.patch("/session").json(&json!({"workspace": "dev", "workspace_id": "production"})).await.ok();
    assert_eq!((&moved["workspace"], moved.get("workspace_id")), (&json!("dev"), None));
    assert_eq!(newer.get("/session").await.ok(), moved);
    assert_eq!(server.admin().get("/session").await.ok()["workspace_id"], "dev");
    let plain = server.add_plain_user().await;
    let sudo = server.sudo(&plain).await;
    assert_eq!(server.bearer(&sudo).speaking("4.1").get("/session").await.ok()["sudo_user_id"], 1);
    assert_eq!(newer.get("/user").await.ok(), server.admin().get("/user").await.ok());
}

#[tokio::test]
async fn nothing_changes_for_callers_of_the_version_before() {
    let (alone, beside) = (TestServer::start(Seed::shop()).await, with_both().await);
    let of_both = async |path: &str| {
        let (alone, beside) = (alone.admin().get(path).await, beside.admin().get(path).await);
        assert_eq!(alone.status, beside.status, "{path}");
        assert_eq!(alone.headers.get("content-type"), beside.headers.get("content-type"), "{path}");
        assert!(alone.body == beside.body, "{path}");
    };
    for path in ["/session", "/user", "/users", "/openapi.json", "/swagger.json", "/lookml_models/shop/explores/orders"]
    {
        of_both(path).await;
    }
    let moved = json!({"workspace_id": "dev", "workspace": "production"});
    let both = [&alone, &beside];
    for server in both {
        let session = server.admin().patch("/session").json(&moved).await;
        assert_eq!(
            session.ok_text(),
            r#"{"can":{"view":true,"update":true},"workspace_id":"dev","sudo_user_id":null}"#
        );
    }
}

#[tokio::test]
async fn the_new_version_tells_of_itself() {
    let server = with_both().await;
    let versions = server.anybody().host_call("GET", "/versions").await.ok();
    let told = &versions["supported_versions"];
    assert_eq!(told.as_array().map(Vec::len), Some(2));
    assert_eq!((&told[1]["version"], &told[1]["full_version"]), (&json!("4.1"), &json!("4.1.26.22")));
    assert_eq!(told[1]["status"], "experimental");
    assert_eq!(versions["current_version"]["version"], "4.0");
    let document = server.anybody().speaking("4.1").get("/openapi.json").await.ok();
    let session = &document["components"]["schemas"]["ApiSession"]["properties"];
    assert!(session["workspace_id"].is_null() && session["workspace"]["type"] == "string");
    // 3.1 is not among the versions of this server.
    server.anybody().speaking("3.1").get("/versions").await.refused(404);
}
