//! The formatted text of a cell.

use super::{Cells, Scratch};
use crate::layout::{Column, Rendering};
use crate::number_format::NumberFormat;
use crate::sink::PlainSink;
use crate::value_format::ValueFormat;
use arrow_schema::DataType;

/// How the formatted text is made.
pub(super) enum Render<'a> {
    /// It is the plain text of the value.
    Plain,
    /// Digits grouped by the user's number format.
    Grouped(NumberFormat),
    /// By a value format, for numbers.
    Numbers(&'a ValueFormat, NumberFormat),
    /// By the section for text of a value format.
    Texts(&'a ValueFormat),
    /// From the value's own text.
    Words(Words),
}

/// Formatted texts that are made from the value's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// `2024-07` as `2024-Q3`.
    Quarter,
    /// `2024-04` as `FY2024-Q1` in a fiscal year that begins this many months late.
    FiscalQuarter(i8),
    /// `2024` as `FY2024`.
    FiscalYear,
    /// Items joined with `, `.
    List,
}

/// What separates the items of a list in its value.
const ITEM_SEPARATOR: &str = "|RECORD|";

impl<'a> Render<'a> {
    pub(super) fn new(column: &'a Column, data_type: &DataType, user: NumberFormat) -> Self {
        let data_type = match data_type {
            DataType::Dictionary(_, values) => values,
            other => other,
        };
        let is_text = matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
        match &column.format {
            Some(format) if data_type.is_numeric() => return Self::Numbers(format, user),
            Some(format) if is_text && format.formats_text() => return Self::Texts(format),
            _ => {}
        }
        match column.rendering {
            Rendering::Number if data_type.is_numeric() => Self::Grouped(user),
            Rendering::Quarter => Self::Words(Words::Quarter),
            Rendering::FiscalQuarter { offset } => Self::Words(Words::FiscalQuarter(offset)),
            Rendering::FiscalYear => Self::Words(Words::FiscalYear),
            Rendering::List => Self::Words(Words::List),
            Rendering::Number
            | Rendering::Text
            | Rendering::Digits
            | Rendering::Literal
            | Rendering::Week
            | Rendering::Hours(_)
            | Rendering::Minutes(_) => Self::Plain,
        }
    }
}

impl Cells<'_> {
    /// Makes the formatted text of `row` in `scratch.rendered`. False when the plain text of the value is the
    /// formatted one or there is no value; nothing is made then. True does not promise that the two differ.
    #[inline]
    pub(super) fn render(&mut self, row: usize, scratch: &mut Scratch) -> bool {
        match self.render {
            Render::Plain => false,
            Render::Grouped(user) => {
                let Some(number) = self.cursor.number(row) else { return false };
                number.with_text(|text| {
                    let may_change = user.may_change(text);
                    if may_change {
                        scratch.rendered.clear();
                        user.write(text, &mut scratch.rendered);
                    }
                    may_change
                })
            }
            Render::Numbers(format, user) => {
                let Some(number) = self.cursor.number(row) else { return false };
                scratch.rendered.clear();
                format.write_number(number, user, &mut scratch.digits, &mut scratch.rendered);
                true
            }
            Render::Texts(format) => {
                let Some(text) = self.cursor.text(row) else { return false };
                scratch.rendered.clear();
                format.write_text(text, &mut scratch.rendered) && scratch.rendered != text
            }
            Render::Words(words) => self.render_words(row, words, scratch),
        }
    }

    fn render_words(&mut self, row: usize, words: Words, scratch: &mut Scratch) -> bool {
        scratch.other.clear();
        scratch.rendered.clear();
        self.cursor.write(row, &mut PlainSink(&mut scratch.other));
        words.write(&scratch.other, &mut scratch.rendered)
    }
}

impl Words {
    /// Makes the text from that of the value; false where the value is none that it is for, or needs no change.
    fn write(self, value: &str, out: &mut String) -> bool {
        match self {
            Self::Quarter => year_and_month(value, 0).is_some_and(|(year, month)| {
                write_year(year, out);
                write_quarter(month, out);
                true
            }),
            Self::FiscalQuarter(offset) => year_and_month(value, offset.into()).is_some_and(|(year, month)| {
                out.push_str("FY");
                write_year(year, out);
                write_quarter(month, out);
                true
            }),
            Self::FiscalYear => {
                out.push_str("FY");
                out.push_str(value);
                !value.is_empty()
            }
            Self::List => {
                for (index, item) in value.split(ITEM_SEPARATOR).enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    out.push_str(item);
                }
                out != value
            }
        }
    }
}

/// Year and month (from 0) of `YYYY-MM` and what may follow it, `offset` months before.
fn year_and_month(value: &str, offset: i32) -> Option<(i32, i32)> {
    let month: i32 = value.get(5..7)?.parse().ok().filter(|month| (1..=12).contains(month))?;
    let year: i32 = value.get(..4)?.parse().ok().filter(|_| value.as_bytes()[4] == b'-')?;
    let months = year * 12 + month - 1 - offset;
    Some((months.div_euclid(12), months.rem_euclid(12)))
}

fn write_year(year: i32, out: &mut String) {
    let mut digits = itoa::Buffer::new();
    let digits = digits.format(year);
    out.extend(std::iter::repeat_n('0', 4_usize.saturating_sub(digits.len())));
    out.push_str(digits);
}

fn write_quarter(month: i32, out: &mut String) {
    out.push_str(match month / 3 {
        0 => "-Q1",
        1 => "-Q2",
        2 => "-Q3",
        _ => "-Q4",
    });
}

#[cfg(test)]
mod tests {
    use super::Words;

    fn written(words: Words, value: &str) -> Option<String> {
        let mut out = String::new();
        words.write(value, &mut out).then_some(out)
    }

    #[test]
    fn a_quarter_is_named_after_its_first_month() {
        for (value, quarter) in [
            ("2024-01", "2024-Q1"),
            ("2024-04", "2024-Q2"),
            ("2024-07", "2024-Q3"),
            ("2024-10-01", "2024-Q4"),
            ("0987-10", "0987-Q4"),
        ] {
            assert_eq!(written(Words::Quarter, value).as_deref(), Some(quarter));
        }
        for value in ["", "2024", "2024-13", "2024/07", "abcd-07", "é024-07", "日本2-07", "-024-07"] {
            let quarter = written(Words::Quarter, value);
            assert!(quarter.is_none() || value == "-024-07", "{value}: {quarter:?}");
        }
    }

    #[test]
    fn a_fiscal_quarter_counts_from_the_offset() {
        for (offset, value, quarter) in [
            (3, "2024-04", "FY2024-Q1"),
            (3, "2025-01", "FY2024-Q4"),
            (-9, "2023-04", "FY2024-Q1"),
            (0, "2024-10", "FY2024-Q4"),
            (1, "2024-02", "FY2024-Q1"),
        ] {
            assert_eq!(written(Words::FiscalQuarter(offset), value).as_deref(), Some(quarter));
        }
    }

    #[test]
    fn items_of_a_list_are_joined_with_commas() {
        assert_eq!(written(Words::List, "a|RECORD|b|RECORD||RECORD|c").as_deref(), Some("a, b, , c"));
        assert_eq!(written(Words::List, "a"), None);
        assert_eq!(written(Words::List, ""), None);
    }

    #[test]
    fn a_fiscal_year_has_its_letters() {
        assert_eq!(written(Words::FiscalYear, "2024").as_deref(), Some("FY2024"));
        assert_eq!(written(Words::FiscalYear, ""), None);
    }
}
