//! Tag Workspace: production, and that of a developer.

use belvedere_store::RoleId;
use belvedere_store::user::NewUser;
use belvedere_testing::{Seed, TestServer};
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

const MODES: &str = r#"
connection: "shop"
view: numbers {
  derived_table: { sql: SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 ;; }
  dimension: n { primary_key: yes type: number }
}
view: some {
  derived_table: {
    explore_source: numbers { column: n {} filters: [numbers.n: ">1"] dev_filters: [numbers.n: "<3"] }
  }
  dimension: n { type: number }
}
view: either {
  derived_table: {
    sql: SELECT 5 +
      -- if prod -- 10
      -- if dev -- 20
      AS n ;;
  }
  dimension: n { type: number }
}
explore: numbers {}
explore: some {}
explore: either {}
"#;

#[tokio::test]
async fn derived_tables_are_those_of_the_workspace() {
    let server = TestServer::start(Seed::empty().file("modes.model.lkml", MODES)).await;
    let admin = server.admin();
    let numbers = async |view: &str| {
        let field = format!("{view}.n");
        let query = json!({"model": "modes", "view": view, "fields": [field]});
        let rows = admin.post("/queries/run/json").json(&query).await.ok();
        rows.as_array().expect("rows").iter().map(|row| row[&field].as_i64().expect("a number")).collect::<Vec<_>>()
    };
    let notes = async |view: &str| {
        let query = json!({"model": "modes", "view": view, "fields": [format!("{view}.n")]});
        let detail = admin.post("/queries/run/json_detail").json(&query).await.ok();
        let notes = detail["errors"].as_array().cloned().unwrap_or_default();
        notes
            .iter()
            .map(|note| (note["message"].as_str().unwrap_or_default().to_owned(), note["fatal"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!((numbers("some").await, numbers("either").await), (vec![2, 3], vec![15]));
    assert!(notes("some").await.is_empty() && notes("either").await.is_empty());
    admin.patch("/session").json(&json!({"workspace_id": "dev"})).await.ok();
    assert_eq!((numbers("some").await, numbers("either").await), (vec![1, 2], vec![25]));
    let told = |what: &str| {
        let text = format!(
            "Note: This query contains derived tables with {what}. Query results in Production Mode might be different."
        );
        vec![(text, json!(false))]
    };
    assert_eq!(notes("some").await, told("Development Mode filters"));
    assert_eq!(notes("either").await, told("conditional SQL for Development Mode"));
    assert!(notes("numbers").await.is_empty());
}
