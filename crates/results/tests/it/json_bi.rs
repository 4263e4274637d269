//! json_bi.

use crate::support::{dimensions, orders, plain};
use arrow_array::{ArrayRef, Int64Array, StructArray};
use arrow_schema::{DataType, Field};
use belvedere_results::{Format, Head, Layout};
use std::sync::Arc;

#[test]
fn rows_of_cells_follow_the_metadata() {
    let (mut layout, batch) = orders();
    layout.columns.truncate(2);
    layout.head = Head { bi_metadata: br#"{"sql":null}"#.to_vec(), ..Head::default() };
    assert_eq!(
        plain(Format::JsonBi, &layout, &[batch]),
        concat!(
            r#"{"metadata":{"sql":null},"rows":["#,
            r#"{"orders.status":{"value":"complete"},"orders.count":{"value":1042,"rendered":"1,042"}},"#,
            r#"{"orders.status":{"value":"R\u0026D, \"x\""},"orders.count":{"value":3}},"#,
            r#"{"orders.status":{"value":null},"orders.count":{"value":null}}]}"#
        )
    );
}

#[test]
fn without_rows_the_metadata_stands_all_the_same() {
    let layout =
        Layout { head: Head { bi_metadata: b"{\"sql\":null}".to_vec(), ..Head::default() }, ..Layout::default() };
    assert_eq!(plain(Format::JsonBi, &layout, &[]), r#"{"metadata":{"sql":null},"rows":[]}"#);
    assert_eq!(plain(Format::JsonBi, &Layout::default(), &[]), r#"{"metadata":{},"rows":[]}"#);
}

#[test]
fn a_cell_has_one_member_named_value_whatever_it_holds() {
    let inner: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let field = Arc::new(Field::new("value", DataType::Int64, true));
    let object: ArrayRef = Arc::new(StructArray::from(vec![(field, inner)]));
    let (layout, batch) = dimensions(vec![object]);
    let body = plain(Format::JsonBi, &layout, std::slice::from_ref(&batch));
    assert_eq!(body, r#"{"metadata":{},"rows":[{"v.a":{"value":"{\"value\":1}"}}]}"#);
    let detail = plain(Format::JsonDetail, &layout, &[batch]);
    assert_eq!(detail, r#"{"data":[{"v.a":{"value":{"value":1}}}],"status":"complete"}"#);
}
