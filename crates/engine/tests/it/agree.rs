//! Random queries, asked in several ways: whatever way a result is laid out, written or remembered, its numbers agree.

use crate::queries::{NOW, demo_engine, entry};
use belvedere_api::{Grant, SecurityContext, UserId};
use belvedere_engine::access::Viewer;
use belvedere_engine::describe::Sight;
use belvedere_engine::{Answer, AskedQuery, Body, CacheUse, Engine, Format, Links, Mode, Origin, Question, RunOptions};
use futures_util::StreamExt as _;
use serde_json::Value;
use std::collections::BTreeMap;
use tempfile::TempDir;

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

const DIMENSIONS: [&str; 6] = [
    "orders.status",
    "orders.created_month",
    "users.age_tier",
    "users.gender",
    "users.country",
    "users.traffic_source",
];
/// Sums and counts, so that parts add up to the whole.
const MEASURES: [&str; 3] = ["order_items.count", "orders.count", "order_items.total_sale_price"];
const FILTERS: [(&str, &str); 4] = [
    ("orders.status", "-Cancelled"),
    ("users.age", "[18, 65)"),
    ("orders.created_date", "6 months"),
    ("users.gender", "Female"),
];

fn question(fields: Vec<&str>, filters: &[(&str, &str)]) -> Question {
    let named = filters.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned()));
    let query = AskedQuery {
        fields: fields.into_iter().map(str::to_owned).collect(),
        filters: named.collect(),
        limit: Some(-1),
        ..AskedQuery::default()
    };
    Question { model: "thelook".to_owned(), explore: "order_items".to_owned(), query, ..Question::default() }
}

async fn run(engine: &Engine, question: &Question, format: Format, cache: CacheUse) -> Vec<u8> {
    let security = SecurityContext::new(UserId::new(1), vec![Grant::admin()], BTreeMap::new(), "en".to_owned(), None);
    let viewer = Viewer::new(&security);
    let prepared =
        engine.prepare(question, &viewer.asker(NOW.parse().expect("a time"), Mode::Production)).expect("a plan");
    let options = RunOptions {
        format,
        apply_formatting: false,
        sees_sql: true,
        sight: Sight::Fields,
        id: "0".repeat(32),
        origin: Origin::Cache(cache),
        links: Links::Omitted,
        drill_prefix: None,
    };
    match engine.run(prepared, &options, entry(), drop).await.expect("it runs") {
        Answer::Body { body: Body::Whole(bytes), .. } => bytes.to_vec(),
        Answer::Body { body: Body::Chunks(mut chunks), .. } => {
            let mut whole = Vec::new();
            while let Some(chunk) = chunks.next().await {
                whole.extend_from_slice(&chunk.expect("a whole body"));
            }
            whole
        }
        Answer::BadRequest(message) => panic!("{message}"),
    }
}

async fn json(engine: &Engine, question: &Question, format: Format) -> Value {
    serde_json::from_slice(&run(engine, question, format, CacheUse::Fresh).await).expect("JSON")
}

fn rows(json: &Value) -> &Vec<Value> {
    json.as_array().expect("rows")
}

/// The sum of a number wherever it stands in a value.
fn sum(value: &Value) -> f64 {
    match value {
        Value::Number(number) => number.as_f64().expect("a number"),
        Value::Object(members) => members.values().map(sum).sum(),
        _ => 0.0,
    }
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-6 * one.abs().max(other.abs()).max(1.0)
}

#[tokio::test]
async fn random_queries_agree_however_they_are_asked() {
    let folder = TempDir::new().expect("a folder");
    let engine = demo_engine(folder.path());
    let mut dice = Dice(2026);
    for round in 0..25 {
        let dimensions = dice.some(&DIMENSIONS, 1, 3);
        let measures = dice.some(&MEASURES, 1, 3);
        let filters = dice.some(&["0", "1", "2", "3"], 0, 2);
        let filters: Vec<(&str, &str)> =
            filters.iter().map(|index| FILTERS[index.parse::<usize>().expect("an index")]).collect();
        let told = format!("round {round}: {dimensions:?} {measures:?} {filters:?}");
        let plain = question([dimensions.clone(), measures.clone()].concat(), &filters);
        let fresh = run(&engine, &plain, Format::Json, CacheUse::Never).await;
        assert_eq!(run(&engine, &plain, Format::Json, CacheUse::Only).await, fresh, "{told}: the cache");
        let flat: Value = serde_json::from_slice(&fresh).expect("JSON");
        formats_agree(&engine, &plain, &flat, &told).await;
        let mut with_totals = plain.clone();
        with_totals.query.total = true;
        assert_eq!(json(&engine, &with_totals, Format::Json).await, flat, "{told}: rows beside totals");
        let totals = json(&engine, &with_totals, Format::JsonDetail).await["totals_data"].clone();
        for measure in measures.iter().filter(|measure| **measure != "orders.count") {
            let parts: f64 = rows(&flat).iter().map(|row| sum(&row[*measure])).sum();
            assert!(same(parts, sum(&totals[*measure]["value"])), "{told}: the total of {measure}");
        }
        pivots_agree(&engine, &with_totals, &dimensions, &measures, &flat, &totals, &told).await;
    }
}

/// Every format has the same rows.
async fn formats_agree(engine: &Engine, question: &Question, flat: &Value, told: &str) {
    let lines = run(engine, question, Format::Ndjson, CacheUse::Only).await;
    let lines: Vec<Value> =
        String::from_utf8(lines).expect("text").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(&lines, rows(flat), "{told}: ndjson");
    let detail = json(engine, question, Format::JsonDetail).await;
    let bi = json(engine, question, Format::JsonBi).await;
    for (index, row) in rows(flat).iter().enumerate() {
        for (name, value) in row.as_object().expect("a row") {
            assert_eq!(&detail["data"][index][name]["value"], value, "{told}: json_detail");
            assert_eq!(&bi["rows"][index][name]["value"], value, "{told}: json_bi");
        }
    }
    let csv = String::from_utf8(run(engine, question, Format::Csv, CacheUse::Only).await).expect("text");
    assert_eq!(csv.lines().count(), rows(flat).len() + 1, "{told}: csv");
    let stream = run(engine, question, Format::Arrow, CacheUse::Only).await;
    let stream = arrow_ipc::reader::StreamReader::try_new(stream.as_slice(), None).expect("a stream");
    let count: usize = stream.map(|batch| batch.expect("rows").num_rows()).sum();
    assert_eq!(count, rows(flat).len(), "{told}: arrow");
}

/// Each dimension above the columns gives the same cells, and the same totals.
async fn pivots_agree(
    engine: &Engine,
    question: &Question,
    dimensions: &[&str],
    measures: &[&str],
    flat: &Value,
    totals: &Value,
    told: &str,
) {
    for pivot in dimensions {
        let mut pivoted = question.clone();
        pivoted.query.pivots = vec![(*pivot).to_owned()];
        pivoted.query.row_total = Some("right".to_owned());
        pivoted.query.column_limit = Some(200);
        let detail = json(engine, &pivoted, Format::JsonDetail).await;
        let data = detail["data"].as_array().expect("rows");
        for measure in measures {
            let mut cells = 0.0;
            let mut found = 0;
            for row in data {
                for (key, cell) in row[*measure].as_object().expect("cells") {
                    if key != "$$$_row_total_$$$" {
                        cells += sum(&cell["value"]);
                        found += usize::from(!cell["value"].is_null());
                    }
                }
            }
            let parts: f64 = rows(flat).iter().map(|row| sum(&row[*measure])).sum();
            assert!(same(cells, parts), "{told}: {measure} by {pivot}: {cells} and {parts}");
            assert_eq!(found, rows(flat).len(), "{told}: cells of {measure} by {pivot}");
            let grand = &detail["totals_data"][*measure]["$$$_row_total_$$$"]["value"];
            assert!(same(sum(grand), sum(&totals[*measure]["value"])), "{told}: the grand total of {measure}");
            if *measure != "orders.count" {
                let of_rows: f64 = data.iter().map(|row| sum(&row[*measure]["$$$_row_total_$$$"]["value"])).sum();
                assert!(same(of_rows, parts), "{told}: row totals of {measure} by {pivot}");
            }
        }
    }
}
