//! Pivots, totals, fill and table calculations, in each format.

use belvedere_testing::TestServer;
use serde_json::{Value, json};

const LOST: &str = "lost, \"or so\"; DROP TABLE orders; --";

/// Orders by month and status, which stands above the columns.
fn pivoted() -> Value {
    json!({
        "model": "shop",
        "view": "orders",
        "fields": ["orders.created_month", "orders.status", "orders.count"],
        "pivots": ["orders.status"],
        "sorts": ["orders.created_month desc", "orders.status"],
    })
}

/// The query with other members.
fn with(mut query: Value, members: Value) -> Value {
    let Value::Object(members) = members else { panic!("{members} is no object") };
    query.as_object_mut().expect("an object").extend(members);
    query
}

async fn ok(server: &TestServer, query: &Value, format: &str, how: &str) -> Value {
    server.admin().run(query, format, how).await.ok()
}

#[tokio::test]
async fn json_nests_the_values_of_a_pivot_under_its_field() {
    let server = TestServer::shop().await;
    assert_eq!(
        ok(&server, &pivoted(), "json", "").await,
        json!([
            {
                "orders.created_month": "2026-01",
                "orders.count": {"orders.status": {"complete": 3, LOST: null, "pending": 1, "null": null}},
            },
            {
                "orders.created_month": "2025-12",
                "orders.count": {"orders.status": {"complete": null, LOST: 1, "pending": null, "null": 1}},
            },
        ])
    );
}

#[tokio::test]
async fn json_detail_nests_cells_under_the_keys_of_its_pivots() {
    let server = TestServer::shop().await;
    let query = with(pivoted(), json!({"total": true, "row_total": "right"}));
    let detail = ok(&server, &query, "json_detail", "").await;
    let keys: Vec<&str> =
        detail["pivots"].as_array().expect("pivots").iter().filter_map(|pivot| pivot["key"].as_str()).collect();
    assert_eq!(keys, ["complete", LOST, "pending", "orders.status___null", "$$$_row_total_$$$"]);
    assert_eq!(detail["pivots"][3]["data"], json!({"orders.status": null}));
    assert_eq!(detail["pivots"][0]["metadata"], json!({"orders.status": {"value": "complete"}}));
    assert_eq!(detail["pivots"][4], json!({"key": "$$$_row_total_$$$", "data": {}, "is_total": true}));
    let counts = |row: &Value| {
        let cells = row["orders.count"].as_object().expect("cells");
        cells.iter().map(|(key, cell)| (key.clone(), cell["value"].clone())).collect::<Vec<_>>()
    };
    let of = |values: [Value; 5]| keys.iter().map(ToString::to_string).zip(values).collect::<Vec<_>>();
    assert_eq!(counts(&detail["data"][0]), of([json!(3), json!(null), json!(1), json!(null), json!(4)]));
    assert_eq!(counts(&detail["data"][1]), of([json!(null), json!(1), json!(null), json!(1), json!(2)]));
    assert_eq!(counts(&detail["totals_data"]), of([json!(3), json!(1), json!(1), json!(1), json!(6)]));
    assert_eq!((&detail["has_totals"], &detail["has_row_totals"]), (&json!(true), &json!(true)));
    let names =
        |list: &Value| list.as_array().expect("fields").iter().map(|field| field["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names(&detail["fields"]["pivots"]), [json!("orders.status")]);
    assert_eq!(names(&detail["fields"]["dimensions"]), [json!("orders.created_month")]);
}

#[tokio::test]
async fn json_bi_has_its_totals_for_a_last_row() {
    let server = TestServer::shop().await;
    let query = with(pivoted(), json!({"total": true}));
    let bi = ok(&server, &query, "json_bi", "").await;
    assert_eq!(bi["metadata"]["has_totals"], json!(true));
    assert_eq!(bi["metadata"]["pivots"][0]["key"], json!("complete"));
    let rows = bi["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[2]["orders.created_month"], json!({"value": null}));
    assert_eq!(rows[2]["orders.count"]["complete"], json!({"value": 3}));
}

#[tokio::test]
async fn text_has_a_line_of_pivot_values_and_a_last_line_of_totals() {
    let server = TestServer::shop().await;
    let query =
        with(pivoted(), json!({"filters": {"orders.status": "complete,pending"}, "total": true, "row_total": "right"}));
    let csv = server.admin().run(&query, "csv", "").await;
    assert_eq!(
        csv.ok_text(),
        "Orders Status,complete,pending,\n\
         Orders Created Month,Orders Count,Orders Count,Orders Count\n\
         2026-01,3,1,4\n\
         ,3,1,4\n"
    );
    let left = server.admin().run(&with(query, json!({"row_total": "left"})), "txt", "").await;
    assert_eq!(
        left.ok_text(),
        "Orders Status\t\tcomplete\tpending\n\
         Orders Created Month\tOrders Count\tOrders Count\tOrders Count\n\
         2026-01\t4\t3\t1\n\
         \t4\t3\t1\n"
    );
}

#[tokio::test]
async fn html_merges_the_cells_under_one_pivot_value() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "orders", "pivots": ["orders.status"],
        "fields": ["orders.status", "orders.count", "orders.total_amount"],
        "filters": {"orders.status": "complete,pending"}, "sorts": ["orders.status"],
    });
    let html = server.admin().run(&query, "html", "").await;
    assert_eq!(
        html.ok_text(),
        "<table>\n\
         <tr><th colspan=\"2\">complete</th><th colspan=\"2\">pending</th></tr>\n\
         <tr><th>Orders Count</th><th>Orders Total Amount</th><th>Orders Count</th><th>Orders Total Amount</th></tr>\n\
         <tr><td>3</td><td>1077.5</td><td>1</td><td>7.25</td></tr>\n\
         </table>\n"
    );
}

#[tokio::test]
async fn several_pivots_are_nested() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "orders",
        "fields": ["orders.status", "orders.is_large", "orders.count"], "pivots": ["orders.status", "orders.is_large"],
        "filters": {"orders.status": "complete,pending"}, "sorts": ["orders.status", "orders.is_large desc"],
    });
    assert_eq!(
        ok(&server, &query, "json", "").await,
        json!([{"orders.count": {"orders.status": {
            "complete": {"orders.is_large": {"Yes": 2, "No": 1}},
            "pending": {"orders.is_large": {"No": 1}},
        }}}])
    );
    let detail = ok(&server, &query, "json_detail", "").await;
    assert_eq!(detail["pivots"][0]["key"], json!("complete|FIELD|Yes"));
}

#[tokio::test]
async fn columns_beyond_the_limit_are_cut_and_told() {
    let server = TestServer::shop().await;
    let query = with(pivoted(), json!({"column_limit": "2"}));
    let detail = ok(&server, &query, "json_detail", "").await;
    assert_eq!(detail["columns_truncated"], json!("yes"));
    assert_eq!(detail["pivots"].as_array().expect("pivots").len(), 2);
    assert_eq!(detail["data"].as_array().expect("rows").len(), 2);
}

#[tokio::test]
async fn rows_are_ordered_by_a_measure_in_a_pivot_column() {
    let server = TestServer::shop().await;
    let months = async |sort: &str| {
        let query = with(pivoted(), json!({"sorts": [sort, "orders.status"]}));
        let rows = ok(&server, &query, "json", "").await;
        rows.as_array().expect("rows").iter().map(|row| row["orders.created_month"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(months("orders.count desc 0").await, [json!("2026-01"), json!("2025-12")]);
    assert_eq!(months("orders.count desc 1").await, [json!("2025-12"), json!("2026-01")]);
}

#[tokio::test]
async fn totals_without_a_pivot_are_those_of_all_rows_whatever_the_limit() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.status", "orders.count", "orders.total_amount"],
        "sorts": ["orders.count desc", "orders.status"], "limit": "1", "total": true,
    });
    let csv = server.admin().run(&query, "csv", "").await;
    assert_eq!(csv.ok_text(), "Orders Status,Orders Count,Orders Total Amount\ncomplete,3,1077.5\n,6,1099.75\n");
    let detail = ok(&server, &query, "json_detail", "").await;
    assert_eq!(
        detail["totals_data"],
        json!({"orders.count": {"value": 6}, "orders.total_amount": {"value": 1099.75, "rendered": "$1,099.75"}})
    );
    assert_eq!(ok(&server, &query, "json", "").await.as_array().expect("rows").len(), 1);
}

#[tokio::test]
async fn missing_days_are_filled_in_where_they_belong() {
    let server = TestServer::shop().await;
    let query = |sort: &str| {
        json!({
            "model": "shop", "view": "orders", "fields": ["orders.created_date", "orders.count"],
            "fill_fields": ["orders.created_date"], "filters": {"orders.id": "2,3"}, "sorts": [sort],
        })
    };
    let rows = async |sort: &str| {
        let rows = ok(&server, &query(sort), "json", "").await;
        let cell =
            |row: &Value| (row["orders.created_date"].as_str().expect("a day").to_owned(), row["orders.count"].clone());
        rows.as_array().expect("rows").iter().map(cell).collect::<Vec<_>>()
    };
    let day = |day: u32, count: Value| (format!("2026-01-{day}"), count);
    let days =
        vec![day(10, json!(1)), day(11, json!(null)), day(12, json!(null)), day(13, json!(null)), day(14, json!(1))];
    assert_eq!(rows("orders.created_date").await, days);
    assert_eq!(rows("orders.created_date desc").await, days.into_iter().rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn missing_pivot_columns_are_filled_in_too() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.created_date", "orders.count"],
        "pivots": ["orders.created_date"], "fill_fields": ["orders.created_date"],
        "filters": {"orders.id": "3,4,2"}, "sorts": ["orders.created_date desc"],
    });
    let days = json!({
        "2026-01-15": 1, "2026-01-14": 1, "2026-01-13": null, "2026-01-12": null, "2026-01-11": null, "2026-01-10": 1,
    });
    let rows = ok(&server, &query, "json", "").await;
    assert_eq!(rows, json!([{"orders.count": {"orders.created_date": days}}]));
    let keys: Vec<&String> = rows[0]["orders.count"]["orders.created_date"].as_object().expect("days").keys().collect();
    assert_eq!(keys[..2], ["2026-01-15", "2026-01-14"]);
}

#[tokio::test]
async fn too_many_missing_values_are_refused() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.created_date", "orders.count"],
        "fill_fields": ["orders.created_date"], "filters": {"orders.created_date": "after 1800-01-01"},
    });
    for format in ["json", "csv", "json_detail"] {
        let refused = server.admin().run(&query, format, "").await.refused(400);
        assert!(refused.starts_with("Missing values were not filled because too many fill rows"), "{refused}");
    }
}

/// The share of each row in the sum of its column.
fn share() -> Value {
    json!([{
        "category": "table_calculation", "table_calculation": "share", "label": "Share",
        "expression": "${orders.count} / sum(${orders.count})", "value_format_name": "percent_1",
        "_kind_hint": "measure", "_type_hint": "number",
    }])
}

#[tokio::test]
async fn table_calculations_are_columns_when_they_are_asked_for() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.status", "orders.count", "share"],
        "filters": {"orders.status": "complete,pending"}, "sorts": ["orders.count desc"],
        "dynamic_fields": share().to_string(),
    });
    let rows = ok(&server, &query, "json", "server_table_calcs=true").await;
    assert_eq!(
        rows,
        json!([
            {"orders.status": "complete", "orders.count": 3, "share": 0.75},
            {"orders.status": "pending", "orders.count": 1, "share": 0.25},
        ])
    );
    let formatted = server.admin().run(&query, "csv", "server_table_calcs=true&apply_formatting=true").await;
    assert_eq!(formatted.ok_text(), "Orders Status,Orders Count,Share\ncomplete,3,75.0%\npending,1,25.0%\n");
    let detail = ok(&server, &query, "json_detail", "server_table_calcs=true").await;
    let told = &detail["fields"]["table_calculations"][0];
    assert_eq!((&told["name"], &told["measure"], &told["can_pivot"]), (&json!("share"), &json!(true), &json!(true)));
    assert_eq!(detail["data"][0]["share"], json!({"value": 0.75, "rendered": "75.0%"}));
    let without = ok(&server, &query, "json", "").await;
    assert_eq!(without[0], json!({"orders.status": "complete", "orders.count": 3}));
}

#[tokio::test]
async fn calculations_over_pivots_stand_under_each_or_in_the_row() {
    let server = TestServer::shop().await;
    let dynamic = json!([
        {"category": "table_calculation", "table_calculation": "twice", "expression": "${orders.count} * 2"},
        {"category": "table_calculation", "table_calculation": "widest", "expression": "max(pivot_row(${orders.count}))"},
    ]);
    let query = with(
        pivoted(),
        json!({"filters": {"orders.status": "complete,pending"}, "dynamic_fields": dynamic.to_string()}),
    );
    let detail = ok(&server, &query, "json_detail", "server_table_calcs=true").await;
    let row = &detail["data"][0];
    assert_eq!(row["twice"], json!({"complete": {"value": 6}, "pending": {"value": 2}}));
    assert_eq!(row["widest"], json!({"value": 3}));
    let csv = server.admin().run(&query, "csv", "server_table_calcs=true").await;
    assert_eq!(
        csv.ok_text(),
        "Orders Status,complete,complete,pending,pending,\n\
         Orders Created Month,Orders Count,twice,Orders Count,twice,widest\n\
         2026-01,3,6,1,2,3\n"
    );
}

#[tokio::test]
async fn a_calculation_that_is_wrong_has_no_values_and_a_note() {
    let server = TestServer::shop().await;
    let dynamic =
        json!([{"category": "table_calculation", "table_calculation": "odd", "expression": "${orders.cuont} + 1"}]);
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.count"], "dynamic_fields": dynamic.to_string(),
    });
    let detail = ok(&server, &query, "json_detail", "server_table_calcs=true").await;
    assert_eq!(detail["status"], json!("complete"));
    assert_eq!(detail["data"], json!([{"orders.count": {"value": 6}, "odd": {"value": null}}]));
    let note = detail["errors"][0]["message"].as_str().expect("a note");
    assert!(note.contains("`odd`") && note.contains("orders.cuont"), "{note}");
    assert_eq!(detail["errors"][0]["fatal"], json!(false));
}

#[tokio::test]
async fn rows_can_be_ordered_by_a_calculation() {
    let server = TestServer::shop().await;
    let dynamic =
        json!([{"category": "table_calculation", "table_calculation": "less", "expression": "0 - ${orders.count}"}]);
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.status", "orders.count"], "sorts": ["less"],
        "filters": {"orders.status": "complete,pending"}, "dynamic_fields": dynamic.to_string(),
    });
    let rows = ok(&server, &query, "json", "server_table_calcs=true").await;
    assert_eq!(rows[0], json!({"orders.status": "complete", "orders.count": 3, "less": -3}));
}

#[tokio::test]
async fn the_chart_says_which_columns_are_shown_and_how_they_are_called() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.status", "orders.count", "orders.total_amount"],
        "filters": {"orders.status": "pending"},
        "vis_config": {
            "type": "looker_grid", "hidden_fields": ["orders.count"], "show_view_names": false,
            "series_labels": {"orders.total_amount": "Money"},
        },
    });
    let shown = server.admin().run(&query, "csv", "apply_vis=true").await;
    assert_eq!(shown.ok_text(), "Status,Money\npending,7.25\n");
    let plain = server.admin().run(&query, "csv", "").await;
    assert_eq!(plain.ok_text(), "Orders Status,Orders Count,Orders Total Amount\npending,1,7.25\n");
}

#[tokio::test]
async fn subtotals_are_told_by_depth() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.created_month", "orders.status", "orders.count"],
        "filters": {"orders.status": "complete,pending"}, "sorts": ["orders.created_month", "orders.status"],
        "subtotals": ["orders.created_month"],
    });
    let detail = ok(&server, &query, "json_detail", "").await;
    assert_eq!(detail["has_subtotals"], json!(true));
    assert_eq!(detail["subtotal_sets"], json!([["orders.created_month"]]));
    assert_eq!(
        detail["subtotals_data"],
        json!({"1": [{
            "orders.created_month": {"value": "2026-01"},
            "orders.status": {"value": null, "filterable_value": "EMPTY"},
            "orders.count": {"value": 4},
            "$$$__grouping__$$$": ["orders.created_month"],
        }]})
    );
}

#[tokio::test]
async fn json_fe_tells_which_fields_are_like_dimensions_and_which_like_measures() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.status", "orders.count"], "sorts": ["orders.count desc"],
        "dynamic_fields": share().to_string(),
    });
    let told = ok(&server, &query, "json_fe", "server_table_calcs=true").await;
    let names = |list: &str| {
        let fields = told["fields"][list].as_array().expect("fields").iter();
        fields.map(|field| field["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("dimension_like"), ["orders.status"]);
    assert_eq!(names("measure_like"), ["orders.count", "share"]);
    assert_eq!(names("supermeasure_like"), Vec::<String>::new());
    assert_eq!((&told["sorts"], &told["table_calcs_complete"]), (&json!(["orders.count desc"]), &json!(true)));
    assert_eq!(told["data"][0]["orders.count"], json!({"value": 3}));
}

#[tokio::test]
async fn custom_fields_are_told_by_their_bare_name() {
    let server = TestServer::shop().await;
    let dynamic = json!([{
        "category": "measure", "measure": "n_done", "based_on": "orders.id", "type": "count_distinct", "label": "N Done",
        "expression": "", "filters": {"orders.status": "complete"}, "_kind_hint": "measure", "_type_hint": "number",
    }]);
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["n_done"], "dynamic_fields": dynamic.to_string(),
    });
    assert_eq!(ok(&server, &query, "json", "").await, json!([{"n_done": 3}]));
    let field = ok(&server, &query, "json_detail", "").await["fields"]["measures"][0].clone();
    assert_eq!(
        (&field["name"], &field["label"], &field["dynamic"]),
        (&json!("n_done"), &json!("N Done"), &json!(true))
    );
    assert_eq!(server.admin().run(&query, "csv", "").await.ok_text(), "N Done\n3\n");
}

#[tokio::test]
async fn chance_is_new_for_each_run_and_the_same_for_each_look_at_a_task() {
    let server = TestServer::shop().await;
    let calculation = json!([{"table_calculation": "chance", "expression": "rand()", "category": "table_calculation"}]);
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.id", "chance"], "dynamic_fields": calculation.to_string(),
    });
    let first = ok(&server, &query, "json", "server_table_calcs=true").await;
    let second = ok(&server, &query, "json", "server_table_calcs=true").await;
    let chances: Vec<f64> = first.as_array().expect("rows").iter().filter_map(|row| row["chance"].as_f64()).collect();
    assert_eq!(chances.len(), 6);
    assert!(chances.iter().all(|chance| (0.0..1.0).contains(chance)), "{chances:?}");
    assert_ne!(first, second);
    let saved = server.admin().post("/queries").json(&query).await.ok();
    let task = json!({"query_id": saved["id"], "result_format": "json"});
    let task = server.admin().post("/query_tasks?server_table_calcs=true").json(&task).await.ok();
    let results = format!("/query_tasks/{}/results", task["id"].as_str().expect("an id"));
    let look = belvedere_testing::eventually(async || {
        let answer = server.admin().get(&results).await;
        (answer.status == 200).then(|| answer.json())
    });
    let look = look.await;
    assert_eq!(look, server.admin().get(&results).await.ok());
    assert_ne!(look, first);
}
