//! Filter expressions as conditions.

use super::dimension::{has_zone, stored_in};
use super::measure::{measure_kind, measure_time, type_name};
use super::{FieldAt, Planner};
use crate::dialect::{meters, operand};
use crate::error::Error;
use crate::expression::{Expression, Part};
use belvedere_expressions::filter::{
    Bound, Clock, Coordinates, DateFilter, DateRange, DateRanges, Decimal, FilterError, LocationFilter, NumberFilter,
    NumberMatch, Pattern, PatternPiece, StringFilter, StringMatch, YesnoFilter,
};
use belvedere_lookml::model::{
    Category, Datatype, DistanceUnit, FieldKind, MeasureKind, Time, TimeframeValues, Weekday,
};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

/// The language of a field's filters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Grammar {
    Text,
    Number,
    Yesno,
    Time(Time),
    Location,
}

/// What a filter says, read but not yet SQL.
#[derive(Debug)]
pub(super) enum Filter {
    Text(StringFilter),
    Number(NumberFilter),
    Yesno(YesnoFilter),
    Time(DateFilter, Time),
    Location(LocationFilter),
    /// No row passes.
    Nothing,
}

impl Filter {
    /// How often at most the filter's subject is written.
    fn terms(&self) -> usize {
        match self {
            Self::Text(filter) => 2 * (filter.include.len() + filter.exclude.len()),
            Self::Number(filter) => 3 * (filter.include.len() + filter.exclude.len()),
            Self::Time(filter, _) => 2 * filter.terms.len(),
            Self::Yesno(_) | Self::Location(_) | Self::Nothing => 1,
        }
    }
}

impl Grammar {
    /// Reads a filter expression.
    pub(super) fn parse(self, value: &str) -> Result<Filter, FilterError> {
        Ok(match self {
            Self::Text => Filter::Text(StringFilter::parse(value)?),
            Self::Number => Filter::Number(NumberFilter::parse(value)?),
            Self::Yesno => Filter::Yesno(YesnoFilter::parse(value)?),
            Self::Time(time) => Filter::Time(DateFilter::parse(value)?, time),
            Self::Location => Filter::Location(LocationFilter::parse(value)?),
        })
    }

    pub(super) fn of_timeframe(time: Time) -> Self {
        match time.timeframe.values() {
            TimeframeValues::Yesno => Self::Yesno,
            TimeframeValues::Number => Self::Number,
            TimeframeValues::Text => Self::Text,
            TimeframeValues::Day | TimeframeValues::Moment => Self::Time(time),
        }
    }
}

impl<'a> Planner<'a, '_> {
    /// The language of a field's filters.
    pub(super) fn grammar(&self, at: FieldAt<'a>) -> Result<Grammar, Error> {
        Ok(match &at.field.kind {
            FieldKind::String
            | FieldKind::Zipcode
            | FieldKind::Unquoted
            | FieldKind::Case { .. }
            | FieldKind::Tier { .. } => Grammar::Text,
            FieldKind::Number | FieldKind::Duration { .. } | FieldKind::Distance { .. } => Grammar::Number,
            FieldKind::Yesno => Grammar::Yesno,
            FieldKind::Time(time) => Grammar::of_timeframe(*time),
            FieldKind::Location { .. } => Grammar::Location,
            FieldKind::Measure(MeasureKind::String) => Grammar::Text,
            FieldKind::Measure(MeasureKind::Yesno) => Grammar::Yesno,
            FieldKind::Measure(MeasureKind::Date(_)) => Grammar::of_timeframe(measure_time(at)),
            FieldKind::Measure(
                kind @ (MeasureKind::List
                | MeasureKind::RunningTotal
                | MeasureKind::PercentOfTotal
                | MeasureKind::PercentOfPrevious
                | MeasureKind::PeriodOverPeriod),
            ) => {
                return Err(Error::NotFilterable { field: self.full_name(at), kind: type_name(*kind) });
            }
            FieldKind::Measure(_) => Grammar::Number,
        })
    }

    /// The condition that a filter expression puts on a field, `None` when it matches anything.
    pub(super) fn condition(&mut self, at: FieldAt<'a>, value: &str) -> Result<Option<Expression>, Error> {
        let grammar = self.grammar(at)?;
        match self.read_filter(at, grammar, value)? {
            Some(filter) => self.filter_condition(at, &filter),
            None => Ok(None),
        }
    }

    /// The condition that a filter puts on a field, `None` when it matches anything.
    pub(super) fn filter_condition(&mut self, at: FieldAt<'a>, filter: &Filter) -> Result<Option<Expression>, Error> {
        if let Filter::Location(filter) = filter {
            let (latitude, longitude) = self.coordinates(at)?;
            return Ok(self.place_condition(filter, &latitude, &longitude).map(Expression::text));
        }
        let subject = self.subject(at, filter)?;
        self.condition_on(&subject, filter, self.is_case_sensitive(at), &self.full_name(at))
    }

    /// The condition that a filter puts on SQL, `None` when it matches anything.
    pub(super) fn condition_on(
        &mut self,
        subject: &Expression,
        filter: &Filter,
        case: Case,
        field: &str,
    ) -> Result<Option<Expression>, Error> {
        // Each term repeats the subject; a long list is refused before it is written.
        self.shared.spend(self.written_length(subject).saturating_mul(filter.terms()))?;
        let mut writer = Writer { subject, out: Expression::default() };
        let is_any = match filter {
            Filter::Text(filter) if filter.is_any() => true,
            Filter::Text(filter) => {
                self.text_condition(&mut writer, filter, case)?;
                false
            }
            Filter::Number(filter) => number_condition(&mut writer, filter),
            Filter::Yesno(filter) => yesno_condition(&mut writer, *filter),
            Filter::Time(filter, time) => {
                let ranges = filter
                    .resolve(&self.clock())
                    .map_err(|source| Error::Filter { field: field.to_owned(), source })?;
                self.time_condition(&mut writer, &ranges, *time)
            }
            Filter::Location(_) => {
                return Err(Error::model(field, "a filter on a place needs a field of type location"));
            }
            Filter::Nothing => {
                writer.push("FALSE");
                false
            }
        };
        self.shared.spend(writer.out.text_length())?;
        Ok((!is_any).then_some(writer.out))
    }

    /// The condition that a subject lies in ranges of time, `None` when these are all there is.
    pub(super) fn ranges_condition(
        &mut self,
        subject: &Expression,
        ranges: &DateRanges,
        time: Time,
    ) -> Result<Option<Expression>, Error> {
        self.shared.spend(self.written_length(subject).saturating_mul(2 * ranges.ranges.len()))?;
        let mut writer = Writer { subject, out: Expression::default() };
        let is_any = self.time_condition(&mut writer, ranges, time);
        Ok((!is_any).then_some(writer.out))
    }

    /// What a filter on a field compares: stored times as they are, conditions themselves, everything else as selected.
    fn subject(&mut self, at: FieldAt<'a>, filter: &Filter) -> Result<Expression, Error> {
        if at.field.category == Category::Measure {
            return match (filter, measure_kind(at)) {
                (Filter::Text(_) | Filter::Number(_), MeasureKind::Date(_)) => self.measure_column(at),
                _ => self.measure(at),
            };
        }
        match (filter, &at.field.kind) {
            (Filter::Time(..), _) | (Filter::Yesno(_), FieldKind::Yesno) => Ok(Expression::text(self.body(at)?)),
            (Filter::Yesno(_), _) => Ok(Expression::text(format!("{} IS NOT NULL", operand(&self.body(at)?)))),
            _ => Ok(Expression::text(self.selected(at)?)),
        }
    }

    pub(super) fn is_case_sensitive(&self, at: FieldAt<'_>) -> Case {
        if at.field.case_sensitive.unwrap_or(self.explore.case_sensitive) { Case::Sensitive } else { Case::Ignored }
    }

    pub(super) fn clock(&self) -> Clock {
        Clock {
            now: self.cx.now.to_zoned(self.cx.query_timezone.clone()).datetime(),
            week_start: weekday(self.calendar.week_start),
            fiscal_month_offset: self.calendar.fiscal_month_offset,
        }
    }

    fn text_condition(&self, writer: &mut Writer<'_>, filter: &StringFilter, case: Case) -> Result<(), Error> {
        let mut groups = Vec::new();
        let (values, others) = split_values(&filter.include);
        let mut any = Vec::new();
        if !values.is_empty() {
            any.push(self.equals(writer, &values, Sense::Include, case)?);
        }
        for found in others {
            any.push(self.matches(writer, found, Sense::Include, case)?);
        }
        if !any.is_empty() {
            groups.push(joined(any, " OR "));
        }
        let (values, others) = split_values(&filter.exclude);
        if !values.is_empty() {
            groups.push(self.equals(writer, &values, Sense::Exclude, case)?);
        }
        for found in others {
            groups.push(self.matches(writer, found, Sense::Exclude, case)?);
        }
        writer.out = joined(groups, " AND ");
        Ok(())
    }

    /// `x = 'a'`, `x IN ('a', 'b')`, and what excludes them but keeps null.
    fn equals(&self, writer: &Writer<'_>, values: &[&str], sense: Sense, case: Case) -> Result<Expression, Error> {
        let literals: Result<Vec<String>, Error> =
            values.iter().map(|value| self.literal(value).map(|literal| case.apply(literal))).collect();
        let literals = literals?;
        let x = writer.cased(case);
        let mut out = x;
        out.push_text(&match (literals.as_slice(), sense) {
            ([literal], Sense::Include) => format!(" = {literal}"),
            ([literal], Sense::Exclude) => format!(" <> {literal}"),
            (literals, Sense::Include) => format!(" IN ({})", literals.join(", ")),
            (literals, Sense::Exclude) => format!(" NOT IN ({})", literals.join(", ")),
        });
        Ok(if sense == Sense::Exclude { writer.or_null(&out) } else { out })
    }

    fn matches(&self, writer: &Writer<'_>, found: &StringMatch, sense: Sense, case: Case) -> Result<Expression, Error> {
        let x = writer.operand();
        Ok(match (found, sense) {
            (StringMatch::Null, Sense::Include) => followed(&x, " IS NULL"),
            (StringMatch::Null, Sense::Exclude) => followed(&x, " IS NOT NULL"),
            (StringMatch::Empty, Sense::Include) => {
                let length = writer.subject.map(|x| format!("LENGTH({x})"));
                joined(vec![followed(&x, " IS NULL"), followed(&length, " = 0")], " OR ")
            }
            (StringMatch::Empty, Sense::Exclude) => {
                let length = writer.subject.map(|x| format!("LENGTH({x})"));
                joined(vec![followed(&x, " IS NOT NULL"), followed(&length, " <> 0")], " AND ")
            }
            (StringMatch::Equals(value), sense) => self.equals(writer, &[value], sense, case)?,
            (StringMatch::Pattern(pattern), sense) => {
                let (text, escape) = like(pattern);
                let literal = case.apply(self.literal(&text)?);
                let escape = if escape { " ESCAPE '^'" } else { "" };
                let mut out = writer.cased(case);
                match sense {
                    Sense::Include => {
                        out.push_text(&format!(" LIKE {literal}{escape}"));
                        out
                    }
                    Sense::Exclude => {
                        out.push_text(&format!(" NOT LIKE {literal}{escape}"));
                        writer.or_null(&out)
                    }
                }
            }
        })
    }

    /// Writes the condition; true when there is none.
    fn time_condition(&self, writer: &mut Writer<'_>, ranges: &DateRanges, time: Time) -> bool {
        if ranges.is_any() {
            return true;
        }
        let x = writer.operand();
        if ranges.not_null {
            writer.out = if ranges.null { Expression::text("FALSE") } else { followed(&x, " IS NOT NULL") };
            return false;
        }
        let mut any: Vec<Expression> =
            ranges.ranges.iter().map(|range| self.range_condition(&x, *range, time)).collect();
        if ranges.null {
            any.push(followed(&x, " IS NULL"));
        }
        writer.out = if any.is_empty() { Expression::text("FALSE") } else { joined(any, " OR ") };
        false
    }

    fn range_condition(&self, x: &Expression, range: DateRange, time: Time) -> Expression {
        let from = range.start.map(|start| followed(x, &format!(" >= {}", self.bound(start, time))));
        let to = range.end.map(|end| followed(x, &format!(" < {}", self.bound(end, time))));
        joined(from.into_iter().chain(to).collect(), " AND ")
    }

    /// A time of the query's zone as a literal that a stored time compares with. The column is left alone, so that an
    /// index or the order of the data can serve.
    pub(super) fn bound(&self, local: DateTime, time: Time) -> String {
        let dialect = self.cx.dialect;
        let stored = match &self.zones {
            Some(zones) if time.convert_tz && has_zone(time.datatype) => {
                zones.to_stored(local, stored_in(time.datatype))
            }
            _ => local,
        };
        match time.datatype {
            Datatype::Datetime | Datatype::Timestamp => dialect.timestamp(stored),
            Datatype::Date => dialect.date(first_day_from(stored)),
            Datatype::Epoch => {
                let seconds = stored.to_zoned(jiff::tz::TimeZone::UTC).map(|utc| utc.timestamp().as_second());
                seconds.unwrap_or(i64::MAX).to_string()
            }
            Datatype::Yyyymmdd => {
                let day = first_day_from(stored);
                format!("{}{:02}{:02}", day.year(), day.month(), day.day())
            }
        }
    }

    fn place_condition(&self, filter: &LocationFilter, latitude: &str, longitude: &str) -> Option<String> {
        let (y, x) = (operand(latitude), operand(longitude));
        Some(match filter {
            LocationFilter::Anywhere => return None,
            LocationFilter::Null => format!("({y} IS NULL OR {x} IS NULL)"),
            LocationFilter::NotNull => format!("({y} IS NOT NULL AND {x} IS NOT NULL)"),
            LocationFilter::Point(point) => format!("({y} = {} AND {x} = {})", point.latitude, point.longitude),
            LocationFilter::Circle { center, distance, unit } => {
                let limit = distance.to_f64() * unit.in_meters() / meters(DistanceUnit::Meters);
                let Coordinates { latitude: to_latitude, longitude: to_longitude } = center;
                let distance = self.cx.dialect.distance(
                    (to_latitude.as_str(), to_longitude.as_str()),
                    (latitude, longitude),
                    DistanceUnit::Meters,
                );
                format!("({distance} <= {limit})")
            }
            LocationFilter::Box { north_west, south_east } => {
                let (west, east) = (&north_west.longitude, &south_east.longitude);
                let over = if west.compare(east).is_gt() { "OR" } else { "AND" };
                format!(
                    "({y} <= {} AND {y} >= {} AND ({x} >= {west} {over} {x} <= {east}))",
                    north_west.latitude, south_east.latitude
                )
            }
        })
    }
}

/// Whether a filter includes or excludes what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sense {
    Include,
    Exclude,
}

/// Whether upper and lower case differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Sensitive,
    Ignored,
}

impl Case {
    fn apply(self, sql: String) -> String {
        match self {
            Self::Sensitive => sql,
            Self::Ignored => format!("UPPER({sql})"),
        }
    }
}

/// Writes a condition on a subject.
struct Writer<'s> {
    subject: &'s Expression,
    out: Expression,
}

impl Writer<'_> {
    fn push(&mut self, text: &str) {
        self.out.push_text(text);
    }

    /// The subject, such that an operator can follow.
    fn operand(&self) -> Expression {
        match self.subject.parts.as_slice() {
            [Part::Text(text)] => Expression { reads_rows: self.subject.reads_rows, ..Expression::text(operand(text)) },
            // One aggregate is one call; only a percentile has operators around it, and those bind tighter.
            [Part::Aggregate(_)] => self.subject.clone(),
            _ => self.subject.map(|x| format!("({x})")),
        }
    }

    fn cased(&self, case: Case) -> Expression {
        match case {
            Case::Sensitive => self.operand(),
            Case::Ignored => self.subject.map(|x| format!("UPPER({x})")),
        }
    }

    /// A condition, or the subject is null.
    fn or_null(&self, condition: &Expression) -> Expression {
        let mut out = Expression::text("(");
        out.push(condition);
        out.push_text(" OR ");
        out.push(&self.operand());
        out.push_text(" IS NULL)");
        out
    }
}

fn followed(x: &Expression, text: &str) -> Expression {
    let mut out = x.clone();
    out.push_text(text);
    out
}

/// Conditions with a word between them, in parentheses when there are several.
fn joined(mut conditions: Vec<Expression>, word: &str) -> Expression {
    if conditions.len() == 1 {
        return conditions.remove(0);
    }
    let mut out = Expression::text("(");
    for (index, condition) in conditions.iter().enumerate() {
        if index > 0 {
            out.push_text(word);
        }
        out.push(condition);
    }
    out.push_text(")");
    out
}

/// Plain values apart from patterns and words; each value once.
fn split_values(matches: &[StringMatch]) -> (Vec<&str>, Vec<&StringMatch>) {
    let mut values: Vec<&str> = Vec::new();
    let mut others = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for found in matches {
        match found {
            StringMatch::Equals(value) if seen.insert(value.as_str()) => values.push(value),
            StringMatch::Equals(_) => {}
            other => others.push(other),
        }
    }
    (values, others)
}

/// A pattern in the language of `LIKE`, and whether it needs an escape character.
fn like(pattern: &Pattern) -> (String, bool) {
    let mut out = String::new();
    let mut escaped = false;
    for piece in &pattern.0 {
        match piece {
            PatternPiece::AnyRun => out.push('%'),
            PatternPiece::AnyOne => out.push('_'),
            PatternPiece::Literal(text) => {
                for c in text.chars() {
                    if matches!(c, '%' | '_' | '^') {
                        out.push('^');
                        escaped = true;
                    }
                    out.push(c);
                }
            }
        }
    }
    // Without `ESCAPE` a backslash would be one on some engines, DuckDB has none; naming the character settles it.
    let needs_escape = escaped || out.contains('\\');
    (out, needs_escape)
}

/// Writes the condition; true when there is none.
fn number_condition(writer: &mut Writer<'_>, filter: &NumberFilter) -> bool {
    if filter.is_any() {
        return true;
    }
    let x = writer.operand();
    if filter.contradiction {
        writer.out = followed(&x, " IS NULL");
        return false;
    }
    let mut groups = Vec::new();
    let mut any = Vec::new();
    let values = numbers(&filter.include);
    match values.as_slice() {
        [] => {}
        [value] => any.push(followed(&x, &format!(" = {value}"))),
        values => any.push(followed(&x, &format!(" IN ({})", values.join(", ")))),
    }
    for found in &filter.include {
        match found {
            NumberMatch::Value(_) => {}
            NumberMatch::Null => any.push(followed(&x, " IS NULL")),
            NumberMatch::Range { lower, upper } => any.push(inside(&x, lower.as_ref(), upper.as_ref())),
        }
    }
    if !any.is_empty() {
        groups.push(joined(any, " OR "));
    }
    let values = numbers(&filter.exclude);
    match values.as_slice() {
        [] => {}
        [value] => groups.push(writer.or_null(&followed(&x, &format!(" <> {value}")))),
        values => groups.push(writer.or_null(&followed(&x, &format!(" NOT IN ({})", values.join(", "))))),
    }
    for found in &filter.exclude {
        match found {
            NumberMatch::Value(_) => {}
            NumberMatch::Null => groups.push(followed(&x, " IS NOT NULL")),
            NumberMatch::Range { lower, upper } => groups.push(outside(&x, lower.as_ref(), upper.as_ref())),
        }
    }
    writer.out = joined(groups, " AND ");
    false
}

fn numbers(matches: &[NumberMatch]) -> Vec<&str> {
    let values = matches.iter().filter_map(|found| match found {
        NumberMatch::Value(value) => Some(Decimal::as_str(value)),
        NumberMatch::Range { .. } | NumberMatch::Null => None,
    });
    values.collect()
}

fn inside(x: &Expression, lower: Option<&Bound>, upper: Option<&Bound>) -> Expression {
    let symbol = |inclusive: bool| if inclusive { "=" } else { "" };
    let from = lower.map(|lower| followed(x, &format!(" >{} {}", symbol(lower.inclusive), lower.value)));
    let to = upper.map(|upper| followed(x, &format!(" <{} {}", symbol(upper.inclusive), upper.value)));
    joined(from.into_iter().chain(to).collect(), " AND ")
}

fn outside(x: &Expression, lower: Option<&Bound>, upper: Option<&Bound>) -> Expression {
    let symbol = |inclusive: bool| if inclusive { "" } else { "=" };
    let below = lower.map(|lower| followed(x, &format!(" <{} {}", symbol(lower.inclusive), lower.value)));
    let above = upper.map(|upper| followed(x, &format!(" >{} {}", symbol(upper.inclusive), upper.value)));
    let null = Some(followed(x, " IS NULL"));
    joined(below.into_iter().chain(above).chain(null).collect(), " OR ")
}

/// Writes the condition; true when there is none.
fn yesno_condition(writer: &mut Writer<'_>, filter: YesnoFilter) -> bool {
    match filter {
        YesnoFilter::Any => return true,
        YesnoFilter::Yes => writer.out = writer.subject.map(|condition| format!("({condition})")),
        YesnoFilter::No => {
            writer.out = writer.subject.map(|condition| format!("(NOT COALESCE(({condition}), FALSE))"));
        }
    }
    false
}

/// The first day that starts at or after a time: a day lies before a time if it lies before this day.
fn first_day_from(time: DateTime) -> Date {
    if time == time.date().to_datetime(jiff::civil::Time::midnight()) {
        return time.date();
    }
    time.date().checked_add(1.day()).unwrap_or(Date::MAX)
}

fn weekday(day: Weekday) -> jiff::civil::Weekday {
    match day {
        Weekday::Monday => jiff::civil::Weekday::Monday,
        Weekday::Tuesday => jiff::civil::Weekday::Tuesday,
        Weekday::Wednesday => jiff::civil::Weekday::Wednesday,
        Weekday::Thursday => jiff::civil::Weekday::Thursday,
        Weekday::Friday => jiff::civil::Weekday::Friday,
        Weekday::Saturday => jiff::civil::Weekday::Saturday,
        Weekday::Sunday => jiff::civil::Weekday::Sunday,
    }
}
