//! How much data there is, and in which pieces.

use crate::loaded::{Loaded, shop, spec};
use belvedere_demo::{Options, batches, tables};
use jiff::civil::{Date, date};

#[test]
fn the_default_is_about_one_hundred_thousand_order_items() {
    let items = Loaded::new(&Options::new(date(2026, 1, 15)), "order_items").rows();
    assert!((99_000..101_000).contains(&items), "{items}");
}

#[test]
fn tables_grow_with_the_scale() {
    let rows = |scale, table| Loaded::new(&shop(scale), table).rows() as f64;
    for table in ["users", "inventory_items", "orders", "order_items", "events"] {
        let growth = rows(0.2, table) / rows(0.02, table);
        assert!((9.0..11.0).contains(&growth), "{table} grows by {growth}");
    }
    let growth = rows(0.2, "products") / rows(0.02, "products");
    assert!((3.1..3.3).contains(&growth), "products grow by {growth}");
}

#[test]
fn options_without_sense_give_the_smallest_shop() {
    for scale in [0.0, -1.0, f64::NAN, f64::NEG_INFINITY] {
        let rows = |table| Loaded::new(&shop(scale), table).rows();
        assert_eq!((rows("orders"), rows("users"), rows("products")), (1, 1, 1), "scale {scale}");
    }
    for anchor in [Date::MIN, Date::MAX] {
        assert!(Loaded::new(&Options { anchor, ..shop(0.01) }, "order_items").rows() > 900, "{anchor}");
    }
}

#[test]
fn the_largest_shop_starts_at_once() {
    let options = shop(f64::INFINITY);
    for table in ["users", "orders", "order_items", "inventory_items", "events"] {
        let first = batches(&options, spec(table)).next().expect("there are rows");
        assert_eq!(first.num_rows(), 16_384, "{table}");
    }
}

#[test]
fn batches_have_the_schema_of_their_table() {
    for table in tables() {
        let sizes: Vec<usize> = batches(&shop(0.2), table)
            .map(|batch| {
                assert_eq!(batch.schema(), table.schema());
                batch.num_rows()
            })
            .collect();
        let (last, full) = sizes.split_last().expect("no table is empty");
        assert!(full.iter().all(|&rows| rows == 16_384) && (1..=16_384).contains(last), "{}: {sizes:?}", table.name);
    }
}

#[test]
fn statements_declare_the_columns() {
    assert_eq!(
        spec("inventory_items").ddl(),
        "CREATE TABLE inventory_items (\n  id BIGINT NOT NULL,\n  product_id BIGINT NOT NULL,\n  \
         cost DECIMAL(10,2) NOT NULL,\n  created_at TIMESTAMP NOT NULL,\n  sold_at TIMESTAMP\n)"
    );
}
