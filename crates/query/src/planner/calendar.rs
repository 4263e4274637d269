//! Calendars of one's own: the dimensions that show them, and the condition that joins them.

use super::substitute::Place;
use super::{FieldAt, Planner};
use crate::dialect::operand;
use crate::error::Error;
use belvedere_lookml::model::{CalendarPeriod, CalendarUse, Field, FieldKind, Time};
use belvedere_lookml::sql::Cast;
use std::sync::Arc;

impl<'a> Planner<'a, '_> {
    /// The dimension of a calendar that the entered field shows, if it shows one.
    pub(super) fn shown(&self, at: FieldAt<'a>) -> Result<Option<FieldAt<'a>>, Error> {
        at.field.calendar.as_ref().map(|period| self.in_calendar(at, &period.label)).transpose()
    }

    /// The dimension of a calendar that orders what a field shows of it.
    pub(super) fn ordinal(&mut self, at: FieldAt<'a>) -> Result<Option<FieldAt<'a>>, Error> {
        let Some(name) = at.field.calendar.as_ref().and_then(|period| period.ordinal()) else { return Ok(None) };
        self.enter(Place::Field(at))?;
        let by = self.in_calendar(at, name)?;
        self.leave();
        Ok(Some(by))
    }

    /// The days of a group's calendar are found by its date in the zone of the query; days themselves have no zone.
    pub(super) fn calendar_condition(&mut self, calendar: usize) -> Result<String, Error> {
        let (at, period) = self.user_of(calendar)?;
        self.used[at.view] = true;
        self.enter(Place::Field(at))?;
        let x = match &at.field.sql {
            Some(sql) => self.rows_sql(sql)?,
            None => return Err(Error::model(self.place(), "`sql` is missing")),
        };
        let local = self.local_time(&x, period.time)?;
        let Some(reference) = &period.calendar.reference_date else {
            let message = format!("the calendar of view {} has no `reference_date`", period.calendar.view);
            return Err(Error::model(self.place(), message));
        };
        let reference = self.in_calendar(at, reference)?;
        let x = self.body(reference)?;
        let day = match reference.field.kind {
            FieldKind::Time(time) => self.local_time(&x, Time { convert_tz: false, ..time })?,
            _ => x,
        };
        self.leave();
        let (date, day) = (self.typed(&local, Cast::Date), self.typed(&day, Cast::Date));
        Ok(format!("{} = {}", operand(&date), operand(&day)))
    }

    /// The calendar whose field is being written, when `name` means it: nothing else can name it.
    pub(super) fn calendar_called(&self, name: &str) -> Option<usize> {
        let at = self.current_field()?;
        let view = &self.explore.views[at.view];
        let is_called = *view.view.name == *name || *view.alias == *name;
        (view.calendar.is_some() && is_called).then_some(at.view)
    }

    /// A dimension of the group that a calendar is joined for.
    fn user_of(&self, calendar: usize) -> Result<(FieldAt<'a>, &'a Arc<CalendarPeriod>), Error> {
        let explore = self.explore;
        let found = explore.views[calendar].calendar.as_ref().and_then(|of| {
            let view = self.view_named(&of.view)?;
            let mut fields = explore.views[view].view.fields.values();
            fields.find_map(|field| {
                let period = field.calendar.as_ref().filter(|_| group(field) == Some(&of.group))?;
                Some((FieldAt { view, field }, period))
            })
        });
        found.ok_or_else(|| Error::model(&*explore.views[calendar].alias, "is the calendar of no dimension group"))
    }

    /// The calendar that is joined for the group of a field.
    pub(super) fn calendar_of(&self, at: FieldAt<'a>) -> Option<usize> {
        let explore = self.explore;
        let alias = &explore.views[at.view].alias;
        let is_it = |of: &CalendarUse| of.view == *alias && group(at.field) == Some(&of.group);
        explore.views.iter().position(|view| view.calendar.as_ref().is_some_and(is_it))
    }

    /// The dimension `name` of the calendar that is joined for the group of a field.
    pub(super) fn in_calendar(&self, at: FieldAt<'a>, name: &str) -> Result<FieldAt<'a>, Error> {
        let explore = self.explore;
        let view = self.calendar_of(at);
        let found = view.and_then(|view| Some(FieldAt { view, field: explore.views[view].view.field(name)? }));
        found.filter(|&found| self.may_refer(found)).ok_or_else(|| {
            Error::model(self.full_name(at), format!("unknown or inaccessible dimension `{name}` of its calendar"))
        })
    }
}

fn group(field: &Field) -> Option<&Arc<str>> {
    field.group.as_ref().map(|group| &group.name)
}
