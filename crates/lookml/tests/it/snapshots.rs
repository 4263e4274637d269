//! A project that changes: what a new snapshot takes over, and what it does not.

use belvedere_lookml::model::Model;
use belvedere_lookml::project::Project;
use std::sync::Arc;

const MODEL: &str = "connection: \"db\"\ninclude: \"/views/*.view\"\nexplore: orders {}\nexplore: users {}\n";
const ORDERS: &str = "view: orders { dimension: id {} }";
const USERS: &str = "view: users { dimension: id {} }";

fn files(all: &[(&str, &str)]) -> Vec<(Arc<str>, Arc<str>)> {
    all.iter().map(|(path, text)| (Arc::from(*path), Arc::from(*text))).collect()
}

fn shop(orders: &str, users: &str) -> Vec<(Arc<str>, Arc<str>)> {
    files(&[("shop.model.lkml", MODEL), ("views/orders.view.lkml", orders), ("views/users.view.lkml", users)])
}

fn model(project: &Project) -> &Arc<Model> {
    project.model("shop").unwrap()
}

/// Everything resolved, as it is after some queries.
fn loaded(files: Vec<(Arc<str>, Arc<str>)>) -> Project {
    let project = Project::load("p", files);
    assert_eq!(model(&project).explores().count(), 2);
    project
}

fn same_explore(before: &Project, after: &Project, name: &str) -> bool {
    Arc::ptr_eq(model(before).explore(name).unwrap(), model(after).explore(name).unwrap())
}

#[test]
fn projects_and_models_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Project>();
    shared::<Model>();
}

#[test]
fn an_explore_is_resolved_once() {
    let project = loaded(shop(ORDERS, USERS));
    let (a, b) = (model(&project).explore("orders").unwrap(), model(&project).explore("orders").unwrap());
    assert!(Arc::ptr_eq(a, b));
    assert!(Arc::ptr_eq(&a.base().view, model(&project).view("orders").unwrap()));
}

#[test]
fn nothing_is_done_again_when_nothing_changed() {
    let before = loaded(shop(ORDERS, USERS));
    let after = before.update(shop(ORDERS, USERS));
    assert!(Arc::ptr_eq(model(&before), model(&after)));
}

#[test]
fn only_what_reads_a_changed_file_is_resolved_again() {
    let before = loaded(shop(ORDERS, USERS));
    let after = before.update(shop(ORDERS, "view: users { dimension: name {} }"));
    let path = "views/orders.view.lkml";
    assert!(Arc::ptr_eq(&before.file(path).unwrap().document, &after.file(path).unwrap().document));
    assert_eq!(before.file(path).unwrap().hash, after.file(path).unwrap().hash);
    assert!(same_explore(&before, &after, "orders"));
    assert!(!same_explore(&before, &after, "users"));
    assert!(model(&after).explore("users").unwrap().field("users.name").is_some());
}

#[test]
fn a_comment_in_the_model_file_changes_its_own_explores() {
    let before = loaded(shop(ORDERS, USERS));
    let mut changed = shop(ORDERS, USERS);
    changed[0].1 = format!("# moved down\n{MODEL}").into();
    let after = before.update(changed);
    assert_eq!(model(&after).explore("orders").unwrap().location.line, 4);
}

#[test]
fn a_setting_of_the_model_reaches_every_explore() {
    let before = loaded(shop(ORDERS, USERS));
    let mut changed = shop(ORDERS, USERS);
    changed[0].1 = format!("{MODEL}week_start_day: sunday\n").into();
    let after = before.update(changed);
    assert_eq!(model(&after).explore("orders").unwrap().week_start_day.as_str(), "sunday");
}

#[test]
fn a_constant_reaches_every_file_that_uses_it() {
    let with = |value: &str| {
        let mut files = shop("view: orders { label: \"@{NAME}\" }", USERS);
        files.push(("manifest.lkml".into(), format!("constant: NAME {{ value: \"{value}\" }}").into()));
        files
    };
    let before = loaded(with("one"));
    let after = before.update(with("two"));
    assert_eq!(model(&before).explore("orders").unwrap().base().label, "one");
    assert_eq!(model(&after).explore("orders").unwrap().base().label, "two");
}

#[test]
fn a_new_refinement_is_seen_by_what_extends_the_view() {
    let users = "view: users { extends: [orders] }";
    let before = loaded(shop(ORDERS, users));
    let mut changed = shop(ORDERS, users);
    changed.push(("views/more.view.lkml".into(), "view: +orders { dimension: more {} }".into()));
    let after = before.update(changed);
    for field in ["orders.more", "users.more"] {
        let explore = model(&after).explore(field.split('.').next().unwrap()).unwrap();
        assert!(explore.field(field).is_some(), "{field}");
    }
}

#[test]
fn a_view_that_comes_back_heals_its_explore() {
    let before = Project::load("p", files(&[("shop.model.lkml", MODEL), ("views/orders.view.lkml", ORDERS)]));
    assert_eq!(model(&before).explore("users").unwrap().errors[0].id, "explore-without-view");
    assert_eq!(model(&before).explore("orders").unwrap().errors, []);
    let after = before.update(shop(ORDERS, USERS));
    assert_eq!(after.diagnostics(), []);
    assert!(same_explore(&before, &after, "orders"));
}

#[test]
fn a_file_that_breaks_takes_only_its_own_with_it() {
    let before = loaded(shop(ORDERS, USERS));
    let after = before.update(shop(ORDERS, "view: users { dimension: id {"));
    assert!(after.file("views/users.view.lkml").unwrap().document.has_errors());
    assert!(same_explore(&before, &after, "orders"));
    assert_eq!(model(&after).explore("users").unwrap().errors.len(), 1);
}

#[test]
fn models_come_and_go_with_their_files() {
    let before = loaded(shop(ORDERS, USERS));
    let mut changed = shop(ORDERS, USERS);
    changed[0].0 = "store.model.lkml".into();
    let after = before.update(changed);
    assert!(after.model("shop").is_none());
    assert_eq!(after.models().map(|model| &*model.name).collect::<Vec<_>>(), ["store"]);
}

#[test]
fn a_change_of_a_calendar_reaches_the_groups_that_are_based_on_it() {
    let orders = "view: orders { dimension_group: sold { type: custom_calendar based_on_calendar: days } }";
    let with = |timeframe: &str| {
        let days = format!(
            "view: days {{ dimension: name {{}} calendar_definition: {{ reference_date: name
               timeframe_mapping: {{ {timeframe}: name }} timeframe_ordinal_mapping: {{ {timeframe}: name }} }} }}"
        );
        let mut files = shop(orders, USERS);
        files.push(("views/days.view.lkml".into(), days.into()));
        files
    };
    let before = loaded(with("custom_week"));
    let after = before.update(with("custom_year"));
    let explore = model(&after).explore("orders").unwrap();
    assert!(explore.field("orders.sold_custom_year").is_some());
    assert!(explore.field("orders.sold_custom_week").is_none());
    assert!(same_explore(&before, &after, "users"));
    let unchanged = after.update(with("custom_year"));
    assert!(same_explore(&after, &unchanged, "orders"));
}
