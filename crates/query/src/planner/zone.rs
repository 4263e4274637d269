//! Time zones: times are seen in the zone of the query and stored in that of the database.

use crate::context::Context;
use crate::error::Error;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The zones of a query whose times are converted.
#[derive(Debug)]
pub(super) struct Zones {
    /// The query's.
    query: TimeZone,
    /// The query's, as an IANA name.
    query_name: String,
    /// The database's.
    database: TimeZone,
    /// The database's, as an IANA name.
    database_name: String,
}

/// What every engine knows.
pub(super) const UTC: &str = "UTC";

impl Zones {
    /// `None` when the connection has no time zone: then nothing is converted.
    pub(super) fn of(cx: &Context<'_>) -> Result<Option<Self>, Error> {
        let Some(database) = &cx.database_timezone else { return Ok(None) };
        Ok(Some(Self {
            query_name: name(&cx.query_timezone)?,
            query: cx.query_timezone.clone(),
            database_name: name(database)?,
            database: database.clone(),
        }))
    }

    /// The names between which a stored time is converted, `None` when they are one.
    pub(super) fn conversion(&self, stored: Stored) -> Option<(&str, &str)> {
        let from = match stored {
            Stored::InDatabaseZone => self.database_name.as_str(),
            Stored::InUtc => UTC,
        };
        (from != self.query_name).then_some((from, &self.query_name))
    }

    /// A time of the query's zone as the database stores it.
    pub(super) fn to_stored(&self, time: DateTime, stored: Stored) -> DateTime {
        if self.conversion(stored).is_none() {
            return time;
        }
        let zone = match stored {
            Stored::InDatabaseZone => &self.database,
            Stored::InUtc => &TimeZone::UTC,
        };
        // A day whose first hour is skipped starts after the gap, one whose first hour is doubled with the first of
        // them. What lies beyond the calendar of instants is so far away that hours do not matter.
        let instant = self.query.to_ambiguous_zoned(time).compatible();
        instant.map_or(time, |instant| instant.with_time_zone(zone.clone()).datetime())
    }
}

/// The zone that a column's times are meant in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    /// The database's.
    InDatabaseZone,
    /// UTC: seconds since 1970.
    InUtc,
}

fn name(zone: &TimeZone) -> Result<String, Error> {
    match zone.iana_name() {
        Some("Etc/UTC" | "Etc/UCT" | "Etc/Universal" | "Etc/Zulu" | "UCT" | "Universal" | "Zulu") => Ok(UTC.to_owned()),
        Some(name) => Ok(name.to_owned()),
        None if *zone == TimeZone::UTC => Ok(UTC.to_owned()),
        None => Err(Error::TimeZone { zone: format!("{zone:?}") }),
    }
}
