//! One line of source, ready to be shown with marks under a part of it.

use crate::diagnostic::Span;
use memchr::{memchr2, memrchr2};
use unicode_width::UnicodeWidthChar;

/// What a tab is shown as.
const TAB: &str = "    ";

/// Stands for a character that must not reach the terminal.
const REPLACEMENT: char = '\u{fffd}';

/// A longer line is cut: so many characters before the part that is meant, and so many from its start on.
const BEFORE: usize = 60;
const FROM_START: usize = 100;

/// The first line of a span.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// 1-based column of the span's start, in characters.
    pub column: usize,
    /// The line without its end, tabs as blanks, cut when it is very long.
    pub text: String,
    /// Columns of the terminal before the span.
    pub indent: usize,
    /// Columns of the terminal that the span takes on this line, at least one.
    pub width: usize,
}

impl Excerpt {
    /// `None` when the span does not belong to this text: the file was changed since.
    pub fn new(text: &str, span: Span) -> Option<Self> {
        let (start, end) = (span.start as usize, span.end as usize);
        let (before, from_start) = text.split_at_checked(start)?;
        text.get(start..end.max(start))?;
        let line_start = memrchr2(b'\n', b'\r', before.as_bytes()).map_or(0, |index| index + 1);
        let before = &before[line_start..];
        let rest = &from_start[..memchr2(b'\n', b'\r', from_start.as_bytes()).unwrap_or(from_start.len())];
        let marked = &rest[..rest.len().min(end.saturating_sub(start))];

        let mut shown = String::new();
        let lead = last_characters(before, BEFORE);
        if lead.len() < before.len() {
            shown.push('…');
        }
        let mut indent = usize::from(!shown.is_empty());
        indent += show(lead, &mut shown);
        let visible = first_characters(rest, FROM_START);
        let marked = &visible[..marked.len().min(visible.len())];
        let width = show(marked, &mut shown);
        show(&visible[marked.len()..], &mut shown);
        if visible.len() < rest.len() {
            shown.push('…');
        }
        shown.truncate(shown.trim_end().len());
        Some(Self { column: before.chars().count() + 1, text: shown, indent, width: width.max(1) })
    }
}

/// `text` without characters that would steer a terminal: they are replaced, line ends by a blank.
pub(super) fn printable(text: &str) -> String {
    let clean = |character| match character {
        '\n' => ' ',
        _ if steers_terminal(character) => REPLACEMENT,
        _ => character,
    };
    text.chars().map(clean).collect()
}

/// Control characters, and those that turn the direction of the text around them.
fn steers_terminal(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Adds `text` as it is shown; gives the columns it takes.
fn show(text: &str, out: &mut String) -> usize {
    let mut width = 0;
    for character in text.chars() {
        if character == '\t' {
            out.push_str(TAB);
            width += TAB.len();
        } else if steers_terminal(character) {
            out.push(REPLACEMENT);
            width += 1;
        } else {
            out.push(character);
            width += character.width().unwrap_or(0);
        }
    }
    width
}

fn first_characters(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(index, _)| &text[..index])
}

fn last_characters(text: &str, count: usize) -> &str {
    text.char_indices().rev().nth(count - 1).map_or(text, |(index, _)| &text[index..])
}

#[cfg(test)]
mod tests {
    use super::{Excerpt, printable};
    use crate::diagnostic::Span;

    fn excerpt(text: &str, part: &str) -> Excerpt {
        let start = text.find(part).expect("the part stands in the text");
        Excerpt::new(text, Span::new(start as u32, (start + part.len()) as u32)).expect("the span fits")
    }

    fn marks(excerpt: &Excerpt) -> String {
        format!("{}\n{}{}", excerpt.text, " ".repeat(excerpt.indent), "^".repeat(excerpt.width))
    }

    #[test]
    fn marks_stand_under_the_part_behind_tabs() {
        let found = excerpt("view: a {\n\tlabel: 'x'\n}", "'x'");
        assert_eq!(found.column, 9);
        assert_eq!(marks(&found), "    label: 'x'\n           ^^^");
    }

    #[test]
    fn wide_and_combining_characters_take_the_columns_that_a_terminal_gives_them() {
        let wide = excerpt("label: \"東京\" x", "x");
        assert_eq!((wide.column, wide.indent), (13, 14));
        let combining = excerpt("label: \"e\u{301}\" x", "x");
        assert_eq!((combining.column, combining.indent), (13, 11));
        assert_eq!(excerpt("a: \"東京\"", "東京").width, 4);
    }

    #[test]
    fn a_span_of_several_lines_is_marked_on_its_first() {
        let found = excerpt("a: \"one\r\ntwo\" b", "\"one\r\ntwo\"");
        assert_eq!(marks(&found), "a: \"one\n   ^^^^");
    }

    #[test]
    fn an_empty_span_gets_one_mark_also_at_the_end() {
        let found = Excerpt::new("a: b", Span::new(4, 4)).expect("the end belongs to the text");
        assert_eq!(marks(&found), "a: b\n    ^");
        let empty = Excerpt::new("", Span::new(0, 0)).expect("the end belongs to the text");
        assert_eq!((empty.column, marks(&empty).as_str()), (1, "\n^"));
    }

    #[test]
    fn a_very_long_line_is_cut_around_the_part() {
        let text = format!("{}x{}", "a ".repeat(5_000), " b".repeat(5_000));
        let found = excerpt(&text, "x");
        assert_eq!(found.column, 10_001);
        assert!(found.text.starts_with('…') && found.text.ends_with('…'));
        assert_eq!(found.text.chars().nth(found.indent), Some('x'));
        assert!(found.text.chars().count() < 170);
        let long = Excerpt::new(&text, Span::new(10_000, 20_000)).expect("the span fits");
        assert!(long.width <= 100);
    }

    #[test]
    fn a_span_that_does_not_fit_the_text_is_refused() {
        assert_eq!(Excerpt::new("short", Span::new(3, 9)), None);
        assert_eq!(Excerpt::new("é", Span::new(1, 2)), None);
    }

    #[test]
    fn a_file_cannot_steer_the_terminal() {
        assert_eq!(excerpt("a: \u{1b}[31m\u{202e}b", "a").text, "a: \u{fffd}[31m\u{fffd}b");
        assert_eq!(printable("x\u{1b}\ny\u{0}"), "x\u{fffd} y\u{fffd}");
    }
}
