//! How fast a large project loads and validates, and how fast it does so again after one file was edited: 3,000 files,
//! a million lines, thirty models, on one core.
//!
//! `LOOKML_OUT=folder cargo bench -p belvedere-lookml --bench project` also writes the project to `folder`.

use belvedere_lookml::project::Project;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

type Files = Vec<(Arc<str>, Arc<str>)>;

const MODELS: usize = 30;

/// A project of so many views: each model has its folder, whose explores join the views of that folder.
fn generate(views: usize) -> Files {
    let per_model = views / MODELS;
    let mut files: Files =
        vec![("manifest.lkml".into(), "project_name: \"large\"\nconstant: SCHEMA { value: \"dwh\" }\n".into())];
    for model in 0..MODELS {
        let mut text = format!("connection: \"db\"\nlabel: \"Area {model}\"\ninclude: \"/area_{model}/**/*.view\"\n\n");
        text.push_str(
            "datagroup: nightly {\n  sql_trigger: SELECT CURRENT_DATE ;;\n  max_cache_age: \"24 hours\"\n}\n\n",
        );
        for first in (0..per_model).step_by(5) {
            explore(&mut text, first, per_model);
        }
        files.push((format!("area_{model}.model.lkml").into(), text.into()));
        for view in 0..per_model {
            files.push((format!("area_{model}/views/view_{view}.view.lkml").into(), self::view(view).into()));
        }
    }
    files
}

fn explore(out: &mut String, first: usize, views: usize) {
    let _ = writeln!(
        out,
        "explore: view_{first} {{\n  persist_with: nightly\n  sql_always_where: ${{view_{first}.created_date}} >= '2020-01-01' ;;"
    );
    for view in first + 1..(first + 5).min(views) {
        let _ = writeln!(
            out,
            "  join: view_{view} {{\n    relationship: many_to_one\n    sql_on: ${{view_{first}.id}} = ${{view_{view}.id}} ;;\n  }}"
        );
    }
    out.push_str("}\n\n");
}

fn view(number: usize) -> String {
    let mut out =
        format!("# Facts of table {number}.\nview: view_{number} {{\n  sql_table_name: @{{SCHEMA}}.view_{number} ;;\n");
    out.push_str("  drill_fields: [detail*]\n\n  dimension: id {\n    primary_key: yes\n    type: number\n    sql: ${TABLE}.id ;;\n  }\n\n");
    for field in 0..33 {
        let _ = write!(
            out,
            "  dimension: name_{field} {{\n    type: string\n    label: \"Name of part {field}\"\n    group_label: \"Parts\"\n    \
             sql: ${{TABLE}}.name_{field} ;;\n  }}\n\n"
        );
    }
    out.push_str(
        "  dimension_group: created {\n    type: time\n    timeframes: [raw, time, date, week, month, quarter, year]\n    sql: \
         ${TABLE}.created_at ;;\n  }\n\n",
    );
    for field in 0..9 {
        let _ = write!(
            out,
            "  measure: total_{field} {{\n    type: sum\n    value_format_name: usd_0\n    filters: [name_1: \"complete\", \
             created_date: \"7 days\"]\n    html: <b>{{{{ rendered_value }}}}</b> ;;\n    sql: ${{name_{field}}} ;;\n  }}\n\n"
        );
    }
    out.push_str(
        "  measure: count {\n    type: count\n  }\n\n  set: detail {\n    fields: [id, created_date, name_1]\n  }\n}\n",
    );
    out
}

fn edited(files: &Files, round: usize) -> Files {
    let mut files = files.clone();
    let (_, text) = &mut files[40];
    *text = text.replace("Name of part 7", &format!("Name of part 7, {round}")).into();
    files
}

fn project(criterion: &mut Criterion) {
    let files = generate(2_970);
    let lines: usize = files.iter().map(|(_, text)| text.lines().count()).sum();
    println!("{} files, {lines} lines", files.len());
    if let Some(folder) = std::env::var_os("LOOKML_OUT") {
        for (path, text) in &files {
            let path = std::path::Path::new(&folder).join(&**path);
            std::fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("the folder can be made");
            std::fs::write(path, &**text).expect("the file can be written");
        }
    }
    let loaded = Project::load("large", files.clone());
    assert_eq!(loaded.diagnostics(), [], "the generated project has nothing to complain about");

    let mut group = criterion.benchmark_group("project");
    group.sample_size(10).measurement_time(Duration::from_secs(20)).throughput(Throughput::Elements(lines as u64));
    group.bench_function("load and validate", |bencher| {
        bencher.iter(|| Project::load("large", black_box(files.clone())).diagnostics().len());
    });
    group.bench_function("validate after an edit", |bencher| {
        let mut round = 0;
        bencher.iter_with_setup(
            || {
                round += 1;
                edited(&files, round)
            },
            |files| loaded.update(files).diagnostics().len(),
        );
    });
    group.finish();

    let mut group = criterion.benchmark_group("growth");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    for views in [100, 1_000, 2_970] {
        let files = generate(views.max(MODELS));
        group.bench_function(format!("{views} views"), |bencher| {
            bencher.iter(|| Project::load("large", black_box(files.clone())).diagnostics().len());
        });
    }
    group.finish();
}

criterion_group!(benches, project);
criterion_main!(benches);
