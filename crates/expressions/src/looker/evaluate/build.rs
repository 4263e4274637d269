//! Terms to columns.

use std::cell::Cell;

use super::column::{Cells, Column, Source};
use super::lazy::{Lazy, PerPivot, Places};
use super::meter::Meter;
use super::plane::{Place, Plane};
use super::window::{Extent, Window};
use super::{Axes, CalculationError, Computed, Environment, Grid, Value};
use crate::looker::functions::{Body, Form, Function, Takes};
use crate::looker::order::Sorted;
use crate::looker::statistics::Summary;
use crate::looker::value::Key;
use crate::looker::{Number, Part, Term, TermKind, Type};

/// What columns are made from.
pub(super) struct Builder<'e, 'b> {
    pub(super) grid: &'e dyn Grid,
    pub(super) plane: Plane,
    pub(super) meter: &'b Meter<'e>,
    pub(super) environment: &'b Environment<'e>,
    calculation: &'b dyn Fn(usize) -> Option<&'e Computed>,
    /// Calls of `rand`, each with numbers of its own.
    random_calls: Cell<u64>,
}

type Built<'e> = Result<Column<'e>, CalculationError>;

impl<'e, 'b> Builder<'e, 'b> {
    pub(super) fn new(
        grid: &'e dyn Grid,
        plane: Plane,
        meter: &'b Meter<'e>,
        environment: &'b Environment<'e>,
        calculation: &'b dyn Fn(usize) -> Option<&'e Computed>,
    ) -> Self {
        Self { grid, plane, meter, environment, calculation, random_calls: Cell::new(0) }
    }

    pub(super) fn build(&self, term: &Term) -> Built<'e> {
        let axes = term.axes;
        let lazy = match &term.kind {
            TermKind::Number(number) => return Ok(Column::same(Value::Number(*number))),
            TermKind::Text(text) => return Ok(Column::same(Value::Text(text.clone()))),
            TermKind::Yesno(value) => return Ok(Column::same(Value::Yesno(*value))),
            // Calculations have no filters: the checker refuses them.
            TermKind::Null | TermKind::MatchesFilter { .. } => return Ok(Column::same(Value::Null)),
            TermKind::Field(field, part) => {
                let is_dimension = *part == Part::Value && !axes.pivots;
                return Ok(Column { axes, source: Source::Field { field: *field, part: *part, is_dimension } });
            }
            TermKind::Calculation(index, part) => {
                let computed = (self.calculation)(*index);
                let source =
                    computed.map_or(Source::Same(Value::Null), |computed| Source::Calculation(computed, *part));
                return Ok(Column { axes, source });
            }
            TermKind::Negative(operand) => Lazy::Negative(self.argument(operand, axes)?),
            TermKind::Not(operand) => Lazy::Not(self.argument(operand, axes)?),
            TermKind::All(operands) => Lazy::All(self.arguments(operands, axes)?),
            TermKind::Any(operands) => Lazy::Any(self.arguments(operands, axes)?),
            TermKind::Arithmetic(first, rest) => {
                let first = self.argument(first, axes)?;
                let rest = rest.iter().map(|(operator, term)| Ok((*operator, self.argument(term, axes)?)));
                Lazy::Arithmetic(first, rest.collect::<Result<_, _>>()?)
            }
            TermKind::Comparison { operator, left, right } => {
                Lazy::Comparison(*operator, self.argument(left, axes)?, self.argument(right, axes)?)
            }
            TermKind::Case { branches, otherwise } => {
                let branches = branches
                    .iter()
                    .map(|branch| Ok((self.argument(&branch.condition, axes)?, self.argument(&branch.value, axes)?)));
                let branches = branches.collect::<Result<_, _>>()?;
                Lazy::Case(branches, otherwise.as_ref().map(|term| self.argument(term, axes)).transpose()?)
            }
            TermKind::Call { function, arguments } => return self.call(function, arguments, axes),
        };
        self.computed(axes, lazy)
    }

    /// A column that is computed when it is asked for, or at once if it is one value.
    fn computed(&self, axes: Axes, lazy: Lazy<'e>) -> Built<'e> {
        let column = Column::lazy(axes, lazy);
        if axes != Axes::NONE {
            return Ok(column);
        }
        self.meter.step()?;
        Ok(Column::same(column.get(self, Place { row: 0, pivot: 0 })))
    }

    /// An argument that is asked for once in each place along some axes: kept if it has fewer places than that.
    fn argument(&self, term: &Term, axes: Axes) -> Built<'e> {
        let column = self.build(term)?;
        if column.axes == axes { Ok(column) } else { self.kept_column(column) }
    }

    fn arguments(&self, terms: &[Term], axes: Axes) -> Result<Vec<Column<'e>>, CalculationError> {
        terms.iter().map(|term| self.argument(term, axes)).collect()
    }

    /// An argument that is asked for from other places.
    fn looked_at(&self, term: &Term) -> Built<'e> {
        self.kept_column(self.build(term)?)
    }

    fn kept_column(&self, column: Column<'e>) -> Built<'e> {
        if column.is_kept() {
            return Ok(column);
        }
        let cells = self.kept(&column)?;
        Ok(Column { axes: cells.axes, source: Source::Cells(cells) })
    }

    /// Computes all values of a column.
    pub(super) fn kept(&self, column: &Column<'e>) -> Result<Cells, CalculationError> {
        self.cells(column.axes, |place| column.get(self, place))
    }

    fn cells(&self, axes: Axes, mut value: impl FnMut(Place) -> Value) -> Result<Cells, CalculationError> {
        let mut values = Vec::with_capacity(self.plane.height(axes) * self.plane.width(axes));
        for place in self.plane.places(axes) {
            self.meter.step()?;
            let value = value(place);
            self.meter.keep(&value);
            values.push(value);
        }
        // What was made last counts as well.
        self.meter.step()?;
        Ok(Cells::new(axes, self.plane.width(axes), values))
    }

    fn call(&self, function: &'static Function, terms: &[Term], axes: Axes) -> Built<'e> {
        match &function.body {
            Body::Cell(body) => self.computed(axes, Lazy::Call(*body, self.arguments(terms, axes)?)),
            Body::Summary(body) => self.of_summary(*body, terms, axes),
            Body::Columns(body) => self.of_columns(*body, function, terms, axes),
            Body::Sorted(body) => self.of_sorted(*body, function, terms, axes),
            Body::Form(form) => self.form(*form, terms, axes),
        }
    }

    /// Functions of a sum: nothing is gathered, and lists of neighbours are not made if their values add up exactly.
    fn of_summary(&self, body: fn(&Summary) -> Value, terms: &[Term], axes: Axes) -> Built<'e> {
        let [term] = terms else { return Ok(Column::same(Value::Null)) };
        if !is_list(term) {
            let column = self.once_for_each_pivot(self.build(term)?, axes)?;
            return self.for_each_pivot(axes, |pivot| Ok(body(&self.summary(&column, pivot)?)));
        }
        let list = self.argument(term, axes)?;
        let sums = match &list.source {
            Source::Window(window) => window.sums(self)?,
            _ => None,
        };
        let lazy = match (sums, list.source) {
            (Some(sums), Source::Window(window)) => Lazy::OfSums(body, sums, window.extent),
            (_, source) => Lazy::SummaryOfList(body, Column { axes: list.axes, source }),
        };
        self.computed(axes, lazy)
    }

    fn summary(&self, column: &Column<'e>, pivot: usize) -> Result<Summary, CalculationError> {
        let mut summary = Summary::default();
        for place in self.plane.rows_of(pivot) {
            self.meter.step()?;
            summary.add(&column.get(self, place));
        }
        Ok(summary)
    }

    /// One value for each pivot column, the same in all rows.
    fn for_each_pivot(&self, axes: Axes, value: impl FnMut(usize) -> Result<Value, CalculationError>) -> Built<'e> {
        let width = self.plane.width(axes);
        let values = (0..width).map(value).collect::<Result<Vec<_>, _>>()?;
        Ok(Column { axes, source: Source::Cells(Cells::new(axes, width, values)) })
    }

    /// Functions of whole columns: once for each pivot column, or once for each list.
    fn of_columns(
        &self,
        body: fn(&[Vec<Value>], &[Value]) -> Value,
        function: &Function,
        terms: &[Term],
        axes: Axes,
    ) -> Built<'e> {
        let (columns, others) = split(function, terms);
        if let [list] = columns[..]
            && list.type_.is_list()
            && !matches!(function.parameter(0).map(|parameter| parameter.takes), Some(Takes::Table))
        {
            let others = others.into_iter().map(|term| self.argument(term, axes)).collect::<Result<_, _>>()?;
            return self.computed(axes, Lazy::OfList(body, self.argument(list, axes)?, others));
        }
        let built = |terms: Vec<&Term>| terms.into_iter().map(|term| self.build(term)).collect::<Result<Vec<_>, _>>();
        let others = built(others)?;
        let columns = built(columns)?.into_iter().map(|column| self.once_for_each_pivot(column, axes));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        self.for_each_pivot(axes, |pivot| {
            let gathered = columns.iter().map(|column| self.gathered(column, pivot)).collect::<Result<Vec<_>, _>>()?;
            let others: Vec<Value> = others.iter().map(|other| other.get(self, Place { row: 0, pivot })).collect();
            Ok(body(&gathered, &others))
        })
    }

    /// A column that is gathered several times, as there are more pivot columns than it has, is kept.
    fn once_for_each_pivot(&self, column: Column<'e>, axes: Axes) -> Built<'e> {
        if axes.pivots && !column.axes.pivots { self.kept_column(column) } else { Ok(column) }
    }

    /// The values of all rows in a pivot column.
    fn gathered(&self, column: &Column<'e>, pivot: usize) -> Result<Vec<Value>, CalculationError> {
        let mut values = Vec::with_capacity(self.plane.rows);
        for place in self.plane.rows_of(pivot) {
            self.meter.step()?;
            values.push(column.get(self, place));
        }
        Ok(values)
    }

    /// Something for each pivot column of a column.
    fn per_pivot<T>(
        &self,
        column: &Column<'e>,
        make: impl Fn(Vec<Value>) -> T,
    ) -> Result<PerPivot<T>, CalculationError> {
        let width = self.plane.width(column.axes);
        let each = (0..width).map(|pivot| self.gathered(column, pivot).map(&make));
        Ok(PerPivot(each.collect::<Result<_, _>>()?))
    }

    fn of_sorted(
        &self,
        body: fn(&Sorted, &[Value]) -> Value,
        function: &Function,
        terms: &[Term],
        axes: Axes,
    ) -> Built<'e> {
        let (columns, others) = split(function, terms);
        let others = others.into_iter().map(|term| self.argument(term, axes)).collect::<Result<_, _>>()?;
        let Some(series) = columns.first() else { return Ok(Column::same(Value::Null)) };
        if series.type_.is_list() {
            return self.computed(axes, Lazy::OfSortedList(body, self.argument(series, axes)?, others));
        }
        let sorted = self.per_pivot(&self.build(series)?, Sorted::new)?;
        self.computed(axes, Lazy::OfSorted(body, sorted, others))
    }

    fn form(&self, form: Form, terms: &[Term], axes: Axes) -> Built<'e> {
        let lazy = match (form, terms) {
            (Form::Now, _) => return Ok(Column::same(Value::DateTime(self.environment.now))),
            (Form::Rand, _) => {
                self.random_calls.set(self.random_calls.get() + 1);
                Lazy::Rand(self.random_calls.get())
            }
            (Form::Row, _) => Lazy::Row,
            (Form::PivotColumn, _) => Lazy::PivotColumn,
            (Form::Offset, [values, distance]) => Lazy::Offset(self.looked_at(values)?, self.argument(distance, axes)?),
            (Form::Index, [list, number]) if is_list(list) => {
                Lazy::IndexOfList(self.argument(list, axes)?, self.argument(number, axes)?)
            }
            (Form::Index, [values, number]) => Lazy::Index(self.looked_at(values)?, self.argument(number, axes)?),
            (Form::Lookup, [value, among, results]) => {
                let places = self.places(among)?;
                Lazy::Lookup(self.argument(value, axes)?, places, self.looked_at(results)?)
            }
            (Form::Match, [value, list]) if is_list(list) => {
                Lazy::MatchInList(self.argument(value, axes)?, self.argument(list, axes)?)
            }
            (Form::Match, [value, among]) => Lazy::Match(self.argument(value, axes)?, self.places(among)?),
            (Form::PivotIndex, [values, number]) => {
                Lazy::PivotIndex(self.looked_at(values)?, self.argument(number, axes)?)
            }
            (Form::PivotOffset, [values, distance]) => {
                Lazy::PivotOffset(self.looked_at(values)?, self.argument(distance, axes)?)
            }
            (Form::PivotWhere, [condition, values]) => {
                Lazy::PivotWhere(self.looked_at(condition)?, self.looked_at(values)?)
            }
            (Form::RunningTotal, [values]) => return self.running(values, axes, Number::ZERO, Number::plus),
            (Form::RunningProduct, [values]) => return self.running(values, axes, Number::ONE, Number::times),
            (Form::OffsetList, [values, start, count]) => {
                let (start, count) = (self.argument(start, axes)?, self.argument(count, axes)?);
                return self.window(values, Extent::Rows { start, count }, axes);
            }
            (Form::PivotOffsetList, [values, start, count]) => {
                let (start, count) = (self.argument(start, axes)?, self.argument(count, axes)?);
                return self.window(values, Extent::Pivots { start, count }, axes);
            }
            (Form::PivotRow, [values]) => return self.window(values, Extent::WholeRow, axes),
            // What the checker makes of these are other terms.
            _ => return Ok(Column::same(Value::Null)),
        };
        self.computed(axes, lazy)
    }

    fn window(&self, values: &Term, extent: Extent<'e>, axes: Axes) -> Built<'e> {
        let window = Window { values: self.looked_at(values)?, extent };
        Ok(Column { axes, source: Source::Window(Box::new(window)) })
    }

    /// The first row of each value, for each pivot column.
    fn places(&self, among: &Term) -> Result<PerPivot<Places>, CalculationError> {
        self.per_pivot(&self.build(among)?, |values| {
            let mut places = Places::with_capacity(values.len());
            for (row, value) in values.into_iter().enumerate() {
                places.entry(Key(value)).or_insert(row);
            }
            places
        })
    }

    /// What comes together down the rows. A null changes nothing; the row of totals has no place in the order.
    fn running(
        &self,
        values: &Term,
        axes: Axes,
        start: Number,
        step: fn(Number, Number) -> Option<Number>,
    ) -> Built<'e> {
        let values = self.argument(values, axes)?;
        let mut running = vec![Some(start); self.plane.width(axes)];
        let cells = self.cells(axes, |place| {
            if self.plane.is_total(place) {
                return Value::Null;
            }
            let state = &mut running[place.pivot];
            if let Some(number) = values.get(self, place).as_number() {
                *state = state.and_then(|state| step(state, number));
            }
            Value::number(*state)
        })?;
        Ok(Column { axes, source: Source::Cells(cells) })
    }
}

fn is_list(term: &Term) -> bool {
    matches!(term.type_, Type::List(_))
}

/// The arguments that are whole columns or lists, and the others.
fn split<'t>(function: &Function, terms: &'t [Term]) -> (Vec<&'t Term>, Vec<&'t Term>) {
    let mut columns = Vec::new();
    let mut others = Vec::new();
    for (at, term) in terms.iter().enumerate() {
        match function.parameter(at).map(|parameter| parameter.takes) {
            Some(Takes::Column(_) | Takes::Series(_) | Takes::Table) => columns.push(term),
            _ => others.push(term),
        }
    }
    (columns, others)
}
