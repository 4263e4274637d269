//! Types of values.

use std::fmt;

/// What kind of values an expression gives. Each may also be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Nothing but null.
    Null,
    /// Numbers.
    Number,
    /// Text.
    String,
    /// Days.
    Date,
    /// Times.
    DateTime,
    /// `yes` and `no`.
    Yesno,
    /// Lists of one type of value.
    List(&'static Type),
    /// What is wrong elsewhere already: it goes with everything.
    Unknown,
}

impl Type {
    /// Whether it is a date or a time: functions take both.
    pub const fn is_date(self) -> bool {
        matches!(self, Self::Date | Self::DateTime)
    }

    /// Whether it is a list.
    pub const fn is_list(self) -> bool {
        matches!(self, Self::List(_))
    }

    /// The type of the items of a list, or the type itself.
    pub const fn item(self) -> Self {
        match self {
            Self::List(item) => *item,
            other => other,
        }
    }

    /// Lists of it. There are no lists of lists.
    pub const fn listed(self) -> Self {
        match self {
            Self::Null => Self::List(&Self::Null),
            Self::Number => Self::List(&Self::Number),
            Self::String => Self::List(&Self::String),
            Self::Date => Self::List(&Self::Date),
            Self::DateTime => Self::List(&Self::DateTime),
            Self::Yesno => Self::List(&Self::Yesno),
            Self::List(_) | Self::Unknown => Self::Unknown,
        }
    }

    /// The type of what is one or the other; none if they do not go together.
    pub fn joined(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Some(Self::Unknown),
            (Self::Null, one) | (one, Self::Null) => Some(one),
            (Self::List(this), Self::List(that)) => this.joined(*that).map(Self::listed),
            _ if self == other => Some(self),
            _ if self.is_date() && other.is_date() => Some(Self::DateTime),
            _ => None,
        }
    }

    /// The word of `_type_hint` in `dynamic_fields`; null has that of text.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Null | Self::String | Self::Unknown => "string",
            Self::Number => "number",
            Self::Date => "date",
            Self::DateTime => "date_time",
            Self::Yesno => "yesno",
            Self::List(_) => "list",
        }
    }
}

impl fmt::Display for Type {
    /// With its article, for messages: `a number`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Null => "null",
            Self::Number => "a number",
            Self::String => "a text",
            Self::Date => "a date",
            Self::DateTime => "a date and time",
            Self::Yesno => "a yesno",
            Self::List(_) => "a list",
            Self::Unknown => "anything",
        })
    }
}
