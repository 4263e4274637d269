//! LookML in one form: two blanks a level, one blank behind a colon, lists and small blocks on one line where they were
//! written so and fit.
//!
//! Order, comments, names and texts stay as they are: SQL, HTML and strings are never touched inside. Formatting twice
//! changes nothing.

mod print;
mod read;

use crate::syntax::{Document, Element, Items, Value, parse};
use std::sync::Arc;

/// Why a file was not formatted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Its syntax is broken: nobody can tell what belongs together.
    #[error("the file has syntax errors")]
    Broken,
    /// The result would not mean the same. That is a mistake of the formatter; the file is left alone.
    #[error("the formatted text would not mean the same")]
    Changed,
}

/// The text of `document` in the one form.
pub fn format(document: &Document) -> Result<String, FormatError> {
    if document.has_errors() {
        return Err(FormatError::Broken);
    }
    let content = read::read(document).ok_or(FormatError::Broken)?;
    let text = print::print(&content);
    let again = parse(document.file(), Arc::<str>::from(text.as_str())).document;
    let same = !again.has_errors() && same_items(document.items(), again.items());
    if same { Ok(text) } else { Err(FormatError::Changed) }
}

/// True when both say the same, blanks at the end of bodies apart.
fn same_items(mut a: Items<'_>, mut b: Items<'_>) -> bool {
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a.key() == b.key() && same_values(a.value(), b.value()) => {}
            _ => return false,
        }
    }
}

fn same_values(a: Value<'_>, b: Value<'_>) -> bool {
    match (a, b) {
        (Value::Scalar(a), Value::Scalar(b)) => a.quoted() == b.quoted() && a.text() == b.text(),
        (Value::Body(a), Value::Body(b)) => a.text().trim_end() == b.text().trim_end(),
        (Value::List(a), Value::List(b)) => {
            let (mut a, mut b) = (a.elements(), b.elements());
            loop {
                match (a.next(), b.next()) {
                    (None, None) => return true,
                    (Some(Element::Scalar(a)), Some(Element::Scalar(b))) if a.text() == b.text() => {}
                    (Some(Element::Pair(key, value)), Some(Element::Pair(other, another)))
                        if key.text() == other.text() && same_values(value, another) => {}
                    _ => return false,
                }
            }
        }
        (Value::Block(a), Value::Block(b)) => {
            let names = (a.name().map(|name| name.text()), b.name().map(|name| name.text()));
            names.0 == names.1 && same_items(a.items(), b.items())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{FormatError, format};
    use crate::syntax::parse;

    fn formatted(text: &str) -> String {
        let once = format(&parse(&"a.lkml".into(), text).document).expect("it can be formatted");
        let twice = format(&parse(&"a.lkml".into(), once.as_str()).document).expect("it can be formatted again");
        assert_eq!(once, twice, "formatting twice changes nothing");
        once
    }

    #[test]
    fn blocks_are_indented_and_colons_have_one_blank() {
        assert_eq!(
            formatted("view : a{\ndimension:id{type:number\nsql:${TABLE}.id;;}\n\n\n\n  measure: n {}\n}"),
            "view: a {\n  dimension: id {\n    type: number\n    sql: ${TABLE}.id ;;\n  }\n\n  measure: n {}\n}\n"
        );
    }

    #[test]
    fn what_was_written_on_one_line_stays_there_when_it_fits() {
        assert_eq!(
            formatted("view: a { dimension: x { type: string } }"),
            "view: a { dimension: x { type: string } }\n"
        );
        let long = format!("view: a {{ dimension: x {{ label: \"{}\" }} }}", "x".repeat(100));
        assert!(formatted(&long).starts_with("view: a {\n  dimension: x {\n    label: "));
    }

    #[test]
    fn lists_lose_stray_commas() {
        assert_eq!(formatted("fields: [, a,b , c ,]"), "fields: [a, b, c]\n");
        assert_eq!(formatted("fields: [\n  a, b\n]"), "fields: [\n  a,\n  b\n]\n");
        assert_eq!(formatted("fields:[ ]"), "fields: []\n");
        assert_eq!(formatted("filters: [a : \"1\", b.c: \"2\"]"), "filters: [a: \"1\", b.c: \"2\"]\n");
    }

    #[test]
    fn comments_stay_where_they_are() {
        let text =
            "# head\n\nview: a { # behind\n  # own line\n  label: \"x\" # trailing\n\n  # before the end\n}\n# last\n";
        assert_eq!(formatted(text), text);
        assert_eq!(
            formatted("fields: [a, # first\n# own\nb # second\n]"),
            "fields: [\n  a, # first\n  # own\n  b # second\n]\n"
        );
        assert_eq!(formatted("label # why\n: \"x\""), "# why\nlabel: \"x\"\n");
    }

    #[test]
    fn texts_are_not_touched_inside() {
        let text = "view: a {\n  derived_table: {\n    sql:\n        SELECT 1 -- #\n      FROM x\n    ;;\n  }\n  description: \"one\n   two\"\n}\n";
        assert_eq!(formatted(text), text);
        assert_eq!(formatted("sql:\n  x;;"), "sql: x ;;\n");
        assert_eq!(formatted("sql: ;;"), "sql: ;;\n");
    }

    #[test]
    fn broken_files_are_left_alone() {
        assert_eq!(format(&parse(&"a.lkml".into(), "view: a {").document), Err(FormatError::Broken));
    }
}
