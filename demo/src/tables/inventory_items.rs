//! The table `inventory_items`.

use crate::options::Options;
use crate::sales::{Order, Piece, Sales, Status};
use crate::table::ColumnType::{Bigint, Money, Timestamp};
use crate::table::{Column, Row, RowSource, TableSpec};
use std::collections::VecDeque;

pub(super) const TABLE: TableSpec = TableSpec {
    name: "inventory_items",
    columns: &[
        Column::required("id", Bigint),
        Column::required("product_id", Bigint),
        Column::required("cost", Money),
        Column::required("created_at", Timestamp),
        Column::nullable("sold_at", Timestamp),
    ],
    rows: |options| Box::new(InventoryItems::new(options)),
};

/// Pieces in the order of their numbers. A piece of a cancelled order is held back, and those behind it, until it is
/// sold again: a matter of days.
struct InventoryItems {
    sales: Sales,
    held: VecDeque<Held>,
}

struct Held {
    piece: Piece,
    sold: Option<i64>,
    waits: bool,
}

impl InventoryItems {
    fn new(options: &Options) -> Self {
        Self { sales: Sales::new(options), held: VecDeque::new() }
    }

    fn note(&mut self, order: Order) {
        self.held.extend(order.stocked.into_iter().map(|piece| Held { piece, sold: None, waits: false }));
        for item in order.items {
            let first = self.held[0].piece.number;
            let held = &mut self.held[(item.piece - first) as usize];
            held.waits = item.status == Status::Cancelled;
            held.sold = (!held.waits).then_some(order.created);
        }
    }
}

impl RowSource for InventoryItems {
    fn write(&mut self, row: &mut Row<'_>) -> bool {
        while self.held.front().is_none_or(|held| held.waits) {
            match self.sales.next() {
                Some(order) => self.note(order),
                None => break,
            }
        }
        let Some(Held { piece, sold, .. }) = self.held.pop_front() else {
            return false;
        };
        row.key(piece.number).key(piece.product as u64).money(piece.cost).time(piece.created).time(sold);
        true
    }
}
