//! `value_format`: the subset of Excel's number formats that Looker knows.
//!
//! A format is compiled once per column and applied to the exact decimal value of each cell: a double counts as its
//! shortest decimal text, so that 1.005 with two decimals is 1.01. Rounding is half away from zero.

mod compile;
mod excel;
mod pattern;

use crate::error::Error;
use crate::number::{Exact, Number};
use crate::number_format::NumberFormat;
use pattern::{Pattern, Separators};
use std::cmp::Ordering;

/// A compiled value format.
///
/// ```
/// use belvedere_results::ValueFormat;
///
/// assert!(ValueFormat::compile(r#"[>=1000000]0.0,,"M";[>=1000]0.0,"K";0"#).is_ok());
/// assert!(ValueFormat::compile("hh:mm:ss").is_err());
/// ```
#[derive(Debug, Clone)]
pub struct ValueFormat {
    /// The first section whose condition holds is used.
    sections: Vec<Section>,
    /// The section for text.
    text: Option<Vec<TextPart>>,
    /// Whose signs are used.
    localization: Localization,
    /// The format in Excel's own grammar.
    excel: Option<String>,
}

/// Whose signs group digits and mark decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Localization {
    /// The user's number format.
    User,
    /// Always those of `1,234.56`: `strict_value_format: yes`.
    Strict,
}

/// A section for numbers.
#[derive(Debug, Clone)]
struct Section {
    condition: Option<Condition>,
    sign: Sign,
    pattern: Pattern,
}

/// Whether a minus is written before a negative value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// It is.
    Written,
    /// Only negative values come to the section, which says so in its own way.
    Implied,
}

/// A comparison with a constant.
#[derive(Debug, Clone, Copy)]
struct Condition {
    operator: Operator,
    bound: Exact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A piece of a section for text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum TextPart {
    Literal(String),
    /// `@`
    Value,
}

impl ValueFormat {
    /// Compiles a format that follows the user's number format.
    ///
    /// An empty format is that of plain digits. Colours are dropped; date codes and other brackets than conditions
    /// are an [`Error::ValueFormat`].
    pub fn compile(format: &str) -> Result<Self, Error> {
        compile::compile(format)
    }

    /// The format with this localization.
    pub fn localized(self, localization: Localization) -> Self {
        Self { localization, ..self }
    }

    /// The format in Excel's own grammar, literals in quotes; `None` for what that grammar has no form for.
    pub(crate) fn excel(&self) -> Option<&str> {
        self.excel.as_deref()
    }

    /// Appends the formatted number.
    ///
    /// A value that no section is for is written as plain digits with the user's signs.
    pub(crate) fn write_number(&self, number: Number, user: NumberFormat, digits: &mut Vec<u8>, out: &mut String) {
        let numbers = match self.localization {
            Localization::User => user,
            Localization::Strict => NumberFormat::CommaPoint,
        };
        let value = number.exact();
        match self.sections.iter().find(|section| section.condition.is_none_or(|condition| condition.holds(value))) {
            Some(section) => {
                let separators = Separators { group: numbers.group(), point: numbers.point() };
                section.pattern.write(number, value, section.sign, separators, digits, out);
            }
            None => number.with_text(|plain| numbers.write(plain, out)),
        }
    }

    /// Appends the formatted text; false, and nothing written, when the format leaves text alone.
    pub(crate) fn write_text(&self, value: &str, out: &mut String) -> bool {
        let Some(parts) = &self.text else { return false };
        for part in parts {
            match part {
                TextPart::Literal(literal) => out.push_str(literal),
                TextPart::Value => out.push_str(value),
            }
        }
        true
    }

    /// True when text is not left alone.
    pub(crate) fn formats_text(&self) -> bool {
        self.text.is_some()
    }
}

impl Condition {
    fn holds(self, value: Exact) -> bool {
        let order = value.compared(self.bound);
        match self.operator {
            Operator::Equal => order == Ordering::Equal,
            Operator::NotEqual => order != Ordering::Equal,
            Operator::Less => order == Ordering::Less,
            Operator::LessOrEqual => order != Ordering::Greater,
            Operator::Greater => order == Ordering::Greater,
            Operator::GreaterOrEqual => order != Ordering::Less,
        }
    }

    /// True when it holds for negative values alone.
    fn implies_negative(self) -> bool {
        match self.operator {
            Operator::Equal | Operator::LessOrEqual => self.bound.negative,
            Operator::Less => self.bound.negative || self.bound.coefficient == 0,
            Operator::NotEqual | Operator::Greater | Operator::GreaterOrEqual => false,
        }
    }

    /// The condition that holds where this one does not.
    const fn negated(self) -> Self {
        let operator = match self.operator {
            Operator::Equal => Operator::NotEqual,
            Operator::NotEqual => Operator::Equal,
            Operator::Less => Operator::GreaterOrEqual,
            Operator::LessOrEqual => Operator::Greater,
            Operator::Greater => Operator::LessOrEqual,
            Operator::GreaterOrEqual => Operator::Less,
        };
        Self { operator, ..self }
    }
}

#[cfg(test)]
mod tests;
