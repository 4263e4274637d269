//! Objects of the API: the table of their properties, and how they are written.

use belvedere_wire::Object;

use crate::json::WriteJson;
use crate::shape::Shape;

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
}

impl Property {
    /// A property whose value is no object of the API.
    pub(crate) const fn plain(name: &'static str) -> Self {
        Self { name, nested: None }
    }

    /// A property that holds objects of the API, one or many.
    pub(crate) const fn nested(name: &'static str, table: fn() -> &'static Table) -> Self {
        Self { name, nested: Some(table) }
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
        if self.shape.has(index) {
            let name = self.table.properties[index].name;
            value.write(self.object.key(name), self.shape.nested(index));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::documents;
    use crate::generated::types::empty;
    use crate::release::Release;

    /// The heart of the strict shape: what is written is what the served document says, no more and no less.
    #[test]
    fn every_type_is_written_with_exactly_the_properties_of_the_document() {
        let document: Value = serde_json::from_slice(&documents::openapi(Release::NEWEST, "http://x")).unwrap();
        for (name, written) in empty() {
            let written: Value = serde_json::from_slice(&written).unwrap();
            let properties = document["components"]["schemas"][name]["properties"].as_object().unwrap();
            let answered = properties.iter().filter(|(_, property)| property["writeOnly"] != true);
            let declared: Vec<&String> = answered.map(|(key, _)| key).collect();
            assert_eq!(written.as_object().unwrap().keys().collect::<Vec<_>>(), declared, "{name}");
        }
    }
}
