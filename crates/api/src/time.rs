//! Points in time as the wire has them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// RFC 3339 with milliseconds and the offset of UTC: `2026-01-31T08:00:00.000+00:00`.
///
/// Properties that are declared as plain text but hold a time (`created_at` and the like) have the same form.
pub fn text(timestamp: Timestamp) -> String {
    timestamp.strftime("%Y-%m-%dT%H:%M:%S%.3f+00:00").to_string()
}

/// Reads what clients send: RFC 3339 with seconds and fraction or without, with an offset or without one, which
/// means UTC; a date alone means its first instant.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(timestamp);
    }
    let start = text.parse::<DateTime>().ok().or_else(|| date(text).map(|date| date.at(0, 0, 0, 0)))?;
    TimeZone::UTC.to_timestamp(start).ok()
}

/// Reads `2026-01-31`.
pub fn date(text: &str) -> Option<Date> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_with_milliseconds_and_offset() {
        let timestamp: Timestamp = "2026-01-31T08:00:00Z".parse().unwrap();
        assert_eq!(text(timestamp), "2026-01-31T08:00:00.000+00:00");
        let timestamp: Timestamp = "2026-01-31T08:00:00.123987Z".parse().unwrap();
        assert_eq!(text(timestamp), "2026-01-31T08:00:00.123+00:00");
    }

    #[test]
    fn every_form_that_clients_send_is_read() {
        for (sent, read) in [
            ("2026-01-31T08:00Z", "2026-01-31T08:00:00.000+00:00"),
            ("2026-01-31T08:00:00.000Z", "2026-01-31T08:00:00.000+00:00"),
            ("2026-01-31T08:00:00.123456+01:00", "2026-01-31T07:00:00.123+00:00"),
            ("2026-01-31T08:00:00.000+00:00", "2026-01-31T08:00:00.000+00:00"),
            ("2026-01-31 08:00:00", "2026-01-31T08:00:00.000+00:00"),
            (" 2026-01-31T08:00 ", "2026-01-31T08:00:00.000+00:00"),
            ("2026-01-31", "2026-01-31T00:00:00.000+00:00"),
        ] {
            assert_eq!(parse(sent).map(text).as_deref(), Some(read), "{sent}");
        }
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for sent in ["", "yesterday", "2026-02-30", "2026-01-31T25:00Z", "08:00", "1769846400"] {
            assert_eq!(parse(sent), None, "{sent}");
        }
    }
}
