//! SQL of the model with its `${}` references written out.

use super::{FieldAt, Planner};
use crate::access::{Guard, sees_field};
use crate::dialect::operand;
use crate::error::Error;
use crate::expression::{Expression, Part};
use crate::liquid;
use crate::plan::{CommonTable, Note};
use belvedere_lookml::model::Category;
use belvedere_lookml::sql::{Cast, Piece, Sql};
use std::borrow::Cow;
use std::sync::Arc;

/// Most bytes of SQL that are written for one statement.
pub(super) const MOST_BYTES: usize = 4 << 20;
/// Most bodies within each other.
const DEEPEST: usize = 64;

/// What the planners of a query and of its derived tables share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Derived tables, each before those that read it.
    pub(super) tables: Vec<CommonTable>,
    /// The views whose derived tables are being written, outermost first.
    pub(super) building: Vec<Arc<str>>,
    /// What the reader should know of the derived tables, each once.
    pub(super) notes: Vec<Note>,
    /// Bytes of SQL written so far.
    written: usize,
}

impl Shared {
    /// Bytes of SQL written so far.
    pub(super) fn written(&self) -> usize {
        self.written
    }

    /// Adds what the reader should know.
    pub(super) fn note(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Counts text that was written.
    pub(super) fn spend(&mut self, bytes: usize) -> Result<(), Error> {
        self.written = self.written.saturating_add(bytes);
        if self.written > MOST_BYTES { Err(Error::TooLarge { limit: MOST_BYTES }) } else { Ok(()) }
    }
}

/// Where a body of SQL stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    /// A field.
    Field(FieldAt<'a>),
    /// A parameter of a join, by the index of its view.
    Join(usize, &'static str),
    /// A parameter of the explore.
    Explore(&'static str),
    /// The table of a view.
    Table(&'a str),
}

/// Whether SQL may refer to measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measures {
    /// It combines them.
    Allowed,
    /// It is about rows.
    Forbidden,
}

/// Whether anything stands beside a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Around {
    Nothing,
    Sql,
}

impl<'a> Planner<'a, '_> {
    /// Goes into a body. The same field within itself is a circle.
    pub(super) fn enter(&mut self, place: Place<'a>) -> Result<(), Error> {
        if let Place::Field(at) = place {
            let again = self.places.iter().position(|outer| matches!(outer, Place::Field(field) if field.is(at)));
            if let Some(start) = again {
                let mut names: Vec<String> = self.places[start..].iter().map(|&place| self.place_name(place)).collect();
                names.push(self.full_name(at));
                return Err(Error::model(names[0].clone(), format!("refers to itself: {}", names.join(" -> "))));
            }
        }
        if self.places.len() >= DEEPEST {
            return Err(Error::model(
                self.place_name(place),
                format!("more than {DEEPEST} references within each other"),
            ));
        }
        self.places.push(place);
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.places.pop();
    }

    /// The name of what is being written, for messages.
    pub(super) fn place(&self) -> String {
        self.places.last().map_or_else(|| self.explore.name.to_string(), |&place| self.place_name(place))
    }

    fn place_name(&self, place: Place<'_>) -> String {
        match place {
            Place::Field(at) => self.full_name(at),
            Place::Join(view, parameter) => format!("{parameter} of join {}", self.explore.views[view].alias),
            Place::Explore(parameter) => format!("{parameter} of explore {}", self.explore.name),
            Place::Table(view) => format!("table of view {view}"),
        }
    }

    /// The text of SQL about rows. The body's place was entered.
    pub(super) fn rows_sql(&mut self, sql: &Sql) -> Result<String, Error> {
        Ok(self.sql(sql, Measures::Forbidden)?.into_text())
    }

    /// SQL with its references written out, blanks around it removed. The body's place was entered.
    pub(super) fn sql(&mut self, sql: &Sql, measures: Measures) -> Result<Expression, Error> {
        let pieces = self.pieces(sql)?;
        let is_alone = |at: usize| {
            let mut others = pieces.iter().enumerate().filter(|(other, _)| *other != at);
            others.all(|(_, piece)| matches!(piece, Piece::Text(text) if text.trim().is_empty()))
        };
        let mut out = Expression::default();
        for (index, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => self.push_checked(&mut out, text)?,
                Piece::Table => {
                    let alias = self.table_alias()?;
                    self.push_checked(&mut out, &alias)?;
                    out.reads_rows |= measures == Measures::Allowed;
                }
                Piece::TableName(view) => {
                    let table = self.table_named(view)?;
                    self.push_checked(&mut out, &table)?;
                }
                Piece::Field { view, name, cast } => {
                    let at = self.referred(view.as_deref(), name)?;
                    let around = if is_alone(index) { Around::Nothing } else { Around::Sql };
                    self.push_field(&mut out, at, *cast, measures, around)?;
                }
                // Without an inherited body there is nothing that it stands for.
                Piece::Extended => {}
            }
        }
        trim(&mut out);
        if out.parts.is_empty() {
            return Err(Error::model(self.place(), "the SQL is empty"));
        }
        Ok(out)
    }

    /// The pieces of a body, Liquid rendered.
    fn pieces<'q>(&mut self, sql: &'q Sql) -> Result<Cow<'q, [Piece]>, Error> {
        match &sql.pieces {
            Some(pieces) => Ok(Cow::Borrowed(pieces)),
            None => Ok(Cow::Owned(belvedere_lookml::sql::split(&liquid::render(&sql.text, self)?))),
        }
    }

    fn push_checked(&mut self, out: &mut Expression, text: &str) -> Result<(), Error> {
        if text.contains('\0') {
            return Err(Error::Nul { place: self.place() });
        }
        self.shared.spend(text.len())?;
        out.push_text(text);
        Ok(())
    }

    fn push_field(
        &mut self,
        out: &mut Expression,
        at: FieldAt<'a>,
        cast: Option<Cast>,
        measures: Measures,
        around: Around,
    ) -> Result<(), Error> {
        match at.field.category {
            Category::Dimension => {
                let text = self.dimension_reference(at, cast)?;
                self.shared.spend(text.len())?;
                let glued = matches!(out.parts.last(), Some(Part::Text(before)) if before.ends_with(is_word));
                out.push_text(&match around {
                    Around::Nothing => Cow::Borrowed(text.as_str()),
                    Around::Sql if glued => Cow::Owned(format!("({text})")),
                    Around::Sql => operand(&text),
                });
                out.reads_rows |= measures == Measures::Allowed;
                Ok(())
            }
            Category::Measure if measures == Measures::Allowed => {
                let measure = self.measure_reference(at)?;
                self.shared.spend(self.written_length(&measure))?;
                out.push(&match around {
                    Around::Nothing => measure,
                    Around::Sql => measure.map(|sql| format!("({sql})")),
                });
                Ok(())
            }
            Category::Measure => Err(Error::model(
                self.place(),
                format!("refers to the measure {}, which is known only after rows are aggregated", self.full_name(at)),
            )),
            Category::Filter | Category::Parameter => Err(Error::model(
                self.place(),
                format!("refers to {}, which has no SQL: its value comes through Liquid", self.full_name(at)),
            )),
        }
    }

    /// The field whose SQL is being written.
    pub(super) fn current_field(&self) -> Option<FieldAt<'a>> {
        match self.places.last() {
            Some(Place::Field(at)) => Some(*at),
            _ => None,
        }
    }

    /// The view whose table or join is being written.
    pub(super) fn current_view(&self) -> Option<usize> {
        match self.places.last()? {
            Place::Field(at) => Some(at.view),
            Place::Join(view, _) => Some(*view),
            Place::Explore(_) => Some(0),
            Place::Table(name) => self.view_named(name),
        }
    }

    /// The alias that `${TABLE}` stands for.
    fn table_alias(&self) -> Result<String, Error> {
        match self.places.last() {
            Some(Place::Field(at)) => Ok(self.alias(at.view)),
            Some(Place::Join(view, _)) => Ok(self.alias(*view)),
            Some(Place::Explore(_)) | None => Ok(self.alias(0)),
            Some(Place::Table(_)) => Err(Error::model(self.place(), "`${TABLE}` does not stand for anything here")),
        }
    }

    /// The field that a reference names; its view is then used.
    pub(super) fn referred(&mut self, view: Option<&str>, name: &str) -> Result<FieldAt<'a>, Error> {
        let own_view = || match self.places.last() {
            Some(Place::Field(at)) => Some(at.view),
            Some(Place::Join(..) | Place::Explore(_)) | None => Some(0),
            Some(Place::Table(_)) => None,
        };
        let index = match view {
            Some(alias) => self.calendar_called(alias).or_else(|| self.view_named(alias)),
            None => own_view(),
        };
        let found = index.and_then(|view| {
            let field = self.explore.views[view].view.field(name)?;
            Some(FieldAt { view, field })
        });
        let written = view.map_or_else(|| name.to_owned(), |view| format!("{view}.{name}"));
        let at = found.or_else(|| self.field_named(&written)).filter(|&at| self.may_refer(at));
        let Some(at) = at else {
            let message = format!(
                "unknown or inaccessible field `{written}`; check for typos and missing joins, or append a timeframe to \
                 the name if the field is of type time"
            );
            return Err(Error::model(self.place(), message));
        };
        self.used[at.view] = true;
        Ok(at)
    }

    /// What a grant hides breaks the fields that refer to it.
    pub(super) fn may_refer(&self, at: FieldAt<'a>) -> bool {
        self.guard == Guard::Trusted || sees_field(self.cx.access, self.explore, &self.explore.views[at.view], at.field)
    }
}

/// Removes blanks around SQL. A comment at its end keeps its line break: what follows must not become part of it.
fn trim(out: &mut Expression) {
    if let Some(Part::Text(first)) = out.parts.first_mut() {
        let blanks = first.len() - first.trim_start().len();
        first.drain(..blanks);
    }
    if let Some(Part::Text(last)) = out.parts.last_mut() {
        last.truncate(last.trim_end().len());
        if last.rsplit('\n').next().is_some_and(|line| line.contains("--")) {
            last.push('\n');
        }
    }
    out.parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
