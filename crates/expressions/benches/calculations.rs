//! How fast calculations are computed: a result of one million cells (100,000 rows, ten pivot columns), and how fast a
//! text is read and checked.

use std::hint::black_box;

use belvedere_expressions::looker::{
    Context, Environment, Field, FieldId, FilterGrammar, Grid, Number, Pivot, Role, Row, Scope, Type, Value, compile,
    evaluate,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::civil::date;

const ROWS: usize = 100_000;
const PIVOTS: usize = 10;

/// A measure of money with nulls, and a dimension with a different text in each row.
struct Orders {
    money: Vec<Value>,
    names: Vec<Value>,
}

impl Orders {
    fn new() -> Self {
        let cents = |cell: usize| (cell as i128).wrapping_mul(7_919) % 1_000_003;
        let money = |cell: usize| match cell % 10 {
            3 => Value::Null,
            _ => Value::Number(Number::decimal(cents(cell), 2)),
        };
        Self {
            money: (0..ROWS * PIVOTS).map(money).collect(),
            names: (0..ROWS).map(|row| Value::text(format!("customer {row}"))).collect(),
        }
    }
}

impl Scope for Orders {
    fn field(&self, name: &str) -> Option<Field> {
        match name {
            "o.m" => {
                Some(Field { id: FieldId(0), type_: Type::Number, role: Role::Measure, filter: FilterGrammar::Number })
            }
            "o.name" => Some(Field {
                id: FieldId(1),
                type_: Type::String,
                role: Role::Dimension,
                filter: FilterGrammar::String,
            }),
            _ => None,
        }
    }

    fn names(&self) -> Vec<&str> {
        vec!["o.m", "o.name"]
    }
}

impl Grid for Orders {
    fn rows(&self) -> usize {
        ROWS
    }

    fn pivots(&self) -> Option<usize> {
        Some(PIVOTS)
    }

    fn value(&self, field: FieldId, row: Row, pivot: Pivot) -> Value {
        match (field, row, pivot) {
            (FieldId(0), Row::At(row), Pivot::At(pivot)) => self.money[row * PIVOTS + pivot].clone(),
            (FieldId(1), Row::At(row), _) => self.names[row].clone(),
            _ => Value::Null,
        }
    }
}

const EXPRESSIONS: [(&str, &str); 9] = [
    ("arithmetic", "(${o.m} * 2 + 1) / 3"),
    ("share", "${o.m} / sum(${o.m})"),
    ("running_total", "running_total(${o.m})"),
    ("offset", "${o.m} / offset(${o.m}, 1) - 1"),
    ("window", "mean(offset_list(${o.m}, -3, 7))"),
    ("across", "sum(pivot_offset_list(${o.m}, 1 - pivot_column(), pivot_column()))"),
    ("rank", "rank(${o.m}, ${o.m})"),
    ("text", "concat(${o.name}, \": \", ${o.m})"),
    ("case", "case(when(${o.m} > 5000, \"much\"), when(is_null(${o.m}), \"none\"), \"little\")"),
];

fn calculations(criterion: &mut Criterion) {
    let orders = Orders::new();
    let environment = Environment { now: date(2024, 3, 5).at(0, 0, 0, 0), seed: 0, is_cancelled: &|| false };
    let mut group = criterion.benchmark_group("one million cells");
    group.throughput(Throughput::Elements((ROWS * PIVOTS) as u64)).sample_size(10);
    for (name, expression) in EXPRESSIONS {
        let checked = compile(expression, &orders, Context::TableCalculation).expect("the expression is right");
        group.bench_function(name, |bencher| {
            bencher.iter(|| evaluate(black_box(&checked), &orders, &environment).expect("it is computed"));
        });
    }
    group.finish();
}

fn reading(criterion: &mut Criterion) {
    let orders = Orders::new();
    let text = EXPRESSIONS.map(|(_, expression)| expression).join(" # and\n = ");
    let text = format!("list({})", vec![format!("concat({})", text.replace(" = ", ", ")); 100].join(", "));
    let mut group = criterion.benchmark_group("reading");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("parse and check", |bencher| {
        bencher.iter(|| compile(black_box(&text), &orders, Context::TableCalculation).is_ok());
    });
    group.finish();
}

criterion_group!(benches, calculations, reading);
criterion_main!(benches);
