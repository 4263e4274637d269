//! The SQL of dimensions.

use super::substitute::Place;
use super::tier;
use super::zone::{Stored, UTC};
use super::{FieldAt, Planner};
use crate::dialect::{DimensionSql, operand};
use crate::error::Error;
use belvedere_lookml::model::{Category, Datatype, Field, FieldKind, Interval, TierStyle, Time, Timeframe, When};
use belvedere_lookml::sql::{Cast, Sql};
use std::sync::Arc;

/// The hidden column that orders a dimension.
pub(super) struct Companion<'a> {
    pub(super) name: String,
    pub(super) at: FieldAt<'a>,
    pub(super) sql: DimensionSql,
}

/// What the name of a generated companion ends with.
pub(super) const COMPANION_SUFFIX: &str = "__sort_";

impl<'a> Planner<'a, '_> {
    /// A dimension as it is selected.
    pub(super) fn dimension(&mut self, at: FieldAt<'a>) -> Result<DimensionSql, Error> {
        self.used[at.view] = true;
        self.enter(Place::Field(at))?;
        let sql = match self.shown(at)? {
            Some(shown) => self.dimension(shown)?,
            None => self.entered_dimension(at)?,
        };
        self.leave();
        Ok(sql)
    }

    fn entered_dimension(&mut self, at: FieldAt<'a>) -> Result<DimensionSql, Error> {
        let plain = |sql: Result<String, Error>| sql.map(DimensionSql::plain);
        match &at.field.kind {
            FieldKind::String
            | FieldKind::Number
            | FieldKind::Zipcode
            | FieldKind::Unquoted
            | FieldKind::Measure(_) => plain(self.own_sql(at.field)),
            FieldKind::Yesno => {
                let condition = self.own_sql(at.field)?;
                plain(Ok(format!("CASE WHEN {condition} THEN 'Yes' ELSE 'No' END")))
            }
            FieldKind::Time(time) => {
                let x = self.own_sql(at.field)?;
                self.time_sql(&x, *time)
            }
            FieldKind::Duration { interval, start, end, datatype } => {
                plain(self.duration(*interval, start.as_ref(), end.as_ref(), *datatype))
            }
            FieldKind::Tier { tiers, style } => {
                let x = self.own_sql(at.field)?;
                self.shared.spend(x.len().saturating_mul(tiers.len() * 2))?;
                plain(Ok(tier::label_case(self.cx.dialect, &operand(&x), tiers, *style)))
            }
            FieldKind::Case { whens, otherwise, .. } => {
                let labels: Vec<&str> = whens.iter().map(|when| when.label.as_str()).collect();
                plain(self.case(whens, &labels, otherwise.as_deref()))
            }
            FieldKind::Location { .. } => {
                let (latitude, longitude) = self.entered_coordinates(at)?;
                plain(Ok(self.location(&latitude, &longitude)))
            }
            FieldKind::Distance { start, end, units } => {
                let start = self.coordinates_of(start)?;
                let end = self.coordinates_of(end)?;
                let from = (start.0.as_str(), start.1.as_str());
                plain(Ok(self.cx.dialect.distance(from, (&end.0, &end.1), *units)))
            }
        }
    }

    /// The text of a dimension as it is selected.
    pub(super) fn selected(&mut self, at: FieldAt<'a>) -> Result<String, Error> {
        Ok(self.dimension(at)?.select(self.cx.dialect))
    }

    /// What `${field}` stands for: what is selected, but the condition itself of a yesno, and a typed date or a part of a
    /// location where one is asked for.
    pub(super) fn dimension_reference(&mut self, at: FieldAt<'a>, cast: Option<Cast>) -> Result<String, Error> {
        match (&at.field.kind, cast) {
            (_, Some(Cast::Latitude)) => Ok(self.coordinates(at)?.0),
            (_, Some(Cast::Longitude)) => Ok(self.coordinates(at)?.1),
            (_, Some(Cast::Plain)) => self.dimension_reference(at, None),
            (FieldKind::Yesno, None) => self.body(at),
            (FieldKind::Time(time), Some(cast)) => {
                let x = self.body(at)?;
                let local = self.local_time(&x, *time)?;
                Ok(self.typed(&local, cast))
            }
            (_, None) => Ok(self.selected(at)?),
            (_, Some(cast)) => {
                let x = self.selected(at)?;
                Ok(self.typed(&x, cast))
            }
        }
    }

    /// The field's own SQL, not yet in the form of its type.
    pub(super) fn body(&mut self, at: FieldAt<'a>) -> Result<String, Error> {
        self.used[at.view] = true;
        self.enter(Place::Field(at))?;
        let sql = match self.shown(at)? {
            Some(shown) => self.body(shown)?,
            None => self.own_sql(at.field)?,
        };
        self.leave();
        Ok(sql)
    }

    pub(super) fn own_sql(&mut self, field: &'a Arc<Field>) -> Result<String, Error> {
        if let Some(rule) = self.customs.rule(field) {
            return self.custom_sql(rule);
        }
        match &field.sql {
            Some(sql) => self.rows_sql(sql),
            None => Err(self.missing("sql")),
        }
    }

    fn missing(&self, parameter: &str) -> Error {
        Error::model(self.place(), format!("`{parameter}` is missing"))
    }

    pub(super) fn typed(&self, x: &str, cast: Cast) -> String {
        match cast {
            Cast::Date => self.cx.dialect.to_date(x),
            Cast::Datetime => self.cx.dialect.to_timestamp(x),
            Cast::Latitude | Cast::Longitude | Cast::Plain => x.to_owned(),
        }
    }

    /// A stored time in the form of its timeframe.
    pub(super) fn time_sql(&mut self, x: &str, time: Time) -> Result<DimensionSql, Error> {
        if time.timeframe == Timeframe::Raw {
            return Ok(DimensionSql::plain(x.to_owned()));
        }
        if time.timeframe == Timeframe::Yesno {
            return Ok(self.cx.dialect.timeframe(x, Timeframe::Yesno, self.calendar));
        }
        let local = self.local_time(x, time)?;
        Ok(self.cx.dialect.timeframe(&local, time.timeframe, self.calendar))
    }

    /// A stored time as a date or time in the zone of the query.
    pub(super) fn local_time(&mut self, x: &str, time: Time) -> Result<String, Error> {
        let dialect = self.cx.dialect;
        let zones = self.zones.as_ref().filter(|_| time.convert_tz);
        let conversion = zones.and_then(|zones| zones.conversion(stored_in(time.datatype)));
        let local = match (time.datatype, conversion) {
            (Datatype::Datetime | Datatype::Timestamp, Some((from, to))) => dialect.convert_zone(x, from, to),
            (Datatype::Datetime | Datatype::Timestamp, None) | (Datatype::Date, _) => x.to_owned(),
            (Datatype::Epoch, conversion) => dialect.epoch(x, conversion.map_or(UTC, |(_, to)| to)),
            (Datatype::Yyyymmdd, _) => dialect.yyyymmdd(x),
        };
        self.shared.spend(local.len())?;
        Ok(local)
    }

    /// The first day of the period that a stored time lies in. The field was entered.
    pub(super) fn entered_period(&mut self, at: FieldAt<'a>, time: Time) -> Result<String, Error> {
        let x = self.own_sql(at.field)?;
        let local = self.local_time(&x, time)?;
        Ok(self.cx.dialect.period_start(&local, time.timeframe, self.calendar))
    }

    fn duration(
        &mut self,
        interval: Interval,
        start: Option<&'a Sql>,
        end: Option<&'a Sql>,
        datatype: Option<Datatype>,
    ) -> Result<String, Error> {
        let start = self.rows_sql(start.ok_or_else(|| self.missing("sql_start"))?)?;
        let end = self.rows_sql(end.ok_or_else(|| self.missing("sql_end"))?)?;
        let dialect = self.cx.dialect;
        let time = |x: &str| match datatype {
            Some(Datatype::Epoch) => dialect.epoch(x, UTC),
            Some(Datatype::Yyyymmdd) => dialect.yyyymmdd(x),
            Some(Datatype::Date | Datatype::Datetime | Datatype::Timestamp) | None => x.to_owned(),
        };
        Ok(dialect.duration(&time(&start), &time(&end), interval))
    }

    /// `CASE` over conditions; what each gives are `results`.
    fn case(&mut self, whens: &'a [When], results: &[&str], otherwise: Option<&str>) -> Result<String, Error> {
        let mut branches = Vec::with_capacity(whens.len());
        for (when, result) in whens.iter().zip(results) {
            branches.push((self.rows_sql(&when.sql)?, self.literal(result)?));
        }
        let otherwise = otherwise.map(|label| self.literal(label)).transpose()?;
        let out = case(&branches, otherwise.as_deref());
        self.shared.spend(out.len())?;
        Ok(out)
    }

    fn location(&self, latitude: &str, longitude: &str) -> String {
        let dialect = self.cx.dialect;
        let (x, y) = (operand(latitude), operand(longitude));
        format!(
            "CASE WHEN {x} IS NOT NULL AND {y} IS NOT NULL THEN {} || ',' || {} ELSE NULL END",
            dialect.text(latitude),
            dialect.text(longitude)
        )
    }

    /// Latitude and longitude of a location.
    pub(super) fn coordinates(&mut self, at: FieldAt<'a>) -> Result<(String, String), Error> {
        self.used[at.view] = true;
        self.enter(Place::Field(at))?;
        let coordinates = match self.shown(at)? {
            Some(shown) => self.coordinates(shown)?,
            None => self.entered_coordinates(at)?,
        };
        self.leave();
        Ok(coordinates)
    }

    fn entered_coordinates(&mut self, at: FieldAt<'a>) -> Result<(String, String), Error> {
        let FieldKind::Location { latitude, longitude } = &at.field.kind else {
            return Err(Error::model(self.place(), "is not of type location"));
        };
        let latitude = self.rows_sql(latitude.as_ref().ok_or_else(|| self.missing("sql_latitude"))?)?;
        let longitude = self.rows_sql(longitude.as_ref().ok_or_else(|| self.missing("sql_longitude"))?)?;
        Ok((latitude, longitude))
    }

    /// Latitude and longitude of the location that the entered field names.
    fn coordinates_of(&mut self, name: &str) -> Result<(String, String), Error> {
        let at = self.field_of_view(name)?;
        self.coordinates(at)
    }

    /// The field that the entered one names, by its short or full name.
    pub(super) fn referred_by_name(&mut self, name: &str) -> Result<FieldAt<'a>, Error> {
        match name.split_once('.') {
            Some((view, short)) => self.referred(Some(view), short),
            None => self.referred(None, name),
        }
    }

    /// The dimension that the entered field names, by its short or full name.
    fn field_of_view(&mut self, name: &str) -> Result<FieldAt<'a>, Error> {
        let at = self.referred_by_name(name)?;
        if at.field.category == Category::Dimension {
            return Ok(at);
        }
        Err(Error::model(self.place(), format!("{} is no dimension", self.full_name(at))))
    }

    /// The field that orders a dimension by its `order_by_field`.
    pub(super) fn ordering_field(&mut self, at: FieldAt<'a>) -> Result<Option<FieldAt<'a>>, Error> {
        if at.field.calendar.is_some() {
            return self.ordinal(at);
        }
        let Some(field) = &at.field.order_by_field else { return Ok(None) };
        self.enter(Place::Field(at))?;
        let by = self.field_of_view(field)?;
        self.leave();
        // A field that orders itself needs nothing.
        Ok(Some(by).filter(|by| !by.is(at)))
    }

    /// The hidden column made for a dimension selected as `name` whose texts have an order that is not the alphabet's.
    pub(super) fn companion(&mut self, name: &str, at: FieldAt<'a>) -> Result<Option<Companion<'a>>, Error> {
        if !has_companion(&at.field.kind) {
            return Ok(None);
        }
        self.enter(Place::Field(at))?;
        let sql = match self.shown(at)? {
            Some(shown) => {
                self.enter(Place::Field(shown))?;
                let sql = self.companion_sql(shown)?;
                self.leave();
                sql
            }
            None => self.companion_sql(at)?,
        };
        self.leave();
        Ok(Some(Companion { name: format!("{name}{COMPANION_SUFFIX}"), at, sql }))
    }

    fn companion_sql(&mut self, at: FieldAt<'a>) -> Result<DimensionSql, Error> {
        match &at.field.kind {
            FieldKind::Tier { tiers, .. } => {
                let x = self.own_sql(at.field)?;
                self.shared.spend(x.len().saturating_mul(tiers.len() * 2))?;
                Ok(DimensionSql::plain(tier::sort_case(&operand(&x), tiers)))
            }
            FieldKind::Case { whens, .. } => {
                let codes: Vec<String> = (0..=whens.len()).map(|code| tier::code(code, whens.len() + 1)).collect();
                let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
                Ok(DimensionSql::plain(self.case(whens, &codes, codes.last().copied())?))
            }
            FieldKind::Time(time) => {
                let x = self.own_sql(at.field)?;
                let timeframe = match time.timeframe {
                    Timeframe::MonthName => Timeframe::MonthNum,
                    _ => Timeframe::DayOfWeekIndex,
                };
                self.time_sql(&x, Time { timeframe, ..*time })
            }
            _ => Err(Error::model(self.place(), "has no order of its own")),
        }
    }

    /// A text as a literal. It may pass through a template, whose output is searched for references: a text that looks
    /// like one is cut in two.
    pub(super) fn literal(&self, text: &str) -> Result<String, Error> {
        if text.contains('\0') {
            return Err(Error::Nul { place: self.place() });
        }
        let dialect = self.cx.dialect;
        if !text.contains("${") {
            return Ok(dialect.string(text));
        }
        let mut literals: Vec<String> = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            literals.push(dialect.string(&rest[..=start]));
            rest = &rest[start + 1..];
        }
        literals.push(dialect.string(rest));
        Ok(format!("({})", literals.join(" || ")))
    }
}

/// A `CASE`: conditions, each with what it gives, and what is given otherwise. A line for each branch.
pub(super) fn case(branches: &[(String, String)], otherwise: Option<&str>) -> String {
    let mut out = String::from("CASE");
    for (condition, result) in branches {
        out.push_str("\n        WHEN ");
        out.push_str(condition);
        out.push_str(" THEN ");
        out.push_str(result);
    }
    if let Some(otherwise) = otherwise {
        out.push_str("\n        ELSE ");
        out.push_str(otherwise);
    }
    out.push_str("\n    END");
    out
}

/// True for dimensions with a generated sort companion.
pub(super) fn has_companion(kind: &FieldKind) -> bool {
    match kind {
        FieldKind::Tier { style, .. } => *style != TierStyle::Classic,
        FieldKind::Case { alpha_sort, .. } => !alpha_sort,
        FieldKind::Time(time) => matches!(time.timeframe, Timeframe::DayOfWeek | Timeframe::MonthName),
        _ => false,
    }
}

/// The zone that times of a datatype are stored in.
pub(super) fn stored_in(datatype: Datatype) -> Stored {
    match datatype {
        Datatype::Epoch => Stored::InUtc,
        Datatype::Date | Datatype::Datetime | Datatype::Timestamp | Datatype::Yyyymmdd => Stored::InDatabaseZone,
    }
}

/// False for days, which have no zone.
pub(super) fn has_zone(datatype: Datatype) -> bool {
    !matches!(datatype, Datatype::Date | Datatype::Yyyymmdd)
}
