//! What was written about one thing, on its own tree: texts with their places, constants expanded.
//!
//! An [`Object`] is read from one block of a file and shared by all models that include it; merging gives a new one.

use crate::diagnostic::{Location, Span};
use crate::parameters::{DIMENSION_GROUP, Parameter, Parent};
use crate::sql::Sql;
use indexmap::IndexMap;
use std::ops::Range;
use std::sync::Arc;

/// A scalar or body.
#[derive(Debug, Clone)]
pub struct Text {
    /// What it says, constants expanded.
    pub value: Arc<str>,
    /// Where it is written.
    pub location: Location,
    /// What is written there, when `value` differs.
    written: Option<Arc<str>>,
}

impl Text {
    /// A text that says `value` where `written` is written.
    pub fn new(value: impl Into<Arc<str>>, written: &str, location: Location) -> Self {
        let value = value.into();
        let written = (*value != *written).then(|| written.into());
        Self { value, location, written }
    }

    /// A text that nobody wrote, for what stands at `location`.
    pub fn made(value: impl Into<Arc<str>>, location: Location) -> Self {
        Self { value: value.into(), location, written: Some("".into()) }
    }

    pub fn as_sql(&self) -> Sql {
        Sql::new(Arc::clone(&self.value), self.location.clone())
    }

    /// The text with `${EXTENDED}` standing for `inherited`.
    pub fn extending(&self, inherited: &str) -> Option<Self> {
        if !self.value.contains("${EXTENDED}") {
            return None;
        }
        let written = self.written.clone().unwrap_or_else(|| Arc::clone(&self.value));
        let value = self.value.replace("${EXTENDED}", inherited.trim_end());
        Some(Self { value: value.into(), location: self.location.clone(), written: Some(written) })
    }

    /// Where `part`, which begins at byte `at` of the text, is written; the whole text's place when it came from a
    /// constant or an inherited body.
    pub fn place_of(&self, part: &str, at: usize) -> Location {
        self.places().of(part, at)
    }

    /// The places of several parts, asked for in their order.
    pub fn places(&self) -> Places<'_> {
        Places { text: self, offset: 0, lines: 0 }
    }
}

/// Where parts of a text are written. Lines are counted from one part on to the next: a body can hold thousands.
#[derive(Debug)]
pub struct Places<'t> {
    text: &'t Text,
    /// Byte of the last part in what is written.
    offset: usize,
    /// Line ends before it.
    lines: u32,
}

impl Places<'_> {
    /// As [`Text::place_of`].
    pub fn of(&mut self, part: &str, at: usize) -> Location {
        let Text { value, location, written } = self.text;
        let (source, offset) = match written {
            None => (value, Some(at)),
            Some(written) => {
                let behind = written.get(self.offset..).and_then(|rest| rest.find(part)).map(|at| at + self.offset);
                (written, behind.or_else(|| written.find(part)))
            }
        };
        let Some(offset) = offset else { return location.clone() };
        if offset < self.offset {
            (self.offset, self.lines) = (0, 0);
        }
        self.lines += line_ends(source, self.offset..offset);
        self.offset = offset;
        let quote = location.span.range().len().saturating_sub(source.len()) / 2;
        let start = location.span.start + (offset + quote) as u32;
        Location {
            file: Arc::clone(&location.file),
            span: Span::new(start, start + part.len() as u32),
            line: location.line + self.lines,
        }
    }
}

/// Lines end at LF, CRLF or a lone CR.
fn line_ends(text: &str, within: Range<usize>) -> u32 {
    let (bytes, first) = (text.as_bytes(), within.start);
    let is_end = |&at: &usize| bytes[first + at] == b'\n' || bytes.get(first + at + 1) != Some(&b'\n');
    memchr::memchr2_iter(b'\n', b'\r', &bytes[within]).filter(is_end).count() as u32
}

/// A parameter's value.
#[derive(Debug, Clone)]
pub enum Entry {
    /// A scalar or body.
    Text(Text),
    /// A list, or a scalar or body that was given several times.
    List(Vec<Text>),
    /// Fields with their values.
    Pairs(Vec<(Text, Text)>),
    /// A block that stands once.
    Block(Arc<Object>),
    /// Unnamed blocks of one kind.
    Blocks(Vec<Arc<Object>>),
}

/// A block: its parameters, and the named blocks inside.
#[derive(Debug, Clone)]
pub struct Object {
    /// What it is.
    pub parent: &'static Parent,
    /// Its name, without the `+` of refinements; empty when it has none.
    pub name: Arc<str>,
    /// Where the name stands, or the key when there is none.
    pub location: Location,
    /// In order of their first appearance; at most one row per parameter of the table.
    pub entries: Vec<(&'static Parameter, Entry)>,
    /// Named blocks that may stand several times, by namespace and name, in order.
    pub children: IndexMap<(&'static str, Arc<str>), Arc<Object>>,
    /// Parameters that are written with a value that cannot be, which was told.
    pub spoiled: Vec<&'static str>,
}

/// The list item that stands for the inherited list.
pub const EXTENDED: &str = "EXTENDED*";

/// The namespace that all kinds of fields share.
pub const FIELDS: &str = "field";

/// The namespace of dimension groups, whose names are those of no field: `x_date` may be both a dimension and a group.
pub const GROUPS: &str = "dimension_group";

impl Object {
    pub fn new(parent: &'static Parent, name: impl Into<Arc<str>>, location: Location) -> Self {
        Self {
            parent,
            name: name.into(),
            location,
            entries: Vec::new(),
            children: IndexMap::new(),
            spoiled: Vec::new(),
        }
    }

    /// The namespace in which blocks of kind `parent` are told apart.
    pub fn namespace(parent: &'static Parent) -> &'static str {
        if parent.is_field() && *parent != DIMENSION_GROUP { FIELDS } else { parent.name }
    }

    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|(parameter, _)| parameter.name == name).map(|(_, entry)| entry)
    }

    pub fn set(&mut self, parameter: &'static Parameter, entry: Entry) {
        match self.entry_mut(parameter.name) {
            Some(old) => *old = entry,
            None => self.entries.push((parameter, entry)),
        }
    }

    pub fn entry_mut(&mut self, name: &str) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|(parameter, _)| parameter.name == name).map(|(_, entry)| entry)
    }

    /// The scalar or body `name`.
    pub fn text(&self, name: &str) -> Option<&Text> {
        match self.entry(name)? {
            Entry::Text(text) => Some(text),
            _ => None,
        }
    }

    /// True when the parameter `name` is written, whatever its value is.
    pub fn has(&self, name: &str) -> bool {
        self.entry(name).is_some() || self.spoiled.contains(&name)
    }

    /// The scalar `name` as an owned string.
    pub fn string(&self, name: &str) -> Option<String> {
        self.text(name).map(|text| text.value.to_string())
    }

    /// The scalar `name` as a shared string.
    pub fn name_of(&self, name: &str) -> Option<Arc<str>> {
        self.text(name).map(|text| Arc::clone(&text.value))
    }

    /// `yes` or `no`; `None` when nothing or neither was written.
    pub fn yes(&self, name: &str) -> Option<bool> {
        match &*self.text(name)?.value {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }

    /// The body `name` as SQL.
    pub fn sql(&self, name: &str) -> Option<Sql> {
        self.text(name).map(Text::as_sql)
    }

    /// A number; words that are none were reported when the file was read.
    pub fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        let text = &self.text(name)?.value;
        text.strip_prefix('+').unwrap_or(text).parse().ok()
    }

    /// The list `name`; `None` when it was not written.
    pub fn list(&self, name: &str) -> Option<&[Text]> {
        match self.entry(name)? {
            Entry::List(list) => Some(list),
            _ => None,
        }
    }

    /// The list `name` as owned strings, empty when it was not written.
    pub fn strings(&self, name: &str) -> Vec<String> {
        self.said(name).map(|text| text.value.to_string()).collect()
    }

    /// The list `name` as shared strings, empty when it was not written.
    pub fn names(&self, name: &str) -> Vec<Arc<str>> {
        self.said(name).map(|text| Arc::clone(&text.value)).collect()
    }

    /// The list `name` without an `EXTENDED*` that had nothing to stand for.
    fn said(&self, name: &str) -> impl Iterator<Item = &Text> {
        self.list(name).unwrap_or_default().iter().filter(|text| *text.value != *EXTENDED)
    }

    /// The pairs `name`, empty when they were not written.
    pub fn pairs(&self, name: &str) -> &[(Text, Text)] {
        match self.entry(name) {
            Some(Entry::Pairs(pairs)) => pairs,
            _ => &[],
        }
    }

    /// The block `name`.
    pub fn block(&self, name: &str) -> Option<&Arc<Object>> {
        match self.entry(name)? {
            Entry::Block(block) => Some(block),
            _ => None,
        }
    }

    /// The repeated blocks `name`.
    pub fn blocks(&self, name: &str) -> &[Arc<Object>] {
        match self.entry(name) {
            Some(Entry::Blocks(blocks)) => blocks,
            _ => &[],
        }
    }

    /// The named blocks of one namespace, in order; with fields also their groups.
    pub fn children(&self, namespace: &'static str) -> impl Iterator<Item = &Arc<Object>> {
        let also = if namespace == FIELDS { GROUPS } else { namespace };
        let meant = move |kind: &str| kind == namespace || kind == also;
        self.children.iter().filter(move |((kind, _), _)| meant(kind)).map(|(_, child)| child)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str, written: &str) -> Text {
        let span = Span::new(100, 100 + written.len() as u32);
        Text::new(value, written, Location { file: "a.view.lkml".into(), span, line: 7 })
    }

    /// Line and first byte of each part.
    fn places(text: &Text, parts: &[&str]) -> Vec<(u32, u32)> {
        let mut places = text.places();
        let place = |part: &&str| {
            let at = places.of(part, text.value.find(part).unwrap());
            (at.line, at.span.start)
        };
        parts.iter().map(place).collect()
    }

    #[test]
    fn each_line_is_counted_once_whatever_ends_it() {
        let text = text("a\r\nb\rc\nd\r\n\ne", "a\r\nb\rc\nd\r\n\ne");
        assert_eq!(places(&text, &["a", "b", "c", "d", "e"]), [(7, 100), (8, 103), (9, 105), (10, 107), (12, 111)]);
        assert_eq!(places(&text, &["e", "b", "d"]), [(12, 111), (8, 103), (10, 107)]);
    }

    #[test]
    fn what_a_constant_brought_has_the_place_of_the_whole() {
        let text = text("x\nCONSTANT y\nz", "x @{c}\ny\nz");
        assert_eq!(
            places(&text, &["x", "CONSTANT", "y", "z", "y"]),
            [(7, 100), (7, 100), (8, 107), (9, 109), (8, 107)]
        );
    }
}
