//! Everything outside query and model that the SQL may depend on.

use crate::dialect::Dialect;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// When, where and for whom a query is planned.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The present moment: what `7 days` counts from.
    pub now: Timestamp,
    /// The zone that the user sees times in.
    pub query_timezone: TimeZone,
    /// The zone that the database stores times in; with `None` nothing is converted.
    pub database_timezone: Option<TimeZone>,
    /// What the user may see.
    pub access: &'a Access,
    /// Which state of derived tables is asked for.
    pub mode: Mode,
    /// The SQL that is spoken.
    pub dialect: &'static dyn Dialect,
}

/// Which state of derived tables is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// That which everybody sees.
    #[default]
    Production,
    /// That of an author at work: `dev_filters` and the lines behind `-- if dev --` count.
    Development,
}

/// The user's row-level access: attributes that grants and access filters ask for.
///
/// The default holds nothing: no grant is given, and an access filter lets no row through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Values of the user's attributes by name; one that is not here has no value.
    pub user_attributes: BTreeMap<String, UserAttribute>,
    /// Whether access is limited at all.
    pub reach: Reach,
}

/// Whether access filters and grants count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reach {
    /// Access filters apply, and what needs a grant needs it.
    #[default]
    Restricted,
    /// No user stands behind the query: no access filter applies, every grant is given. For the author's own tools.
    Unrestricted,
}

/// The value of a user attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserAttribute {
    /// How the value is to be read.
    pub kind: AttributeType,
    /// The value.
    pub value: String,
}

/// `type` of a user attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeType {
    /// `string`: matched literally, as the following.
    String,
    /// `number`
    Number,
    /// `datetime`
    Datetime,
    /// `yesno`
    Yesno,
    /// `zipcode`
    Zipcode,
    /// `relative_url`
    RelativeUrl,
    /// `advanced_filter_string`: a filter expression, as the following.
    AdvancedFilterString,
    /// `advanced_filter_number`
    AdvancedFilterNumber,
    /// `advanced_filter_datetime`
    AdvancedFilterDatetime,
}

impl AttributeType {
    /// True when the value is a filter expression.
    pub const fn is_advanced(self) -> bool {
        matches!(self, Self::AdvancedFilterString | Self::AdvancedFilterNumber | Self::AdvancedFilterDatetime)
    }
}

impl Access {
    /// Access without limits.
    pub fn unrestricted() -> Self {
        Self { user_attributes: BTreeMap::new(), reach: Reach::Unrestricted }
    }

    /// The value of the attribute `name`; a blank one counts as none.
    pub fn value(&self, name: &str) -> Option<&UserAttribute> {
        self.user_attributes.get(name).filter(|attribute| !attribute.value.trim().is_empty())
    }
}
