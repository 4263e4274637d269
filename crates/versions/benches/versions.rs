//! What 3.1 costs beside 4.0: one object (`me`), and a body of more than 100 KB (`lookml_model_explore`), from the
//! object to the bytes; and serving a document.

use std::hint::black_box;

use belvedere_api::documents::Form;
use belvedere_api::{Json, Operation, OperationId, Reply, Resource, releases, types};
use belvedere_versions::{Endpoint, V3_1, V4_0, served};
use criterion::{Criterion, criterion_group, criterion_main};

#[allow(clippy::unnecessary_wraps, reason = "nearly every property of the contract is optional")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn user() -> types::User {
    types::User {
        id: text("7"),
        first_name: text("Ada"),
        last_name: text("Admin"),
        display_name: text("Ada Admin"),
        role_ids: Some(vec!["2".to_owned(), "10".to_owned()]),
        group_ids: Some((1..6).map(|id| id.to_string()).collect()),
        personal_folder_id: text("12"),
        home_folder_id: text("12"),
        credentials_api3: Some(vec![types::CredentialsApi3 {
            id: text("3"),
            url: text("https://bi.example.com:19999/api/4.0/users/7/credentials_api3/3"),
            ..types::CredentialsApi3::default()
        }]),
        url: text("https://bi.example.com:19999/api/4.0/users/7"),
        ..types::User::default()
    }
}

/// An explore with 150 fields.
fn explore() -> types::LookmlModelExplore {
    let field = |index: usize| types::LookmlModelExploreField {
        name: Some(format!("orders.field_{index}")),
        label: text("Orders Field"),
        label_short: text("Field"),
        view: text("orders"),
        view_label: text("Orders"),
        sql: text("${TABLE}.field"),
        description: text("What one knows of an order, in a sentence of usual length."),
        r#type: text("string"),
        suggest_dimension: Some(format!("orders.field_{index}")),
        suggest_explore: text("orders"),
        tags: Some(Vec::new()),
        ..types::LookmlModelExploreField::default()
    };
    let fields = types::LookmlModelExploreFieldset {
        dimensions: Some((0..100).map(field).collect()),
        measures: Some((100..150).map(field).collect()),
        ..types::LookmlModelExploreFieldset::default()
    };
    types::LookmlModelExplore {
        id: text("shop::orders"),
        name: text("orders"),
        fields: Some(fields),
        ..types::LookmlModelExplore::default()
    }
}

/// The whole way of an answer in a version, from its object to its bytes.
fn answer<T: Resource>(endpoint: impl Endpoint, value: &T) -> usize {
    let operation = endpoint.operation().expect("somebody answers");
    let query = endpoint.upgrade_query(Vec::new());
    let shape = endpoint.shape(operation, &query);
    match endpoint.downgrade(Reply::Json(Json::of(value, &shape))) {
        Ok(Reply::Json(Json(body))) => body.len(),
        _ => 0,
    }
}

fn compare<T: Resource>(criterion: &mut Criterion, id: OperationId, value: &T) {
    let newest = Operation::of(id);
    let older = V3_1.routes().iter().find(|route| route.name == newest.name()).expect("3.1 has it");
    let mut group = criterion.benchmark_group(newest.name());
    println!("{}: {} bytes in 4.0, {} in 3.1", newest.name(), answer(newest, value), answer(older, value));
    group.bench_function("4.0", |bench| bench.iter(|| answer(newest, black_box(value))));
    group.bench_function("3.1", |bench| bench.iter(|| answer(older, black_box(value))));
    group.finish();
}

fn answers(criterion: &mut Criterion) {
    compare(criterion, OperationId::Me, &user());
    compare(criterion, OperationId::LookmlModelExplore, &explore());
}

fn requests(criterion: &mut Criterion) {
    let route = V3_1.routes().iter().find(|route| route.name == "update_look").expect("3.1 has it");
    let body = bytes::Bytes::from_static(br#"{"title":"Orders","space_id":"3","query_id":7}"#);
    let mut group = criterion.benchmark_group("update_look, its body");
    group.bench_function("3.1", |bench| bench.iter(|| route.upgrade_body(black_box(body.clone()))));
    group.finish();
}

fn documents(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("document");
    for version in [&V4_0, &V3_1] {
        let document = served(version, Form::OpenApi, releases::NEWEST);
        let name = version.name();
        group.bench_function(format!("{name}, compressed"), |bench| bench.iter(|| document.gzip("https://x").len()));
        group.bench_function(format!("{name}, as text"), |bench| bench.iter(|| document.text("https://x").len()));
    }
    group.finish();
}

criterion_group!(benches, answers, requests, documents);
criterion_main!(benches);
