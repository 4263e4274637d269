//! Record batches to json, csv, html and the other result formats, as streaming writers.
//!
//! A [`Layout`] says which columns of the batches are shown and how; a [`Writer`] appends their bytes to a buffer,
//! batch by batch, and keeps nothing that grows with the rows. Whatever changes rows (pivots, totals, calculations)
//! stands before the writer and gives it batches and a layout of its own.
//!
//! ```
//! use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
//! use belvedere_results::{Column, End, Format, Layout, Options, Role, writer};
//! use std::sync::Arc;
//!
//! let status: ArrayRef = Arc::new(StringArray::from(vec!["complete", "pending"]));
//! let count: ArrayRef = Arc::new(Int64Array::from(vec![Some(1042), None]));
//! let batch = RecordBatch::try_from_iter([("status", status), ("count", count)]).unwrap();
//! let layout = Layout {
//!     columns: vec![
//!         Column::new("orders.status", "Orders Status", Role::Dimension, 0),
//!         Column::new("orders.count", "Orders Count", Role::Measure, 1),
//!     ],
//!     ..Layout::default()
//! };
//! layout.check(&batch.schema()).unwrap();
//!
//! let mut writer = writer(Format::Json, Arc::new(layout), Options::default(), &batch.schema()).unwrap();
//! let mut body = Vec::new();
//! writer.start(&mut body);
//! writer.batch(&batch, &mut body).unwrap();
//! writer.finish(&End::default(), &mut body).unwrap();
//! assert_eq!(
//!     String::from_utf8(body).unwrap(),
//!     r#"[{"orders.status":"complete","orders.count":1042},{"orders.status":"pending","orders.count":null}]"#
//! );
//! ```

mod arrow;
mod calendar;
mod cell;
mod cursor;
mod error;
mod failure;
mod format;
mod header;
mod json;
mod json_bi;
mod json_detail;
mod layout;
mod markup;
mod number;
mod number_format;
mod parquet;
mod sink;
mod table;
mod value_format;
mod writer;
mod xlsx;

pub use cell::{CellText, CellValue, row_keys};
pub use error::Error;
pub use failure::{ErrorBody, RunError, SqlLocation, error_body};
pub use format::{Failing, Format};
pub use json_detail::subtotal_rows;
pub use layout::{
    Column, End, Head, Layout, Options, PivotColumn, PivotField, PivotValue, Pivots, ROW_TOTAL, Rendering, Role,
};
pub use markup::{Mark, MarkedRow, Marker, Markup, RowKind};
pub use number_format::NumberFormat;
pub use value_format::{Localization, ValueFormat};
pub use writer::{Appetite, Ending, Writer, writer};
