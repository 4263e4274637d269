//! The LookML project.

use belvedere_demo::project_files;
use belvedere_lookml::model::{Category, Relationship};
use belvedere_lookml::project::Project;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn thelook() -> Project {
    let files = project_files().iter().map(|&(path, text)| (path.into(), text.into()));
    Project::load("thelook", files.collect())
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("the entry can be read").path());
    paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn the_files_in_the_binary_are_those_of_the_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("thelook");
    let mut expected: Vec<(String, String)> = files_below(&root)
        .iter()
        .map(|path| {
            let relative = path.strip_prefix(&root).expect("the file is below the folder");
            let relative = relative.to_str().expect("the path is text").replace('\\', "/");
            (relative, fs::read_to_string(path).expect("the file can be read"))
        })
        .collect();
    expected.sort();
    let embedded: Vec<(String, String)> =
        project_files().iter().map(|&(path, text)| (path.to_owned(), text.to_owned())).collect();
    assert_eq!(embedded, expected);
}

#[test]
fn nothing_in_the_project_is_complained_about() {
    let project = thelook();
    let complaints: Vec<String> =
        project.diagnostics().iter().map(|found| format!("{:?}: {}", found.location, found.message)).collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn the_explores_are_those_that_looker_users_know() {
    let project = thelook();
    let model = project.model("thelook").expect("the model is there");
    let names: BTreeSet<&str> = model.explores().map(|explore| &*explore.name).collect();
    assert_eq!(names, ["events", "inventory_items", "order_items", "orders", "products", "users"].into());
    assert_eq!(model.connection.as_deref(), Some("thelook"));
}

#[test]
fn the_fields_are_those_that_looker_users_know() {
    let known = [
        (
            "users",
            "id first_name last_name email age age_tier gender city state zip country traffic_source created_date count",
        ),
        ("products", "id name brand category department sku retail_price cost count"),
        ("inventory_items", "id cost created_date sold_date days_in_inventory days_in_inventory_tier is_sold count"),
        ("orders", "id status created_date count"),
        (
            "order_items",
            "id order_id user_id inventory_item_id status sale_price created_date shipped_date delivered_date \
             returned_date is_returned gross_margin days_to_process count order_count total_sale_price \
             average_sale_price total_gross_margin returned_count return_rate",
        ),
        ("distribution_centers", "id name count"),
        ("events", "id created_date count"),
    ];
    let project = thelook();
    let model = project.model("thelook").expect("the model is there");
    for (view, fields) in known {
        let explore = model.explores().find(|explore| explore.view(view).is_some()).expect("the view is used");
        for field in fields.split_whitespace() {
            assert!(explore.field(&format!("{view}.{field}")).is_some(), "{view}.{field}");
        }
    }
}

#[test]
fn every_view_has_a_key_and_joins_have_every_relationship() {
    let project = thelook();
    let model = project.model("thelook").expect("the model is there");
    let mut relationships = Vec::new();
    for view in model.explores().flat_map(|explore| &explore.views) {
        assert!(view.view.primary_key.is_some(), "{}", view.alias);
        if let Some(join) = &view.join {
            relationships.push(join.declared_relationship.expect("the relationship is written"));
        }
    }
    for relationship in
        [Relationship::ManyToOne, Relationship::OneToMany, Relationship::OneToOne, Relationship::ManyToMany]
    {
        assert!(relationships.contains(&relationship), "{relationship:?}");
    }
}

#[test]
fn every_field_that_users_see_is_described() {
    let project = thelook();
    let model = project.model("thelook").expect("the model is there");
    for (name, _, field) in model.explores().flat_map(|explore| explore.fields()) {
        assert!(field.hidden || field.description.is_some(), "{name}");
        assert!(field.category != Category::Filter, "{name}");
    }
}
