//! How long a query takes from its fields to its SQL, models resolved before.
//!
//! `typical` is the figure in the README: three joins, twelve fields, filters, a fanned-out sum. `wide` asks for one
//! field of each of a hundred views of a hundred fields.

use belvedere_lookml::project::Project;
use belvedere_query::dialect::DuckDb;
use belvedere_query::{Access, Context, Query, plan};
use criterion::{Criterion, criterion_group, criterion_main};
use jiff::tz::TimeZone;
use std::fmt::Write;
use std::hint::black_box;

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

fn compile(criterion: &mut Criterion, name: &str, lookml: &str, explore: &str, query: &Query, zone: &str) {
    let project = Project::load("bench", vec![("bench.model.lkml".into(), lookml.into())]);
    let model = project.model("bench").expect("the model is there");
    let explore = model.explore(explore).expect("the explore is there");
    let access = Access::default();
    let cx = Context {
        now: "2024-03-15T12:30:45Z".parse().expect("a time"),
        query_timezone: TimeZone::get(zone).expect("a zone"),
        database_timezone: Some(TimeZone::UTC),
        access: &access,
        dialect: &DuckDb,
    };
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| plan(model, explore, black_box(query), &cx).expect("a plan").render());
    });
}

fn benches(criterion: &mut Criterion) {
    compile(criterion, "typical", TYPICAL, "items", &typical(), "America/Los_Angeles");
    let mut fanned = typical();
    fanned.fields.push("orders.total_cost".into());
    compile(criterion, "fanned_out", TYPICAL, "items", &fanned, "America/Los_Angeles");
    let wide = Query { fields: (0..100).map(|view| format!("v{view}.f97")).collect(), ..Query::default() };
    compile(criterion, "wide", &wide_model(), "v0", &wide, "UTC");
}

criterion_group!(compile_benches, benches);
criterion_main!(compile_benches);
