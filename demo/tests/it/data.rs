//! The rows: the same for the same options, coherent between tables, and in the past.

use crate::loaded::{Loaded, shop};
use belvedere_demo::{Options, tables};
use jiff::civil::{Date, date};
use std::collections::{BTreeMap, BTreeSet};

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// Midnight of `day`, in microseconds since 1970.
fn midnight(day: Date) -> i64 {
    day.duration_since(date(1970, 1, 1)).as_secs() * 1_000_000
}

fn fingerprints(options: &Options) -> Vec<u64> {
    tables().iter().map(|table| Loaded::new(options, table.name).fingerprint()).collect()
}

/// The values of `column` by the table's `id`.
fn by_id<T>(table: &Loaded, values: Vec<T>) -> BTreeMap<i64, T> {
    table.all_numbers("id").into_iter().zip(values).collect()
}

#[test]
fn the_data_of_a_seed_and_an_anchor_never_changes() {
    let options = shop(0.05);
    let pinned: Vec<(&str, usize, u64)> = tables()
        .iter()
        .map(|table| {
            let loaded = Loaded::new(&options, table.name);
            (table.name, loaded.rows(), loaded.fingerprint())
        })
        .collect();
    assert_eq!(
        pinned,
        [
            ("distribution_centers", 10, 12784869792113398912),
            ("products", 335, 2624070602488272667),
            ("users", 900, 11328010481504665422),
            ("inventory_items", 5499, 6297517402505166819),
            ("orders", 2810, 17217559822983240232),
            ("order_items", 5061, 13160911266204858214),
            ("events", 8617, 10233056251986266738),
        ]
    );
    let cents: i64 = Loaded::new(&options, "order_items").all_numbers("sale_price").iter().sum();
    assert_eq!(cents, 32_761_573);
}

#[test]
fn the_first_rows_are_readable_and_pinned() {
    let options = shop(0.05);
    let users = Loaded::new(&options, "users");
    let products = Loaded::new(&options, "products");
    let start = |texts: Vec<Option<String>>| texts.into_iter().flatten().take(3).collect::<Vec<_>>();
    assert_eq!(
        start(users.texts("email")),
        ["zara.ahmed1@example.com", "ian.torres2@example.com", "alice.park3@example.com"]
    );
    assert_eq!(
        start(products.texts("name")),
        ["Umber Linen Blend Jeggings", "Wrenfield Tailored Bootcut Jeans", "Garnet Lane Everyday Trousers"]
    );
    assert_eq!(start(products.texts("sku")), ["LEG-W-000001", "JEA-M-000002", "PAN-W-000003"]);
}

#[test]
fn another_seed_gives_another_shop() {
    let one = fingerprints(&shop(0.01));
    let other = fingerprints(&Options { seed: 2, ..shop(0.01) });
    // The distribution centers stand where they stand.
    assert_eq!(one[0], other[0]);
    assert!(one.iter().zip(&other).skip(1).all(|(one, other)| one != other));
}

#[test]
fn every_reference_leads_to_a_row() {
    let options = shop(0.01);
    let references = [
        ("products", "distribution_center_id", "distribution_centers"),
        ("inventory_items", "product_id", "products"),
        ("orders", "user_id", "users"),
        ("order_items", "order_id", "orders"),
        ("order_items", "user_id", "users"),
        ("order_items", "inventory_item_id", "inventory_items"),
        ("events", "user_id", "users"),
        ("events", "product_id", "products"),
    ];
    for (table, column, target) in references {
        let ids: BTreeSet<i64> = Loaded::new(&options, target).all_numbers("id").into_iter().collect();
        let references = Loaded::new(&options, table).numbers(column);
        assert!(!references.is_empty());
        assert!(references.iter().flatten().all(|id| ids.contains(id)), "{table}.{column}");
    }
}

#[test]
fn ids_count_from_one_without_a_gap() {
    for table in tables() {
        let ids = Loaded::new(&shop(0.01), table.name).all_numbers("id");
        assert!(ids.iter().copied().eq(1..=ids.len() as i64), "{}", table.name);
    }
}

#[test]
fn every_time_lies_in_the_four_years_before_the_anchor() {
    for anchor in [date(2026, 1, 15), date(2024, 2, 29), date(1969, 7, 20)] {
        let options = Options { anchor, ..shop(0.01) };
        let first = midnight(anchor.saturating_sub(jiff::Span::new().years(4)));
        for table in tables() {
            let loaded = Loaded::new(&options, table.name);
            for column in table.columns.iter().filter(|column| column.name.ends_with("_at")) {
                let times = loaded.numbers(column.name);
                let within = |time: &i64| (first..midnight(anchor)).contains(time);
                assert!(times.iter().flatten().all(within), "{}.{} at {anchor}", table.name, column.name);
            }
        }
    }
}

#[test]
fn items_go_from_order_to_shipment_to_delivery_to_return() {
    let items = Loaded::new(&shop(0.05), "order_items");
    let times = ["created_at", "shipped_at", "delivered_at", "returned_at"].map(|column| items.numbers(column));
    for row in 0..items.rows() {
        let [created, shipped, delivered, returned] = times.each_ref().map(|column| column[row]);
        assert!(shipped.is_none_or(|shipped| created.is_some_and(|created| created < shipped)));
        assert!(delivered.is_none_or(|delivered| shipped.is_some_and(|shipped| shipped < delivered)));
        assert!(returned.is_none_or(|returned| delivered.is_some_and(|delivered| delivered < returned)));
    }
}

#[test]
fn the_status_of_an_item_tells_what_has_happened_to_it() {
    let items = Loaded::new(&shop(0.05), "order_items");
    let known = |column| items.numbers(column).into_iter().map(|time| time.is_some());
    let happened = known("shipped_at").zip(known("delivered_at")).zip(known("returned_at"));
    let mut seen = BTreeSet::new();
    for (status, ((shipped, delivered), returned)) in items.texts("status").into_iter().flatten().zip(happened) {
        let expected = match status.as_str() {
            "Processing" | "Cancelled" => (false, false, false),
            "Shipped" => (true, false, false),
            "Complete" => (true, true, false),
            "Returned" => (true, true, true),
            other => panic!("unknown status {other}"),
        };
        assert_eq!((shipped, delivered, returned), expected, "{status}");
        seen.insert(status);
    }
    assert_eq!(seen.len(), 5);
}

#[test]
fn an_order_has_one_to_four_items_that_agree_with_it() {
    let options = shop(0.05);
    let (orders, items) = (Loaded::new(&options, "orders"), Loaded::new(&options, "order_items"));
    let of_order: BTreeMap<i64, (i64, i64, String)> = {
        let status = orders.texts("status").into_iter().flatten();
        let rows = orders.all_numbers("user_id").into_iter().zip(orders.all_numbers("created_at")).zip(status);
        by_id(&orders, rows.map(|((user, created), status)| (user, created, status)).collect())
    };
    let mut statuses: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    let rows = items.all_numbers("order_id").into_iter().zip(items.all_numbers("user_id"));
    let rows = rows.zip(items.all_numbers("created_at")).zip(items.texts("status").into_iter().flatten());
    for (((order, user), created), status) in rows {
        assert_eq!((user, created), (of_order[&order].0, of_order[&order].1));
        statuses.entry(order).or_default().push(status);
    }
    assert_eq!(statuses.len(), orders.rows());
    for (order, items) in statuses {
        assert!((1..=4).contains(&items.len()));
        let all_returned = items.iter().all(|status| status == "Returned");
        let expected = if all_returned { "Returned" } else { items.iter().find(|s| *s != "Returned").unwrap() };
        assert_eq!(of_order[&order].2, expected, "order {order}");
    }
}

#[test]
fn nobody_orders_or_visits_before_signing_up() {
    let options = shop(0.05);
    let users = Loaded::new(&options, "users");
    let signed_up = by_id(&users, users.all_numbers("created_at"));
    for table in ["orders", "events"] {
        let acts = Loaded::new(&options, table);
        for (user, created) in acts.numbers("user_id").into_iter().zip(acts.all_numbers("created_at")) {
            assert!(user.is_none_or(|user| signed_up[&user] < created), "{table}");
        }
    }
}

#[test]
fn some_users_never_order_and_some_come_back() {
    let options = shop(0.05);
    let orders = Loaded::new(&options, "orders").all_numbers("user_id");
    let buyers: BTreeSet<i64> = orders.iter().copied().collect();
    let users = Loaded::new(&options, "users").rows();
    assert!((users / 20..users / 4).contains(&(users - buyers.len())));
    assert!(orders.len() > 2 * buyers.len());
}

#[test]
fn a_piece_is_sold_to_at_most_one_customer_who_keeps_the_order() {
    let options = shop(0.05);
    let (pieces, items) = (Loaded::new(&options, "inventory_items"), Loaded::new(&options, "order_items"));
    let sold = by_id(&pieces, pieces.numbers("sold_at"));
    let stocked = by_id(&pieces, pieces.all_numbers("created_at"));
    let mut kept: BTreeMap<i64, i64> = BTreeMap::new();
    let mut ordered: BTreeMap<i64, usize> = BTreeMap::new();
    let rows = items.all_numbers("inventory_item_id").into_iter().zip(items.all_numbers("created_at"));
    for ((piece, created), status) in rows.zip(items.texts("status").into_iter().flatten()) {
        assert!(stocked[&piece] < created);
        *ordered.entry(piece).or_default() += 1;
        if status != "Cancelled" {
            assert_eq!(kept.insert(piece, created), None, "piece {piece} is sold twice");
        }
    }
    for (piece, sold) in sold {
        assert_eq!(sold, kept.get(&piece).copied(), "piece {piece}");
    }
    assert!(ordered.values().filter(|&&orders| orders > 1).count() > 100);
    assert!(pieces.rows() > ordered.len());
}

#[test]
fn prices_are_near_the_list_price_and_above_zero() {
    let options = shop(0.05);
    let (products, pieces) = (Loaded::new(&options, "products"), Loaded::new(&options, "inventory_items"));
    let items = Loaded::new(&options, "order_items");
    let list = by_id(&products, products.all_numbers("retail_price"));
    let cost = by_id(&products, products.all_numbers("cost"));
    let product = by_id(&pieces, pieces.all_numbers("product_id"));
    for (product, paid) in pieces.all_numbers("product_id").into_iter().zip(pieces.all_numbers("cost")) {
        assert!((cost[&product] * 93 / 100..=cost[&product] * 107 / 100).contains(&paid));
    }
    for (piece, price) in items.all_numbers("inventory_item_id").into_iter().zip(items.all_numbers("sale_price")) {
        let list = list[&product[&piece]];
        assert!(price > 0 && (list / 2..=list).contains(&price), "{price} of {list}");
    }
    assert!(cost.iter().all(|(id, &cost)| 0 < cost && cost < list[id]));
}

#[test]
fn a_visit_is_one_visitor_and_ascends_and_a_purchase_ends_it_with_an_order() {
    let options = shop(0.05);
    let (events, orders) = (Loaded::new(&options, "events"), Loaded::new(&options, "orders"));
    let bought: BTreeSet<(i64, i64)> =
        orders.all_numbers("user_id").into_iter().zip(orders.all_numbers("created_at")).collect();
    let mut last: BTreeMap<String, (i64, Option<i64>, i64, String)> = BTreeMap::new();
    let rows = events.texts("session_id").into_iter().flatten().zip(events.texts("event_type").into_iter().flatten());
    let rows = rows.zip(events.all_numbers("sequence_number")).zip(events.numbers("user_id"));
    for ((((session, kind), sequence), user), created) in rows.zip(events.all_numbers("created_at")) {
        if kind == "Purchase" {
            assert!(bought.contains(&(user.expect("buyers are signed in"), created)));
        }
        match last.get(&session) {
            None => assert_eq!(sequence, 1),
            Some((before, visitor, time, page)) => {
                assert_eq!((before + 1, *visitor), (sequence, user));
                assert!(*time < created && created - time < HOUR && page != "Purchase");
            }
        }
        last.insert(session, (sequence, user, created, kind));
    }
    let purchases = last.values().filter(|(.., kind)| kind == "Purchase").count();
    assert!(purchases > last.len() / 3 && purchases < last.len() / 2);
}

#[test]
fn the_shop_grows_and_the_end_of_the_year_is_busy() {
    let created = Loaded::new(&shop(0.2), "orders").all_numbers("created_at");
    let between = |from: Date, to: Date| {
        let span = midnight(from)..midnight(to);
        created.iter().filter(|time| span.contains(time)).count()
    };
    assert!(created.is_sorted());
    assert!(between(date(2025, 1, 1), date(2026, 1, 1)) > 2 * between(date(2022, 1, 15), date(2023, 1, 1)));
    let december = between(date(2025, 12, 1), date(2026, 1, 1));
    assert!(december > between(date(2025, 2, 1), date(2025, 3, 4)) * 3 / 2);
    let black_friday = midnight(date(2025, 11, 28));
    let on = |day: i64| created.iter().filter(|&&time| (day..day + DAY).contains(&time)).count();
    assert!(on(black_friday) > on(black_friday - 7 * DAY) * 3 / 2);
}
