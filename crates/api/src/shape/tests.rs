use super::*;
use crate::json::WriteJson;
use crate::resource::Resource;
use crate::types::{
    ApiVersion, ApiVersionElement, Certification, CredentialsApi3, CredentialsEmail, LookBasic, Query, QueryTask,
    RunningQueries, User,
};

fn json<T: WriteJson + Resource>(value: &T, fields: &str) -> String {
    let mut out = Vec::new();
    value.write(&mut out, &Shape::of_fields(T::table(), fields));
    String::from_utf8(out).unwrap()
}

fn look() -> LookBasic {
    LookBasic { id: Some("7".to_owned()), title: Some("Orders".to_owned()), ..LookBasic::default() }
}

fn task() -> QueryTask {
    let query = Query { id: Some("42".to_owned()), model: "shop".to_owned(), ..Query::default() };
    QueryTask { id: Some("8a1f".to_owned()), query: Some(query), ..QueryTask::default() }
}

fn user() -> User {
    let key = |id: &str| CredentialsApi3 { id: Some(id.to_owned()), ..CredentialsApi3::default() };
    User {
        id: Some("1".to_owned()),
        credentials_api3: Some(vec![key("3"), key("4")]),
        credentials_email: Some(CredentialsEmail::default()),
        ..User::default()
    }
}

#[test]
fn without_fields_every_property_is_there_and_null_where_it_has_no_value() {
    let whole = r#"{"can":null,"content_metadata_id":null,"id":"7","title":"Orders","user_id":null,"certification_metadata":null}"#;
    for fields in ["", "  ", ",", " , ,"] {
        assert_eq!(json(&look(), fields), whole, "{fields:?}");
    }
    assert_eq!(String::from_utf8(look().to_json()).unwrap(), whole);
}

#[test]
fn with_fields_exactly_those_are_there_in_the_order_of_the_contract() {
    for fields in ["id,title", "title,id", "id, title", " id ,title ,", "id,,title", "id,title,id"] {
        assert_eq!(json(&look(), fields), r#"{"id":"7","title":"Orders"}"#, "{fields:?}");
    }
}

#[test]
fn names_that_the_type_does_not_have_are_passed_over() {
    assert_eq!(json(&look(), "id,nonsense,nonsense(id),folder(id,name)"), r#"{"id":"7"}"#);
    assert_eq!(json(&look(), "nonsense"), "{}");
    assert_eq!(json(&look(), "ID"), "{}");
}

#[test]
fn brackets_choose_within_an_object() {
    assert_eq!(json(&task(), "id,query(id,model)"), r#"{"id":"8a1f","query":{"id":"42","model":"shop"}}"#);
    assert_eq!(json(&task(), " query ( model , nonsense ) "), r#"{"query":{"model":"shop"}}"#);
}

#[test]
fn brackets_choose_within_each_object_of_a_list() {
    assert_eq!(json(&user(), "id,credentials_api3(id)"), r#"{"credentials_api3":[{"id":"3"},{"id":"4"}],"id":"1"}"#);
}

#[test]
fn brackets_nest() {
    let certification = Certification { notes: Some("checked".to_owned()), ..Certification::default() };
    let look = LookBasic { certification_metadata: Some(certification), ..look() };
    let running = RunningQueries { look: Some(look), ..RunningQueries::default() };
    assert_eq!(
        json(&running, "look(id,certification_metadata(notes)),user(id)"),
        r#"{"user":null,"look":{"id":"7","certification_metadata":{"notes":"checked"}}}"#
    );
}

#[test]
fn a_name_without_brackets_gives_the_whole_of_what_it_names() {
    let version = ApiVersionElement { version: Some("4.0".to_owned()), ..ApiVersionElement::default() };
    let versions = ApiVersion { current_version: Some(version), ..ApiVersion::default() };
    let whole = r#"{"current_version":{"version":"4.0","full_version":null,"status":null,"swagger_url":null}}"#;
    for fields in [
        "current_version",
        "current_version,current_version(version)",
        "current_version(version),current_version",
        "current_version(version),current_version(status,swagger_url,full_version)",
    ] {
        assert_eq!(json(&versions, fields), whole, "{fields}");
    }
}

#[test]
fn a_name_that_comes_twice_asks_for_both() {
    let expected = json(&task(), "query(id,model,view)");
    assert_eq!(json(&task(), "query(id),query(model),query(view,id)"), expected);
    let running = RunningQueries { look: Some(look()), ..RunningQueries::default() };
    assert_eq!(
        json(&running, "look(certification_metadata(notes)),look(certification_metadata,id)"),
        r#"{"look":{"id":"7","certification_metadata":null}}"#
    );
}

#[test]
fn brackets_after_a_plain_property_mean_nothing() {
    assert_eq!(json(&look(), "id(x,y(z)),title"), r#"{"id":"7","title":"Orders"}"#);
}

#[test]
fn empty_brackets_choose_nothing() {
    assert_eq!(json(&task(), "id,query()"), r#"{"id":"8a1f","query":{}}"#);
}

#[test]
fn an_unclosed_bracket_ends_with_the_text_and_a_stray_one_is_passed_over() {
    assert_eq!(json(&task(), "id,query(model"), r#"{"id":"8a1f","query":{"model":"shop"}}"#);
    assert_eq!(json(&task(), "query(model)),id"), r#"{"id":"8a1f","query":{"model":"shop"}}"#);
    assert_eq!(json(&look(), ")id)(title"), r#"{"id":"7"}"#);
}

#[test]
fn what_is_not_asked_for_need_not_be_computed() {
    let shape = Shape::of_fields(QueryTask::table(), "id,query(model)");
    assert!(shape.wants("id") && shape.wants("query") && !shape.wants("status") && !shape.wants("nonsense"));
    assert!(shape.within("query").wants("model") && !shape.within("query").wants("share_url"));
    assert!(Shape::whole().wants("anything") && Shape::whole().within("query").wants("share_url"));
    assert!(Shape::of_fields(QueryTask::table(), "query").within("query").wants("share_url"));
}

#[test]
fn hostile_texts_end_quickly() {
    let deep = "query(".repeat(200_000);
    let wide = "id,".repeat(200_000);
    let closing = ")".repeat(200_000);
    let nested = format!("{}{}", "query(".repeat(100_000), ")".repeat(100_000));
    for text in [deep, wide, closing, nested, "query(id),".repeat(50_000), "é(,ü)".to_owned()] {
        let _ = Shape::of_fields(QueryTask::table(), &text);
    }
}
