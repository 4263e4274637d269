//! The SQL of measures.

use super::aggregate::{Call, Key};
use super::joins::Joins;
use super::substitute::{Measures, Place};
use super::{FieldAt, Planner};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::expression::Expression;
use crate::plan::{Along, ColumnSql, Function, Note, PlanColumn, Window};
use belvedere_lookml::model::{Category, Datatype, Direction, FieldKind, MeasureKind, Time, Timeframe};
use belvedere_lookml::sql::{Sql, calls, counts_repetitions};

impl<'a> Planner<'a, '_> {
    /// A measure as it is selected.
    pub(super) fn measure_column(&mut self, at: FieldAt<'a>) -> Result<Expression, Error> {
        let raw = self.measure(at)?;
        match measure_kind(at) {
            MeasureKind::Yesno => Ok(raw.map(|condition| format!("CASE WHEN {condition} THEN 'Yes' ELSE 'No' END"))),
            MeasureKind::Date(_) => {
                let time = measure_time(at);
                raw.try_map(|x| Ok(self.time_sql(x, time)?.select(self.cx.dialect)))
            }
            _ => Ok(raw),
        }
    }

    /// What `${measure}` stands for: what is selected, but the condition itself of a yesno.
    pub(super) fn measure_reference(&mut self, at: FieldAt<'a>) -> Result<Expression, Error> {
        match measure_kind(at) {
            MeasureKind::Yesno => self.measure(at),
            _ => self.measure_column(at),
        }
    }

    /// A measure, not yet in the form of its type.
    pub(super) fn measure(&mut self, at: FieldAt<'a>) -> Result<Expression, Error> {
        self.used[at.view] = true;
        self.enter(Place::Field(at))?;
        let kind = measure_kind(at);
        let expression = match (self.customs.rule(at.field), kind) {
            (Some(rule), _) => self.custom_measure(at, kind, rule)?,
            (None, MeasureKind::Number | MeasureKind::String | MeasureKind::Yesno | MeasureKind::Date(_)) => {
                self.combination(at)?
            }
            (
                None,
                MeasureKind::RunningTotal
                | MeasureKind::PercentOfTotal
                | MeasureKind::PercentOfPrevious
                | MeasureKind::PeriodOverPeriod,
            ) => {
                let message = "is computed from the rows of the result, so no other SQL can refer to it";
                return Err(Error::model(self.place(), message));
            }
            (None, _) => self.aggregate_call(at, kind)?,
        };
        self.leave();
        Ok(expression)
    }

    /// What is made of a measure's values over the rows of the result; `None` for most types.
    pub(super) fn window(&self, at: FieldAt<'a>) -> Option<Window> {
        let along = match (self.request.pivots.is_empty(), at.field.direction) {
            (true, _) | (false, Some(Direction::Column)) => Along::Column,
            (false, Some(Direction::Row) | None) => Along::Row,
        };
        let previous = if self.request.pivots.is_empty() { Along::Column } else { Along::Row };
        match measure_kind(at) {
            MeasureKind::RunningTotal => Some(Window::RunningTotal(along)),
            MeasureKind::PercentOfTotal => Some(Window::PercentOfTotal(along)),
            MeasureKind::PercentOfPrevious => Some(Window::PercentOfPrevious(previous)),
            _ => None,
        }
    }

    /// The measure that a window goes over. One that names a dimension sums it up.
    pub(super) fn window_base(&mut self, at: FieldAt<'a>) -> Result<Expression, Error> {
        self.used[at.view] = true;
        self.enter(Place::Field(at))?;
        let mut base = self.combination(at)?;
        let is_aggregated =
            base.aggregates().next().is_some() || calls_aggregate(self.cx.dialect, &base.render(|_| "0".to_owned()));
        if !is_aggregated {
            base = self.aggregate_call(at, MeasureKind::Sum)?;
        }
        self.leave();
        Ok(base)
    }

    /// The SQL of a measure that aggregates by itself or combines measures.
    fn combination(&mut self, at: FieldAt<'a>) -> Result<Expression, Error> {
        let Some(sql) = &at.field.sql else {
            return Err(Error::model(self.place(), "`sql` is missing"));
        };
        self.groups_sql(sql)
    }

    /// SQL about groups: it aggregates rows by itself, or combines measures. The body's place was entered.
    pub(super) fn groups_sql(&mut self, sql: &Sql) -> Result<Expression, Error> {
        let mut expression = self.sql(sql, Measures::Allowed)?;
        expression.reads_rows |= calls_aggregate(self.cx.dialect, &expression.render(|_| "0".to_owned()));
        Ok(expression)
    }

    /// Notes on selected measures whose authors aggregate by hand, over rows that the joins repeat.
    pub(super) fn fanned_out_by_hand(&self, joins: &Joins) -> Vec<Note> {
        let repeated = |column: &&PlanColumn| {
            let ColumnSql::Measure(measure) = &column.sql else { return false };
            let view = self.view_named(&column.column.field.alias);
            measure.reads_rows
                && view.is_some_and(|view| joins.fanned_out[view])
                && calls_counting_aggregate(self.cx.dialect, &measure.render(|_| "0".to_owned()))
        };
        let columns = self.columns.iter().filter(repeated);
        columns.map(|column| Note::FannedOutByHand { measure: column.column.name.clone() }).collect()
    }

    /// About how long an expression will be with its aggregates written out.
    pub(super) fn written_length(&self, expression: &Expression) -> usize {
        let aggregates = expression.aggregates().map(|index| {
            let call = &self.calls[index];
            let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
            32 + length(&call.argument) + length(&call.condition)
        });
        expression.text_length() + aggregates.sum::<usize>()
    }

    /// A call of the aggregate that a measure is. The field was entered.
    pub(super) fn aggregate_call(&mut self, at: FieldAt<'a>, kind: MeasureKind) -> Result<Expression, Error> {
        if let Some(index) = self.calls.iter().position(|call| call.at.is(at)) {
            return Ok(Expression::aggregate(index));
        }
        let (function, keyed) = match kind {
            MeasureKind::Count => (Function::Count, false),
            MeasureKind::CountDistinct => (Function::CountDistinct, false),
            MeasureKind::Sum => (Function::Sum, false),
            MeasureKind::Average => (Function::Average, false),
            MeasureKind::Min => (Function::Min, false),
            MeasureKind::Max => (Function::Max, false),
            MeasureKind::Median => (Function::Median, false),
            MeasureKind::Percentile(percent) => (Function::Percentile(percent), false),
            MeasureKind::SumDistinct => (Function::Sum, true),
            MeasureKind::AverageDistinct => (Function::Average, true),
            MeasureKind::MedianDistinct => (Function::Median, true),
            MeasureKind::PercentileDistinct(percent) => (Function::Percentile(percent), true),
            _ => (Function::List, false),
        };
        let argument = match (&at.field.sql, kind, self.custom_argument(at)?) {
            (_, _, Some(argument)) => Some(argument),
            (_, MeasureKind::Count, None) => None,
            (Some(sql), _, None) => Some(self.rows_sql(sql)?),
            (None, _, None) => return Err(Error::model(self.place(), "`sql` is missing")),
        };
        let key = match (&at.field.sql_distinct_key, keyed) {
            (Some(sql), true) => Key::Given(self.rows_sql(sql)?),
            (None, true) => Key::Primary,
            (_, false) => Key::None,
        };
        let condition = self.measure_condition(at)?;
        let name = self.full_name(at);
        self.calls.push(Call { at, name, function, argument, condition, key });
        Ok(Expression::aggregate(self.calls.len() - 1))
    }

    /// The `filters` of a measure: all of them must hold.
    fn measure_condition(&mut self, at: FieldAt<'a>) -> Result<Option<String>, Error> {
        let mut conditions = Vec::new();
        for filter in &at.field.filters {
            let filtered = self.referred_by_name(&filter.field)?;
            if filtered.field.category != Category::Dimension {
                let name = self.full_name(filtered);
                return Err(Error::model(self.place(), format!("`filters` names `{name}`, which is no dimension")));
            }
            if let Some(condition) = self.condition(filtered, &filter.value)? {
                conditions.push(condition.into_text());
            }
        }
        conditions.extend(self.custom_conditions(at)?);
        Ok((!conditions.is_empty()).then(|| conditions.join(" AND ")))
    }
}

/// The type of a measure.
pub(super) fn measure_kind(at: FieldAt<'_>) -> MeasureKind {
    match at.field.kind {
        FieldKind::Measure(kind) => kind,
        _ => MeasureKind::Number,
    }
}

/// How the date of a measure of type `date` is stored and shown.
pub(super) fn measure_time(at: FieldAt<'_>) -> Time {
    let timeframe = match measure_kind(at) {
        MeasureKind::Date(timeframe) => timeframe,
        _ => Timeframe::Date,
    };
    let datatype = at.field.datatype.unwrap_or(Datatype::Datetime);
    let days = matches!(datatype, Datatype::Date | Datatype::Yyyymmdd);
    Time { timeframe, datatype, convert_tz: at.field.convert_tz.unwrap_or(true) && !days }
}

/// `type` as it is written.
pub(super) fn type_name(kind: MeasureKind) -> &'static str {
    match kind {
        MeasureKind::Count => "count",
        MeasureKind::CountDistinct => "count_distinct",
        MeasureKind::Sum => "sum",
        MeasureKind::Average => "average",
        MeasureKind::Min => "min",
        MeasureKind::Max => "max",
        MeasureKind::Median => "median",
        MeasureKind::Percentile(_) => "percentile",
        MeasureKind::SumDistinct => "sum_distinct",
        MeasureKind::AverageDistinct => "average_distinct",
        MeasureKind::MedianDistinct => "median_distinct",
        MeasureKind::PercentileDistinct(_) => "percentile_distinct",
        MeasureKind::List => "list",
        MeasureKind::Number => "number",
        MeasureKind::String => "string",
        MeasureKind::Yesno => "yesno",
        MeasureKind::Date(_) => "date",
        MeasureKind::RunningTotal => "running_total",
        MeasureKind::PercentOfTotal => "percent_of_total",
        MeasureKind::PercentOfPrevious => "percent_of_previous",
        MeasureKind::PeriodOverPeriod => "period_over_period",
    }
}

/// True when SQL calls an aggregate function other than as a window over rows that are aggregated already.
pub(super) fn calls_aggregate(dialect: &dyn Dialect, sql: &str) -> bool {
    calls(sql, |function, _| dialect.is_aggregate(function))
}

/// As [`calls_aggregate`], but for calls whose result is another one when rows are repeated.
fn calls_counting_aggregate(dialect: &dyn Dialect, sql: &str) -> bool {
    calls(sql, |function, argument| counts_repetitions(function, argument) && dialect.is_aggregate(function))
}

#[cfg(test)]
mod tests {
    use super::calls_aggregate;
    use crate::dialect::DuckDb;

    #[test]
    fn aggregate_functions_are_seen() {
        for sql in
            ["COUNT(*)", "1.0 * sum (x) / 2", "a + (b - Max(c))", "SUM(SUM(x)) OVER ()", "sum(x) FILTER (WHERE y)"]
        {
            assert!(calls_aggregate(&DuckDb, sql), "{sql}");
        }
    }

    #[test]
    fn windows_literals_and_comments_are_none() {
        for sql in [
            "0",
            "0 / NULLIF(0, 0)",
            "SUM(0) OVER (ORDER BY 1)",
            "'sum(x)'",
            "\"count\"(1",
            "1 -- count(*)",
            "1 /* count(*) */",
            "counts(1)",
            "count",
            "sum(0) FILTER (WHERE 1 = 1) OVER ()",
            "'",
            "(",
            "/*",
        ] {
            assert!(!calls_aggregate(&DuckDb, sql), "{sql}");
        }
    }
}
