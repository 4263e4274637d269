//! The filter text of a cell: the expression that filters by its value.

use super::{Cells, Scratch};
use crate::cursor::Held;
use crate::layout::Rendering;
use crate::number::Number;
use crate::sink::PlainSink;
use std::fmt::Write as _;

/// How a value is told in a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filtering {
    /// In the grammar that belongs to the rendering.
    Dimension(Rendering),
    /// As a number; null has no filter.
    Measure,
    /// Not at all.
    None,
}

impl Cells<'_> {
    /// Writes `filterable_value` where it differs from the value. `rendered` tells whether the formatted text stands
    /// in `scratch`.
    pub(super) fn write_filterable(
        &mut self,
        row: usize,
        held: Held,
        rendered: bool,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
    ) {
        if let Some(text) = self.own_filter(row, held, rendered, scratch) {
            out.extend_from_slice(b",\"filterable_value\":");
            belvedere_wire::write_string(text, out);
        }
    }

    /// The filter expression that the value is told by; `None` where no filter names it.
    pub(crate) fn filter(&mut self, row: usize, scratch: &mut Scratch) -> Option<String> {
        if self.filtering == Filtering::None {
            return None;
        }
        let mut text = String::new();
        let held = self.cursor.write(row, &mut PlainSink(&mut text));
        let rendered = held != Held::Null && self.render(row, scratch);
        match self.own_filter(row, held, rendered, scratch) {
            Some(own) => Some(own.to_owned()),
            None => (held != Held::Null).then_some(text),
        }
    }

    /// The filter expression where it differs from the value.
    fn own_filter<'s>(&mut self, row: usize, held: Held, rendered: bool, scratch: &'s mut Scratch) -> Option<&'s str> {
        let rendering = match self.filtering {
            Filtering::Dimension(rendering) => rendering,
            Filtering::Measure => Rendering::Number,
            Filtering::None => return None,
        };
        if held == Held::Null {
            return self.null_filter(rendering);
        }
        match rendering {
            Rendering::Text => self.text_filter(row, scratch),
            Rendering::Number => self.whole_float(row, scratch),
            Rendering::Quarter | Rendering::FiscalQuarter { .. } | Rendering::FiscalYear if rendered => {
                Some(&scratch.rendered)
            }
            Rendering::Week => {
                self.plain(row, scratch).push_str(" for 7 days");
                Some(&scratch.other)
            }
            Rendering::Hours(count) => self.span(row, count, "hour", scratch),
            Rendering::Minutes(count) => self.span(row, count, "minute", scratch),
            Rendering::Digits
            | Rendering::Literal
            | Rendering::List
            | Rendering::Quarter
            | Rendering::FiscalQuarter { .. }
            | Rendering::FiscalYear => None,
        }
    }

    /// Null in the grammar of strings is `EMPTY`, in those of numbers and dates `NULL` (unverified: which of the two
    /// Looker takes where). A measure that is null cannot be filtered to itself.
    fn null_filter(&self, rendering: Rendering) -> Option<&'static str> {
        match (self.filtering, rendering) {
            (Filtering::Measure, _) => None,
            (_, Rendering::Text) => Some("EMPTY"),
            _ => Some("NULL"),
        }
    }

    fn text_filter<'s>(&mut self, row: usize, scratch: &'s mut Scratch) -> Option<&'s str> {
        let text = self.cursor.text(row)?;
        if text.is_empty() {
            return Some("EMPTY");
        }
        needs_quotes(text).then(|| {
            scratch.other.clear();
            write_quoted(text, &mut scratch.other);
            scratch.other.as_str()
        })
    }

    /// A whole number of a type with fractions: `107.0`.
    fn whole_float<'s>(&self, row: usize, scratch: &'s mut Scratch) -> Option<&'s str> {
        let number = self.cursor.number(row).filter(|number| number.may_have_fraction())?;
        number.with_text(|text| {
            is_whole(number, text).then(|| {
                scratch.other.clear();
                scratch.other.push_str(text);
                scratch.other.push_str(".0");
            })
        })?;
        Some(&scratch.other)
    }

    /// `2024-09-03 16` or `2024-09-03 16:00:00` as `2024/09/03 16:00 for 4 hours`.
    fn span<'s>(&mut self, row: usize, count: u16, unit: &str, scratch: &'s mut Scratch) -> Option<&'s str> {
        self.plain(row, scratch);
        let (day, time) = scratch.other.split_once(' ')?;
        let plural = if count == 1 { "" } else { "s" };
        let (hour, minute) = (time.get(..2).unwrap_or(time), time.get(3..5).unwrap_or("00"));
        scratch.rendered.clear();
        for character in day.chars() {
            scratch.rendered.push(if character == '-' { '/' } else { character });
        }
        // Writing to a string cannot fail.
        let _ = write!(scratch.rendered, " {hour}:{minute} for {count} {unit}{plural}");
        Some(&scratch.rendered)
    }

    /// The value's plain text, in `scratch.other`.
    pub(super) fn plain<'s>(&mut self, row: usize, scratch: &'s mut Scratch) -> &'s mut String {
        scratch.other.clear();
        self.cursor.write(row, &mut PlainSink(&mut scratch.other));
        &mut scratch.other
    }
}

fn is_whole(number: Number, text: &str) -> bool {
    match number {
        Number::Single(value) => value.fract() == 0.0 && !text.contains('e'),
        Number::Double(value) => value.fract() == 0.0 && !text.contains('e'),
        _ => !text.contains('.'),
    }
}

/// Whether a text means something else in the grammar of strings when it stands bare.
fn needs_quotes(text: &str) -> bool {
    const SPECIAL: [u8; 11] = *b"\"',%_^&\\\n\r\t";
    belvedere_wire::find_byte(text.as_bytes(), SPECIAL).is_some()
        || text.starts_with('-')
        || text.starts_with(char::is_whitespace)
        || text.ends_with(char::is_whitespace)
        || text.eq_ignore_ascii_case("null")
        || text.eq_ignore_ascii_case("empty")
        || text.eq_ignore_ascii_case("not null")
}

/// Wraps a text in double quotes, in which only the quote itself is escaped. A backslash before the closing quote would
/// take the quote's meaning away, so it stands behind it.
fn write_quoted(text: &str, out: &mut String) {
    let quoted = text.trim_end_matches('\\');
    out.push('"');
    for character in quoted.chars() {
        if character == '"' {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
    for _ in quoted.len()..text.len() {
        out.push_str("^\\");
    }
}

#[cfg(test)]
mod tests {
    use super::{needs_quotes, write_quoted};

    #[test]
    fn texts_that_the_filter_grammar_reads_otherwise_are_quoted() {
        for text in ["a,b", "R&D", "100%", "a_b", "-x", " x", "x ", "null", "EMPTY", "say \"x\"", "O'Hara", "a^b"] {
            assert!(needs_quotes(text), "{text}");
        }
        for text in ["complete", "t-shirt", "New York", "Zürich", "20 or Above", "Yes"] {
            assert!(!needs_quotes(text), "{text}");
        }
    }

    #[test]
    fn quotes_inside_are_escaped() {
        let mut out = String::new();
        write_quoted(r#"a "b", c"#, &mut out);
        assert_eq!(out, r#""a \"b\", c""#);
        out.clear();
        write_quoted(r"C:\", &mut out);
        assert_eq!(out, r#""C:"^\"#);
    }
}
