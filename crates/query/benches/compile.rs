//! How long a query takes from its fields to its SQL, models resolved before.
//!
//! Ten kinds of query; `typical` is the figure in the README: three joins, twelve fields, filters, a fanned-out sum. `wide`
//! asks for one field of each of a hundred views of a hundred fields. Before the measurements a table tells for each kind
//! the median and the 99th percentile of single runs.

use belvedere_lookml::project::Project;
use belvedere_query::dialect::DuckDb;
use belvedere_query::{Access, Context, Mode, Query, plan};
use criterion::{Criterion, criterion_group, criterion_main};
use jiff::tz::TimeZone;
use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

const TYPICAL: &str = r#"
connection: "db"
view: items {
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: order_id { type: number sql: ${TABLE}.order_id ;; }
  dimension: product_id { type: number sql: ${TABLE}.product_id ;; }
  dimension: status { sql: ${TABLE}.status ;; }
  dimension: price { type: number sql: ${TABLE}.price ;; }
  dimension_group: created { type: time sql: ${TABLE}.created_at ;; }
  measure: count { type: count }
  measure: total_price { type: sum sql: ${price} ;; }
  measure: returned_count { type: count filters: [status: "Returned"] }
  measure: return_rate { type: number sql: 1.0 * ${returned_count} / NULLIF(${count}, 0) ;; }
}
view: orders {
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: user_id { type: number sql: ${TABLE}.user_id ;; }
  dimension: cost { type: number sql: ${TABLE}.cost ;; }
  dimension_group: created { type: time sql: ${TABLE}.created_at ;; }
  measure: count { type: count }
  measure: total_cost { type: sum sql: ${cost} ;; }
}
view: users {
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: state { sql: ${TABLE}.state ;; }
  dimension: age { type: number sql: ${TABLE}.age ;; }
  dimension: age_tier { type: tier tiers: [0, 10, 20, 30, 40, 50, 60, 70, 80] style: integer sql: ${age} ;; }
  dimension: is_adult { type: yesno sql: ${age} >= 18 ;; }
  measure: count { type: count }
}
view: products {
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: brand { sql: TRIM(${TABLE}.brand) ;; }
  dimension: category { sql: ${TABLE}.category ;; }
}
explore: items {
  join: orders { sql_on: ${items.order_id} = ${orders.id} ;; relationship: many_to_one }
  join: users { sql_on: ${orders.user_id} = ${users.id} ;; relationship: many_to_one }
  join: products { sql_on: ${items.product_id} = ${products.id} ;; relationship: many_to_one }
}
"#;

const TYPICAL_FIELDS: [&str; 12] = [
    "items.created_month",
    "items.status",
    "users.state",
    "users.age_tier",
    "users.is_adult",
    "products.brand",
    "products.category",
    "items.count",
    "items.total_price",
    "items.return_rate",
    "users.count",
    "orders.count",
];

fn typical() -> Query {
    let filters = [("items.created_date", "90 days"), ("users.state", "California,New%"), ("items.count", ">10")];
    Query {
        fields: TYPICAL_FIELDS.map(String::from).into(),
        filters: filters.map(|(field, value)| (field.to_owned(), value.to_owned())).into_iter().collect(),
        sorts: vec!["items.total_price desc".into()],
        ..Query::default()
    }
}

/// A hundred views of a hundred fields, each joined to the one before.
fn wide_model() -> String {
    let mut out = String::from("connection: \"db\"\n");
    for view in 0..100 {
        let _ = write!(out, "view: v{view} {{ dimension: id {{ primary_key: yes }} dimension: next {{}}");
        for field in 0..98 {
            let _ = write!(out, " dimension: f{field} {{ sql: COALESCE(${{TABLE}}.c{field}, 'none') ;; }}");
        }
        out.push_str(" }\n");
    }
    out.push_str("explore: v0 {");
    for view in 1..100 {
        let before = view - 1;
        let _ = write!(
            out,
            " join: v{view} {{ sql_on: ${{v{before}.next}} = ${{v{view}.id}} ;; relationship: many_to_one }}"
        );
    }
    out.push_str(" }\n");
    out
}

/// A hundred dimensions and a hundred measures, all of which are asked for.
fn tall_model() -> String {
    let mut out = String::from("connection: \"db\"\nview: t { dimension: id { primary_key: yes }");
    for field in 0..100 {
        let _ = write!(out, " dimension: d{field} {{}} measure: m{field} {{ type: sum sql: ${{TABLE}}.c{field} ;; }}");
    }
    out.push_str(" }\nexplore: t {}\n");
    out
}

/// A kind of query.
struct Kind {
    name: &'static str,
    lookml: String,
    explore: &'static str,
    zone: &'static str,
    query: Query,
}

fn kinds() -> Vec<Kind> {
    let of_items = |name, change: &dyn Fn(&mut Query)| {
        let mut query = typical();
        change(&mut query);
        Kind { name, lookml: TYPICAL.to_owned(), explore: "items", zone: "America/Los_Angeles", query }
    };
    let small = |query: &mut Query| {
        *query = Query { fields: vec!["items.status".into(), "items.count".into()], ..Query::default() };
    };
    let custom = r#"[{"dimension":"band","expression":"if(${users.age} >= 18, concat(\"adult of \", ${users.state}), \"minor\")"},
        {"measure":"returned","based_on":"items.price","type":"sum","filters":{"items.status":"Returned"}}]"#;
    let wide = Query { fields: (0..100).map(|view| format!("v{view}.f97")).collect(), ..Query::default() };
    let tall = (0..100).flat_map(|field| [format!("t.d{field}"), format!("t.m{field}")]).collect();
    vec![
        of_items("small", &small),
        of_items("typical", &|_| {}),
        of_items("fanned_out", &|query| query.fields.push("orders.total_cost".into())),
        of_items("dimensions", &|query| query.fields.truncate(7)),
        of_items("filters", &|query| {
            let filters = [
                ("items.created_date", "before 3 months ago, 2024-Q1, yesterday"),
                ("users.state", "-%a,-EMPTY,New%,California"),
                ("users.age", "[18,30],[40,50],NOT 45"),
                ("users.is_adult", "Yes"),
                ("users.age_tier", "10 to 19,20 to 29"),
                ("items.return_rate", ">0.1"),
            ];
            query.filters = filters.map(|(field, value)| (field.to_owned(), value.to_owned())).into_iter().collect();
        }),
        of_items("pivoted", &|query| query.pivots = vec!["items.status".into()]),
        of_items("totals", &|query| {
            query.pivots = vec!["items.status".into()];
            query.total = true;
            query.row_total = Some("right".into());
            query.subtotals = vec!["items.created_month".into()];
        }),
        of_items("custom_fields", &|query| {
            query.fields.extend(["band".to_owned(), "returned".to_owned()]);
            query.dynamic_fields = Some(custom.to_owned());
            query.filter_expression = Some(
                "matches_filter(${users.state}, `-Texas`) OR ${users.age} > 30 AND NOT is_null(${items.price})".into(),
            );
        }),
        Kind { name: "wide", lookml: wide_model(), explore: "v0", zone: "UTC", query: wide },
        Kind {
            name: "hundred_by_hundred",
            lookml: tall_model(),
            explore: "t",
            zone: "UTC",
            query: Query { fields: tall, ..Query::default() },
        },
    ]
}

/// Runs of one kind whose times are told one by one.
const RUNS: usize = 500;

fn benches(criterion: &mut Criterion) {
    println!("{:20} {:>10} {:>10}", "kind", "p50", "p99");
    for kind in kinds() {
        let project = Project::load("bench", vec![("bench.model.lkml".into(), kind.lookml.as_str().into())]);
        let model = project.model("bench").expect("the model is there");
        let explore = model.explore(kind.explore).expect("the explore is there");
        let access = Access::default();
        let cx = Context {
            now: "2024-03-15T12:30:45Z".parse().expect("a time"),
            query_timezone: TimeZone::get(kind.zone).expect("a zone"),
            database_timezone: Some(TimeZone::UTC),
            mode: Mode::Production,
            access: &access,
            dialect: &DuckDb,
        };
        let compile = || {
            let plan = plan(model, explore, black_box(&kind.query), &cx).expect("a plan");
            plan.script()
        };
        let mut times: Vec<Duration> = (0..RUNS)
            .map(|_| {
                let start = Instant::now();
                black_box(compile());
                start.elapsed()
            })
            .collect();
        times.sort_unstable();
        println!("{:20} {:>10.1?} {:>10.1?}", kind.name, times[RUNS / 2], times[RUNS * 99 / 100]);
        criterion.bench_function(kind.name, |bencher| bencher.iter(compile));
    }
}

criterion_group!(compile_benches, benches);
criterion_main!(compile_benches);
