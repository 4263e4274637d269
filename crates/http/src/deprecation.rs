//! Telling callers that what they use is deprecated: the headers `Deprecation` (RFC 9745) and `Sunset` (RFC 8594).

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use belvedere_api::{Operation, Release, Shape, Status, releases};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::tz::TimeZone;

static DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
static SUNSET: HeaderName = HeaderName::from_static("sunset");

/// What a caller should know about a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Notice {
    /// When something in it was deprecated; the earliest, where there are several.
    deprecated: Option<Timestamp>,
    /// When the operation was or will be gone.
    sunset: Option<Timestamp>,
}

impl Notice {
    /// The notice for a call of the operation with these parameters, whose answer has this shape.
    pub(crate) fn of(operation: &Operation, query: &[(String, String)], shape: &Shape) -> Self {
        let by_itself = (operation.status == Status::Deprecated).then_some(operation.deprecated_since);
        let sent = operation.parameters.iter().filter(|parameter| parameter.deprecated);
        let sent = sent.filter(|parameter| query.iter().any(|(name, _)| name == parameter.name));
        let answered = operation.answers.is_some_and(|table| {
            table().properties().iter().any(|property| property.is_deprecated() && shape.wants(property.name()))
        });
        let since = by_itself.into_iter().chain(sent.map(|parameter| parameter.deprecated_since));
        let since = since.chain(answered.then_some(None));
        Self { deprecated: since.map(day_of).min(), sunset: operation.until.and_then(day) }
    }

    /// Adds the headers.
    pub(crate) fn tell(self, headers: &mut HeaderMap) {
        if let Some(deprecated) = self.deprecated {
            let value = HeaderValue::from_str(&format!("@{}", deprecated.as_second()));
            headers.extend(value.ok().map(|value| (DEPRECATION.clone(), value)));
        }
        let sunset = self.sunset.and_then(|sunset| DateTimePrinter::new().timestamp_to_rfc9110_string(&sunset).ok());
        let value = sunset.and_then(|sunset| HeaderValue::from_str(&sunset).ok());
        headers.extend(value.map(|value| (SUNSET.clone(), value)));
    }
}

/// The day of the release that deprecated something; where it is not known, that of the first release.
fn day_of(release: Option<Release>) -> Timestamp {
    let first = || releases::known().find_map(day);
    release.and_then(day).or_else(first).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The day of a release, where that is known.
fn day(release: Release) -> Option<Timestamp> {
    let day: Date = releases::day(release)?.parse().ok()?;
    day.to_zoned(TimeZone::UTC).ok().map(|day| day.timestamp())
}

#[cfg(test)]
mod tests {
    use super::Notice;
    use axum::http::HeaderMap;
    use belvedere_api::{Operation, OperationId, Shape};

    fn told(operation: OperationId, query: &[(&str, &str)], fields: Option<&str>) -> (Option<String>, Option<String>) {
        let operation = Operation::of(operation);
        let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut headers = HeaderMap::new();
        Notice::of(operation, &query, &operation.shape(fields)).tell(&mut headers);
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        (text("deprecation"), text("sunset"))
    }

    #[test]
    fn a_deprecated_operation_tells_since_when() {
        // Deprecated with 26.12, whose document is of 2026-07-13.
        let (deprecation, sunset) = told(OperationId::DefaultTheme, &[], None);
        assert_eq!((deprecation.as_deref(), sunset), (Some("@1783900800"), None));
    }

    #[test]
    fn a_parameter_counts_when_it_is_sent() {
        assert_eq!(told(OperationId::AllGroups, &[("limit", "5")], None).0, None);
        // `page` gave way to `offset` with 22.4, whose document is of 2022-03-21.
        assert_eq!(told(OperationId::AllGroups, &[("page", "1")], None).0.as_deref(), Some("@1647820800"));
    }

    #[test]
    fn a_property_counts_when_it_is_answered() {
        assert!(told(OperationId::Me, &[], None).0.is_some());
        assert_eq!(told(OperationId::Me, &[], Some("id,email")).0, None);
        assert!(told(OperationId::Me, &[], Some("embed_group_space_id")).0.is_some());
    }

    #[test]
    fn what_is_not_deprecated_tells_nothing() {
        assert_eq!(told(OperationId::Query, &[], None), (None, None));
        assert_eq!(Notice::of(Operation::of(OperationId::Query), &[], &Shape::whole()), Notice::default());
    }
}
