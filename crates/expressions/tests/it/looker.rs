//! Looker expressions on a sheet of values.

mod calculations;
mod check;
mod dates;
mod documentation;
mod parse;
mod pivots;
mod properties;
mod rows;
mod scalars;
mod shortcuts;
mod statistics;
mod totals;

use belvedere_expressions::looker::{
    CalculationError, Calculations, Computed, Context, Definition, Environment, Field, FieldId, FilterGrammar, Grid,
    Number, Pivot, Placement, Role, Row, Scope, Type, Value, compile, evaluate,
};
use jiff::civil::date;

/// A result: fields with their values.
#[derive(Default)]
pub(super) struct Sheet {
    fields: Vec<Column>,
    rows: usize,
    pivots: Option<usize>,
    totals: bool,
    row_totals: bool,
}

struct Column {
    name: &'static str,
    field: Field,
    /// Row by row; each with its pivot columns and row total, and behind the rows their total.
    values: Vec<Vec<Value>>,
}

/// A value as its plain text; `null` for null, so that it differs from an empty text.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// Reads a value: `null`, a number, `yes`, `no`, a date or time, or else a text.
fn value(text: &str, type_: Type) -> Value {
    match (text, type_) {
        ("null", _) => Value::Null,
        (_, Type::Number) => Value::number(Number::parse(text)),
        (_, Type::Yesno) => Value::Yesno(text == "yes"),
        (_, Type::Date | Type::DateTime) => Value::date_from_text(text),
        _ => Value::text(text),
    }
}

impl Sheet {
    /// A sheet of so many rows without a pivot.
    pub(super) fn new(rows: usize) -> Self {
        Self { rows, ..Self::default() }
    }

    pub(super) fn pivoted(rows: usize, pivots: usize) -> Self {
        Self { rows, pivots: Some(pivots), ..Self::default() }
    }

    pub(super) fn with_totals(self) -> Self {
        Self { totals: true, ..self }
    }

    pub(super) fn with_row_totals(self) -> Self {
        Self { row_totals: true, ..self }
    }

    fn with(mut self, name: &'static str, type_: Type, role: Role, rows: &[&str]) -> Self {
        let filter = match type_ {
            Type::Number => FilterGrammar::Number,
            Type::Yesno => FilterGrammar::Yesno,
            Type::Date | Type::DateTime => FilterGrammar::Date,
            _ => FilterGrammar::String,
        };
        let field = Field { id: FieldId(self.fields.len()), type_, role, filter };
        let row = |row: &&str| row.split(" | ").map(|text| value(text.trim(), type_)).collect();
        self.fields.push(Column { name, field, values: rows.iter().map(row).collect() });
        self
    }

    /// A dimension with a value for each row.
    pub(super) fn dimension(self, name: &'static str, type_: Type, rows: &[&str]) -> Self {
        self.with(name, type_, Role::Dimension, rows)
    }

    /// A dimension with a value for each pivot column, in one line between ` | `.
    pub(super) fn pivot(self, name: &'static str, type_: Type, columns: &str) -> Self {
        self.with(name, type_, Role::Pivot, &[columns])
    }

    /// A measure: for each row a line with the values of its pivot columns between ` | `, the row total last; totals in
    /// the last line.
    pub(super) fn measure(self, name: &'static str, type_: Type, rows: &[&str]) -> Self {
        self.with(name, type_, Role::Measure, rows)
    }

    /// The values of an expression row by row, each row with its pivot columns between ` | `, totals included.
    #[track_caller]
    pub(super) fn compute(&self, expression: &str) -> Vec<String> {
        let checked = compile(expression, self, Context::TableCalculation);
        let checked = checked.unwrap_or_else(|errors| panic!("{expression}: {}", errors[0]));
        let computed = evaluate(&checked, self, &environment()).expect(expression);
        let is_nested = checked.placement == Placement::Measure && self.pivots.is_some();
        self.lines(&computed, is_nested)
    }

    pub(super) fn lines(&self, computed: &Computed, is_nested: bool) -> Vec<String> {
        let rows = (0..self.rows).map(Row::At).chain(self.totals.then_some(Row::Total));
        let pivots = || {
            let count = if is_nested { self.pivots.unwrap_or(1) } else { 1 };
            (0..count).map(Pivot::At).chain((self.row_totals && is_nested).then_some(Pivot::Total))
        };
        let line = |row| pivots().map(|pivot| shown(computed.value(row, pivot))).collect::<Vec<_>>().join(" | ");
        rows.map(line).collect()
    }

    /// The values of calculations that may name each other, in the order of their definition.
    pub(super) fn compute_all(&self, definitions: &[(&str, &str)]) -> Vec<Result<Vec<String>, CalculationError>> {
        let definitions: Vec<Definition<'_>> =
            definitions.iter().map(|(name, expression)| Definition { name, expression }).collect();
        let calculations = Calculations::check(&definitions, self);
        let nested: Vec<bool> = calculations
            .outcomes()
            .map(|outcome| {
                outcome.is_ok_and(|checked| checked.placement == Placement::Measure) && self.pivots.is_some()
            })
            .collect();
        let results = calculations.evaluate(self, &environment());
        results.into_iter().zip(nested).map(|(result, nested)| Ok(self.lines(&result?, nested))).collect()
    }
}

impl Scope for Sheet {
    fn field(&self, name: &str) -> Option<Field> {
        self.fields.iter().find(|column| column.name == name).map(|column| column.field)
    }

    fn names(&self) -> Vec<&str> {
        self.fields.iter().map(|column| column.name).collect()
    }

    fn has_totals(&self) -> bool {
        self.totals
    }

    fn has_row_totals(&self) -> bool {
        self.row_totals
    }
}

impl Grid for Sheet {
    fn rows(&self) -> usize {
        self.rows
    }

    fn pivots(&self) -> Option<usize> {
        self.pivots
    }

    fn has_totals(&self) -> bool {
        self.totals
    }

    fn has_row_totals(&self) -> bool {
        self.row_totals
    }

    fn value(&self, field: FieldId, row: Row, pivot: Pivot) -> Value {
        let row = match row {
            Row::At(row) => row,
            Row::Total => self.rows,
        };
        let pivot = match pivot {
            Pivot::At(pivot) => pivot,
            Pivot::Total => self.pivots.expect("row totals need a pivot"),
        };
        self.fields[field.0].values[row][pivot].clone()
    }
}

/// 2024-03-05 14:30:15, with chance that begins with 7.
pub(super) fn environment() -> Environment<'static> {
    Environment { now: date(2024, 3, 5).at(14, 30, 15, 0), seed: 7, is_cancelled: &|| false }
}

/// The value of an expression without fields.
#[track_caller]
pub(super) fn one(expression: &str) -> String {
    Sheet::new(1).compute(expression).remove(0)
}

/// Checks expressions without fields: each with its value.
#[track_caller]
pub(super) fn check_each(cases: &[(&str, &str)]) {
    for (expression, expected) in cases {
        assert_eq!(one(expression), *expected, "{expression}");
    }
}

/// Checks expressions without fields whose values are doubles: to six digits of those given.
#[track_caller]
pub(super) fn check_near(cases: &[(&str, f64)]) {
    for (expression, expected) in cases {
        let found: f64 = one(expression).parse().unwrap_or(f64::NAN);
        let error = (found - expected).abs() / expected.abs().max(1e-3);
        assert!(error < 1e-6, "{expression}: {found}, not {expected}");
    }
}
