//! Row-level access: whatever is asked, in whatever form, a user's rows are those of somebody who sees everything and
//! filters by what the user may see.

use belvedere_store::RoleId;
use belvedere_store::user::NewUser;
use belvedere_testing::{Seed, TestServer, TestUser};
use serde_json::{Value, json};

/// `sales` lets in the regions of the user; `everything` lets in all.
const MODEL: &str = r#"
    connection: "shop"
    include: "/views/*.view.lkml"
    explore: sales {
      access_filter: { field: sales.region user_attribute: regions }
      join: notes { sql_on: ${sales.id} = ${notes.sale_id} ;; relationship: one_to_many }
    }
    explore: everything {
      view_name: sales
      from: sales
      join: notes { sql_on: ${sales.id} = ${notes.sale_id} ;; relationship: one_to_many }
    }
"#;

const SALES: &str = r"
    view: sales {
      sql_table_name: sales ;;
      drill_fields: [id, region, product]
      dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
      dimension: region { sql: ${TABLE}.region ;; }
      dimension: product { sql: ${TABLE}.product ;; }
      dimension: is_large { type: yesno sql: ${TABLE}.amount > 500 ;; }
      dimension_group: sold { type: time timeframes: [date, month] sql: ${TABLE}.sold_at ;; }
      measure: count { type: count }
      measure: total { type: sum sql: ${TABLE}.amount ;; }
      measure: average { type: average sql: ${TABLE}.amount ;; }
      measure: share { type: percent_of_total sql: ${count} ;; }
    }
    view: notes {
      sql_table_name: notes ;;
      dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
      dimension: sale_id { hidden: yes type: number sql: ${TABLE}.sale_id ;; }
      dimension: word { sql: ${TABLE}.word ;; }
      measure: count { type: count }
    }
";

const SALES_TABLE: &str = "CREATE TABLE sales AS SELECT
  range AS id,
  ['north', 'south', 'east', 'we''st'][1 + range % 4] AS region,
  region || ' ' || ['apples', 'pears', 'plums'][1 + range % 3] AS product,
  (range * 37) % 1000 AS amount,
  TIMESTAMP '2025-11-01 00:00:00' + to_days(CAST(range % 75 AS INTEGER)) AS sold_at
FROM range(240)";

const NOTES_TABLE: &str = "CREATE TABLE notes AS SELECT
  range AS id, range % 200 AS sale_id, ['kept', 'sent'][1 + range % 2] AS word
FROM range(500)";

/// Formats whose bytes hold the rows and nothing of the run.
const BYTES: [&str; 9] = ["json", "json_label", "csv", "txt", "md", "html", "gsxml", "ndjson", "arrow"];

async fn shop() -> TestServer {
    let seed = Seed::empty()
        .file("shop.model.lkml", MODEL)
        .file("views/sales.view.lkml", SALES)
        .table("sales", SALES_TABLE)
        .table("notes", NOTES_TABLE);
    let server = TestServer::start(seed).await;
    let regions = json!({"name": "regions", "label": "Regions", "type": "advanced_filter_string"});
    server.admin().post("/user_attributes").json(&regions).await.ok();
    server
}

/// A user who may see these regions.
async fn user_of(server: &TestServer, regions: &str) -> TestUser {
    let user = server.add_user(NewUser { roles: vec![RoleId::new(1)], ..NewUser::default() }).await;
    see(server, &user, regions).await;
    user
}

/// Lets a user see these regions from now on.
async fn see(server: &TestServer, user: &TestUser, regions: &str) {
    let attributes = server.admin().get("/user_attributes?fields=id,name").await.ok();
    let all = attributes.as_array().expect("attributes");
    let id = &all.iter().find(|attribute| attribute["name"] == "regions").expect("the attribute")["id"];
    let path = format!("/users/{}/attribute_values/{}", user.id, id.as_str().expect("an id"));
    server.admin().patch(&path).json(&json!({"value": regions})).await.ok();
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn some<'a>(&mut self, of: &[&'a str], least: usize, most: usize) -> Vec<&'a str> {
        let mut left = of.to_vec();
        let count = least + self.below(most - least + 1);
        (0..count.min(left.len())).map(|_| left.swap_remove(self.below(left.len()))).collect()
    }
}

/// A random query: dimensions, measures, a filter, and all that can stand around the rows.
fn question(dice: &mut Dice) -> Value {
    let dimensions = ["sales.region", "sales.product", "sales.is_large", "sales.sold_month", "notes.word"];
    let measures = ["sales.count", "sales.total", "sales.average", "notes.count"];
    let dimensions = dice.some(&dimensions, 1, 3);
    let measures = dice.some(&measures, 1, 3);
    let fields = [dimensions.clone(), measures].concat();
    let mut query = json!({"model": "shop", "fields": fields, "sorts": dimensions, "limit": "-1"});
    match dice.below(4) {
        0 => query["filters"] = json!({"sales.sold_date": "before 2025-12-20"}),
        1 => query["filters"] = json!({"sales.product": "%apples,%pears"}),
        2 => query["filter_expression"] = json!("${sales.region} = \"north\" OR ${sales.is_large}"),
        _ => {}
    }
    query["total"] = json!(dice.below(2) == 0);
    match dice.below(3) {
        0 if dimensions.len() > 1 => {
            query["pivots"] = json!([dimensions[0]]);
            query["row_total"] = json!("right");
        }
        1 if dimensions.len() > 1 => query["subtotals"] = json!([dimensions[0]]),
        _ => {}
    }
    query
}

fn on(explore: &str, query: &Value, regions: Option<&str>) -> Value {
    let mut query = query.clone();
    query["view"] = json!(explore);
    if let Some(regions) = regions {
        query["filters"]["sales.region"] = json!(regions);
    }
    query
}

/// What `json_detail` tells of rows.
fn rows_of(detail: &Value) -> Value {
    let keys = ["data", "totals_data", "subtotals_data", "pivots"];
    keys.iter().map(|key| ((*key).to_owned(), detail[*key].clone())).collect::<serde_json::Map<_, _>>().into()
}

#[tokio::test]
async fn a_users_rows_are_the_permitted_ones_in_every_form() {
    let server = shop().await;
    let users = [("north", "north"), ("south,east", "south,east"), ("\"we'st\"", "\"we'st\"")];
    let mut callers = Vec::new();
    for (regions, filter) in users {
        callers.push((user_of(&server, regions).await, filter));
    }
    let mut dice = Dice(20_260_115);
    for round in 0..12 {
        let query = question(&mut dice);
        // Somebody sees everything first: what is remembered of that is nobody else's.
        let all = on("everything", &query, None);
        server.admin().run(&all, "json", "").await.ok();
        for (user, filter) in &callers {
            let (mine, theirs) = (on("sales", &query, None), on("everything", &query, Some(*filter)));
            for format in BYTES {
                for how in ["cache=false", "", "cache_only=true"] {
                    let ours = server.user(user).run(&mine, format, how).await;
                    let permitted = server.admin().run(&theirs, format, "").await;
                    assert_eq!(
                        (ours.status, permitted.status),
                        (200, 200),
                        "round {round}, {format}: {ours:?} {query}"
                    );
                    assert_eq!(ours.body, permitted.body, "round {round}, {format} {how:?} of {filter}: {query}");
                }
            }
            for format in ["json_detail", "json_fe"] {
                let ours = server.user(user).run(&mine, format, "").await.ok();
                let permitted = server.admin().run(&theirs, format, "").await.ok();
                assert_eq!(rows_of(&ours), rows_of(&permitted), "round {round}, {format} of {filter}: {query}");
            }
            let ours = server.user(user).run(&mine, "json_bi", "").await.ok();
            let permitted = server.admin().run(&theirs, "json_bi", "").await.ok();
            assert_eq!(ours["rows"], permitted["rows"], "round {round}, json_bi of {filter}: {query}");
        }
    }
}

#[tokio::test]
async fn tasks_suggestions_and_drills_stay_within_the_permitted_rows() {
    let server = shop().await;
    let user = user_of(&server, "north").await;
    let caller = server.user(&user);
    let query = json!({
        "model": "shop", "view": "sales", "fields": ["sales.product", "sales.count"], "sorts": ["sales.product"],
    });
    let saved = caller.post("/queries").json(&query).await.ok();
    // An administrator without the attribute sees nothing of it, whoever has asked before.
    let id = saved["id"].as_str().expect("an id");
    let direct = caller.get(&format!("/queries/{id}/run/json")).await.ok();
    assert_eq!(direct.as_array().map(Vec::len), Some(3));
    assert_eq!(server.admin().get(&format!("/queries/{id}/run/json")).await.ok(), json!([]));
    let task = json!({"query_id": id, "result_format": "json"});
    let task = caller.post("/query_tasks").json(&task).await.ok();
    let results = format!("/query_tasks/{}/results", task["id"].as_str().expect("an id"));
    let kept = belvedere_testing::eventually(async || {
        let answer = caller.get(&results).await;
        (answer.status == 200).then(|| answer.json())
    });
    assert_eq!(kept.await, direct);
    // Kept rows are for whoever may see them now, administrators included.
    server.admin().get(&results).await.refused(404);
    see(&server, &user, "south").await;
    caller.get(&results).await.refused(404);
    see(&server, &user, "north").await;
    assert_eq!(caller.get(&results).await.ok(), direct);
    for (field, expected) in
        [("sales.region", vec!["north"]), ("sales.product", vec!["north apples", "north pears", "north plums"])]
    {
        let told = caller.get(&format!("/models/shop/views/sales/fields/{field}/suggestions")).await.ok();
        assert_eq!(told["suggestions"], json!(expected), "{field}");
        let told = caller.get(&format!("/models/shop/views/sales/fields/{field}/suggestions?term=south")).await.ok();
        assert_eq!(told["suggestions"], json!([]), "{field}");
    }
    let cells = caller.run(&query, "json_detail", "generate_drill_links=true").await.ok();
    for row in cells["data"].as_array().expect("rows") {
        let url = row["sales.count"]["links"][0]["url"].as_str().expect("an address");
        let (_, parameters) = url.split_once('?').expect("a query");
        let behind = caller.get(&format!("/queries/models/shop/views/sales/run/json?{parameters}")).await.ok();
        let behind = behind.as_array().expect("rows");
        assert_eq!(behind.len() as u64, row["sales.count"]["value"].as_u64().expect("a count"));
        assert!(behind.iter().all(|row| row["sales.region"] == "north"), "{behind:?}");
        // The address tells nothing: who may see less sees less behind it.
        let nobody = server.admin().get(&format!("/queries/models/shop/views/sales/run/json?{parameters}")).await.ok();
        assert_eq!(nobody, json!([]));
    }
}

#[tokio::test]
async fn what_fails_tells_nothing_of_rows_that_are_not_permitted() {
    let server = shop().await;
    let user = user_of(&server, "north").await;
    let query = json!({"model": "shop", "view": "sales", "fields": ["sales.region", "sales.count"]});
    let permitted = json!([{"sales.region": "north", "sales.count": 60}]);
    // Fails for every row of another region, were it asked of them.
    let fails = r#"if(${sales.region} = "south", 9223372036854775807 + ${sales.id}, 1)"#;
    let custom = json!([{"dimension": "custom", "expression": fails, "_type_hint": "number"}]).to_string();
    for (what, more) in [
        ("a custom filter", json!({"filter_expression": format!("{fails} > 0")})),
        ("a filter on a custom field", json!({"dynamic_fields": custom, "filters": {"custom": ">0"}})),
    ] {
        let mut asked = query.clone();
        asked.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        assert_eq!(server.user(&user).run(&asked, "json", "cache=false").await.ok(), permitted, "{what}");
        // It does fail for whoever may see the rows.
        asked["view"] = json!("everything");
        let failed = server.user(&user).run(&asked, "json", "cache=false").await.ok();
        assert!(failed[0]["looker_error"].is_string(), "{what}: {failed}");
    }
}
