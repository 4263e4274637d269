//! A version after the newest, made of one change, for these tests alone: a name and a type are different.

use belvedere_api::{Json, Reply, releases, types};
use belvedere_contract::Move;
use belvedere_versions::{Change, Edit, Endpoint as _, Is, Standing, V4_0, Version, Versions};
use serde_json::{Value, json};

use crate::route;

static V4_1: Version = Version::new("4.1", Standing::Experimental, &[&SESSIONS_NAME_THEIR_WORKSPACE]);

const SESSIONS_NAME_THEIR_WORKSPACE: Change = Change {
    edits: &[
        Edit::Property { schema: "ApiSession", name: "workspace", of: "workspace_id" },
        Edit::NoProperties { schema: "ApiSession", names: &["workspace_id"] },
        Edit::Properties { schema: "ApiSession", are: Is::Integer, names: &["sudo_user_id"] },
    ],
    ..Change::new("sessions_name_their_workspace", "A session has `workspace`, and the id of who acts is an integer.")
};

#[test]
fn its_document_differs_in_the_change_alone() {
    let (newer, missing) = V4_1.edited(releases::NEWEST);
    assert_eq!(missing, []);
    assert_eq!(newer["info"]["version"], "4.1.26.22");
    let mut newest = V4_0.document(releases::NEWEST);
    let session = &newer["components"]["schemas"]["ApiSession"]["properties"];
    assert_eq!(session["sudo_user_id"]["type"], "integer");
    assert!(session["workspace"]["type"] == "string" && session["workspace_id"].is_null());
    newest["components"]["schemas"]["ApiSession"] = newer["components"]["schemas"]["ApiSession"].clone();
    newest["info"] = newer["info"].clone();
    assert!(newest == newer);
}

#[test]
fn requests_and_answers_follow_from_the_change() {
    let session = types::ApiSession {
        workspace_id: Some("dev".to_owned()),
        sudo_user_id: Some("3".to_owned()),
        ..types::ApiSession::default()
    };
    let show = route(&V4_1, "session");
    let reply = Reply::Json(Json::of(&session, &show.shape(show.operation.unwrap(), &[])));
    let Reply::Json(Json(body)) = show.downgrade(reply).unwrap() else { panic!("no JSON") };
    let answer: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(answer, json!({"can": null, "workspace": "dev", "sudo_user_id": 3}));
    let update = route(&V4_1, "update_session");
    let body = update.upgrade_body(r#"{"workspace":"dev"}"#.into()).unwrap();
    assert_eq!(body, r#"{"workspace_id":"dev"}"#);
}

#[test]
fn whoever_goes_on_to_it_learns_what_to_change() {
    assert_eq!(
        V4_1.moves(),
        [Move::property("sessions_name_their_workspace", "ApiSession", "workspace_id", "workspace")]
    );
}

#[test]
fn versions_stand_in_order_with_the_newest_of_the_code_among_them() {
    let versions = Versions::new([&V4_1]);
    assert_eq!(versions.iter().map(Version::name).collect::<Vec<_>>(), ["4.0", "4.1"]);
    assert_eq!(versions.others().map(Version::name).collect::<Vec<_>>(), ["4.1"]);
    assert_eq!(versions.current().name(), "4.0");
    assert_eq!(V4_1.routes().len(), belvedere_api::OPERATIONS.len());
    assert!(Versions::default().get("3.1").is_some() && Versions::default().get("4.1").is_none());
}
