//! The table `distribution_centers`.

use crate::places::CENTERS;
use crate::table::ColumnType::{Bigint, Double, Varchar};
use crate::table::{Column, Row, RowSource, TableSpec};

pub(super) const TABLE: TableSpec = TableSpec {
    name: "distribution_centers",
    columns: &[
        Column::required("id", Bigint),
        Column::required("name", Varchar),
        Column::required("latitude", Double),
        Column::required("longitude", Double),
    ],
    rows: |_| Box::new(DistributionCenters { next: 0 }),
};

struct DistributionCenters {
    next: usize,
}

impl RowSource for DistributionCenters {
    fn write(&mut self, row: &mut Row<'_>) -> bool {
        let Some(&(name, latitude, longitude)) = CENTERS.get(self.next) else {
            return false;
        };
        row.key(self.next as u64).text(name);
        row.double(latitude as f64 / 10_000.0).double(longitude as f64 / 10_000.0);
        self.next += 1;
        true
    }
}
