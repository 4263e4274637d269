//! What each result format says: of rows, of none, and of what goes wrong.

use super::user_permitted;
use belvedere_testing::{Answer, ORIGIN, TestServer};
use serde_json::{Value, json};

/// Formats of rows, each with its content type.
const FORMATS: [(&str, &str); 15] = [
    ("json", "application/json"),
    ("inline_json", "application/json"),
    ("json_label", "application/json"),
    ("json_detail", "application/json"),
    ("json_bi", "application/json"),
    ("csv", "text/csv;charset=utf-8"),
    ("txt", "text/plain;charset=utf-8"),
    ("md", "text/plain;charset=utf-8"),
    ("html", "text/html;charset=utf-8"),
    ("gsxml", "text/xml;charset=utf-8"),
    ("json_fe", "application/json"),
    ("ndjson", "application/x-ndjson"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("arrow", "application/vnd.apache.arrow.stream"),
    ("parquet", "application/vnd.apache.parquet"),
];

/// Formats that have no place for an error.
const TEXTS: [&str; 8] = ["csv", "txt", "md", "html", "gsxml", "xlsx", "arrow", "parquet"];

/// Two rows, one of them without a status.
fn orders() -> Value {
    json!({
        "model": "shop",
        "view": "orders",
        "fields": ["orders.status", "orders.count", "orders.total_amount"],
        "filters": {"orders.status": "complete,NULL"},
        "sorts": ["orders.count desc"],
    })
}

/// A query of fields of `orders`, without a filter.
fn of(fields: &[&str]) -> Value {
    json!({"model": "shop", "view": "orders", "fields": fields})
}

async fn run(server: &TestServer, query: &Value, format: &str, how: &str) -> Answer {
    let answer = server.admin().run(query, format, how).await;
    // A saved query gives the same, but for the id of the run and its length.
    let id = server.admin().post("/queries?fields=id").json(query).await.ok()["id"].clone();
    let path = format!("/queries/{}/run/{format}?{how}", id.as_str().expect("an id"));
    let saved = server.admin().get(&path).await;
    assert_eq!(saved.status, answer.status, "{format}");
    if format == "json_detail" && answer.status == 200 {
        assert_eq!(without_run(saved.json()), without_run(answer.json()));
    } else if answer.status == 200 {
        assert_eq!(saved.text(), answer.text(), "{format}");
    }
    answer
}

/// A `json_detail` without what is different in every run.
fn without_run(mut detail: Value) -> Value {
    let members = detail.as_object_mut().expect("an object");
    let id = members.shift_remove("id").expect("an id");
    assert!(id.as_str().is_some_and(|id| id.len() == 32), "{id}");
    for key in ["from_cache", "result_source"] {
        members.shift_remove(key).expect("where the rows come from");
    }
    let runtime = members.shift_remove("runtime").expect("a runtime");
    assert!(runtime.as_str().is_some_and(|runtime| runtime.parse::<f64>().is_ok()), "seconds as a text: {runtime}");
    detail
}

#[tokio::test]
async fn rows_in_every_format() {
    let server = TestServer::shop().await;
    let json = r#"[{"orders.status":"complete","orders.count":3,"orders.total_amount":1077.5},{"orders.status":null,"orders.count":1,"orders.total_amount":12}]"#;
    for (format, body) in [
        ("json", json.to_owned()),
        ("inline_json", json.to_owned()),
        (
            "json_label",
            json.replace("orders.status", "Orders Status")
                .replace("orders.count", "Orders Count")
                .replace("orders.total_amount", "Orders Total Amount"),
        ),
        ("csv", "Orders Status,Orders Count,Orders Total Amount\ncomplete,3,1077.5\n,1,12\n".to_owned()),
        ("txt", "Orders Status\tOrders Count\tOrders Total Amount\ncomplete\t3\t1077.5\n\t1\t12\n".to_owned()),
        (
            "md",
            "| Orders Status | Orders Count | Orders Total Amount |\n| --- | --- | --- |\n| complete | 3 | 1077.5 |\n|  | 1 | 12 |\n"
                .to_owned(),
        ),
        (
            "html",
            concat!(
                "<table>\n<tr><th>Orders Status</th><th>Orders Count</th><th>Orders Total Amount</th></tr>\n",
                "<tr><td>complete</td><td>3</td><td>1077.5</td></tr>\n<tr><td></td><td>1</td><td>12</td></tr>\n",
                "</table>\n"
            )
            .to_owned(),
        ),
    ] {
        let answer = run(&server, &orders(), format, "").await;
        assert_eq!(answer.ok_text(), body, "{format}");
    }
}

#[tokio::test]
async fn each_format_has_its_content_type() {
    let server = TestServer::shop().await;
    for (format, content_type) in FORMATS {
        let answer = server.admin().run(&orders(), format, "").await;
        assert_eq!((answer.status, answer.content_type()), (200, content_type), "{format}");
    }
    let sql = server.admin().run(&orders(), "sql", "").await;
    assert_eq!(sql.content_type(), "application/sql");
}

#[tokio::test]
async fn formatting_is_applied_when_it_is_asked_for() {
    let server = TestServer::shop().await;
    for how in ["apply_formatting=true", "apply_formatting=1", "apply_formatting=yes"] {
        let answer = run(&server, &orders(), "json", how).await;
        assert_eq!(
            answer.ok(),
            json!([
                {"orders.status": "complete", "orders.count": "3", "orders.total_amount": "$1,077.50"},
                {"orders.status": null, "orders.count": "1", "orders.total_amount": "$12.00"},
            ]),
            "{how}"
        );
    }
    let csv = run(&server, &orders(), "csv", "apply_formatting=true").await;
    assert_eq!(csv.ok_text(), "Orders Status,Orders Count,Orders Total Amount\ncomplete,3,\"$1,077.50\"\n,1,$12.00\n");
    let raw = run(&server, &orders(), "json", "apply_formatting=false").await;
    assert_eq!(raw.ok()[0]["orders.total_amount"], json!(1077.5));
    let refused = server.admin().run(&orders(), "json", "apply_formatting=perhaps").await;
    assert_eq!(refused.refused(400), "`apply_formatting` must be true or false");
}

#[tokio::test]
async fn the_details_of_a_run() {
    let server = TestServer::shop().await;
    let detail = run(&server, &orders(), "json_detail", "").await.ok();
    insta::assert_snapshot!(serde_json::to_string_pretty(&without_run(detail)).expect("JSON"));
}

#[tokio::test]
async fn the_metadata_of_a_run() {
    let server = TestServer::shop().await;
    let bi = run(&server, &orders(), "json_bi", "").await.ok();
    insta::assert_snapshot!(serde_json::to_string_pretty(&bi).expect("JSON"));
}

#[tokio::test]
async fn a_statement_is_told_and_not_run() {
    let server = TestServer::shop().await;
    let sql = run(&server, &orders(), "sql", "").await;
    insta::assert_snapshot!(sql.ok_text());
    let broken = of(&["orders.misspelt", "orders.count"]);
    let sql = server.admin().run(&broken, "sql", "").await;
    assert!(sql.ok_text().contains("no_such_column"), "nothing asks the database: {sql:?}");
}

#[tokio::test]
async fn no_rows_in_every_format() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.status", "orders.count"],
        "filters": {"orders.status": "no such status"},
    });
    for (format, body) in [
        ("json", "[]"),
        ("inline_json", "[]"),
        ("json_label", "[]"),
        ("csv", "Orders Status,Orders Count\n"),
        ("txt", "Orders Status\tOrders Count\n"),
        ("md", "| Orders Status | Orders Count |\n| --- | --- |\n"),
        ("html", "<table>\n<tr><th>Orders Status</th><th>Orders Count</th></tr>\n</table>\n"),
        (
            "gsxml",
            concat!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
                "<table>\n<tr><th>Orders Status</th><th>Orders Count</th></tr>\n</table>\n"
            ),
        ),
    ] {
        assert_eq!(run(&server, &query, format, "").await.ok_text(), body, "{format}");
    }
    let bi = run(&server, &query, "json_bi", "").await.ok();
    assert_eq!(bi["rows"], json!([]));
    assert_eq!(bi["metadata"]["fields"]["dimensions"][0]["name"], "orders.status");
    let detail = run(&server, &query, "json_detail", "").await.ok();
    assert_eq!((&detail["data"], &detail["status"]), (&json!([]), &json!("complete")));
    assert_eq!(detail.get("errors"), None);
    assert_eq!(detail["fields"]["measures"][0]["name"], "orders.count");
}

#[tokio::test]
async fn text_that_means_something_to_a_format_stays_in_its_cell() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.status", "users.name"],
        "filters": {"orders.id": "5"},
    });
    let (status, name) = ("lost, \"or so\"; DROP TABLE orders; --", "Cy \"the kid\" O'Neil");
    let json = run(&server, &query, "json", "").await;
    assert_eq!(json.ok(), json!([{"orders.status": status, "users.name": name}]));
    for (format, row) in [
        ("csv", "\"lost, \"\"or so\"\"; DROP TABLE orders; --\",\"Cy \"\"the kid\"\" O'Neil\"\n"),
        ("txt", "\"lost, \"\"or so\"\"; DROP TABLE orders; --\"\t\"Cy \"\"the kid\"\" O'Neil\"\n"),
        ("md", "| lost, \"or so\"; DROP TABLE orders; -- | Cy \"the kid\" O'Neil |\n"),
        (
            "html",
            "<tr><td>lost, &quot;or so&quot;; DROP TABLE orders; --</td><td>Cy &quot;the kid&quot; O&#39;Neil</td></tr>\n",
        ),
    ] {
        let answer = run(&server, &query, format, "").await;
        assert!(answer.ok_text().contains(row), "{format}: {answer:?}");
    }
    let markup = json!({
        "model": "shop", "view": "users", "fields": ["users.name", "users.city"], "filters": {"users.id": "2"},
    });
    let json = server.admin().run(&markup, "json", "").await;
    assert_eq!(json.ok_text(), r#"[{"users.name":"Bo \u003cb\u003e\u0026\u003c/b\u003e","users.city":"São Paulo"}]"#);
    let html = server.admin().run(&markup, "html", "").await;
    assert!(html.ok_text().contains("<td>Bo &lt;b&gt;&amp;&lt;/b&gt;</td><td>São Paulo</td>"), "{html:?}");
}

const DATABASE: &str = "The DuckDB database encountered an error while running this query.";

/// Checks that a query fails in every format in the way of the format. `message` is our word, `details` begin the
/// database's.
async fn fails_in_every_format(server: &TestServer, query: &Value, message: &str, details: Option<&str>) {
    let text = details.map_or_else(|| message.to_owned(), |details| format!("{message} {details}"));
    for format in ["json", "inline_json", "json_label"] {
        let rows = run(server, query, format, "").await.ok();
        assert_eq!(rows.as_array().map(Vec::len), Some(1), "{format}: {rows}");
        let row = rows[0].as_object().expect("a row");
        assert_eq!(row.len(), 1, "{format}: {rows}");
        assert!(row["looker_error"].as_str().is_some_and(|error| error.starts_with(&text)), "{format}: {rows}");
    }
    let bi = run(server, query, "json_bi", "").await.ok();
    assert_eq!(bi["rows"].as_array().map(Vec::len), Some(1), "{bi}");
    assert!(bi["rows"][0]["looker_error"].as_str().is_some_and(|error| error.starts_with(&text)), "{bi}");
    assert!(bi["metadata"].is_object());
    let detail = server.admin().run(query, "json_detail", "").await.ok();
    assert_eq!((&detail["data"], &detail["status"]), (&json!([]), &json!("error")), "{detail}");
    assert_eq!(detail["errors"].as_array().map(Vec::len), Some(1), "{detail}");
    let error = &detail["errors"][0];
    assert_eq!((&error["message"], &error["fatal"]), (&json!(message), &json!(true)));
    match details {
        Some(details) => assert!(error["message_details"].as_str().is_some_and(|text| text.starts_with(details))),
        None => assert_eq!(error["message_details"], json!(null)),
    }
    for format in TEXTS {
        let refused = run(server, query, format, "").await;
        assert!(refused.refused(400).starts_with(&text), "{format}: {refused:?}");
        assert_eq!(refused.content_type(), "application/json");
    }
}

#[tokio::test]
async fn a_statement_that_the_database_refuses() {
    let server = TestServer::shop().await;
    let details = "Binder Error: Table \"orders\" does not have a column named \"no_such_column\"";
    let query = of(&["orders.misspelt", "orders.count"]);
    fails_in_every_format(&server, &query, DATABASE, Some(details)).await;
    let detail = server.admin().run(&query, "json_detail", "").await.ok();
    let place = &detail["errors"][0]["sql_error_loc"];
    let sql = detail["errors"][0]["params"].as_str().expect("the statement");
    let line = place["line"].as_u64().expect("a line") as usize;
    let column = place["column"].as_u64().expect("a column") as usize;
    assert!(
        sql.lines().nth(line - 1).expect("the line")[column - 1..].starts_with("orders.no_such_column"),
        "{detail}"
    );
    let character = place["character"].as_u64().expect("a character") as usize;
    assert!(sql[character - 1..].starts_with("orders.no_such_column"), "{detail}");
    assert_eq!(detail["sql"], detail["errors"][0]["params"]);
    assert_eq!(detail["fields"]["dimensions"][0]["name"], "orders.misspelt");
}

#[tokio::test]
async fn a_statement_that_fails_on_a_row() {
    let server = TestServer::shop().await;
    let details = "Conversion Error: Could not convert string 'complete' to INT32";
    let mut query = of(&["orders.status_as_number"]);
    query["filters"] = json!({"orders.status": "complete"});
    fails_in_every_format(&server, &query, DATABASE, Some(details)).await;
}

#[tokio::test]
async fn a_field_that_the_explore_does_not_have() {
    let server = TestServer::shop().await;
    for field in ["orders.no_such_field", "no_such_view.id", "no_such_field", "orders.created"] {
        let query = of(&["orders.id", field]);
        let message = format!("Unknown field `{field}` in explore `orders`");
        fails_in_every_format(&server, &query, &message, None).await;
        let refused = server.admin().run(&query, "sql", "").await;
        assert_eq!(refused.refused(400), message);
    }
}

#[tokio::test]
async fn a_query_without_fields_is_refused_in_every_format() {
    let server = TestServer::shop().await;
    for query in [json!({"model": "shop", "view": "orders"}), of(&[])] {
        for format in FORMATS.map(|(format, _)| format).into_iter().chain(["sql"]) {
            let refused = run(&server, &query, format, "").await;
            assert_eq!(refused.refused(400), "Must query at least one dimension or measure", "{format}");
            let url = format!("{ORIGIN}/r/err/4.0/400/post/queries/run/:result_format");
            assert_eq!(refused.json()["documentation_url"], url);
        }
    }
}

#[tokio::test]
async fn a_format_that_is_none_is_refused() {
    let server = TestServer::shop().await;
    for format in ["xml", "JSON", "json%20", "json.csv", "..%2Fjson", "%00"] {
        let refused = server.admin().run(&orders(), format, "").await;
        assert!(refused.refused(400).contains("is not a result format; expected json, "), "{format}");
    }
    for format in ["png", "jpg", "odc"] {
        let refused = server.admin().run(&orders(), format, "").await;
        assert_eq!(refused.refused(501), "This server does not implement the operation yet", "{format}");
    }
}

#[tokio::test]
async fn numbers_are_written_as_their_reader_writes_them() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.amount", "orders.total_amount"],
        "filters": {"orders.id": "2"},
    });
    let attributes = server.admin().get("/user_attributes?fields=id,name").await.ok();
    let all = attributes.as_array().expect("attributes");
    let id = &all.iter().find(|attribute| attribute["name"] == "number_format").expect("the attribute")["id"];
    let path = format!("/users/{}/attribute_values/{}", server.ada.id, id.as_str().expect("an id"));
    for (format, shown) in [("1,234.56", "$1,042.50"), ("1.234,56", "$1.042,50"), ("1 234,56", "$1 042,50")] {
        server.admin().patch(&path).json(&json!({"value": format})).await.ok();
        let detail = server.admin().run(&query, "json_detail", "").await.ok();
        assert_eq!(detail["number_format"], format);
        assert_eq!(detail["data"][0]["orders.amount"]["rendered"], shown);
        let rows = server.admin().run(&query, "json", "apply_formatting=true").await.ok();
        assert_eq!(rows, json!([{"orders.amount": shown, "orders.total_amount": shown}]));
    }
}

#[tokio::test]
async fn how_much_may_be_taken_away_depends_on_permissions() {
    let server = TestServer::shop().await;
    let rows = json!({
        "model": "shop", "view": "numbers", "fields": ["numbers.id"], "limit": "-1", "sorts": ["__UNSORTED__"],
    });
    let saved = server.admin().post("/queries").json(&rows).await.ok();
    let run = |format: &str| format!("/queries/{}/run/{format}", saved["id"].as_str().expect("an id"));
    for (permissions, count, file) in [
        (vec!["access_data", "see_looks"], 5000, 404),
        (vec!["access_data", "see_looks", "download_with_limit"], 5000, 200),
        (vec!["access_data", "see_looks", "download_without_limit"], 40_000, 200),
    ] {
        let name = permissions.join(" ");
        let user = user_permitted(&server, &permissions).await;
        let seen = server.user(&user).get(&run("json")).await.ok();
        assert_eq!(seen.as_array().map(Vec::len), Some(count), "{name}");
        let capped = server.user(&user).get(&format!("{}?limit=7000", run("json"))).await.ok();
        assert_eq!(capped.as_array().map(Vec::len), Some(count.min(7000)), "{name}");
        for format in ["csv", "txt", "xlsx", "arrow"] {
            assert_eq!(server.user(&user).get(&run(format)).await.status, file, "{name}: {format}");
        }
        let task = json!({"query_id": saved["id"], "result_format": "csv"});
        assert_eq!(server.user(&user).post("/query_tasks").json(&task).await.status, file, "{name}");
    }
}
