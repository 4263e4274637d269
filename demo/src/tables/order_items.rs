//! The table `order_items`.

use crate::sales::{Item, Order, Sales};
use crate::table::ColumnType::{Bigint, Money, Timestamp, Varchar};
use crate::table::{Column, Row, RowSource, TableSpec};

pub(super) const TABLE: TableSpec = TableSpec {
    name: "order_items",
    columns: &[
        Column::required("id", Bigint),
        Column::required("order_id", Bigint),
        Column::required("user_id", Bigint),
        Column::required("inventory_item_id", Bigint),
        Column::required("status", Varchar),
        Column::required("sale_price", Money),
        Column::required("created_at", Timestamp),
        Column::nullable("shipped_at", Timestamp),
        Column::nullable("delivered_at", Timestamp),
        Column::nullable("returned_at", Timestamp),
    ],
    rows: |options| Box::new(OrderItems { sales: Sales::new(options), order: None, next: 0 }),
};

struct OrderItems {
    sales: Sales,
    order: Option<Order>,
    next: usize,
}

impl OrderItems {
    fn next_item(&mut self) -> Option<(&Order, &Item)> {
        if self.order.as_ref().is_none_or(|order| self.next == order.items.len()) {
            self.order = Some(self.sales.next()?);
            self.next = 0;
        }
        let order = self.order.as_ref()?;
        self.next += 1;
        Some((order, &order.items[self.next - 1]))
    }
}

impl RowSource for OrderItems {
    fn write(&mut self, row: &mut Row<'_>) -> bool {
        let Some((order, item)) = self.next_item() else {
            return false;
        };
        row.key(item.number).key(order.number).key(order.user).key(item.piece);
        row.text(item.status.as_str()).money(item.sale_price);
        row.time(order.created).time(order.shipped).time(order.delivered).time(item.returned);
        true
    }
}
