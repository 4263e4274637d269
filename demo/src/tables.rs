//! One file for each table: its columns and its rows.

mod distribution_centers;
mod events;
mod inventory_items;
mod order_items;
mod orders;
mod products;
mod users;

use crate::table::TableSpec;

/// All tables, those that others refer to first.
pub(crate) static ALL: [TableSpec; 7] = [
    distribution_centers::TABLE,
    products::TABLE,
    users::TABLE,
    inventory_items::TABLE,
    orders::TABLE,
    order_items::TABLE,
    events::TABLE,
];
