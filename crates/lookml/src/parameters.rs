//! Every parameter of LookML by the parent it stands in.
//!
//! One table says what a parameter's value is, whether it may be repeated or must be there, how it merges under
//! `extends` and refinements, and what it means. Reading a file, checking values and names, merging objects and the
//! reference in `docs/lookml/parameters.md` all follow it: a new parameter is a new row.

mod reference;
mod tables;
mod values;

pub use reference::reference;
pub use tables::*;
pub use values::{Value, Words};

use std::ptr;

/// Every place that the files can hold: the files themselves, then what stands in them, each once.
pub fn parents() -> impl Iterator<Item = &'static Parent> {
    let mut all: Vec<&'static Parent> = FILES.to_vec();
    let mut next = 0;
    while let Some(&parent) = all.get(next) {
        for parameter in parent.parameters() {
            if let Value::Block(child) | Value::Named(child) = parameter.value
                && !all.contains(&child)
            {
                all.push(child);
            }
        }
        next += 1;
    }
    all.into_iter()
}

/// A place that holds parameters: a file, or a block of one kind.
pub struct Parent {
    /// The word for it, as in `join`.
    pub name: &'static str,
    /// What it may hold. Kinds of fields share one table.
    parameters: &'static [Parameter],
    /// Which rows of a shared table count.
    field: Fields,
}

impl Parent {
    const fn new(name: &'static str, parameters: &'static [Parameter]) -> Self {
        Self { name, parameters, field: Fields::ALL }
    }

    const fn field(name: &'static str, field: Fields) -> Self {
        Self { name, parameters: FIELD, field }
    }

    /// The parameters it may hold.
    pub fn parameters(&self) -> impl Iterator<Item = &'static Parameter> {
        let field = self.field;
        self.parameters.iter().filter(move |parameter| parameter.fields.meets(field))
    }

    /// The parameter `name`, if it may stand here.
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters().find(|parameter| parameter.name == name)
    }

    /// True for the kinds of fields: they share the namespace of their view.
    pub fn is_field(&self) -> bool {
        self.field != Fields::ALL
    }
}

impl PartialEq for Parent {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self, other)
    }
}

impl Eq for Parent {}

impl std::fmt::Debug for Parent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// One parameter in one parent.
#[derive(Debug)]
pub struct Parameter {
    /// The key.
    pub name: &'static str,
    /// What stands behind it.
    pub value: Value,
    /// Whether it may be given several times.
    pub repeats: bool,
    /// What happens to the inherited value.
    pub merge: Merge,
    /// Whether the product still documents it.
    pub status: Status,
    /// Whether the parent means nothing without it.
    pub required: bool,
    /// What holds when it is not written.
    pub default: Option<&'static str>,
    /// What it means, in one line.
    pub doc: &'static str,
    /// The kinds of fields that have it.
    fields: Fields,
}

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// A view.
    View,
    /// An explore of the same model.
    Explore,
    /// A join of the explore, or its base view.
    Join,
    /// A field.
    Field,
    /// A parameter.
    Parameter,
    /// A datagroup.
    Datagroup,
    /// An access grant.
    AccessGrant,
    /// A value format: built in or the model's.
    ValueFormat,
    /// A map layer: built in or the model's.
    MapLayer,
    /// A model of the project.
    Model,
    /// A LookML dashboard.
    Dashboard,
    /// A user attribute, which no file declares.
    UserAttribute,
    /// Something that is not looked up.
    Any,
}

/// What `extends` and refinements do with a value that was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    /// The new value replaces it. `EXTENDED*` in a list and `${EXTENDED}` in a body stand for what it was.
    Replace,
    /// The new values come behind it.
    Append,
    /// Blocks merge parameter by parameter.
    ByKey,
    /// It is not passed on by `extends`.
    Own,
}

/// Whether the product still documents a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It does.
    Current,
    /// It does not, but projects still have it.
    Legacy,
}

/// A set of kinds of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fields(u8);

impl Fields {
    const ALL: Self = Self(u8::MAX);
    const DIMENSION: Self = Self(1);
    const GROUP: Self = Self(2);
    const MEASURE: Self = Self(4);
    const FILTER: Self = Self(8);
    const PARAMETER: Self = Self(16);

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A parameter that is given once and replaces what is inherited: what most are.
const fn one(name: &'static str, value: Value, doc: &'static str) -> Parameter {
    Parameter {
        name,
        value,
        repeats: false,
        merge: Merge::Replace,
        status: Status::Current,
        required: false,
        default: None,
        doc,
        fields: Fields::ALL,
    }
}

/// A parameter that may be given several times.
const fn many(name: &'static str, value: Value, doc: &'static str) -> Parameter {
    Parameter { repeats: true, ..one(name, value, doc) }
}

impl Parameter {
    const fn additive(self) -> Self {
        Self { merge: Merge::Append, ..self }
    }

    const fn by_key(self) -> Self {
        Self { merge: Merge::ByKey, ..self }
    }

    const fn own(self) -> Self {
        Self { merge: Merge::Own, ..self }
    }

    const fn legacy(self) -> Self {
        Self { status: Status::Legacy, ..self }
    }

    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    const fn of(self, fields: Fields) -> Self {
        Self { fields, ..self }
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::keywords;

    use super::{DIMENSION, EXPLORE, JOIN, MEASURE, Status, VIEW, Value, parents};

    #[test]
    fn no_parent_has_a_parameter_twice() {
        for parent in parents() {
            let mut names: Vec<_> = parent.parameters().map(|parameter| parameter.name).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{parent:?}");
        }
    }

    #[test]
    fn bodies_are_those_that_the_lexer_reads_as_bodies() {
        for parent in parents() {
            for parameter in parent.parameters() {
                let name = parameter.name;
                let by_name = name == "html"
                    || ["sql", "expression"].iter().any(|word| {
                        name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
                    });
                let body = matches!(parameter.value, Value::Body);
                assert_eq!(body, by_name && name != "sql_case", "{name} in {parent:?}");
            }
        }
    }

    #[test]
    fn the_parser_knows_every_parameter_and_which_need_a_block() {
        for parent in parents() {
            for parameter in parent.parameters().filter(|parameter| parameter.status == Status::Current) {
                assert!(keywords::is_known(parameter.name), "{} in {parent:?}", parameter.name);
                // `query` stands with a name in an explore and without one in an aggregate table.
                if matches!(parameter.value, Value::Named(_)) && parameter.name != "query" {
                    assert!(keywords::needs_block(parameter.name), "{} in {parent:?}", parameter.name);
                }
            }
        }
    }

    #[test]
    fn each_parameter_says_what_it_means() {
        for parent in parents() {
            for parameter in parent.parameters() {
                let doc = parameter.doc;
                assert!(!doc.is_empty() && !doc.ends_with('.'), "{} in {parent:?}", parameter.name);
            }
        }
    }

    #[test]
    fn a_parameter_stands_only_where_it_is_documented() {
        assert!(MEASURE.parameter("sql_distinct_key").is_some());
        assert!(DIMENSION.parameter("sql_distinct_key").is_none());
        assert!(EXPLORE.parameter("sql_always_where").is_some());
        assert!(JOIN.parameter("sql_always_where").is_none());
        assert!(VIEW.parameter("measure").is_some());
    }
}
