//! json and json_label.

use crate::support::{FORMATTED, body, dimensions, orders, plain};
use arrow_array::{ArrayRef, Int32Array, StringArray};
use belvedere_results::{End, Format, Layout, Rendering};
use std::sync::Arc;

#[test]
fn json_is_an_array_of_flat_rows() {
    let (layout, batch) = orders();
    assert_eq!(
        plain(Format::Json, &layout, &[batch]),
        concat!(
            r#"[{"orders.status":"complete","orders.count":1042,"orders.revenue":1234.5,"share":0.31},"#,
            r#"{"orders.status":"R\u0026D, \"x\"","orders.count":3,"orders.revenue":12,"share":107},"#,
            r#"{"orders.status":null,"orders.count":null,"orders.revenue":null,"share":null}]"#
        )
    );
}

#[test]
fn formatted_json_holds_formatted_texts() {
    let (layout, batch) = orders();
    assert_eq!(
        body(Format::Json, &layout, FORMATTED, &[batch], &End::default()),
        concat!(
            r#"[{"orders.status":"complete","orders.count":"1,042","orders.revenue":"$1,234.50","share":"31.0%"},"#,
            r#"{"orders.status":"R\u0026D, \"x\"","orders.count":"3","orders.revenue":"$12.00","share":"10700.0%"},"#,
            r#"{"orders.status":null,"orders.count":null,"orders.revenue":null,"share":null}]"#
        )
    );
}

#[test]
fn json_label_is_keyed_by_label() {
    let (layout, batch) = orders();
    assert_eq!(
        plain(Format::JsonLabel, &layout, &[batch.slice(0, 1)]),
        concat!(
            r#"[{"Orders Status":"complete","Orders Count":1042,"#,
            r#""Orders Revenue":1234.5,"Share, of \u003call\u003e":0.31}]"#
        )
    );
}

#[test]
fn json_without_rows_is_an_empty_array() {
    let (layout, batch) = orders();
    assert_eq!(plain(Format::Json, &layout, &[]), "[]");
    assert_eq!(plain(Format::Json, &layout, &[batch.slice(0, 0)]), "[]");
}

#[test]
fn rows_without_columns_are_empty_objects() {
    let (_, batch) = orders();
    assert_eq!(plain(Format::Json, &Layout::default(), &[batch]), "[{},{},{}]");
}

#[test]
fn hostile_text_is_escaped() {
    let texts: ArrayRef =
        Arc::new(StringArray::from(vec!["</script>", "\"\\\n\r\t\u{8}\u{c}\u{0}\u{1f}", "\u{2028}\u{7f}é東🦀"]));
    let (layout, batch) = dimensions(vec![texts]);
    assert_eq!(
        plain(Format::Json, &layout, &[batch]),
        concat!(
            r#"[{"v.a":"\u003c/script\u003e"},{"v.a":"\"\\\n\r\t\b\f\u0000\u001f"},"#,
            "{\"v.a\":\"\u{2028}\u{7f}é東🦀\"}]"
        )
    );
}

#[test]
fn quarters_and_fiscal_years_are_raw_unless_formatted() {
    let quarter: ArrayRef = Arc::new(StringArray::from(vec![Some("2024-07"), None]));
    let fiscal: ArrayRef = Arc::new(StringArray::from(vec![Some("2024-04"), None]));
    let year: ArrayRef = Arc::new(Int32Array::from(vec![Some(2024), None]));
    let list: ArrayRef = Arc::new(StringArray::from(vec![Some("a|RECORD|b"), None]));
    let (mut layout, batch) = dimensions(vec![quarter, fiscal, year.clone(), list, year]);
    let renderings = [
        Rendering::Quarter,
        Rendering::FiscalQuarter { offset: 3 },
        Rendering::FiscalYear,
        Rendering::List,
        Rendering::Digits,
    ];
    for (column, rendering) in layout.columns.iter_mut().zip(renderings) {
        column.rendering = rendering;
    }
    let nulls = r#"{"v.a":null,"v.b":null,"v.c":null,"v.d":null,"v.e":null}"#;
    assert_eq!(
        plain(Format::Json, &layout, std::slice::from_ref(&batch)),
        format!(r#"[{{"v.a":"2024-07","v.b":"2024-04","v.c":2024,"v.d":"a|RECORD|b","v.e":2024}},{nulls}]"#)
    );
    assert_eq!(
        body(Format::Json, &layout, FORMATTED, &[batch], &End::default()),
        format!(r#"[{{"v.a":"2024-Q3","v.b":"FY2024-Q1","v.c":"FY2024","v.d":"a, b","v.e":"2024"}},{nulls}]"#)
    );
}
