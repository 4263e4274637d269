//! What a measure is compared with: its own values of an earlier period.

use super::Plan;
use belvedere_lookml::model::Comparison;

/// A measure compared with its own value a period earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compare {
    /// What is told.
    pub kind: Comparison,
    /// The index of the statement with the earlier values.
    pub earlier: usize,
}

/// The groups of a plan a period earlier: a statement with the dimensions that both periods share, the period itself in
/// hidden columns, and the measures that are compared, by the names of the plan's columns.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// The statement.
    pub plan: Box<Plan>,
    /// Names of the dimensions that must be the same, null included: all but those that the period tells.
    pub dimensions: Vec<String>,
    /// Which period is the earlier one.
    pub before: Before,
}

/// How the period is found that another one is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Before {
    /// By its first day.
    Shifted {
        /// The column of the plan with the first day of the period.
        period: usize,
        /// How many months earlier the other period begins.
        months: u32,
        /// How many days earlier, where it is not months.
        days: u32,
    },
    /// In a calendar of one's own.
    Calendar(CalendarSteps),
}

/// From each period of a calendar of one's own to the one that it is compared with. A period is known by its year, where
/// the calendar orders years, and by its ordinal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarSteps {
    /// The calendar's table as SQL.
    pub table: String,
    /// Its alias as an identifier.
    pub alias: String,
    /// The year; `None` for years themselves, and where ordinals run on from year to year.
    pub year: Option<Ordinal>,
    /// The period.
    pub period: Ordinal,
    /// What lies between a period and the other one.
    pub span: Span,
}

/// What orders the periods of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordinal {
    /// The column of the plan that has it.
    pub column: usize,
    /// The name of the column of the statement with the earlier values.
    pub earlier: &'static str,
    /// Its SQL over the calendar's table.
    pub sql: String,
}

/// How far back in a calendar of one's own a comparison goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// To the period before.
    One,
    /// To the period of the same ordinal in the year before.
    Year,
    /// To the period at the same place within the longer one before, by the SQL that orders the longer ones.
    Longer(String),
}
