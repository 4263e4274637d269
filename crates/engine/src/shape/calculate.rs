//! Table calculations: columns that are computed from the rows of the result.

use super::held::Once;
use super::totals::told;
use super::{Awaited, Table};
use crate::error::Error;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{
    Array as _, ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, RecordBatchOptions, StringArray,
    TimestampMicrosecondArray, UInt32Array, new_null_array,
};
use arrow_cast::cast;
use arrow_ord::sort::{SortColumn, SortOptions, lexsort_to_indices};
use arrow_schema::{ArrowError, DataType, Field as ArrowField, Schema, TimeUnit};
use arrow_select::take::take;
use belvedere_expressions::looker::{
    Calculations, Computed, Definition, Environment, Field, FieldId, Grid, Number, Pivot, Placement, Role, Row, Scope,
    Type, Value, shortcut,
};
use belvedere_query as query;
use belvedere_query::{AppliedSort, Direction, Formula, TableCalculation};
use belvedere_results::{Column, ROW_TOTAL, Rendering, RunError, ValueFormat};
use jiff::civil::{DateTime, date};
use std::collections::HashMap;
use std::sync::Arc;

/// All that table calculations need besides the rows.
pub(super) struct Calculating {
    pub(super) calculations: Vec<TableCalculation>,
    /// The value format of each.
    pub(super) formats: Vec<Option<ValueFormat>>,
    /// What is known of each field of the result, by its name.
    pub(super) fields: Vec<(String, Field)>,
    pub(super) sorts: Vec<AppliedSort>,
    pub(super) has_totals: bool,
    pub(super) has_row_totals: bool,
    /// The present, in the time zone of the query.
    pub(super) now: DateTime,
    /// What `rand()` begins with.
    pub(super) seed: u64,
}

/// A table calculation of a result, as its metadata tells it.
#[derive(Debug, Clone)]
pub(crate) struct Calculated {
    pub(crate) calculation: TableCalculation,
    pub(crate) expression: String,
    pub(crate) is_numeric: bool,
    pub(crate) type_word: &'static str,
    pub(crate) placement: Placement,
}

impl Calculated {
    /// Where its values stand in a column: numbers to the right.
    pub(crate) fn align(&self) -> &str {
        let usual = if self.is_numeric { "right" } else { "left" };
        self.calculation.presentation.align.as_deref().unwrap_or(usual)
    }
}

/// The field that a column is for calculations.
pub(super) fn field(id: usize, column: &query::Column, is_pivot: bool) -> Field {
    let role = match (column.role, is_pivot) {
        (query::Role::Measure, _) => Role::Measure,
        (_, true) => Role::Pivot,
        _ => Role::Dimension,
    };
    let (type_, filter) = query::expression_type(&column.field.field.kind);
    Field { id: FieldId(id), type_, role, filter }
}

impl Scope for Calculating {
    fn field(&self, name: &str) -> Option<Field> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, field)| *field)
    }

    fn names(&self) -> Vec<&str> {
        self.fields.iter().map(|(name, _)| name.as_str()).collect()
    }

    fn has_totals(&self) -> bool {
        self.has_totals
    }

    fn has_row_totals(&self) -> bool {
        self.has_row_totals
    }
}

/// A result with its calculations as columns. One that is wrong has null in all its cells, and a note says why.
///
/// # Errors
/// Nobody waits for it any more, or its rows cannot be laid out.
pub(super) fn calculated(
    job: &Calculating,
    mut table: Table,
    rows: &RecordBatch,
    awaited: &Awaited,
) -> Result<Table, Error> {
    let expressions: Vec<Result<String, String>> = job.calculations.iter().map(expression).collect();
    let text = |index: usize| expressions[index].as_deref().unwrap_or_default();
    let definitions: Vec<Definition<'_>> = job
        .calculations
        .iter()
        .enumerate()
        .map(|(index, calculation)| Definition { name: &calculation.presentation.name, expression: text(index) })
        .collect();
    let checked = Calculations::check(&definitions, job);
    let sheet = Sheet::new(job, &table, rows)?;
    let environment = Environment { now: job.now, seed: job.seed, is_cancelled: &|| awaited.is_over() };
    let computed = checked.evaluate(&sheet, &environment);
    awaited.check()?;
    let mut columns: Vec<ArrayRef> = rows.columns().to_vec();
    let mut totals: Option<Vec<ArrayRef>> = table.totals.as_ref().map(|totals| totals.columns().to_vec());
    let mut fields: Vec<ArrowField> =
        rows.schema().fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
    let outcomes: Vec<_> =
        checked.outcomes().map(|outcome| outcome.map(|checked| (checked.root.type_, checked.placement)).ok()).collect();
    for (index, calculation) in job.calculations.iter().enumerate() {
        let (type_, placement) = outcomes[index].unwrap_or((Type::Null, Placement::Measure));
        let name = &calculation.presentation.name;
        let problem = match (&expressions[index], &computed[index]) {
            (Err(problem), _) => Some(problem.clone()),
            (_, Err(error)) => Some(error.to_string()),
            _ => None,
        };
        if let Some(problem) = problem {
            table.notes.push(RunError::new(format!("The table calculation `{name}` has no values: {problem}")));
        }
        let values = computed[index].as_ref().ok();
        for place in sheet.places(placement) {
            let cells: Vec<&Value> = (0..rows.num_rows()).map(|row| value_of(values, Row::At(row), place)).collect();
            let array = array(type_, &cells);
            if let Some(totals) = &mut totals {
                totals.push(array_of_total(type_, value_of(values, Row::Total, place), array.data_type()));
            }
            fields.push(ArrowField::new(name, array.data_type().clone(), true));
            table.layout.columns.push(Column {
                format: job.formats.get(index).cloned().flatten(),
                pivot: sheet.pivot_of(placement, place),
                ..column(calculation, type_, columns.len())
            });
            columns.push(array);
        }
        table.calculations.push(Calculated {
            calculation: calculation.clone(),
            expression: text(index).to_owned(),
            is_numeric: type_ == Type::Number,
            type_word: word(type_),
            placement,
        });
    }
    let schema = Arc::new(Schema::new(fields));
    let options = |rows| RecordBatchOptions::new().with_row_count(Some(rows));
    let whole = RecordBatch::try_new_with_options(Arc::clone(&schema), columns, &options(rows.num_rows()));
    let whole = sorted(job, &table, whole.map_err(|error| told(&error))?)?;
    table.totals = totals
        .map(|columns| RecordBatch::try_new_with_options(Arc::clone(&schema), columns, &options(1)))
        .transpose()
        .map_err(|error| told(&error))?;
    in_place(&mut table.layout.columns);
    Ok(Table { schema, batches: Box::new(Once(Some(whole))), ..table })
}

fn value_of(computed: Option<&Computed>, row: Row, place: Pivot) -> &Value {
    static NULL: Value = Value::Null;
    computed.map_or(&NULL, |computed| computed.value(row, place))
}

/// Calculations stand where their kind stands: those that are nested under pivot columns behind the measures there.
fn in_place(columns: &mut [Column]) {
    let first_of_pivot: HashMap<Option<usize>, usize> =
        columns.iter().enumerate().rev().map(|(index, column)| (column.pivot, index)).collect();
    let last = columns.len();
    let is_pivoted = columns.iter().any(|column| column.pivot.is_some());
    columns.sort_by_key(|column| match (column.pivot, column.role) {
        (Some(_), _) => 1 + first_of_pivot.get(&column.pivot).copied().unwrap_or(last),
        (None, belvedere_results::Role::Dimension) => 0,
        (None, belvedere_results::Role::Measure) => 1,
        (None, belvedere_results::Role::Calculation) if is_pivoted => last + 1,
        (None, belvedere_results::Role::Calculation) => last,
    });
}

/// The text of a calculation, that of shortcuts written out.
fn expression(calculation: &TableCalculation) -> Result<String, String> {
    match &calculation.formula {
        Formula::Expression(text) => Ok(text.clone()),
        Formula::Shortcut { calculation_type, args, based_on } => {
            let mut arguments: Vec<&str> =
                args.iter().map(|argument| argument.as_deref().unwrap_or_default()).collect();
            if arguments.is_empty() {
                arguments.extend(based_on.as_deref());
            }
            shortcut(calculation_type, &arguments).map_err(|problem| problem.to_string())
        }
    }
}

/// How a calculation is shown.
fn column(calculation: &TableCalculation, type_: Type, source: usize) -> Column {
    let shown = &calculation.presentation;
    let label = shown.label.as_deref().unwrap_or(&shown.name);
    let role = belvedere_results::Role::Calculation;
    Column {
        rendering: if type_ == Type::Number { Rendering::Digits } else { Rendering::Literal },
        ..Column::new(&shown.name, label, role, source)
    }
}

const fn word(type_: Type) -> &'static str {
    match type_ {
        Type::Number => "number",
        Type::Date => "date",
        Type::DateTime => "date_time",
        Type::Yesno => "yesno",
        Type::String | Type::Null | Type::List(_) | Type::Unknown => "string",
    }
}

/// The rows of a calculation, in its type.
fn array(type_: Type, cells: &[&Value]) -> ArrayRef {
    match type_ {
        Type::Number => numbers(cells),
        Type::Date => Arc::new(cells.iter().map(|cell| cell.as_time().map(days)).collect::<Date32Array>()),
        Type::DateTime => {
            let times = cells.iter().map(|cell| cell.as_time().map(microseconds));
            Arc::new(times.collect::<TimestampMicrosecondArray>())
        }
        _ => {
            let text = |cell: &&Value| (!cell.is_null()).then(|| cell.to_string());
            Arc::new(cells.iter().map(text).collect::<StringArray>())
        }
    }
}

/// Whole numbers where all are, else doubles.
fn numbers(cells: &[&Value]) -> ArrayRef {
    let whole = |cell: &&Value| match cell.as_number() {
        Some(number @ Number::Exact { scale: 0, .. }) => number.to_integer().map(Some),
        Some(_) => None,
        None => Some(None),
    };
    match cells.iter().map(whole).collect::<Option<Vec<Option<i64>>>>() {
        Some(whole) => Arc::new(Int64Array::from(whole)),
        None => Arc::new(cells.iter().map(|cell| cell.as_number().map(Number::to_f64)).collect::<Float64Array>()),
    }
}

fn array_of_total(type_: Type, value: &Value, data_type: &DataType) -> ArrayRef {
    let total = array(type_, &[value]);
    cast(&total, data_type).unwrap_or_else(|_| new_null_array(data_type, 1))
}

fn days(time: DateTime) -> i32 {
    (time.date() - date(1970, 1, 1)).get_days()
}

fn microseconds(time: DateTime) -> i64 {
    let since = time.duration_since(date(1970, 1, 1).at(0, 0, 0, 0));
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// The rows in the order of the query, when it sorts by a calculation: all sorts count, nulls come last.
fn sorted(job: &Calculating, table: &Table, rows: RecordBatch) -> Result<RecordBatch, Error> {
    let is_calculation =
        |sort: &AppliedSort| job.calculations.iter().any(|calculation| calculation.presentation.name == sort.field);
    if rows.num_rows() < 2 || !job.sorts.iter().any(is_calculation) {
        return Ok(rows);
    }
    let mut by: Vec<SortColumn> = Vec::new();
    for sort in &job.sorts {
        let Some(column) = table.layout.columns.iter().find(|column| column.name == sort.field) else { continue };
        let source = column.sort_source.unwrap_or(column.source);
        let options = SortOptions { descending: sort.direction == Direction::Descending, nulls_first: false };
        by.push(SortColumn { values: Arc::clone(rows.column(source)), options: Some(options) });
    }
    let places: ArrayRef = Arc::new(UInt32Array::from_iter_values(0..rows.num_rows() as u32));
    by.push(SortColumn { values: places, options: None });
    let order = lexsort_to_indices(&by, None).map_err(|error| told(&error))?;
    let columns = rows.columns().iter().map(|column| take(column, &order, None));
    let columns = columns.collect::<Result<Vec<_>, ArrowError>>().map_err(|error| told(&error))?;
    RecordBatch::try_new(rows.schema(), columns).map_err(|error| told(&error))
}

/// The result as calculations look at it.
struct Sheet {
    rows: usize,
    pivots: Option<usize>,
    /// The index of the pivot column of row totals.
    row_total: Option<usize>,
    has_totals: bool,
    /// The cells of each field, by its id.
    fields: HashMap<usize, Cells>,
}

/// The cells of a field.
enum Cells {
    /// One column, with its total.
    Column(Typed, Option<Typed>),
    /// A column for each pivot column, by its index.
    Pivoted(HashMap<usize, (Typed, Option<Typed>)>),
    /// A value for each pivot column.
    Keys(Vec<Value>),
}

impl Sheet {
    fn new(job: &Calculating, table: &Table, rows: &RecordBatch) -> Result<Self, Error> {
        let is_pivoted = !table.layout.pivots.fields.is_empty();
        let row_total = table.layout.pivots.columns.iter().position(|pivot| pivot.key == ROW_TOTAL);
        let mut fields = HashMap::new();
        for (name, field) in &job.fields {
            if field.role == Role::Pivot {
                let at = table.layout.pivots.fields.iter().position(|pivot| pivot.name == *name);
                let value = |key: &super::PivotKey| {
                    let text = at.and_then(|at| key.values.get(at)).and_then(|value| value.text.as_deref());
                    text.map_or(Value::Null, |text| read(text, field.type_))
                };
                fields.insert(field.id.0, Cells::Keys(table.pivots.iter().map(value).collect()));
                continue;
            }
            let typed = |column: &Column| {
                let values = Typed::new(rows.column(column.source), field.type_)?;
                let total = table.totals.as_ref().map(|totals| Typed::new(totals.column(column.source), field.type_));
                Ok::<_, Error>((values, total.transpose()?))
            };
            let mut pivoted = HashMap::new();
            for column in table.layout.columns.iter().filter(|column| column.name == *name) {
                let (values, total) = typed(column)?;
                if let Some(pivot) = column.pivot {
                    pivoted.insert(pivot, (values, total));
                } else {
                    fields.insert(field.id.0, Cells::Column(values, total));
                }
            }
            if !pivoted.is_empty() {
                fields.insert(field.id.0, Cells::Pivoted(pivoted));
            }
        }
        Ok(Self {
            rows: rows.num_rows(),
            pivots: is_pivoted.then_some(table.pivots.len()),
            row_total,
            has_totals: table.totals.is_some(),
            fields,
        })
    }

    /// Where a calculation has cells in a row.
    fn places(&self, placement: Placement) -> Vec<Pivot> {
        match (placement, self.pivots) {
            (Placement::Measure, Some(pivots)) => {
                let totals = self.row_total.map(|_| Pivot::Total);
                (0..pivots).map(Pivot::At).chain(totals).collect()
            }
            _ => vec![Pivot::At(0)],
        }
    }

    /// The pivot column of the layout that a cell stands under.
    fn pivot_of(&self, placement: Placement, place: Pivot) -> Option<usize> {
        match (placement, self.pivots, place) {
            (Placement::Measure, Some(_), Pivot::At(pivot)) => Some(pivot),
            (Placement::Measure, Some(_), Pivot::Total) => self.row_total,
            _ => None,
        }
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
        self.has_totals
    }

    fn has_row_totals(&self) -> bool {
        self.row_total.is_some()
    }

    fn value(&self, field: FieldId, row: Row, pivot: Pivot) -> Value {
        let of = |values: &Typed, total: &Option<Typed>| match row {
            Row::At(row) => values.value(row),
            Row::Total => total.as_ref().map_or(Value::Null, |total| total.value(0)),
        };
        match self.fields.get(&field.0) {
            None => Value::Null,
            Some(Cells::Column(values, total)) => of(values, total),
            Some(Cells::Keys(keys)) => match pivot {
                Pivot::At(pivot) => keys.get(pivot).cloned().unwrap_or_default(),
                Pivot::Total => Value::Null,
            },
            Some(Cells::Pivoted(columns)) => {
                let index = match pivot {
                    Pivot::At(pivot) => Some(pivot),
                    Pivot::Total => self.row_total,
                };
                let column = index.and_then(|index| columns.get(&index));
                column.map_or(Value::Null, |(values, total)| of(values, total))
            }
        }
    }
}

/// A column in one of few types.
enum Typed {
    Integers(ArrayRef),
    Doubles(ArrayRef),
    Decimals(ArrayRef, i8),
    Days(ArrayRef),
    Times(ArrayRef),
    /// Text, read in the type of the field.
    Texts(ArrayRef, Type),
}

impl Typed {
    fn new(values: &ArrayRef, type_: Type) -> Result<Self, Error> {
        let data_type = values.data_type();
        let to = |data_type: &DataType| cast(values, data_type).map_err(|error| told(&error));
        // Years are dates to calculations, whatever they are to the database.
        if type_.is_date() && data_type.is_numeric() {
            return Ok(Self::Texts(to(&DataType::Utf8)?, type_));
        }
        Ok(match data_type {
            DataType::UInt64 => Self::Decimals(to(&DataType::Decimal128(20, 0))?, 0),
            integer if integer.is_integer() => Self::Integers(to(&DataType::Int64)?),
            DataType::Float16 | DataType::Float32 | DataType::Float64 => Self::Doubles(to(&DataType::Float64)?),
            DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) | DataType::Decimal128(_, scale) => {
                Self::Decimals(to(&DataType::Decimal128(38, *scale))?, *scale)
            }
            DataType::Date32 | DataType::Date64 => Self::Days(to(&DataType::Date32)?),
            DataType::Timestamp(_, _) => Self::Times(to(&DataType::Timestamp(TimeUnit::Microsecond, None))?),
            _ => Self::Texts(to(&DataType::Utf8)?, type_),
        })
    }

    fn value(&self, row: usize) -> Value {
        let array = match self {
            Self::Integers(array)
            | Self::Doubles(array)
            | Self::Decimals(array, _)
            | Self::Days(array)
            | Self::Times(array)
            | Self::Texts(array, _) => array,
        };
        if array.is_null(row) {
            return Value::Null;
        }
        match self {
            Self::Integers(array) => Value::integer(array.as_primitive::<Int64Type>().value(row)),
            Self::Doubles(array) => Value::double(array.as_primitive::<Float64Type>().value(row)),
            Self::Decimals(array, scale) => {
                Value::Number(Number::decimal(array.as_primitive::<Decimal128Type>().value(row), *scale))
            }
            Self::Days(array) => {
                let days = i64::from(array.as_primitive::<Date32Type>().value(row));
                let day = jiff::Span::new().try_days(days).and_then(|days| date(1970, 1, 1).checked_add(days));
                day.map_or(Value::Null, Value::Date)
            }
            Self::Times(array) => {
                let micros = array.as_primitive::<TimestampMicrosecondType>().value(row);
                let time = date(1970, 1, 1).at(0, 0, 0, 0);
                let time = time.checked_add(jiff::SignedDuration::from_micros(micros));
                time.map_or(Value::Null, Value::DateTime)
            }
            Self::Texts(array, type_) => read(array.as_string::<i32>().value(row), *type_),
        }
    }
}

/// A text of the database as a value of the field's type.
fn read(text: &str, type_: Type) -> Value {
    match type_ {
        Type::Yesno => Value::Yesno(text == "Yes"),
        Type::Date | Type::DateTime => Value::date_from_text(text),
        Type::Number => Value::number(Number::parse(text)),
        _ => Value::text(text),
    }
}
