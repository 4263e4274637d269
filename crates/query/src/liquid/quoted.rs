//! Values of users in SQL. An author who writes quotes around `{{ _user_attributes['name'] }}` means a text or a name:
//! no quote in the value ends it. Without quotes around it the value stands as it is.
//!
//! Where the template puts such a value into the SQL, its quotes are covered; once the text is there, those that stand
//! in quotes of their own kind are doubled.

use super::cover::{covered, original};
use super::pieces::Pieces;
use std::borrow::Cow;
use std::collections::HashSet;

/// The filter that covers the quotes of a value.
pub(super) const FILTER: &str = "user_value";
/// What such values come from.
const SOURCE: &str = "_user_attributes";

/// Whether a template speaks of such values.
pub(super) fn has_values(text: &str) -> bool {
    text.contains(SOURCE)
}

/// The template with the filter behind each output of such a value. Values that are assigned to a name are followed;
/// what `sql_quote` makes of one is a literal already.
pub(super) fn marked(text: &str) -> Cow<'_, str> {
    if !has_values(text) {
        return Cow::Borrowed(text);
    }
    let mut names = HashSet::from([SOURCE]);
    let mut out = String::with_capacity(text.len() + 64);
    let mut verbatim = None;
    let mut pieces = Pieces::of(text);
    for piece in pieces.by_ref() {
        let mentions = || piece.words().any(|word| names.contains(word)) && !piece.inside.contains("sql_quote");
        let mut words = piece.words();
        let mut mark = false;
        if let Some(closing) = verbatim {
            if piece.is_tag && piece.inside == closing {
                verbatim = None;
            }
        } else if !piece.is_tag {
            mark = mentions();
        } else {
            match words.next() {
                Some("raw") => verbatim = Some("endraw"),
                Some("comment") => verbatim = Some("endcomment"),
                Some("assign" | "for") if mentions() => names.extend(words.next()),
                _ => {}
            }
        }
        out.push_str(piece.before);
        match piece.whole.strip_suffix("}}").filter(|_| mark) {
            Some(value) => {
                let (value, dash) = value.strip_suffix('-').map_or((value, ""), |value| (value, "-"));
                out.extend([value, " | ", FILTER, " ", dash, "}}"]);
            }
            None => out.push_str(piece.whole),
        }
    }
    out.push_str(pieces.rest());
    Cow::Owned(out)
}

/// A value with its quotes covered.
pub(super) fn cover_quotes(value: &str) -> String {
    let cover = |c: char| if matches!(c, '\'' | '"') || original(c).is_some() { covered(c) } else { c };
    value.chars().map(cover).collect()
}

/// SQL with its covered quotes as they can stand there: doubled in quotes of their kind, else as they are.
pub(super) fn settled(sql: String) -> String {
    if !sql.chars().any(|c| original(c).is_some()) {
        return sql;
    }
    let mut out = String::with_capacity(sql.len() + 8);
    let mut state = State::Code;
    let mut before = '\0';
    for character in sql.chars() {
        if let Some((quote, _)) = original(character) {
            out.push(quote);
            if state == State::Quoted(quote) {
                out.push(quote);
            }
            before = quote;
            continue;
        }
        let after = state.after(before, character);
        // What begins a comment does not end it: `/*/`.
        before = if after == state { character } else { '\0' };
        state = after;
        out.push(character);
    }
    out
}

/// Where in SQL a character stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Code,
    /// In a text or a quoted name, by the quote that ends it. A doubled one ends it and begins it again.
    Quoted(char),
    /// Behind `--`.
    Line,
    /// Behind `/*`.
    Block,
}

impl State {
    fn after(self, before: char, character: char) -> Self {
        match (self, character) {
            (Self::Code, '\'' | '"' | '`') => Self::Quoted(character),
            (Self::Code, '-') if before == '-' => Self::Line,
            (Self::Code, '*') if before == '/' => Self::Block,
            (Self::Quoted(quote), _) if quote == character => Self::Code,
            (Self::Line, '\n') => Self::Code,
            (Self::Block, '/') if before == '*' => Self::Code,
            (state, _) => state,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{cover_quotes, marked, settled};

    #[test]
    fn outputs_of_such_values_are_marked_and_nothing_else_is() {
        for (template, expected) in [
            ("'{{ _user_attributes['a'] }}'", "'{{ _user_attributes['a']  | user_value }}'"),
            ("{{- _user_attributes['a'] | upcase -}}", "{{- _user_attributes['a'] | upcase  | user_value -}}"),
            (
                "{% assign b = _user_attributes['a'] %}{{b}}{{c}}",
                "{% assign b = _user_attributes['a'] %}{{b | user_value }}{{c}}",
            ),
            (
                "{% for x in _user_attributes['a'] %}{{ x.y }}{% endfor %}",
                "{% for x in _user_attributes['a'] %}{{ x.y  | user_value }}{% endfor %}",
            ),
        ] {
            assert_eq!(marked(template), expected);
        }
        for template in [
            "{{ _user_attributes['a'] | sql_quote }}",
            "{% assign b = _user_attributes['a'] | sql_quote %}{{ b }}",
            "{% if _user_attributes['a'] == 'x' %}{{ v.p._parameter_value }}{% endif %}",
            "{% raw %}{{ _user_attributes['a'] }}{% endraw %}",
            "{% comment %}{{ _user_attributes['a'] }}{% endcomment %}",
            "{{ a }}",
            "{{ _user_attributes['a']",
        ] {
            assert_eq!(marked(template), template);
        }
    }

    #[test]
    fn quotes_are_doubled_in_quotes_of_their_kind() {
        let value = cover_quotes("it's \"x\"");
        for (sql, expected) in [
            (format!("a = '{value}'"), "a = 'it''s \"x\"'"),
            (format!("\"{value}\".t"), "\"it's \"\"x\"\"\".t"),
            (format!("{value} AND 'a''{value}'"), "it's \"x\" AND 'a''it''s \"x\"'"),
            (format!("-- don't\n'{value}'"), "-- don't\n'it''s \"x\"'"),
            (format!("/* don't */ '{value}' -- '{value}"), "/* don't */ 'it''s \"x\"' -- 'it's \"x\""),
        ] {
            assert_eq!(settled(sql), expected);
        }
        assert_eq!(settled("'plain'".to_owned()), "'plain'");
    }

    #[test]
    fn a_value_cannot_bring_covered_characters_along() {
        assert_eq!(settled(format!("'{}'", cover_quotes("\u{10FF27}\u{10FF3C}"))), "'\u{FFFD}\u{FFFD}'");
    }
}
