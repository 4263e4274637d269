//! How fast text becomes a tree, and a tree JSON: generated LookML of about 10 MB, on one core.
//!
//! `LOOKML_OUT=file cargo bench -p belvedere-lookml --bench parse` also writes the generated text to `file`, so that
//! other parsers can be measured on the same input.

use belvedere_lookml::syntax::{self, lkml};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

const BYTES: usize = 10_000_000;

/// Views and explores in the mixture and the style of real projects.
fn generate(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 10_000);
    text.push_str("connection: \"warehouse\"\nlabel: \"Shop\"\n\ninclude: \"/views/**/*.view\"\n\n");
    let mut number = 0;
    while text.len() < bytes {
        view(&mut text, number);
        if number % 4 == 3 {
            explore(&mut text, number);
        }
        number += 1;
    }
    text
}

fn view(out: &mut String, number: usize) {
    let _ = writeln!(out, "# Facts of table {number}: one row per order line.\nview: fact_{number} {{");
    if number.is_multiple_of(5) {
        derived_table(out, number);
    } else {
        let _ = writeln!(out, "  sql_table_name: analytics.fact_{number} ;;\n  drill_fields: [id, created_date]\n");
    }
    out.push_str(
        "  dimension: id {\n    primary_key: yes\n    hidden: yes\n    type: number\n    sql: ${TABLE}.id ;;\n  }\n\n",
    );
    for field in 0..12 + number % 17 {
        dimension(out, field);
    }
    out.push_str(
        "  dimension_group: created {\n    type: time\n    timeframes: [\n      raw,\n      time,\n      date,\n      week,\n      \
         month,\n      quarter,\n      year\n    ]\n    convert_tz: no\n    datatype: date\n    sql: ${TABLE}.created_at ;;\n  }\n\n",
    );
    for field in 0..4 + number % 5 {
        measure(out, field);
    }
    out.push_str("  set: detail {\n    fields: [id, created_date, name_1, name_2, total_1]\n  }\n}\n\n");
}

fn derived_table(out: &mut String, number: usize) {
    let _ = write!(
        out,
        "  derived_table: {{\n    sql:\n      SELECT\n        o.id,\n        o.created_at,\n        COUNT(*) OVER (PARTITION BY \
         o.user_id) AS orders -- all of them\n      FROM orders_{number} AS o\n      LEFT JOIN users AS u ON u.id = \
         o.user_id\n      WHERE {{% condition created_date %}} o.created_at {{% endcondition %}}\n        AND u.state <> \
         'none; really'\n      GROUP BY 1, 2\n    ;;\n    datagroup_trigger: nightly\n    indexes: [\"id\"]\n  }}\n\n"
    );
}

fn dimension(out: &mut String, field: usize) {
    let _ = writeln!(out, "  dimension: name_{field} {{\n    type: string");
    if field.is_multiple_of(2) {
        let _ = writeln!(
            out,
            "    label: \"Name of part {field}\"\n    description: \"The \\\"name\\\" of part {field} as the shop shows it; empty \
             for parts that were never sold.\""
        );
    }
    if field.is_multiple_of(3) {
        out.push_str("    group_label: \"Parts\"\n    suggest_persist_for: \"24 hours\"\n");
    }
    if field.is_multiple_of(5) {
        out.push_str("    # shown as a link\n    html: <a href=\"/parts/{{ value }}\" style=\"color: #336699\">{{ rendered_value }}</a> ;;\n");
    }
    let _ = writeln!(out, "    sql: ${{TABLE}}.name_{field} ;;\n  }}\n");
}

fn measure(out: &mut String, field: usize) {
    let _ = write!(
        out,
        "  measure: total_{field} {{\n    type: sum\n    value_format_name: usd_0\n    filters: [status: \"complete\", created_date: \"7 \
         days\"]\n    drill_fields: [detail*]\n    sql: ${{amount_{field}}} ;;\n  }}\n\n"
    );
}

fn explore(out: &mut String, number: usize) {
    let _ = writeln!(
        out,
        "explore: fact_{number} {{\n  label: \"Facts {number}\"\n  always_filter: {{\n    filters: [created_date: \"30 days\"]\n  }}"
    );
    for join in number - 3..number {
        let _ = writeln!(
            out,
            "  join: fact_{join} {{\n    type: left_outer\n    relationship: many_to_one\n    sql_on: ${{fact_{number}.id}} = \
             ${{fact_{join}.id}} ;;\n  }}"
        );
    }
    out.push_str("}\n\n");
}

fn parse(criterion: &mut Criterion) {
    let text: Arc<str> = generate(BYTES).into();
    if let Some(path) = std::env::var_os("LOOKML_OUT") {
        std::fs::write(path, &*text).expect("the path in LOOKML_OUT can be written");
    }
    let file: Arc<str> = "generated.model.lkml".into();
    let mut group = criterion.benchmark_group("lookml");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(20).measurement_time(Duration::from_secs(8));
    group.bench_function("tree", |bencher| {
        bencher.iter(|| syntax::parse(&file, Arc::clone(black_box(&text))));
    });
    group.bench_function("tree and tokens", |bencher| {
        bencher.iter(|| syntax::parse(&file, Arc::clone(black_box(&text))).document.tokens().count());
    });
    group.bench_function("tree and json", |bencher| {
        bencher.iter(|| lkml::to_lkml_json(&syntax::parse(&file, Arc::clone(black_box(&text)))));
    });
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
