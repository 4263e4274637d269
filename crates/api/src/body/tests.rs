use bytes::Bytes;
use serde_json::json;

use super::*;
use crate::arguments::Arguments;
use crate::bodies::{LoginBody, WriteApiSession, WriteCreateQueryTask, WriteMergeQuery, WriteQuery};
use crate::generated::operations::OperationId;
use crate::patch::Patch;
use crate::request::Request;
use crate::types::CreateQueryTaskResultFormat;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

fn arguments(operation: OperationId, content_type: &str, body: &str) -> Arguments {
    let content_type = (!content_type.is_empty()).then(|| content_type.to_owned());
    let body = Bytes::copy_from_slice(body.as_bytes());
    Arguments::new(operation, Request { content_type, body, ..Request::default() })
}

fn query(body: &Value) -> Result<WriteQuery> {
    arguments(OperationId::CreateQuery, JSON, &body.to_string()).body(Mode::Create)
}

/// Field, code and message of each problem.
fn problems<T: std::fmt::Debug>(read: Result<T>) -> Vec<(String, &'static str, String)> {
    let error = read.expect_err("the body is wrong");
    assert_eq!(error.status(), 422, "{error}");
    let fields = error.fields().iter();
    fields.map(|field| (field.field.clone(), field.code.as_str(), field.message.clone())).collect()
}

fn problem(field: &str, code: &'static str, message: &str) -> (String, &'static str, String) {
    (field.to_owned(), code, message.to_owned())
}

#[test]
fn a_body_tells_absent_null_and_value_apart() {
    let read = |body: &str| arguments(OperationId::UpdateSession, JSON, body).body::<WriteApiSession>(Mode::Update);
    assert_eq!(read("{}").unwrap().workspace_id, Patch::Absent);
    assert_eq!(read(r#"{"workspace_id":null}"#).unwrap().workspace_id, Patch::Null);
    assert_eq!(read(r#"{"workspace_id":"dev"}"#).unwrap().workspace_id, Patch::Value("dev".to_owned()));
}

#[test]
fn every_missing_field_is_reported_at_once() {
    let missing =
        [problem("model", "missing_field", "is not present"), problem("view", "missing_field", "is not present")];
    assert_eq!(problems(query(&json!({}))), missing);
    assert_eq!(problems(query(&json!({"model": null, "fields": []}))), missing);
    assert_eq!(problems(arguments(OperationId::CreateQuery, JSON, "").body::<WriteQuery>(Mode::Create)), missing);
}

#[test]
fn every_wrong_value_is_reported_with_its_place() {
    let read = query(&json!({
        "model": {"name": "shop"}, "view": ["orders"], "fields": [["a"], "b", {}], "filters": {"a": ["x"]}, "total": 3,
    }));
    assert_eq!(
        problems(read),
        [
            problem("model", "invalid", "must be a text"),
            problem("view", "invalid", "must be a text"),
            problem("fields[0]", "invalid", "must be a text"),
            problem("fields[2]", "invalid", "must be a text"),
            problem("filters.a", "invalid", "must be a text"),
            problem("total", "invalid", "must be true or false"),
        ]
    );
}

#[test]
fn nested_objects_are_read_and_checked_too() {
    let read = |body: &Value| {
        arguments(OperationId::CreateMergeQuery, JSON, &body.to_string()).body::<WriteMergeQuery>(Mode::Create)
    };
    let body = json!({"source_queries": [{"query_id": 7, "merge_fields": [{"field_name": "orders.id"}]}]});
    let sources = read(&body).unwrap().source_queries.value().unwrap();
    assert_eq!(sources[0].query_id, Patch::Value("7".to_owned()));
    let fields = sources[0].merge_fields.clone().value().unwrap();
    assert_eq!(fields[0].field_name, Patch::Value("orders.id".to_owned()));
    assert_eq!(
        problems(read(&json!({"source_queries": [{"merge_fields": [{}, 7]}, "x"]}))),
        [
            problem("source_queries[0].merge_fields[1]", "invalid", "must be an object"),
            problem("source_queries[1]", "invalid", "must be an object"),
        ]
    );
}

#[test]
fn numbers_texts_and_booleans_stand_in_for_each_other() {
    let body = json!({"model": "shop", "view": "orders", "limit": 20, "column_limit": "50", "total": "TRUE"});
    let read = query(&body).unwrap();
    assert_eq!(read.limit, Patch::Value("20".to_owned()));
    assert_eq!(read.column_limit, Patch::Value("50".to_owned()));
    assert_eq!(read.total, Patch::Value(true));

    let mut problems = Problems::default();
    let mut integer = |value: Value| i64::from_json(value, &mut problems);
    assert_eq!(integer(json!(7)), Some(7));
    assert_eq!(integer(json!(7.0)), Some(7));
    assert_eq!(integer(json!(" 7 ")), Some(7));
    for wrong in [json!(7.5), json!(1e300), json!("7.0"), json!("x"), json!(true), json!(null), json!(u64::MAX)] {
        assert_eq!(integer(wrong.clone()), None, "{wrong}");
    }
    let mut boolean = |value: Value| bool::from_json(value, &mut problems);
    for yes in [json!(true), json!("true"), json!("True"), json!("1"), json!(1), json!("yes"), json!("t")] {
        assert_eq!(boolean(yes.clone()), Some(true), "{yes}");
    }
    for no in [json!(false), json!("false"), json!("0"), json!(0), json!("no"), json!("f")] {
        assert_eq!(boolean(no.clone()), Some(false), "{no}");
    }
    for wrong in [json!("maybe"), json!(2), json!([]), json!(1.0)] {
        assert_eq!(boolean(wrong.clone()), None, "{wrong}");
    }
}

#[test]
fn a_list_may_come_as_a_list_as_json_text_or_separated_by_commas() {
    for fields in [json!(["a.b", "a.c"]), json!(r#"["a.b","a.c"]"#), json!("a.b,a.c"), json!(" a.b , a.c,")] {
        let read = query(&json!({"model": "m", "view": "v", "fields": fields})).unwrap();
        assert_eq!(read.fields, Patch::Value(vec!["a.b".to_owned(), "a.c".to_owned()]), "{fields}");
    }
    for (sorts, read_as) in [(json!([]), vec![]), (json!(""), vec![]), (json!([""]), vec![String::new()])] {
        let read = query(&json!({"model": "m", "view": "v", "sorts": sorts})).unwrap();
        assert_eq!(read.sorts, Patch::Value(read_as), "{sorts}");
    }
}

#[test]
fn a_map_keeps_its_keys_in_order_and_says_nothing_where_it_is_null() {
    let filters = json!({"z.b": "1", "a.c": 5, "m.n": null, "b.d": ""});
    for filters in [filters.clone(), Value::String(filters.to_string())] {
        let read = query(&json!({"model": "m", "view": "v", "filters": filters})).unwrap();
        let entries: Vec<_> = read.filters.value().unwrap().into_iter().collect();
        let expected = [("z.b", "1"), ("a.c", "5"), ("b.d", "")];
        assert_eq!(entries, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }
}

#[test]
fn opaque_values_pass_through_unchanged() {
    let config = json!({"type": "looker_line", "z": [1, {"b": null, "a": 1.5}], "a": "x"});
    let read = query(&json!({"model": "m", "view": "v", "vis_config": config})).unwrap();
    let read = Value::Object(read.vis_config.value().unwrap().into_iter().collect());
    assert_eq!(read.to_string(), config.to_string());
    let merge = arguments(OperationId::CreateMergeQuery, JSON, &json!({"vis_config": config}).to_string());
    let merge = merge.body::<WriteMergeQuery>(Mode::Create).unwrap();
    assert_eq!(Value::Object(merge.vis_config.value().unwrap().into_iter().collect()).to_string(), config.to_string());
}

#[test]
fn keys_that_are_unknown_or_read_only_are_passed_over() {
    let body = json!({"model": "m", "view": "v", "id": 3, "can": "x", "slug": [], "share_url": 1, "nonsense": {}});
    assert_eq!(query(&body).unwrap(), query(&json!({"model": "m", "view": "v"})).unwrap());
}

#[test]
fn an_enumeration_takes_its_words_only() {
    let read = |format: Value| {
        let body = json!({"query_id": 5, "result_format": format}).to_string();
        arguments(OperationId::CreateQueryTask, JSON, &body).body::<WriteCreateQueryTask>(Mode::Create)
    };
    let task = read(json!("json_bi")).unwrap();
    assert_eq!((task.query_id.as_str(), task.result_format), ("5", CreateQueryTaskResultFormat::JsonBi));
    let words =
        "must be one of inline_json, json, json_detail, json_fe, json_bi, csv, html, md, txt, xlsx, gsxml, sql, odc";
    for wrong in [json!("pdf"), json!("JSON"), json!(""), json!(7), json!([])] {
        assert_eq!(problems(read(wrong)), [problem("result_format", "invalid", words)]);
    }
    assert_eq!(problems(read(Value::Null)), [problem("result_format", "missing_field", "is not present")]);
}

#[test]
fn credentials_are_read_from_a_form_and_from_json_whatever_the_type_says() {
    let expected = LoginBody { client_id: Some("id".to_owned()), client_secret: Some("a+b&c".to_owned()) };
    let form = "grant_type=client_credentials&client_id=id&client_secret=a%2Bb%26c";
    let json = r#" {"client_id":"id","client_secret":"a+b&c","grant_type":"x"}"#;
    let bom = format!("\u{feff}{json}");
    for (content_type, body) in [
        (FORM, form),
        ("application/x-www-form-urlencoded; charset=utf-8", form),
        ("Application/X-WWW-Form-Urlencoded", form),
        ("", form),
        (JSON, json),
        ("application/json; charset=utf-8", json),
        (FORM, json),
        ("", json),
        ("text/plain", &bom),
    ] {
        let read = arguments(OperationId::Login, content_type, body).body::<LoginBody>(Mode::Create);
        assert_eq!(read.unwrap(), expected, "{content_type} {body}");
    }
    for empty in ["", " ", "null"] {
        let content_type = if empty == "null" { JSON } else { FORM };
        let read = arguments(OperationId::Login, content_type, empty).body::<LoginBody>(Mode::Create);
        assert_eq!(read.unwrap(), LoginBody::default());
    }
}

#[test]
fn a_form_may_hold_lists_and_objects() {
    let body = "model=m&view=v&fields[]=a.b&fields[]=a.c&sorts=a.b&sorts=a.c+desc&filters[a.b]=x%25\
                &filters%5Ba.c%5D=7&vis_config=%7B%22type%22%3A%22table%22%7D&total=true";
    let read = arguments(OperationId::CreateQuery, FORM, body).body::<WriteQuery>(Mode::Create).unwrap();
    assert_eq!(read.fields.value().unwrap(), ["a.b", "a.c"]);
    assert_eq!(read.sorts.value().unwrap(), ["a.b", "a.c desc"]);
    assert_eq!(read.filters.value().unwrap().get("a.b").unwrap(), "x%");
    assert_eq!(read.vis_config.value().unwrap().get("type").unwrap(), "table");
    assert_eq!(read.total, Patch::Value(true));
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    let refused = |content_type: &str, body: &[u8]| {
        let request = Request {
            content_type: Some(content_type.to_owned()),
            body: Bytes::copy_from_slice(body),
            ..Request::default()
        };
        let error = Arguments::new(OperationId::CreateQuery, request).body::<WriteQuery>(Mode::Create).unwrap_err();
        assert_eq!(error.status(), 400);
        error.message().to_owned()
    };
    let message = refused(JSON, br#"{"model":"shop",}"#);
    assert_eq!(message, "the body is not JSON: trailing comma at line 1 column 17");
    assert_eq!(refused(JSON, b"[1]"), "the body must be a JSON object");
    assert_eq!(refused(JSON, br#""text""#), "the body must be a JSON object");
    assert_eq!(refused(JSON, b"{\"model\":\"\xff\"}"), "the body is not UTF-8 text");
    assert!(refused(JSON, b"model=shop&view=orders").starts_with("the body is not JSON: "));
    assert!(refused(JSON, "[".repeat(100_000).as_bytes()).starts_with("the body is not JSON: recursion limit"));
}

#[test]
fn a_list_for_a_body_must_be_there_and_text_is_taken_as_it_is() {
    let list = |body: &str| arguments(OperationId::CreateQuery, JSON, body).value_body::<Vec<String>>();
    assert_eq!(list("[1,\"2\"]").unwrap(), ["1", "2"]);
    assert_eq!(list("[]").unwrap(), Vec::<String>::new());
    assert_eq!(list("").unwrap_err().message(), "the body is missing");
    assert_eq!(problems(list("[[]]")), [problem("[0]", "invalid", "must be a text")]);
    assert_eq!(problems(list("null")), [problem("body", "invalid", "must be a list")]);

    let text = |body: &str| arguments(OperationId::CreateQuery, FORM, body).text_body().unwrap();
    assert_eq!(text("<xml>&amp;</xml>"), "<xml>&amp;</xml>");
    assert_eq!(text(r#""<xml/>""#), "<xml/>");
    assert_eq!(text("{}"), "{}");
}

#[test]
fn so_many_problems_are_reported_and_no_more() {
    let fields: Vec<Value> = (0..100_000).map(|_| json!([])).collect();
    assert_eq!(problems(query(&json!({"model": "m", "view": "v", "fields": fields}))).len(), MOST_PROBLEMS);
}
