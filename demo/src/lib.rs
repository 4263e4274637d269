//! The demonstration: the LookML project `thelook` and its deterministic data.
//!
//! A shop for clothes: distribution centers, products, users, orders, order items, pieces in stock and visits of the
//! site. The data is a pure function of [`Options`]: the same seed, anchor day and scale give the same rows on every
//! machine. Nothing is kept in memory but a few counters, so that any scale streams.
//!
//! ```
//! use belvedere_demo::{Options, batches, tables};
//!
//! let options = Options { scale: 0.01, ..Options::new(jiff::civil::date(2026, 1, 15)) };
//! for table in tables() {
//!     println!("{}", table.ddl());
//!     let rows: usize = batches(&options, table).map(|batch| batch.num_rows()).sum();
//!     println!("-- {rows} rows");
//! }
//! ```

mod calendar;
mod catalogue;
mod options;
mod people;
mod places;
mod project;
mod random;
mod sales;
mod table;
mod tables;

pub use options::Options;
pub use project::project_files;
pub use table::{Batches, Column, ColumnType, TableSpec};

/// The tables, those that others refer to first.
pub fn tables() -> &'static [TableSpec] {
    &tables::ALL
}

/// The rows of `table`, in batches of at most 16,384 rows whose schema is [`TableSpec::schema`].
pub fn batches(options: &Options, table: &TableSpec) -> Batches {
    Batches::new(options, table)
}
