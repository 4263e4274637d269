//! Values of expressions.

use std::cmp::Ordering;
use std::fmt::{self, Write as _};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use jiff::civil::{Date, DateTime};

use super::Number;

/// What an expression gives for one cell. Cloning one costs no more than a counter.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// A number.
    Number(Number),
    /// Text.
    Text(Arc<str>),
    /// `yes` or `no`.
    Yesno(bool),
    /// A day.
    Date(Date),
    /// A time, local in the time zone of the query.
    DateTime(DateTime),
    /// Several values.
    List(Arc<[Value]>),
}

// The memory that calculations need is counted in values; see `evaluate`.
const _: () = assert!(size_of::<Value>() == 32);

impl Value {
    /// A text.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// A number, or null where there is none.
    pub fn number(number: Option<Number>) -> Self {
        number.map_or(Self::Null, Self::Number)
    }

    /// A double, or null where it is infinite or not a number.
    pub fn double(value: f64) -> Self {
        Self::number(Number::double(value))
    }

    /// A whole number.
    pub fn integer(value: i64) -> Self {
        Self::Number(Number::integer(value))
    }

    /// Reads a date or time as databases print them and `to_date` takes them: `2024`, `2024-03`, `2024-03-05` (a
    /// date, the first of its period), `2024-03-05 14`, `2024-03-05 14:30`, `2024-03-05 14:30:15` (a time, with any
    /// fraction of a second). Null for any other text.
    pub fn date_from_text(text: &str) -> Self {
        super::date::parse(text)
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is `yes`; null is not.
    pub fn is_yes(&self) -> bool {
        matches!(self, Self::Yesno(true))
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The time, if it is a date (its first instant) or a time.
    pub fn as_time(&self) -> Option<DateTime> {
        match self {
            Self::Date(date) => Some(date.at(0, 0, 0, 0)),
            Self::DateTime(time) => Some(*time),
            _ => None,
        }
    }

    /// Whether both are the same, null the same as null.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self.as_time(), other.as_time()) {
            (Some(this), Some(that)) => this == that,
            _ => self == other,
        }
    }

    /// Which of two numbers, texts or times is less; none for null and for what has no order.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(this), Self::Number(that)) => Some(this.compare(*that)),
            (Self::Text(this), Self::Text(that)) => Some(this.cmp(that)),
            _ => Some(self.as_time()?.cmp(&other.as_time()?)),
        }
    }

    /// A total order for sorting, by value among values of one type.
    pub(crate) fn sort_order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(this), Self::Number(that)) => this.sort_order(*that),
            _ => self.compare(other).unwrap_or_else(|| self.rank().cmp(&other.rank())),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Yesno(value) => 1 + u8::from(*value),
            Self::Number(_) => 3,
            Self::Date(_) | Self::DateTime(_) => 4,
            Self::Text(_) => 5,
            Self::List(_) => 6,
        }
    }
}

impl fmt::Display for Value {
    /// The plain text: nothing for null, `Yes` and `No`, `2024-03-05`, `2024-03-05 14:30:00`, items between commas.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Number(number) => number.fmt(formatter),
            Self::Text(text) => formatter.write_str(text),
            Self::Yesno(value) => formatter.write_str(if *value { "Yes" } else { "No" }),
            Self::Date(date) => write!(formatter, "{date}"),
            Self::DateTime(time) => write!(formatter, "{} {}", time.date(), time.time()),
            Self::List(items) => items.iter().enumerate().try_for_each(|(at, item)| {
                if at > 0 {
                    formatter.write_str(", ")?;
                }
                item.fmt(formatter)
            }),
        }
    }
}

/// A value as a key of a table: equal keys are the same value.
#[derive(Clone, Debug)]
pub(crate) struct Key(pub(crate) Value);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_same(&other.0)
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Value::Null => state.write_u8(0),
            Value::Number(number) => number.ranked().to_bits().hash(state),
            Value::Text(text) => text.hash(state),
            Value::Yesno(value) => value.hash(state),
            time @ (Value::Date(_) | Value::DateTime(_)) => time.as_time().hash(state),
            Value::List(items) => items.len().hash(state),
        }
    }
}

/// Adds the plain text of a value.
pub(crate) fn push_text(value: &Value, text: &mut String) {
    match value {
        Value::Text(more) => text.push_str(more),
        // Writing into a text does not fail.
        other => write!(text, "{other}").unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Value};
    use crate::looker::Number;
    use jiff::civil::date;
    use std::collections::HashSet;

    #[test]
    fn values_print_as_cells_show_them() {
        let day = date(2024, 3, 5);
        for (value, text) in [
            (Value::Null, ""),
            (Value::integer(7), "7"),
            (Value::Yesno(true), "Yes"),
            (Value::Yesno(false), "No"),
            (Value::Date(day), "2024-03-05"),
            (Value::DateTime(day.at(14, 3, 0, 0)), "2024-03-05 14:03:00"),
            (Value::List([Value::integer(1), Value::Null, Value::text("a")].into()), "1, , a"),
        ] {
            assert_eq!(value.to_string(), text);
        }
    }

    #[test]
    fn a_day_is_the_same_as_its_first_instant() {
        let day = date(2024, 3, 5);
        assert!(Value::Date(day).is_same(&Value::DateTime(day.at(0, 0, 0, 0))));
        let keys: HashSet<Key> = [
            Value::Date(day),
            Value::DateTime(day.at(0, 0, 0, 0)),
            Value::integer(1),
            Value::double(1.0),
            Value::Number(Number::decimal(100, 2)),
            Value::Null,
        ]
        .map(Key)
        .into();
        assert_eq!(keys.len(), 3);
    }
}
