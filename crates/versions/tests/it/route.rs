//! Routes.

use std::collections::BTreeSet;

use belvedere_api::{Operation, releases};
use belvedere_versions::{Endpoint as _, V3_1};

use crate::route;

#[test]
fn routes_are_the_operations_of_the_document() {
    let document = V3_1.document(releases::NEWEST);
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap().to_owned();
            described.insert((name, method.to_uppercase(), path.clone()));
        }
    }
    let routed = V3_1.routes().iter();
    let routed: BTreeSet<_> =
        routed.map(|route| (route.name.to_owned(), route.method.as_str().to_owned(), route.path.to_owned())).collect();
    assert_eq!(routed.len(), 355);
    assert_eq!(routed, described);
}

#[test]
fn operations_under_another_name_are_answered_by_those_they_became() {
    for (name, newest) in [
        ("space", "folder"),
        ("all_homepages", "all_boards"),
        ("update_homepage_item", "update_board_item"),
        ("create_lookml_dashboard_render_task", "create_dashboard_render_task"),
        ("me", "me"),
    ] {
        assert_eq!(route(&V3_1, name).operation.map(Operation::name), Some(newest));
    }
    let nobody = V3_1.routes().iter().filter(|route| route.operation.is_none()).map(|route| route.name);
    assert_eq!(nobody.collect::<Vec<_>>(), ["backup_configuration", "update_backup_configuration"]);
}

#[test]
fn parameters_of_paths_stand_in_the_same_order() {
    let count = |path: &str| path.matches('{').count();
    for route in V3_1.routes() {
        let Some(operation) = route.operation else { continue };
        assert_eq!(count(route.path), count(operation.path), "{}", route.name);
        assert_eq!(route.method, operation.method, "{}", route.name);
    }
}

#[test]
fn a_route_knows_its_version() {
    let space = route(&V3_1, "space");
    assert_eq!((space.version().name(), space.path()), ("3.1", "/spaces/{space_id}"));
}
