//! The table `products`.

use crate::catalogue::Catalogue;
use crate::table::ColumnType::{Bigint, Money, Varchar};
use crate::table::{Column, Row, RowSource, TableSpec};

pub(super) const TABLE: TableSpec = TableSpec {
    name: "products",
    columns: &[
        Column::required("id", Bigint),
        Column::required("distribution_center_id", Bigint),
        Column::required("name", Varchar),
        Column::required("brand", Varchar),
        Column::required("category", Varchar),
        Column::required("department", Varchar),
        Column::required("sku", Varchar),
        Column::required("retail_price", Money),
        Column::required("cost", Money),
    ],
    rows: |options| Box::new(Products { catalogue: Catalogue::new(options), next: 0 }),
};

struct Products {
    catalogue: Catalogue,
    next: usize,
}

impl RowSource for Products {
    fn write(&mut self, row: &mut Row<'_>) -> bool {
        let Some(product) = self.catalogue.products().get(self.next) else {
            return false;
        };
        let category = product.category.name;
        let department = product.department();
        let sku = format!("{}-{}-{:06}", category[..3].to_uppercase(), &department[..1], self.next + 1);
        row.key(self.next as u64).key(product.center as u64);
        row.text(product.name().as_str()).text(product.brand).text(category).text(department).text(sku.as_str());
        row.money(product.retail_price).money(product.cost);
        self.next += 1;
        true
    }
}
