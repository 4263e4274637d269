//! The LookML project, inside the binary.

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../thelook/", $path)))),*]
    };
}

/// The files of the project `thelook`: path from the project's root, and text. Sorted by path.
pub fn project_files() -> &'static [(&'static str, &'static str)] {
    files![
        "explores/events.explore.lkml",
        "explores/inventory_items.explore.lkml",
        "explores/order_items.explore.lkml",
        "explores/orders.explore.lkml",
        "explores/products.explore.lkml",
        "explores/users.explore.lkml",
        "manifest.lkml",
        "tests/data_tests.lkml",
        "thelook.model.lkml",
        "views/distribution_centers.view.lkml",
        "views/events.view.lkml",
        "views/inventory_items.view.lkml",
        "views/order_facts.view.lkml",
        "views/order_items.view.lkml",
        "views/orders.view.lkml",
        "views/products.view.lkml",
        "views/user_order_facts.view.lkml",
        "views/users.view.lkml",
    ]
}
