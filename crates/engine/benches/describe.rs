//! How long the description of an explore takes: two thousand fields, whole and for names and types alone.
//!
//! `wide` is one view, as generated projects have it; `joined` spreads the same fields over forty joined views.

use belvedere_api::types::LookmlModelExplore;
use belvedere_api::{Grant, Json, Resource, SecurityContext, Shape, UserId};
use belvedere_engine::access::Viewer;
use belvedere_engine::describe::{ExploreSurroundings, explore};
use belvedere_lookml::project::Project;
use belvedere_query::dialect::by_name;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::hint::black_box;

const FIELDS: usize = 2_000;
const NAMES_AND_TYPES: &str = "fields(dimensions(name,type),measures(name,type))";

/// A model whose only explore, `view_0`, has the fields of so many views.
fn model(views: usize) -> String {
    let mut out = String::from("connection: \"db\"\nexplore: view_0 {\n");
    for view in 1..views {
        let _ = writeln!(
            out,
            "join: view_{view} {{ relationship: many_to_one sql_on: ${{view_0.d_0}} = ${{view_{view}.d_0}} ;; }}"
        );
    }
    out.push_str("}\n");
    for view in 0..views {
        let _ = writeln!(out, "view: view_{view} {{");
        for number in 0..FIELDS / views {
            let _ = if number % 4 == 3 {
                writeln!(
                    out,
                    "measure: m_{number} {{ type: sum value_format_name: usd_0 drill_fields: [d_0, d_1] sql: ${{d_0}} ;; }}"
                )
            } else {
                writeln!(
                    out,
                    "dimension: d_{number} {{ label: \"Part {number}\" group_label: \"Parts\" \
                     description: \"What part {number} is.\" drill_fields: [d_0, d_1] sql: ${{TABLE}}.d_{number} ;; }}"
                )
            };
        }
        out.push_str("}\n");
    }
    out
}

fn describe(c: &mut Criterion) {
    let security = SecurityContext::new(UserId::new(1), vec![Grant::admin()], BTreeMap::new(), "en".to_owned(), None);
    let viewer = Viewer::new(&security);
    let around = ExploreSurroundings { viewer: &viewer, dialect: by_name("duckdb"), now: Timestamp::UNIX_EPOCH };
    let whole = Shape::whole();
    let names = Shape::of_fields(LookmlModelExplore::table(), NAMES_AND_TYPES);
    for (kind, views) in [("wide", 1), ("joined", 40)] {
        let project = Project::load("p", vec![("m.model.lkml".into(), model(views).into())]);
        let model = project.model("m").expect("the project has the model");
        let described = model.explore("view_0").expect("the model has the explore");
        let mut group = c.benchmark_group(format!("describe/{kind}"));
        group.throughput(Throughput::Elements(FIELDS as u64));
        for (what, shape) in [("whole", &whole), ("names and types", &names)] {
            group.bench_function(format!("{what}, described"), |b| {
                b.iter(|| black_box(explore(described, &around, shape)));
            });
            group.bench_function(format!("{what}, described and written"), |b| {
                b.iter(|| black_box(Json::of(&explore(described, &around, shape), shape)));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, describe);
criterion_main!(benches);
