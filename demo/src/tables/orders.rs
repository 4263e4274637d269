//! The table `orders`.

use crate::sales::Sales;
use crate::table::ColumnType::{Bigint, Timestamp, Varchar};
use crate::table::{Column, Row, RowSource, TableSpec};

pub(super) const TABLE: TableSpec = TableSpec {
    name: "orders",
    columns: &[
        Column::required("id", Bigint),
        Column::required("user_id", Bigint),
        Column::required("status", Varchar),
        Column::required("created_at", Timestamp),
    ],
    rows: |options| Box::new(Orders(Sales::new(options))),
};

struct Orders(Sales);

impl RowSource for Orders {
    fn write(&mut self, row: &mut Row<'_>) -> bool {
        let Some(order) = self.0.next() else { return false };
        row.key(order.number).key(order.user).text(order.status.as_str()).time(order.created);
        true
    }
}
