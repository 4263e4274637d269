//! What is the same for all operations: paths, methods, headers, bodies, errors.

use belvedere_testing::{Document, Exchange, ORIGIN, TestServer};
use serde_json::{Value, json};
use std::collections::HashSet;

/// A document of one operation, as strict as any.
fn document() -> Document {
    Document::new(json!({
        "paths": {"/things/{id}": {"get": {"parameters": [{"name": "fields", "in": "query"}], "responses": {
            "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
            "202": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
            "204": {"description": "Gone."},
            "404": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}},
        }}}},
        "components": {"schemas": {
            "Thing": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "string"},
                "count": {"type": "integer"},
                "name": {"type": "string", "nullable": true},
                "kind": {"type": "string", "enum": ["small", "large"]},
                "at": {"type": "string", "format": "date-time", "nullable": true},
                "can": {"type": "object", "additionalProperties": {"type": "boolean"}},
                "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
                "whole": {"allOf": [{"$ref": "#/components/schemas/Part"}], "nullable": true},
                "secret": {"type": "string", "writeOnly": true},
            }},
            "Part": {"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "string"}}},
            "Error": {"type": "object", "required": ["message", "documentation_url"], "properties": {
                "message": {"type": "string", "nullable": true},
                "documentation_url": {"type": "string", "nullable": true},
                "errors": {"type": "array", "items": {}},
            }},
        }},
    }))
}

fn thing() -> Value {
    json!({
        "id": "1", "count": 2, "name": null, "kind": "small", "at": "2026-01-15T12:00:00.000+00:00",
        "can": {"show": true}, "parts": [{"a": 1.5, "b": "x"}], "whole": null,
    })
}

/// Whether the document finds nothing wrong.
fn passes(status: u16, fields: Option<&str>, content_type: Option<&str>, body: &str) -> bool {
    let exchange = Exchange { method: "GET", path: "/things/1", fields, status, content_type, body: body.as_bytes() };
    document().problems(&exchange).is_empty()
}

fn passes_as_thing(body: &Value) -> bool {
    passes(200, None, Some("application/json"), &body.to_string())
}

#[test]
fn the_document_lets_nothing_pass_that_it_does_not_promise() {
    assert!(passes_as_thing(&thing()));
    let changed = |key: &str, value: Value| {
        let mut thing = thing();
        thing[key] = value;
        thing
    };
    let without = |key: &str| {
        let mut thing = thing();
        thing.as_object_mut().expect("an object").remove(key).expect("a key");
        thing
    };
    for key in ["id", "count", "name", "kind", "at", "can", "parts", "whole"] {
        assert!(!passes_as_thing(&without(key)), "{key} is missing");
    }
    for (key, value) in [
        ("extra", json!(null)),
        ("secret", json!("x")),
        ("id", json!(1)),
        ("id", json!(null)),
        ("count", json!("2")),
        ("count", json!(2.5)),
        ("count", json!(null)),
        ("name", json!(1)),
        ("kind", json!("medium")),
        ("kind", json!(null)),
        ("at", json!("yesterday")),
        ("at", json!("2026-01-15")),
        ("can", json!({"show": "yes"})),
        ("can", json!(null)),
        ("parts", json!({})),
        ("parts", json!([{"a": 1}])),
        ("parts", json!([{"a": 1, "b": "x", "c": 1}])),
        ("parts", json!([{"a": "1", "b": "x"}])),
        ("parts", json!([null])),
        ("whole", json!({"a": 1})),
        ("whole", json!([])),
    ] {
        assert!(!passes_as_thing(&changed(key, value.clone())), "{key}: {value}");
    }
    for (key, value) in [
        ("name", json!("x")),
        ("at", json!(null)),
        ("can", json!({})),
        ("parts", json!([])),
        ("whole", json!({"a": 1, "b": "x"})),
    ] {
        assert!(passes_as_thing(&changed(key, value.clone())), "{key}: {value}");
    }
    assert!(!passes_as_thing(&json!([])) && !passes_as_thing(&json!(null)));
}

#[tokio::test]
async fn an_empty_object_is_an_answer_of_no_schema() {
    let server = TestServer::shop().await;
    for version in ["3.1", "4.0"] {
        let document = server.document_of(version).await.expect("a document");
        let schemas = document.root()["components"]["schemas"].as_object().expect("schemas");
        for (name, schema) in schemas {
            let properties = schema["properties"].as_object().into_iter().flatten();
            let says_nothing = properties.into_iter().all(|(_, property)| property["writeOnly"] == true);
            let passes = document.problems_of_schema(name, &json!({})).is_empty();
            assert_eq!(passes, says_nothing && schema["type"] == "object", "{version} {name}");
        }
    }
}

#[test]
fn with_fields_exactly_those_pass() {
    let passes = |fields, body: Value| passes(200, Some(fields), Some("application/json"), &body.to_string());
    assert!(passes("id", json!({"id": "1"})));
    assert!(passes(" id , parts( a ) ", json!({"id": "1", "parts": [{"a": 1}]})));
    assert!(passes("nonsense", json!({})));
    assert!(passes(" , ", thing()));
    assert!(!passes("id", json!({})));
    assert!(!passes("id", json!({"id": "1", "count": 2})));
    assert!(!passes("id", thing()));
    assert!(!passes("parts(a)", json!({"parts": [{"a": 1, "b": "x"}]})));
    assert!(!passes("parts(a)", json!({"parts": [{}]})));
    assert!(!passes("secret", json!({"secret": "x"})));
}

#[test]
fn statuses_types_and_bodies_are_checked_too() {
    let json = Some("application/json");
    let error = r#"{"message":"Not found","documentation_url":"/"}"#;
    let thing = &thing().to_string();
    assert!(passes(404, None, json, error) && passes(404, Some("id"), json, error));
    assert!(passes(401, None, json, error), "what no operation declares, but every one gives");
    for status in [201, 400, 403, 405, 409, 422, 429, 500, 503] {
        assert!(!passes(status, None, json, error), "{status} is not declared");
    }
    assert!(!passes(404, None, json, r#"{"message":"Not found"}"#));
    assert!(!passes(404, None, json, r#"{"message":"Not found","documentation_url":"/","trace":"x"}"#));
    assert!(!passes(404, None, Some("text/html"), "<h1>Not found</h1>"));
    assert!(!passes(404, None, json, ""));
    assert!(passes(200, None, Some("application/json;charset=utf-8"), thing));
    assert!(!passes(200, None, Some("text/plain"), thing));
    assert!(!passes(200, None, None, thing));
    assert!(!passes(200, None, json, "") && !passes(200, None, json, "{"));
    assert!(passes(204, None, None, ""));
    assert!(!passes(204, None, json, "") && !passes(204, None, None, "{}"));
    assert!(passes(202, None, json, "") && !passes(202, None, json, "{}"));
}

#[tokio::test]
async fn a_path_that_is_none_is_not_found() {
    let server = TestServer::shop().await;
    for path in [
        "/api",
        "/api/4.0",
        "/api/4.0/nothing",
        "/api/4.0/users/1/nothing",
        "/api/3.0/user",
        "/api/4.1/user",
        "/api/4.0user",
        "/API/4.0/user",
        "/api/4.0/User",
        "/user",
        "/api/user",
        "/index.html",
        "/.env",
        "/login/embed/x",
        "/api/4.0/%2e%2e/%2e%2e/etc/passwd",
        "/api/4.0/users/1%2F",
        "/api/4.0/user%00",
        "/api/4.0/lookml_models/shop/explores/",
    ] {
        let refused = server.admin().host_call("GET", path).meaning("/no/operation").await;
        assert_eq!(refused.refused(404), "Not found", "{path}");
        assert_eq!(refused.content_type(), "application/json", "{path}");
        let anonymous = server.anybody().host_call("GET", path).meaning("/no/operation").await;
        if anonymous.status != 401 {
            assert_eq!(anonymous.text(), refused.text(), "{path}");
        }
    }
    let refused = server.anybody().get("/nothing").await;
    assert_eq!(refused.text(), format!(r#"{{"message":"Not found","documentation_url":"{ORIGIN}/"}}"#));
}

#[tokio::test]
async fn slashes_too_many_do_not_count() {
    let server = TestServer::shop().await;
    for path in ["//api/4.0/user", "/api//4.0/user", "/api/4.0//user", "/api/4.0/user/", "///api///4.0///user///"] {
        let me = server.admin().host_call("GET", path).meaning("/user").await;
        assert_eq!(me.ok()["id"], "1", "{path}");
        let some = server.admin().host_call("GET", &format!("{path}?fields=id")).meaning("/user").await;
        assert_eq!(some.ok(), json!({"id": "1"}), "{path}");
    }
}

#[tokio::test]
async fn a_part_of_a_path_is_decoded_once_and_never_splits() {
    let server = TestServer::shop().await;
    let model = server.admin().get("/lookml_models/sh%6Fp").await;
    assert_eq!(model.ok()["name"], "shop");
    for path in ["/lookml_models/sh%256Fp", "/lookml_models/shop%2Fexplores%2Forders", "/lookml_models/shop%20"] {
        server.admin().get(path).await.refused(404);
    }
    let refused = server.admin().get("/lookml_models/%ff").await;
    assert_eq!(refused.refused(400), "the path is not percent-encoded UTF-8");
}

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_told_which_it_has() {
    let server = TestServer::shop().await;
    for (method, path, allowed) in [
        ("DELETE", "/user", "GET, HEAD"),
        ("POST", "/user", "GET, HEAD"),
        ("PUT", "/queries", "POST"),
        ("GET", "/queries", "POST"),
        ("HEAD", "/queries", "POST"),
        ("GET", "/login", "POST"),
        ("POST", "/session", "GET, HEAD, PATCH"),
        ("PATCH", "/lookml_models", "GET, HEAD, POST"),
        ("PUT", "/lookml_models/shop", "DELETE, GET, HEAD, PATCH"),
        ("POST", "/swagger.json", "GET, HEAD"),
        ("DELETE", "/openapi.json", "GET, HEAD"),
    ] {
        for caller in [server.anybody(), server.admin()] {
            let refused = caller.call(method, path).await;
            assert_eq!(refused.status, 405, "{method} {path}");
            let mut told: Vec<&str> = refused.header("allow").expect("what is allowed").split(", ").collect();
            told.sort_unstable();
            assert_eq!(told.join(", "), allowed, "{method} {path}");
            if method != "HEAD" {
                assert_eq!(refused.refused(405), "Method not allowed");
                assert_eq!(refused.content_type(), "application/json");
            }
        }
    }
    let refused = server.anybody().host_call("POST", "/alive").await;
    assert_eq!((refused.refused(405), refused.header("allow")), ("Method not allowed".to_owned(), Some("GET, HEAD")));
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let server = TestServer::shop().await;
    for path in ["/user", "/users?limit=1", "/lookml_models/shop", "/versions", "/swagger.json", "/users/99"] {
        let (get, head) = (server.admin().get(path).await, server.admin().call("HEAD", path).await);
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        for header in ["content-type", "content-length", "vary", "link", "x-total-count", "x-content-type-options"] {
            assert_eq!(head.header(header), get.header(header), "{path} {header}");
        }
    }
    assert_eq!(server.anybody().call("HEAD", "/user").await.status, 401);
    assert_eq!(server.anybody().host_call("HEAD", "/alive").await.status, 200);
}

#[tokio::test]
async fn every_answer_has_the_headers_that_clients_and_browsers_rely_on() {
    let server = TestServer::shop().await;
    let query = json!({"model": "shop", "view": "orders", "fields": ["orders.count"]});
    let (admin, anybody) = (server.admin(), server.anybody());
    let spare = server.login(&server.ada).await;
    for (what, answer) in [
        ("an object", admin.get("/user").await),
        ("a list", admin.get("/users?limit=1").await),
        ("rows", admin.run(&query, "json", "").await),
        ("text", admin.run(&query, "csv", "").await),
        ("a statement", admin.run(&query, "sql", "").await),
        ("nothing", server.bearer(&spare).delete("/logout").await),
        ("400", admin.get("/users?limit=x").await),
        ("401", anybody.get("/user").await),
        ("404", admin.get("/users/99").await),
        ("404 without an operation", anybody.get("/nothing").await),
        ("405", anybody.delete("/user").await),
        ("413", admin.post("/queries").body("application/json", "x".repeat(70_000)).await),
        ("422", admin.post("/queries").json(&json!({})).await),
        ("501", admin.delete("/lookml_models/shop").await),
        ("a document", anybody.get("/swagger.json").await),
        ("life", anybody.host_call("GET", "/alive").await),
    ] {
        let vary: Vec<&str> =
            answer.headers.get_all("vary").iter().map(|value| value.to_str().expect("text")).collect();
        assert_eq!(vary, [if answer.status == 204 { "Origin" } else { "Accept-Encoding, Origin" }], "{what}");
        if answer.status != 204 {
            assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()), "{what}");
        }
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{what}");
        assert!(answer.header("set-cookie").is_none() && answer.header("server").is_none(), "{what}");
    }
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    let server = TestServer::shop().await;
    let mut ids = HashSet::new();
    for answer in [
        server.admin().get("/user").await,
        server.admin().get("/user").await,
        server.anybody().get("/user").await,
        server.anybody().get("/versions").await,
        server.anybody().get("/nothing").await,
        server.anybody().delete("/user").await,
        server.anybody().get("/swagger.json").await,
        server.anybody().get("/user").header("x-request-id", "mine").await,
    ] {
        let id = answer.header("x-request-id").expect("an id").to_owned();
        assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
        assert!(ids.insert(id));
    }
}

#[tokio::test]
async fn json_has_no_blanks_and_no_markup() {
    let server = TestServer::shop().await;
    let query = json!({"model": "shop", "view": "orders", "filters": {"orders.status": "<a href='x'>&"}});
    let saved = server.admin().post("/queries").json(&query).await;
    let text = saved.ok_text();
    assert!(!text.contains(['<', '>', '&']), "{text}");
    assert!(text.contains(r#""filters":{"orders.status":"\u003ca href='x'\u003e\u0026"},"#), "{text}");
    let keys: Vec<String> = saved.json().as_object().expect("an object").keys().cloned().collect();
    let mut sorted = keys.clone();
    sorted.sort();
    assert_ne!(keys, sorted, "keys stand in the order of the contract");
}

#[tokio::test]
async fn answers_are_compressed_for_whoever_can_read_that() {
    let server = TestServer::shop().await;
    let numbers =
        json!({"model": "shop", "view": "numbers", "fields": ["numbers.id", "numbers.padding"], "limit": "-1"});
    for (what, call) in [
        ("an object", server.admin().get("/user")),
        ("a stream", server.admin().run(&numbers, "csv", "")),
        ("a refusal", server.admin().get("/users/99")),
    ] {
        let answer = call.header("accept-encoding", "gzip").begin().await;
        assert_eq!(
            answer.headers().get("content-encoding").map(reqwest::header::HeaderValue::as_bytes),
            Some(&b"gzip"[..]),
            "{what}"
        );
        let body = answer.bytes().await.expect("a body");
        assert_eq!(body[..2], [0x1f, 0x8b], "{what}");
    }
    for encoding in ["identity", "br", "deflate", "gzip;q=0", ""] {
        let plain = server.admin().get("/user").header("accept-encoding", encoding).await;
        assert_eq!(plain.header("content-encoding"), None, "{encoding}");
    }
    // A client that unpacks what it gets.
    let client = reqwest::Client::new();
    let get = client.get(server.address("/api/4.0/user?fields=id,credentials_api3")).bearer_auth(&server.ada.token);
    let unpacked: Value = get.send().await.expect("an answer").json().await.expect("JSON");
    let plain = server.admin().get("/user?fields=id,credentials_api3").await.ok();
    assert_eq!(unpacked["credentials_api3"][0]["client_id"], plain["credentials_api3"][0]["client_id"]);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let server = TestServer::shop().await;
    let large = format!("{{\"model\":\"{}\"}}", "x".repeat(70_000));
    for call in [
        server.admin().post("/queries"),
        server.admin().post("/queries/run/json"),
        server.admin().post("/query_tasks"),
        server.admin().patch("/session"),
    ] {
        let refused = call.body("application/json", large.clone()).await;
        assert_eq!(refused.refused(413), "the body is larger than 65536 bytes");
    }
    // Of anybody, less is read.
    let large = format!("{{\"client_id\":\"{}\"}}", "x".repeat(16_384));
    let login = server.anybody().post("/login").body("application/json", large.clone()).await;
    assert_eq!(login.refused(413), "the body is larger than 16384 bytes");
    let token = server.anybody().host_call("POST", "/api/token").body("application/json", large).await;
    assert_eq!(token.refused(413), "the body is larger than 16384 bytes");
    let just_fits = format!("{{\"x\":\"{}\"}}", "x".repeat(65_536 - 8));
    assert_eq!(just_fits.len(), 65_536);
    server.admin().patch("/session").body("application/json", just_fits).await.ok();
}

#[tokio::test]
async fn json_that_is_none_is_refused_with_its_place() {
    let server = TestServer::shop().await;
    let deep = "[".repeat(16_000);
    for (method, path) in [
        ("POST", "/queries"),
        ("POST", "/queries/run/json"),
        ("POST", "/query_tasks"),
        ("PATCH", "/session"),
        ("POST", "/login"),
    ] {
        for (body, message) in [
            ("{\"model\": \"shop\",}", "the body is not JSON: trailing comma at line 1 column 18"),
            ("{\"model\": \"shop\"", "the body is not JSON: EOF while parsing an object at line 1 column 16"),
            ("{'model': 'shop'}", "the body is not JSON: key must be a string at line 1 column 2"),
            ("{} {}", "the body is not JSON: trailing characters at line 1 column 4"),
            ("<model>shop</model>", "the body is not JSON: expected value at line 1 column 1"),
            ("{\"a\": 1e999}", "the body is not JSON: number out of range at line 1 column 11"),
            ("{\"a\": \"\\ud800\"}", "the body is not JSON: unexpected end of hex escape at line 1 column 14"),
            ("[]", "the body must be a JSON object"),
            ("\"shop\"", "the body must be a JSON object"),
            (&deep, "the body is not JSON: recursion limit exceeded at line 1 column 128"),
        ] {
            let refused = server.admin().call(method, path).body("application/json", body).await;
            assert_eq!(refused.refused(400), message, "{method} {path}");
        }
        let refused = server.admin().call(method, path).body("application/json", b"{\"a\":\"\xff\"}".as_slice()).await;
        assert_eq!(refused.refused(400), "the body is not UTF-8 text", "{method} {path}");
    }
}

#[tokio::test]
async fn the_type_of_a_body_does_not_matter_when_the_body_says_enough() {
    let server = TestServer::shop().await;
    let body = "\u{feff} {\"workspace_id\": \"dev\"}\n";
    for content_type in [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/octet-stream",
        "nonsense",
        "",
    ] {
        server.admin().patch("/session").json(&json!({"workspace_id": "production"})).await.ok();
        let session = server.admin().patch("/session").body(content_type, body).await;
        assert_eq!(session.ok()["workspace_id"], "dev", "{content_type}");
    }
    let form = server.admin().patch("/session");
    let form = form.body("application/x-www-form-urlencoded", "workspace_id=production&x=1").await;
    assert_eq!(form.ok()["workspace_id"], "production");
    let refused = server.admin().patch("/session").body("text/plain", "workspace_id=dev").await;
    assert_eq!(refused.refused(400), "the body is not JSON: expected value at line 1 column 1");
    let query = "model=shop&view=orders&fields[]=orders.status&fields[]=orders.count&filters[orders.status]=complete";
    let rows = server.admin().post("/queries/run/json").body("application/x-www-form-urlencoded", query).await;
    assert_eq!(rows.ok(), json!([{"orders.status": "complete", "orders.count": 3}]));
    let query =
        "model=shop&view=orders&fields=%5B%22orders.count%22%5D&filters=%7B%22orders.status%22%3A%22complete%22%7D";
    let rows = server.admin().post("/queries/run/json").body("application/x-www-form-urlencoded", query).await;
    assert_eq!(rows.ok(), json!([{"orders.count": 3}]));
}

#[tokio::test]
async fn a_body_that_nobody_asked_for_is_passed_over() {
    let server = TestServer::shop().await;
    for body in ["", "{}", "null", "not JSON at all"] {
        let me = server.admin().get("/user?fields=id").body("application/json", body).await;
        assert_eq!(me.ok(), json!({"id": "1"}), "{body}");
    }
    let token = server.login(&server.ada).await;
    let logout = server.bearer(&token).delete("/logout").body("application/json", "null").await;
    assert_eq!(logout.status, 204);
}

#[tokio::test]
async fn parameters_that_there_are_not_are_passed_over() {
    let server = TestServer::shop().await;
    for query in ["no_such=1", "fields=id&fields2=x", "&&=&", "%ff=%ff", "fields=id&x[y]=z", "a=%zz&fields=id"] {
        assert_eq!(server.admin().get(&format!("/session?{query}")).await.ok()["workspace_id"], "production");
    }
    assert_eq!(server.admin().get("/user?fields=null").await.ok()["id"], "1");
}

#[tokio::test]
async fn names_of_fields_may_come_one_by_one() {
    let server = TestServer::shop().await;
    for query in ["fields=id&fields=first_name", "fields[]=id&fields[]=first_name"] {
        // The judge knows one text only.
        let request = reqwest::Client::new().get(server.address(&format!("/api/4.0/user?{query}")));
        let answer = request.bearer_auth(&server.ada.token).send().await.expect("an answer");
        let me: Value = answer.json().await.expect("JSON");
        assert_eq!(me, json!({"id": "1", "first_name": "Ada"}), "{query}");
    }
}

#[tokio::test]
async fn booleans_are_taken_in_every_spelling() {
    let server = TestServer::shop().await;
    let query = json!({"model": "shop", "view": "orders", "fields": ["orders.total_amount"]});
    let total = async |word: &str| {
        let answer = server.admin().run(&query, "json", &format!("apply_formatting={word}")).await;
        answer.ok()[0]["orders.total_amount"].clone()
    };
    for word in ["true", "TRUE", "1", "yes", "t", "on", "%22true%22"] {
        assert_eq!(total(word).await, json!("$1,099.75"), "{word}");
    }
    for word in ["false", "0", "no", "f", "off", "", "null"] {
        assert_eq!(total(word).await, json!(1099.75), "{word}");
    }
}

#[tokio::test]
async fn an_inner_failure_is_told_without_its_cause() {
    let server = TestServer::shop().await;
    server.admin().get("/user").await.ok();
    server.store.close().await;
    for (method, path, body) in [
        // The caller is remembered and told without the store; the others are not.
        ("GET", "/users".to_owned(), None),
        ("GET", "/queries/1".to_owned(), None),
        ("GET", "/query_tasks/multi_results?query_task_ids=0123456789abcdef0123456789abcdef".to_owned(), None),
        ("POST", "/queries".to_owned(), Some(json!({"model": "shop", "view": "users"}))),
        ("PATCH", "/session".to_owned(), Some(json!({"workspace_id": "dev"}))),
        ("DELETE", "/logout".to_owned(), None),
    ] {
        let mut request = reqwest::Client::new()
            .request(method.parse().expect("a method"), server.address(&format!("/api/4.0{path}")));
        request = request.bearer_auth(&server.ada.token).header("host", "bi.example.com:19999");
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 500, "{method} {path}");
        let template = match path.split('/').nth(1) {
            Some("queries") if method == "GET" => "/queries/:query_id",
            Some("query_tasks?query_task_ids" | "query_tasks") => "/query_tasks/multi_results",
            _ => &path,
        };
        let method = method.to_lowercase();
        let expected = json!({
            "message": "Internal server error",
            "documentation_url": format!("{ORIGIN}/r/err/4.0/500/{method}{template}"),
        });
        assert_eq!(answer.json::<Value>().await.expect("JSON"), expected);
    }
}

#[tokio::test]
async fn answers_under_way_are_given_before_the_server_stops() {
    let mut server = TestServer::shop().await;
    let numbers =
        json!({"model": "shop", "view": "numbers", "fields": ["numbers.id", "numbers.padding"], "limit": "-1"});
    let response = server.admin().run(&numbers, "csv", "").begin().await;
    server.stop();
    let body = response.text().await.expect("a whole body");
    assert_eq!(body.lines().count(), 40_001);
}

/// Status line and body of a raw answer.
fn parts(answer: &str) -> (&str, &str) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    (head.lines().next().unwrap_or_default(), body)
}

#[tokio::test]
async fn a_request_line_may_name_the_whole_address() {
    let server = TestServer::shop().await;
    let token = &server.ada.token;
    let request = format!(
        "GET http://bi.example.com:19999/api/4.0/users?fields=id&limit=1 HTTP/1.1\r\nHost: bi.example.com:19999\r\n\
         Authorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    let answer = server.raw(request.as_bytes()).await;
    assert_eq!(parts(&answer), ("HTTP/1.1 200 OK", r#"[{"id":"1"}]"#));
    let link = format!("link: <{ORIGIN}/api/4.0/users?fields=id&limit=1&offset=0>; rel=\"first\"");
    assert!(answer.contains(&link), "{answer}");
}

#[tokio::test]
async fn a_body_in_pieces_is_measured_too() {
    let server = TestServer::shop().await;
    let token = &server.ada.token;
    let head = format!(
        "PATCH /api/4.0/session HTTP/1.1\r\nHost: x\r\nAuthorization: token {token}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let small = format!("{head}12\r\n{{\"workspace_id\": \"\r\n5\r\ndev\"}}\r\n0\r\n\r\n");
    let answer = server.raw(small.as_bytes()).await;
    assert_eq!(parts(&answer).0, "HTTP/1.1 200 OK", "{answer}");
    assert!(parts(&answer).1.contains(r#""workspace_id":"dev""#), "{answer}");
    let piece = format!("4000\r\n{}\r\n", " ".repeat(0x4000));
    let answer = server.raw(format!("{head}{}0\r\n\r\n", piece.repeat(5)).as_bytes()).await;
    assert_eq!(parts(&answer).0, "HTTP/1.1 413 Payload Too Large", "{answer}");
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_the_server_goes_on() {
    let server = TestServer::shop().await;
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"GET /api/4.0/user\r\n\r\n",
        b"GET /api/4.0/user HTTP/9.9\r\n\r\n",
        b"GET  /api/4.0/user HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /api/4.0/us\x00er HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /api/4.0/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/4.0/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /api/4.0/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n",
    ] {
        let answer = server.raw(bytes).await;
        let status = parts(&answer).0;
        assert!(status.is_empty() || status.starts_with("HTTP/1.1 4"), "{status}: {}", String::from_utf8_lossy(bytes));
    }
    server.admin().get("/user").await.ok();
}

#[tokio::test]
async fn a_request_without_a_host_is_answered() {
    let server = TestServer::shop().await;
    let answer = server.raw(b"GET /versions HTTP/1.0\r\n\r\n").await;
    assert!(parts(&answer).0.ends_with("200 OK"), "{answer}");
    assert!(parts(&answer).1.contains(r#""api_server_url":"http://localhost""#), "{answer}");
}
