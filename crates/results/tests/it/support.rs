//! A small result, and how a body is made of it.

use arrow_array::{ArrayRef, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::SchemaRef;
use belvedere_results::{Column, End, Format, Layout, Options, Rendering, Role, ValueFormat, writer};
use std::sync::Arc;

/// Options with `apply_formatting`.
pub const FORMATTED: Options =
    Options { apply_formatting: true, number_format: belvedere_results::NumberFormat::CommaPoint };

/// The whole body of a result.
pub fn body(format: Format, layout: &Layout, options: Options, batches: &[RecordBatch], end: &End) -> String {
    let schema = batches.first().map_or_else(|| orders().1.schema(), RecordBatch::schema);
    String::from_utf8(bytes(format, layout, options, &schema, batches, None, end)).expect("bodies are UTF-8")
}

/// The whole body of a result, with the row of totals if there is one.
pub fn bytes(
    format: Format,
    layout: &Layout,
    options: Options,
    schema: &SchemaRef,
    batches: &[RecordBatch],
    totals: Option<&RecordBatch>,
    end: &End,
) -> Vec<u8> {
    let mut writer = writer(format, Arc::new(layout.clone()), options, schema).expect("every column can be shown");
    let mut body = Vec::new();
    writer.start(&mut body);
    for batch in batches {
        writer.batch(batch, &mut body).expect("every column can be shown");
    }
    if let Some(totals) = totals {
        writer.totals(totals, &mut body).expect("every column can be shown");
    }
    writer.finish(end, &mut body).expect("the format holds it");
    body
}

/// The body with default options and nothing to say at the end.
pub fn plain(format: Format, layout: &Layout, batches: &[RecordBatch]) -> String {
    body(format, layout, Options::default(), batches, &End::default())
}

/// A layout of dimensions that are shown as they are, one for each array, named `v.a`, `v.b`, ...
pub fn dimensions(arrays: Vec<ArrayRef>) -> (Layout, RecordBatch) {
    let name = |index: usize| char::from(b'a' + index as u8);
    let columns = (0..arrays.len()).map(|index| {
        let letter = name(index);
        let label = format!("V {}", letter.to_ascii_uppercase());
        Column { rendering: Rendering::Literal, ..Column::new(format!("v.{letter}"), label, Role::Dimension, index) }
    });
    let layout = Layout { columns: columns.collect(), ..Layout::default() };
    let named = arrays.into_iter().enumerate().map(|(index, array)| (name(index).to_string(), array, true));
    (layout, RecordBatch::try_from_iter_with_nullable(named).expect("the arrays have one length"))
}

/// Orders by status: a text, a count, a decimal with a format, a share with a format.
///
/// The batch has a helper column first, so that columns are found by their index.
pub fn orders() -> (Layout, RecordBatch) {
    let helper: ArrayRef = Arc::new(Int64Array::from(vec![0, 0, 0]));
    let status: ArrayRef = Arc::new(StringArray::from(vec![Some("complete"), Some("R&D, \"x\""), None]));
    let count: ArrayRef = Arc::new(Int64Array::from(vec![Some(1042), Some(3), None]));
    let revenue = Decimal128Array::from(vec![Some(123_450), Some(1_200), None]);
    let revenue: ArrayRef = Arc::new(revenue.with_precision_and_scale(38, 2).expect("it is in range"));
    let share: ArrayRef = Arc::new(Float64Array::from(vec![Some(0.31), Some(107.0), None]));
    let columns = [("h", helper), ("s", status), ("c", count), ("r", revenue), ("p", share)];
    let batch = RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true)))
        .expect("the arrays have one length");
    let number = |name, label, source, format: Option<&str>| Column {
        rendering: Rendering::Number,
        format: format.map(|format| ValueFormat::compile(format).expect("the format is supported")),
        ..Column::new(name, label, Role::Measure, source)
    };
    let columns = vec![
        Column::new("orders.status", "Orders Status", Role::Dimension, 1),
        number("orders.count", "Orders Count", 2, None),
        number("orders.revenue", "Orders Revenue", 3, Some("$#,##0.00")),
        number("share", "Share, of <all>", 4, Some("0.0%")),
    ];
    (Layout { columns, ..Layout::default() }, batch)
}
