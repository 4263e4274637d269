//! Names of fields that something refers to, with the places where they stand.

use super::object::Text;
use crate::diagnostic::Location;
use crate::sql::{Piece, has_liquid, split};
use std::sync::Arc;

/// One reference to a field, or to the table of a view.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The part before the dot.
    pub view: Option<Arc<str>>,
    /// The field; empty for a table.
    pub name: Arc<str>,
    pub location: Location,
    pub how: How,
}

/// What a reference is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// `${field}` in SQL.
    Sql,
    /// `${view.SQL_TABLE_NAME}`
    Table,
    /// `filters` of a measure.
    Filter,
    /// A parameter that names a field: `required_fields`, `order_by_field`.
    Name,
    /// `drill_fields`: what cannot be reached in an explore is left out.
    Drill,
}

impl Reference {
    /// The name as it was written.
    pub fn written(&self) -> String {
        match &self.view {
            Some(view) => format!("{view}.{}", self.name),
            None => self.name.to_string(),
        }
    }

    /// The reference that a plain name makes.
    pub fn named(text: &Text, how: How) -> Self {
        let (view, name) = split_name(&text.value);
        Self { view: view.map(Into::into), name: name.into(), location: text.location.clone(), how }
    }
}

/// `view.field` in its parts.
pub fn split_name(name: &str) -> (Option<&str>, &str) {
    match name.split_once('.') {
        Some((view, field)) => (Some(view), field),
        None => (None, name),
    }
}

/// The name with its view; names without one belong to `alias`.
pub fn qualified(name: &str, alias: &str) -> Arc<str> {
    if name.contains('.') { name.into() } else { format!("{alias}.{name}").into() }
}

/// The references in a body of SQL. A body with Liquid has none that could be known before a query renders it.
pub fn in_sql(body: &Text) -> Vec<Reference> {
    if has_liquid(&body.value) {
        return Vec::new();
    }
    let (mut found, mut places) = (Vec::new(), body.places());
    let mut from = 0;
    while let Some(start) = body.value[from..].find("${").map(|at| from + at) {
        let Some(length) = body.value[start..].find('}') else { break };
        let written = &body.value[start..=start + length];
        from = start + length + 1;
        let (view, name, how) = match split(written).pop() {
            Some(Piece::Field { view, name, .. }) => (view, name, How::Sql),
            Some(Piece::TableName(view)) => (Some(view), "".into(), How::Table),
            _ => continue,
        };
        found.push(Reference { view, name, location: places.of(written, start), how });
    }
    found
}

/// Whatever begins with `${` in a body of SQL and is no reference, with its place. A body with Liquid has none that could
/// be known before a query renders it.
pub fn malformed(body: &Text) -> Vec<(&str, Location)> {
    let (mut found, mut places) = (Vec::new(), body.places());
    let mut from = if has_liquid(&body.value) { body.value.len() } else { 0 };
    while let Some(start) = body.value[from..].find("${").map(|at| from + at) {
        let inside = &body.value[start + 2..];
        let length = inside.find(['}', '\n', '$']).filter(|&end| inside[end..].starts_with('}'));
        let Some(length) = length else {
            found.push(("${", places.of("${", start)));
            from = start + 2;
            continue;
        };
        let written = &body.value[start..=start + 2 + length];
        if matches!(split(written).pop(), Some(Piece::Text(_)) | None) {
            found.push((written, places.of(written, start)));
        }
        from = start + written.len();
    }
    found
}

/// The words of SQL that stand before a dot and behind none, as aliases of views do; what stands in references,
/// strings and comments is passed over.
pub fn qualifiers(sql: &str) -> Vec<&str> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii();
    let bytes = sql.as_bytes();
    let behind = |from: usize, end: &str| sql[from..].find(end).map_or(sql.len(), |at| from + at + end.len());
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        at = match rest[0] {
            b'\'' => behind(at + 1, "'"),
            b'$' if rest.starts_with(b"${") => behind(at, "}"),
            b'-' if rest.starts_with(b"--") => behind(at, "\n"),
            byte if is_word(byte) => {
                let end = at + rest.iter().position(|&byte| !is_word(byte)).unwrap_or(rest.len());
                let follows_a_dot = at > 0 && bytes[at - 1] == b'.';
                if bytes.get(end) == Some(&b'.') && !follows_a_dot {
                    found.push(&sql[at..end]);
                }
                end
            }
            _ => at + 1,
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{in_sql, malformed, qualifiers};
    use crate::diagnostic::{Location, Span};
    use crate::resolve::object::Text;

    fn places(text: &str, written: &str) -> Vec<(String, u32, u32)> {
        let location = Location { file: "f".into(), span: Span::new(10, 10 + written.len() as u32), line: 3 };
        let text = Text::new(text, written, location);
        in_sql(&text).into_iter().map(|it| (it.written(), it.location.line, it.location.span.start)).collect()
    }

    #[test]
    fn references_are_found_at_their_place() {
        let sql = "${a} +\n${b.c}";
        assert_eq!(places(sql, sql), [("a".into(), 3, 10), ("b.c".into(), 4, 17)]);
    }

    #[test]
    fn constants_before_a_reference_do_not_shift_its_place() {
        assert_eq!(places("prod.x + ${a}", "@{S}.x + ${a}"), [("a".into(), 3, 19)]);
    }

    #[test]
    fn a_reference_out_of_a_constant_stands_where_the_text_does() {
        assert_eq!(places("${a}", "@{SQL}"), [("a".into(), 3, 10)]);
    }

    #[test]
    fn liquid_and_other_braces_are_no_references() {
        for sql in ["{% if x %} ${a} {% endif %}", "${TABLE}.x", "${EXTENDED}", "${", "{a}"] {
            assert_eq!(places(sql, sql), [], "{sql}");
        }
    }

    #[test]
    fn what_looks_like_a_reference_and_is_none_is_seen() {
        let seen = |sql: &str| {
            let body = Text::new(sql, sql, Location::default());
            malformed(&body).into_iter().map(|(written, _)| written.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(seen("${TABLE.x + ${a} + ${b c} + ${} + ${x.y.z}"), ["${", "${b c}", "${}", "${x.y.z}"]);
        assert!(seen("${TABLE}.x ${a.b} ${x.SQL_TABLE_NAME} ${EXTENDED} ${d::date} $x {y}").is_empty());
        assert!(seen("{% if x %} ${a_{% parameter b %}} {% endif %}").is_empty());
        assert_eq!(seen("${\n}"), ["${"]);
    }

    #[test]
    fn words_before_a_dot_are_aliases_unless_they_are_quoted_or_behind_a_dot() {
        let sql = "users.id = ${shops.id} AND 'a.b' <> dwh.orders.x -- c.d\n AND é.f = 1.5 OR '";
        assert_eq!(qualifiers(sql), ["users", "dwh", "é", "1"]);
        assert!(qualifiers("").is_empty() && qualifiers("${a.b").is_empty());
    }
}
