//! How a version other than the newest writes objects.

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use belvedere_wire::{Object, find_byte};

use super::{Form, Mask, Names, Shape, WHOLE};
use crate::json::WriteJson;
use crate::resource::{Property, Table};

/// How a version other than the newest writes the objects of a type.
///
/// Each property has any number of columns: none when the version does not know it, one under its name or another,
/// two when the version has two names for the same thing. Behind them stand properties that only the version has.
pub struct Layout {
    table: &'static Table,
    /// Those of the first property, then those of the second, and so on.
    columns: Vec<Column>,
    /// For each property where its columns begin, and at the end where the last ones end.
    starts: Vec<usize>,
    /// Names and values of properties that only this version has.
    constants: Vec<(&'static str, &'static str)>,
    /// For each column the layout of the objects in it.
    nested: OnceLock<Vec<Option<&'static Layout>>>,
    whole: OnceLock<Shape>,
}

/// A property as a version writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The name in the version.
    pub name: &'static str,
    /// The place of the property in the table of its type.
    pub of: usize,
    /// How the value is written.
    pub written: Written,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// As the newest version does.
    AsItIs,
    /// A text of digits as an integer, alone or in a list; any other text stays a text.
    Integer,
    /// An address: the first of these parts that it holds, which begin with a slash, is replaced by the part beside it.
    Address(&'static [(&'static str, &'static str)]),
}

/// What a layout is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The columns; those of one property stand in the order in which they are written.
    pub columns: Vec<Column>,
    /// Properties that only the version has: names and JSON texts of their values.
    pub constants: Vec<(&'static str, &'static str)>,
}

impl Plan {
    /// Every property as the newest version has it.
    pub fn of(table: &'static Table) -> Self {
        let columns = table.properties().iter().enumerate();
        let columns = columns.map(|(of, property)| Column { name: property.name(), of, written: Written::AsItIs });
        Self { columns: columns.collect(), constants: Vec::new() }
    }
}

/// The layouts of a version, by the name of the type.
#[derive(Debug)]
pub struct Layouts(HashMap<&'static str, &'static Layout>);

impl Layouts {
    /// The layouts of these types and of all that they hold, as `plan` has them. They stay for the life of the
    /// process, as the tables do that they belong to: a version makes its own once.
    pub fn new(types: impl IntoIterator<Item = &'static Table>, mut plan: impl FnMut(&'static Table) -> Plan) -> Self {
        let mut made: HashMap<&'static str, &'static Layout> = HashMap::new();
        let mut open: Vec<&'static Table> = types.into_iter().collect();
        while let Some(table) = open.pop() {
            if !made.contains_key(table.name()) {
                open.extend(table.properties().iter().filter_map(Property::table));
                made.insert(table.name(), Box::leak(Box::new(Layout::new(table, plan(table)))));
            }
        }
        for layout in made.values() {
            let property = |column: &Column| layout.table.properties()[column.of].table();
            let nested = layout.columns.iter().map(|column| property(column).map(|table| made[table.name()]));
            let _ = layout.nested.set(nested.collect());
        }
        Self(made)
    }

    /// The layout of a type.
    pub fn get(&self, table: &Table) -> Option<&'static Layout> {
        self.0.get(table.name()).copied()
    }

    /// The layout of a type with further properties that only the version has.
    pub fn extended(
        &self,
        table: &'static Table,
        constants: &[(&'static str, &'static str)],
    ) -> Option<&'static Layout> {
        let known = self.get(table)?;
        let plan = Plan { columns: known.columns.clone(), constants: [&known.constants, constants].concat() };
        let layout = Layout::new(table, plan);
        let _ = layout.nested.set(known.nested.get().cloned().unwrap_or_default());
        Some(Box::leak(Box::new(layout)))
    }
}

impl Layout {
    fn new(table: &'static Table, plan: Plan) -> Self {
        let Plan { mut columns, constants } = plan;
        columns.sort_by_key(|column| column.of);
        let before = |index: usize| columns.partition_point(|column| column.of < index);
        let starts: Vec<usize> = (0..=table.properties().len()).map(before).collect();
        assert!(columns.len() + constants.len() <= 128, "a shape has one bit for each of at most 128 columns");
        assert!(constants.is_empty() || !starts.is_empty(), "constants are written behind a property");
        Self { table, columns, starts, constants, nested: OnceLock::new(), whole: OnceLock::new() }
    }

    /// The shape with the properties that a `fields` text names, in the words of the version; without text the whole.
    pub fn shape(&'static self, fields: Option<&str>) -> Shape {
        match fields {
            Some(fields) => Shape::read(Names::Laid(self), fields),
            None => Shape(Form::Laid(self, None)),
        }
    }

    /// The names of the properties in the order in which they are written.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let columns = self.columns.iter().map(|column| column.name);
        columns.chain(self.constants.iter().map(|(name, _)| *name))
    }

    /// The columns in the order in which they are written.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Whether it is that of a type.
    pub(crate) fn is_of(&self, table: &'static Table) -> bool {
        std::ptr::eq(self.table, table)
    }

    /// The type.
    pub fn table(&self) -> &'static Table {
        self.table
    }

    pub(super) fn position(&self, name: &str) -> Option<usize> {
        let columns = self.columns.iter().position(|column| column.name == name);
        let constant = || self.constants.iter().position(|(constant, _)| *constant == name);
        columns.or_else(|| constant().map(|index| self.columns.len() + index))
    }

    /// The layout of the objects in a column.
    pub fn nested(&self, place: usize) -> Option<&'static Self> {
        self.nested.get()?.get(place).copied().flatten()
    }

    fn whole(&'static self) -> &'static Shape {
        self.whole.get_or_init(|| Shape(Form::Laid(self, None)))
    }

    /// The places of the columns of a property.
    fn columns_of(&self, property: usize) -> std::ops::Range<usize> {
        self.starts[property]..self.starts[property + 1]
    }

    /// The places of a property's columns that the mask has.
    fn wanted(&self, mask: Option<&Mask>, name: &str) -> impl Iterator<Item = usize> {
        let places = self.table.position(name).map_or(0..0, |property| self.columns_of(property));
        places.filter(move |place| mask.is_none_or(|mask| mask.has(*place)))
    }

    pub(super) fn wants(&self, mask: Option<&Mask>, name: &str) -> bool {
        self.wanted(mask, name).next().is_some()
    }

    /// The shape of the objects in a property. Where it has two columns of different shapes, that is all of them.
    pub(super) fn within<'a>(&'static self, mask: Option<&'a Mask>, name: &str) -> &'a Shape {
        let mut wanted = self.wanted(mask, name);
        match (wanted.next(), wanted.next()) {
            (Some(place), None) => self.shape_at(mask, place),
            (Some(place), Some(_)) => self.nested(place).map_or(&WHOLE, Self::whole),
            (None, _) => &WHOLE,
        }
    }

    fn shape_at<'a>(&'static self, mask: Option<&'a Mask>, place: usize) -> &'a Shape {
        let part = mask.and_then(|mask| mask.part(place));
        part.unwrap_or_else(|| self.nested(place).map_or(&WHOLE, Self::whole))
    }

    /// Writes a property, and behind the last one what only the version has.
    pub(crate) fn put<T: WriteJson>(
        &'static self,
        mask: Option<&Mask>,
        property: usize,
        value: &T,
        object: &mut Object<'_>,
    ) {
        for place in self.columns_of(property) {
            if mask.is_some_and(|mask| !mask.has(place)) {
                continue;
            }
            let column = &self.columns[place];
            let out = object.key(column.name);
            let start = out.len();
            value.write(out, self.shape_at(mask, place));
            match column.written {
                Written::AsItIs => {}
                Written::Integer => unquote(out, start),
                Written::Address(parts) => readdress(out, start, parts),
            }
        }
        if property + 1 == self.table.properties().len() {
            self.put_constants(mask, object);
        }
    }

    fn put_constants(&self, mask: Option<&Mask>, object: &mut Object<'_>) {
        for (index, (name, value)) in self.constants.iter().enumerate() {
            if mask.is_none_or(|mask| mask.has(self.columns.len() + index)) {
                object.key(name).extend_from_slice(value.as_bytes());
            }
        }
    }
}

impl PartialEq for Layout {
    /// Layouts are the same when they are one.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layout")
            .field("table", &self.table.name())
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

/// More digits than this may not fit an integer of 64 bits.
const MOST_DIGITS: usize = 18;

/// Takes the quotes off texts of digits in the JSON text from `start` on, which is one text or a list of them.
fn unquote(out: &mut Vec<u8>, start: usize) {
    match out.get(start) {
        Some(b'"') if is_integer(&out[start + 1..out.len() - 1]) => {
            out.pop();
            out.remove(start);
        }
        Some(b'[') => {
            let list = out.split_off(start);
            unquote_each(&list, out);
        }
        _ => {}
    }
}

fn unquote_each(list: &[u8], out: &mut Vec<u8>) {
    let mut rest = list;
    while let Some(open) = find_byte(rest, [b'"']) {
        out.extend_from_slice(&rest[..open]);
        let text = &rest[open..=open + end_of_text(&rest[open..])];
        let inner = &text[1..text.len() - 1];
        out.extend_from_slice(if is_integer(inner) { inner } else { text });
        rest = &rest[open + text.len()..];
    }
    out.extend_from_slice(rest);
}

/// Where the JSON text that begins with its quote has the other one.
fn end_of_text(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(found) = find_byte(&text[at..], [b'"', b'\\']) {
        at += found;
        if text[at] == b'"' {
            return at;
        }
        at += 2;
    }
    text.len() - 1
}

/// Whether a text is an integer as JSON writes it.
fn is_integer(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let plain = !digits.is_empty() && digits.len() <= MOST_DIGITS && digits.iter().all(u8::is_ascii_digit);
    plain && (digits.len() == 1 || digits[0] != b'0')
}

/// Replaces the first of `parts` that the JSON text from `start` on holds. Each part is a path.
fn readdress(out: &mut Vec<u8>, start: usize, parts: &[(&str, &str)]) {
    let mut at = start;
    while let Some(slash) = find_byte(&out[at..], [b'/']) {
        at += slash;
        let found = parts.iter().find(|(newest, _)| out[at..].starts_with(newest.as_bytes()));
        if let Some((newest, here)) = found {
            out.splice(at..at + newest.len(), here.bytes());
            return;
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Resource;
    use crate::types::{CredentialsApi3, User};

    fn unquoted(text: &str) -> String {
        let mut out = format!("\"before\":{text}").into_bytes();
        unquote(&mut out, 9);
        String::from_utf8(out).unwrap().split_off(9)
    }

    #[test]
    fn texts_of_digits_become_integers() {
        for (text, integer) in [
            (r#""7""#, "7"),
            (r#""0""#, "0"),
            (r#""-3""#, "-3"),
            ("null", "null"),
            ("[]", "[]"),
            (r#"["1","22",null]"#, "[1,22,null]"),
            (r#"["1","shop::a","3"]"#, r#"[1,"shop::a",3]"#),
        ] {
            assert_eq!(unquoted(text), integer);
        }
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in [
            r#""""#,
            r#""-""#,
            r#""007""#,
            r#""shop::orders""#,
            r#""12a""#,
            r#""1\"2""#,
            r#""1234567890123456789""#,
            r#"["\",7,\"","\\","12 "]"#,
        ] {
            assert_eq!(unquoted(text), text);
        }
    }

    fn layouts() -> Layouts {
        const ADDRESSES: &[(&str, &str)] = &[("/api/4.0/keys/", "/api/3.1/tokens/"), ("/api/4.0/", "/api/3.1/")];
        Layouts::new([User::table()], |table| {
            let mut plan = Plan::of(table);
            plan.columns.retain(|column| ["id", "home_folder_id", "credentials_api3", "url"].contains(&column.name));
            let home = plan.columns.iter().find(|column| column.name == "home_folder_id").copied();
            plan.columns.extend(home.map(|home| Column { name: "home_space_id", ..home }));
            for column in &mut plan.columns {
                column.written = match column.name {
                    "id" => Written::Integer,
                    "url" => Written::Address(ADDRESSES),
                    _ => Written::AsItIs,
                };
            }
            plan.constants = vec![("runtime", "null")];
            plan
        })
    }

    fn written(fields: Option<&str>) -> String {
        let text = |text: &str| Some(text.to_owned());
        let key = CredentialsApi3 { id: text("9"), url: text("http://x/api/4.0/keys/9"), ..CredentialsApi3::default() };
        let user = User {
            id: text("12"),
            home_folder_id: text("4"),
            credentials_api3: Some(vec![key]),
            url: text("http://x/api/4.0/users/12"),
            ..User::default()
        };
        let mut out = Vec::new();
        user.write(&mut out, &layouts().get(User::table()).unwrap().shape(fields));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_layout_drops_renames_copies_and_adds() {
        assert_eq!(
            written(None),
            concat!(
                r#"{"credentials_api3":[{"id":9,"url":"http://x/api/3.1/tokens/9","runtime":null}],"#,
                r#""home_folder_id":"4","home_space_id":"4","id":12,"#,
                r#""url":"http://x/api/3.1/users/12","runtime":null}"#
            )
        );
    }

    #[test]
    fn fields_name_what_the_version_has() {
        assert_eq!(written(Some("id,home_space_id,first_name")), r#"{"home_space_id":"4","id":12}"#);
        assert_eq!(written(Some("runtime,credentials_api3(id)")), r#"{"credentials_api3":[{"id":9}],"runtime":null}"#);
        assert_eq!(written(Some(" , ")), written(None));
        assert_eq!(written(Some("first_name")), "{}");
    }

    #[test]
    fn what_an_answer_needs_is_asked_in_the_names_of_the_newest_version() {
        let layout = layouts().get(User::table()).unwrap();
        let whole = layout.shape(None);
        assert!(whole.wants("home_folder_id") && !whole.wants("home_space_id") && !whole.wants("first_name"));
        let part = layout.shape(Some("home_space_id,credentials_api3(id)"));
        assert!(part.wants("home_folder_id") && !part.wants("id"));
        assert!(part.within("credentials_api3").wants("id") && !part.within("credentials_api3").wants("url"));
        assert!(whole.within("credentials_api3").wants("url") && !whole.within("credentials_api3").wants("type"));
    }
}
