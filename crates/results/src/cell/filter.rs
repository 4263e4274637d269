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
        let rendering = match self.filtering {
            Filtering::Dimension(rendering) => rendering,
            Filtering::Measure => Rendering::Number,
            Filtering::None => return,
        };
        if held == Held::Null {
            return self.write_null(rendering, out);
        }
        match rendering {
            Rendering::Text => self.write_text_filter(row, scratch, out),
            Rendering::Number => self.write_whole_float(row, out),
            Rendering::Quarter | Rendering::FiscalQuarter { .. } | Rendering::FiscalYear if rendered => {
                write_member(&scratch.rendered, out);
            }
            Rendering::Week => {
                self.plain(row, scratch).push_str(" for 7 days");
                write_member(&scratch.other, out);
            }
            Rendering::Hours(count) => self.write_span(row, count, "hour", scratch, out),
            Rendering::Minutes(count) => self.write_span(row, count, "minute", scratch, out),
            Rendering::Digits
            | Rendering::Literal
            | Rendering::List
            | Rendering::Quarter
            | Rendering::FiscalQuarter { .. }
            | Rendering::FiscalYear => {}
        }
    }

    /// Null in the grammar of strings is `EMPTY`, in those of numbers and dates `NULL` (unverified: which of the two
    /// Looker takes where). A measure that is null cannot be filtered to itself.
    fn write_null(&self, rendering: Rendering, out: &mut Vec<u8>) {
        match (self.filtering, rendering) {
            (Filtering::Measure, _) => {}
            (_, Rendering::Text) => write_member("EMPTY", out),
            _ => write_member("NULL", out),
        }
    }

    fn write_text_filter(&mut self, row: usize, scratch: &mut Scratch, out: &mut Vec<u8>) {
        let Some(text) = self.cursor.text(row) else { return };
        if text.is_empty() {
            return write_member("EMPTY", out);
        }
        if needs_quotes(text) {
            scratch.other.clear();
            write_quoted(text, &mut scratch.other);
            write_member(&scratch.other, out);
        }
    }

    /// A whole number of a type with fractions: `107.0`.
    fn write_whole_float(&self, row: usize, out: &mut Vec<u8>) {
        let Some(number) = self.cursor.number(row).filter(|number| number.may_have_fraction()) else { return };
        number.with_text(|text| {
            if is_whole(number, text) {
                out.extend_from_slice(b",\"filterable_value\":\"");
                out.extend_from_slice(text.as_bytes());
                out.extend_from_slice(b".0\"");
            }
        });
    }

    /// `2024-09-03 16` or `2024-09-03 16:00:00` as `2024/09/03 16:00 for 4 hours`.
    fn write_span(&mut self, row: usize, count: u16, unit: &str, scratch: &mut Scratch, out: &mut Vec<u8>) {
        self.plain(row, scratch);
        let Some((day, time)) = scratch.other.split_once(' ') else { return };
        let plural = if count == 1 { "" } else { "s" };
        let (hour, minute) = (time.get(..2).unwrap_or(time), time.get(3..5).unwrap_or("00"));
        scratch.rendered.clear();
        for character in day.chars() {
            scratch.rendered.push(if character == '-' { '/' } else { character });
        }
        // Writing to a string cannot fail.
        let _ = write!(scratch.rendered, " {hour}:{minute} for {count} {unit}{plural}");
        write_member(&scratch.rendered, out);
    }

    /// The value's plain text, in `scratch.other`.
    fn plain<'s>(&mut self, row: usize, scratch: &'s mut Scratch) -> &'s mut String {
        scratch.other.clear();
        self.cursor.write(row, &mut PlainSink(&mut scratch.other));
        &mut scratch.other
    }
}

fn write_member(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"filterable_value\":");
    belvedere_wire::write_string(text, out);
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

/// Wraps a text in double quotes, in which only the quote itself is escaped.
fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        if character == '"' {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
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
    }
}
