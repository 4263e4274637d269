//! SQL written by the author of a model: text with references.
//!
//! `${TABLE}`, `${field}`, `${view.field}` and `${view.SQL_TABLE_NAME}` stand for SQL that only the planner knows.
//! A body without Liquid is split into [`Piece`]s once, when its explore is resolved; a body with Liquid is rendered
//! for each query and split then.

mod calls;

pub use calls::{aggregates_by_hand, calls, counts_repetitions};

use crate::diagnostic::Location;
use std::sync::Arc;

/// A `;;` body in SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sql {
    /// The text as written, constants expanded, leading blanks removed, trailing ones kept (as the API shows it).
    pub text: Arc<str>,
    /// Where the body stands.
    pub location: Location,
    /// The text split at its references; `None` when it holds Liquid (`{{` or `{%`) that must be rendered first.
    pub pieces: Option<Arc<[Piece]>>,
}

impl Sql {
    /// Takes the text of a body.
    pub fn new(text: impl Into<Arc<str>>, location: Location) -> Self {
        let text = text.into();
        let pieces = if has_liquid(&text) { None } else { Some(split(&text).into()) };
        Self { text, location, pieces }
    }

    /// The body in production and in development, where a line begins with `-- if prod --` or `-- if dev --`: in that
    /// mode the line counts without these words, in the other it is the comment that it looks like. `None` where no
    /// line does.
    pub fn by_mode(&self) -> Option<(Self, Self)> {
        let of = |mode: &str| {
            let mut text = String::with_capacity(self.text.len());
            for line in self.text.split_inclusive('\n') {
                match conditional(line) {
                    Some((condition, rest)) if condition == mode => {
                        text.push_str(&line[..line.len() - line.trim_start().len()]);
                        text.push_str(rest);
                    }
                    _ => text.push_str(line),
                }
            }
            Self::new(text, self.location.clone())
        };
        let is_conditional = |line: &str| conditional(line).is_some_and(|(mode, _)| mode == "prod" || mode == "dev");
        self.text.split('\n').any(is_conditional).then(|| (of("prod"), of("dev")))
    }

    /// True when nothing but blanks was written.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// The word and the rest of a line that begins `-- if word --`.
fn conditional(line: &str) -> Option<(&str, &str)> {
    let condition = line.trim_start().strip_prefix("--")?.trim_start().strip_prefix("if")?;
    let (word, rest) = condition.strip_prefix([' ', '\t'])?.trim_start().split_once([' ', '\t'])?;
    Some((word, rest.trim_start_matches([' ', '\t']).strip_prefix("--")?))
}

/// True when `text` must go through Liquid before it means anything.
pub fn has_liquid(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

/// A part of an SQL body.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Piece {
    /// SQL as the author wrote it.
    Text(Arc<str>),
    /// `${TABLE}`: the alias of the view that the body belongs to.
    Table,
    /// `${field}` or `${view.field}`, with `::date`, `::latitude` and the like when a typed value is asked for.
    Field {
        /// The alias before the dot; `None` means the view that the body belongs to.
        view: Option<Arc<str>>,
        /// The field.
        name: Arc<str>,
        /// The type after `::`.
        cast: Option<Cast>,
    },
    /// `${view.SQL_TABLE_NAME}`: the table or derived table behind a view.
    TableName(Arc<str>),
    /// `${EXTENDED}` that had no inherited body to stand for.
    Extended,
}

/// The type that `${field::type}` asks for instead of the formatted text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cast {
    /// A date.
    Date,
    /// A date with its time.
    Datetime,
    /// The latitude of a location.
    Latitude,
    /// The longitude of a location.
    Longitude,
    /// The value as it is: what `::number` and `::string` ask of a field that is neither a date nor a location.
    Plain,
}

impl Cast {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "date" => Some(Self::Date),
            "datetime" => Some(Self::Datetime),
            "latitude" => Some(Self::Latitude),
            "longitude" => Some(Self::Longitude),
            "number" | "string" => Some(Self::Plain),
            _ => None,
        }
    }
}

/// Splits a body (without Liquid) at its `${}` references. An unclosed or empty reference stays text.
pub fn split(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut plain = String::new();
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        let inside = rest[start + 2..start + length].trim();
        plain.push_str(&rest[..start]);
        match reference(inside) {
            Some(piece) => {
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain).into()));
                }
                pieces.push(piece);
            }
            None => plain.push_str(&rest[start..=start + length]),
        }
        rest = &rest[start + length + 1..];
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain.into()));
    }
    pieces
}

fn reference(inside: &str) -> Option<Piece> {
    if inside == "TABLE" {
        return Some(Piece::Table);
    }
    if inside == "EXTENDED" {
        return Some(Piece::Extended);
    }
    let (path, cast) = match inside.split_once("::") {
        Some((path, word)) => (path, Some(Cast::parse(word)?)),
        None => (inside, None),
    };
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    match path.split_once('.') {
        Some((view, "SQL_TABLE_NAME")) if is_name(view) => Some(Piece::TableName(view.into())),
        Some((view, name)) if is_name(view) && is_name(name) => {
            Some(Piece::Field { view: Some(view.into()), name: name.into(), cast })
        }
        None if is_name(path) => Some(Piece::Field { view: None, name: path.into(), cast }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Cast, Piece, Sql, split};
    use crate::diagnostic::Location;

    #[test]
    fn references_are_split_from_the_text_around_them() {
        assert_eq!(
            split("${TABLE}.cost * ${orders.rate} + ${days_raw::date} -- ${x.SQL_TABLE_NAME}"),
            [
                Piece::Table,
                Piece::Text(".cost * ".into()),
                Piece::Field { view: Some("orders".into()), name: "rate".into(), cast: None },
                Piece::Text(" + ".into()),
                Piece::Field { view: None, name: "days_raw".into(), cast: Some(Cast::Date) },
                Piece::Text(" -- ".into()),
                Piece::TableName("x".into()),
            ]
        );
        assert_eq!(
            split("${home::latitude}"),
            [Piece::Field { view: None, name: "home".into(), cast: Some(Cast::Latitude) }]
        );
    }

    #[test]
    fn what_is_no_reference_stays_text() {
        for text in ["a ${", "${}", "${a b}", "${a.b.c}", "${a::time}", "$ {x}", ""] {
            let expected: Vec<Piece> = if text.is_empty() { vec![] } else { vec![Piece::Text(text.into())] };
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn a_body_with_liquid_waits_for_its_query() {
        assert!(Sql::new("{% condition x %} ${y} {% endcondition %}", Location::default()).pieces.is_none());
        assert!(Sql::new("${TABLE}.x ", Location::default()).pieces.is_some());
    }

    #[test]
    fn lines_of_one_mode_are_comments_in_the_other() {
        let sql = |text: &str| Sql::new(text, Location::default());
        let (production, development) =
            sql("SELECT 1\n  -- if prod -- FROM ${a}\n--if dev-- x\n\t--  if  dev  -- FROM b\n-- if it --")
                .by_mode()
                .unwrap();
        assert_eq!(&*production.text, "SELECT 1\n   FROM ${a}\n--if dev-- x\n\t--  if  dev  -- FROM b\n-- if it --");
        assert_eq!(&*development.text, "SELECT 1\n  -- if prod -- FROM ${a}\n--if dev-- x\n\t FROM b\n-- if it --");
        assert!(sql("SELECT 1 -- if dev -- x\n-- if it -- y\n-- if").by_mode().is_none());
    }
}
