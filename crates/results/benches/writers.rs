//! How fast each format is written: 100,000 rows of eight columns in batches of 2,048, as DuckDB gives them.

use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray, types::UInt8Type,
};
use belvedere_results::{Column, End, Format, Layout, NumberFormat, Options, Rendering, Role, ValueFormat, writer};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::sync::Arc;

const ROWS: usize = 100_000;
const BATCH: usize = 2_048;

/// Numbers without a pattern that a processor could learn.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

const STATUSES: [&str; 5] = ["Complete", "Shipped", "Processing", "Cancelled", "Returned"];
const BRANDS: [&str; 6] =
    ["Calvin Klein", "Allegra K", "Levi's", "Carhartt", "Ray-Ban", "Dockers, the \"original\" khakis"];

/// Order items: two keys, a status, a brand with a few cells to quote, an email, a day, a time, a price, a share.
fn batch(first: usize, rows: usize, dice: &mut Dice) -> RecordBatch {
    let keys: Vec<i64> = (first..first + rows).map(|row| row as i64).collect();
    let status: DictionaryArray<UInt8Type> = keys.iter().map(|_| STATUSES[dice.below(5) as usize]).collect();
    let brands: StringArray = keys.iter().map(|_| Some(BRANDS[dice.below(6) as usize])).collect();
    let emails: StringArray =
        keys.iter().map(|_| Some(format!("ann.smith{}@example.com", dice.below(100_000)))).collect();
    let days: Vec<i32> = keys.iter().map(|_| 18_262 + dice.below(1_460) as i32).collect();
    let times: TimestampMicrosecondArray = days
        .iter()
        .map(|day| {
            let time = (i64::from(*day) * 86_400 + dice.below(86_400) as i64) * 1_000_000;
            (dice.below(10) > 0).then_some(time)
        })
        .collect();
    let prices: Decimal128Array = keys.iter().map(|_| Some(i128::from(dice.below(100_000)))).collect();
    let shares: Vec<f64> = keys.iter().map(|_| dice.below(1_000_000) as f64 / 999_983.0).collect();
    let columns: [(&str, ArrayRef); 8] = [
        ("id", Arc::new(Int64Array::from(keys))),
        ("status", Arc::new(status)),
        ("brand", Arc::new(brands)),
        ("email", Arc::new(emails)),
        ("day", Arc::new(Date32Array::from(days))),
        ("time", Arc::new(times)),
        ("price", Arc::new(prices.with_precision_and_scale(38, 2).expect("prices are short"))),
        ("share", Arc::new(Float64Array::from(shares))),
    ];
    RecordBatch::try_from_iter(columns).expect("the arrays have one length")
}

fn batches() -> Vec<RecordBatch> {
    let mut dice = Dice(7);
    (0..ROWS).step_by(BATCH).map(|first| batch(first, BATCH.min(ROWS - first), &mut dice)).collect()
}

fn layout() -> Layout {
    let format = |format| Some(ValueFormat::compile(format).expect("the format is supported"));
    let column = |name: &str, role, source, rendering| Column {
        rendering,
        ..Column::new(format!("order_items.{name}"), format!("Order Items {name}"), role, source)
    };
    let columns = vec![
        column("id", Role::Dimension, 0, Rendering::Number),
        column("status", Role::Dimension, 1, Rendering::Text),
        column("brand", Role::Dimension, 2, Rendering::Text),
        column("email", Role::Dimension, 3, Rendering::Text),
        column("created_date", Role::Dimension, 4, Rendering::Literal),
        column("created_time", Role::Dimension, 5, Rendering::Literal),
        Column { format: format("$#,##0.00"), ..column("price", Role::Measure, 6, Rendering::Number) },
        Column { format: format("0.0%"), ..column("share", Role::Measure, 7, Rendering::Number) },
    ];
    Layout { columns, ..Layout::default() }
}

fn write(format: Format, layout: &Arc<Layout>, options: Options, batches: &[RecordBatch], out: &mut Vec<u8>) -> usize {
    let mut written = 0;
    let schema = batches[0].schema();
    let mut writer = writer(format, layout.clone(), options, &schema).expect("every column can be shown");
    writer.start(out);
    for batch in batches {
        writer.batch(batch, out).expect("every column can be shown");
        written += out.len();
        black_box(&out);
        out.clear();
    }
    writer.finish(&End::default(), out).expect("the format holds it");
    written += out.len();
    out.clear();
    written
}

fn formats(criterion: &mut Criterion) {
    let batches = batches();
    let layout = Arc::new(layout());
    let raw = Options::default();
    let formatted = Options { apply_formatting: true, number_format: NumberFormat::CommaPoint };
    let all = [
        Format::Csv,
        Format::Txt,
        Format::Md,
        Format::Html,
        Format::Json,
        Format::Ndjson,
        Format::JsonDetail,
        Format::JsonBi,
        Format::Xlsx,
        Format::Arrow,
        Format::Parquet,
    ];
    let mut out = Vec::new();
    let runs = all.map(|format| (format, "raw", raw)).into_iter();
    for (format, label, options) in
        runs.chain([(Format::Csv, "formatted", formatted), (Format::Json, "formatted", formatted)])
    {
        let bytes = write(format, &layout, options, &batches, &mut out);
        let mut group = criterion.benchmark_group(format.as_str());
        group.throughput(Throughput::ElementsAndBytes { elements: ROWS as u64, bytes: bytes as u64 });
        group.bench_function(label, |bencher| bencher.iter(|| write(format, &layout, options, &batches, &mut out)));
        group.finish();
    }
}

criterion_group! {
    name = writers;
    config = Criterion::default().sample_size(20).warm_up_time(std::time::Duration::from_millis(500))
        .measurement_time(std::time::Duration::from_secs(2));
    targets = formats
}
criterion_main!(writers);
