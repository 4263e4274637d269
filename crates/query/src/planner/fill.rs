//! Which values a dimension can have, so that those missing from a result can be added.

use super::condition::{Filter, Grammar};
use super::tier;
use super::{FieldAt, Planner};
use crate::error::Error;
use crate::plan::fill::step;
use crate::plan::{Cell, Fill, FillValue, FillValues, Note, PlanColumn, Role};
use belvedere_lookml::model::{Category, FieldKind, Timeframe, Weekday, When};
use jiff::ToSpan;
use jiff::civil::DateTime;

impl<'a> Planner<'a, '_> {
    /// What the query wants filled, and notes on what of it cannot be. Fields that are not selected are passed over.
    pub(super) fn fills(&self) -> Result<(Vec<Fill>, Vec<Note>), Error> {
        let (mut fills, mut notes) = (Vec::new(), Vec::new());
        for name in &self.request.fills {
            let is_it = |column: &PlanColumn| column.column.role == Role::Dimension && column.column.name == **name;
            let Some(column) = self.columns.iter().position(is_it) else { continue };
            if fills.iter().any(|fill: &Fill| fill.column == column) {
                continue;
            }
            match self.fill_values(self.find(name)?)? {
                Ok(values) => fills.push(Fill { column, values }),
                Err(reason) => notes.push(Note::NotFilled { dimension: name.to_string(), reason }),
            }
        }
        Ok((fills, notes))
    }

    fn fill_values(&self, at: FieldAt<'a>) -> Result<Result<FillValues, &'static str>, Error> {
        if !at.field.allow_fill {
            return Ok(Err("it says `allow_fill: no`"));
        }
        if at.field.order_by_field.is_some() {
            return Ok(Err("another field orders it (`order_by_field`)"));
        }
        if let FieldKind::Time(time) = at.field.kind
            && step(time.timeframe).is_some()
        {
            let (from, to) = self.fill_bounds(at, time.timeframe)?;
            return Ok(Ok(FillValues::Periods { timeframe: time.timeframe, calendar: self.calendar, from, to }));
        }
        let Some(values) = listed(&at.field.kind, self.calendar.week_start) else {
            return Ok(Err("its values are neither periods of the calendar nor a list"));
        };
        if self.effective_filter(at).is_some() {
            return Ok(Err("it is itself filtered"));
        }
        Ok(Ok(FillValues::List(values)))
    }

    /// The first and last moment that the filters on any timeframe of the same group let through, where they are bounded.
    fn fill_bounds(
        &self,
        at: FieldAt<'a>,
        timeframe: Timeframe,
    ) -> Result<(Option<DateTime>, Option<DateTime>), Error> {
        let same_group = |other: FieldAt<'_>| {
            let names = (&other.field.group, &at.field.group);
            other.is(at) || (other.view == at.view && matches!(names, (Some(a), Some(b)) if a.name == b.name))
        };
        let (mut from, mut to) = (None, None);
        for filter in self.effective.iter().filter(|filter| same_group(filter.at)) {
            if filter.at.field.category != Category::Dimension {
                continue;
            }
            let Grammar::Time(time) = self.grammar(filter.at)? else { continue };
            let read = self.read_filter(filter.at, Grammar::Time(time), filter.value)?;
            let Some(Filter::Time(filter, _)) = read else { continue };
            let Ok(ranges) = filter.resolve(&self.clock()) else { continue };
            let ranges = &ranges.ranges;
            if ranges.is_empty() {
                continue;
            }
            let start = ranges.iter().map(|range| range.start).min().flatten();
            let is_open = ranges.iter().any(|range| range.end.is_none());
            let end = ranges.iter().filter_map(|range| range.end).max().filter(|_| !is_open);
            from = from.max(start);
            to = match (to, end) {
                (Some(a), Some(b)) => Some(std::cmp::min::<DateTime>(a, b)),
                (a, b) => a.or(b),
            };
        }
        Ok((from.map(|time| self.named(time, timeframe)), to.map(|time| self.named(time, timeframe))))
    }

    /// A moment as a timeframe names it: fiscal periods go by the calendar period that they are shifted to.
    pub(super) fn named(&self, time: DateTime, timeframe: Timeframe) -> DateTime {
        if !timeframe.is_fiscal() {
            return time;
        }
        time.checked_sub(i64::from(self.calendar.fiscal_month_offset).months()).unwrap_or(time)
    }
}

/// The values of a type whose values are a list.
fn listed(kind: &FieldKind, week_start: Weekday) -> Option<Vec<FillValue>> {
    match kind {
        FieldKind::Yesno => Some(texts(["No", "Yes"])),
        FieldKind::Tier { tiers, style } => {
            let mut labels = tier::labels(tiers, *style);
            // What lies outside of all tiers is no tier.
            labels.pop();
            let count = tiers.len() + 2;
            let order = |index| super::dimension::has_companion(kind).then(|| Cell::Text(tier::code(index, count)));
            let values = labels.into_iter().enumerate();
            Some(values.map(|(index, label)| FillValue { value: Cell::Text(label), order: order(index) }).collect())
        }
        FieldKind::Case { whens, otherwise, alpha_sort } => Some(cases(whens, otherwise.as_deref(), *alpha_sort)),
        FieldKind::Time(time) => of_timeframe(time.timeframe, week_start),
        _ => None,
    }
}

fn cases(whens: &[When], otherwise: Option<&str>, alpha_sort: bool) -> Vec<FillValue> {
    let labels = whens.iter().map(|when| when.label.as_str()).chain(otherwise);
    let mut values: Vec<FillValue> = Vec::new();
    for (index, label) in labels.enumerate() {
        let value = Cell::Text(label.to_owned());
        if values.iter().any(|earlier| earlier.value == value) {
            continue;
        }
        let order = (!alpha_sort).then(|| Cell::Text(tier::code(index, whens.len() + 1)));
        values.push(FillValue { value, order });
    }
    if alpha_sort {
        values.sort_by(|a, b| match (&a.value, &b.value) {
            (Cell::Text(a), Cell::Text(b)) => a.cmp(b),
            _ => std::cmp::Ordering::Equal,
        });
    }
    values
}

fn of_timeframe(timeframe: Timeframe, week_start: Weekday) -> Option<Vec<FillValue>> {
    Some(match timeframe {
        Timeframe::Yesno => texts(["No", "Yes"]),
        Timeframe::HourOfDay => numbers(0, 23),
        Timeframe::DayOfWeekIndex => numbers(0, 6),
        Timeframe::DayOfWeek => ordered(Timeframe::DAYS.iter().cycle().skip(week_start as usize).take(7), 0),
        Timeframe::DayOfMonth => numbers(1, 31),
        Timeframe::DayOfYear => numbers(1, 366),
        Timeframe::WeekOfYear => numbers(1, 53),
        Timeframe::MonthNum | Timeframe::FiscalMonthNum => numbers(1, 12),
        Timeframe::MonthName => ordered(Timeframe::MONTHS.iter(), 1),
        Timeframe::QuarterOfYear | Timeframe::FiscalQuarterOfYear => texts(["Q1", "Q2", "Q3", "Q4"]),
        _ => return None,
    })
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<FillValue> {
    texts.map(|text| FillValue { value: Cell::Text(text.to_owned()), order: None }).into()
}

fn numbers(first: i64, last: i64) -> Vec<FillValue> {
    (first..=last).map(|number| FillValue { value: Cell::Number(number), order: None }).collect()
}

/// Names with their numbers as companions.
fn ordered<'n>(names: impl Iterator<Item = &'n &'n str>, first: i64) -> Vec<FillValue> {
    let numbered = names.zip(first..);
    let value = |(name, number): (&&str, i64)| FillValue {
        value: Cell::Text((*name).to_owned()),
        order: Some(Cell::Number(number)),
    };
    numbered.map(value).collect()
}
