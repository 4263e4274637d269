//! Objects of the API: the table of their properties, and how they are written.

use belvedere_wire::Object;

use crate::json::WriteJson;
use crate::operation::bound;
use crate::shape::{Form, Shape, WHOLE};
use belvedere_contract::Release;

/// The properties of a type in the order of the contract, without those that are write-only.
#[derive(Debug)]
pub struct Table {
    name: &'static str,
    properties: &'static [Property],
}

impl Table {
    /// The table of the schema with this name.
    pub(crate) const fn new(name: &'static str, properties: &'static [Property]) -> Self {
        assert!(properties.len() <= 128, "a shape has one bit for each of at most 128 properties");
        Self { name, properties }
    }

    /// The name of the schema.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The properties in the order in which they are written.
    pub fn properties(&self) -> &'static [Property] {
        self.properties
    }

    /// The place of the property with this name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.properties.iter().position(|property| property.name == name)
    }
}

impl PartialEq for Table {
    /// Tables are the same when they are that of the same schema.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// A property of a type.
#[derive(Debug)]
pub struct Property {
    name: &'static str,
    nested: Option<fn() -> &'static Table>,
    since: Option<Release>,
    until: Option<Release>,
    deprecated: bool,
}

impl Property {
    /// A property whose value is no object of the API.
    pub(crate) const fn plain(name: &'static str) -> Self {
        Self { name, nested: None, since: None, until: None, deprecated: false }
    }

    /// A property that holds objects of the API, one or many.
    pub(crate) const fn nested(name: &'static str, table: fn() -> &'static Table) -> Self {
        Self { name, nested: Some(table), since: None, until: None, deprecated: false }
    }

    /// The same property, which only releases from the first one to before the second one have.
    pub(crate) const fn lifetime(mut self, since: Option<(u16, u16)>, until: Option<(u16, u16)>) -> Self {
        (self.since, self.until) = (bound(since), bound(until));
        self
    }

    /// The same property, which new programs should leave alone.
    pub(crate) const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// Whether new programs should leave it alone.
    pub fn is_deprecated(&self) -> bool {
        self.deprecated
    }

    /// Whether a release has it.
    pub fn stands_in(&self, release: Release) -> bool {
        release.is_within(self.since, self.until)
    }

    /// The name on the wire.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The properties of the objects that it holds, if it holds objects of the API.
    pub fn table(&self) -> Option<&'static Table> {
        self.nested.map(|table| table())
    }
}

/// An object of the API.
///
/// It is written with every property of its table, null where there is no value, or with exactly those that its
/// [`Shape`] names.
pub trait Resource {
    /// The properties of the type.
    fn table() -> &'static Table;

    /// Gives every property to the writer, in the order of the table.
    fn write_properties(&self, to: &mut Properties<'_>);
}

impl<T: Resource> Resource for Box<T> {
    fn table() -> &'static Table {
        T::table()
    }

    fn write_properties(&self, to: &mut Properties<'_>) {
        T::write_properties(self, to);
    }
}

impl<T: Resource> WriteJson for T {
    fn write(&self, out: &mut Vec<u8>, shape: &Shape) {
        let mut properties = Properties { table: T::table(), shape, object: Object::open(out), next: 0 };
        self.write_properties(&mut properties);
        debug_assert_eq!(properties.next, properties.table.properties.len());
        properties.object.close();
    }
}

/// An object that is being written.
#[derive(Debug)]
pub struct Properties<'a> {
    table: &'static Table,
    shape: &'a Shape,
    object: Object<'a>,
    next: usize,
}

impl Properties<'_> {
    /// Takes the value of the next property, and writes it if the shape has it.
    pub fn put<T: WriteJson>(&mut self, value: &T) {
        let index = self.next;
        self.next += 1;
        let name = self.table.properties[index].name;
        match &self.shape.0 {
            Form::Whole => value.write(self.object.key(name), &WHOLE),
            Form::Fields(mask) if mask.has(index) => {
                value.write(self.object.key(name), mask.part(index).unwrap_or(&WHOLE));
            }
            Form::Fields(_) => {}
            Form::Laid(layout, mask) if layout.is_of(self.table) => {
                layout.put(mask.as_deref(), index, value, &mut self.object);
            }
            // An operation may answer with another type than it declares; nothing is known of how it is laid out.
            Form::Laid(..) => value.write(self.object.key(name), &WHOLE),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::generated::types::empty;
    use crate::{documents, releases};

    /// The heart of the strict shape: what is written is what the served document says, no more and no less.
    #[test]
    fn every_type_is_written_with_exactly_the_properties_of_the_document() {
        let document = documents::openapi(releases::NEWEST);
        for (name, written) in empty() {
            let Some(schema) = document["components"]["schemas"].get(name) else {
                // It belongs to an operation that the newest release no longer has.
                continue;
            };
            let written: Value = serde_json::from_slice(&written).unwrap();
            let properties = schema["properties"].as_object().unwrap();
            let answered = properties.iter().filter(|(_, property)| property["writeOnly"] != true);
            let declared: Vec<&String> = answered.map(|(key, _)| key).collect();
            assert_eq!(written.as_object().unwrap().keys().collect::<Vec<_>>(), declared, "{name}");
        }
    }
}
