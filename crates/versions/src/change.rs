//! Changes: what makes a version different.

use std::fmt;

use belvedere_api::{Operation, Reply};
use serde_json::{Map, Value};

use crate::edit::Edit;

/// One difference between a version and the newest, with all that follows from it.
#[derive(Clone, Copy)]
pub struct Change {
    /// A name in lower case that says what holds in the version, `ids_are_integers`.
    pub id: &'static str,
    /// What is different, for people who go from one version to the other.
    pub description: &'static str,
    /// What tables can say of it, in the order in which it is done.
    pub edits: &'static [Edit],
    /// Words of the newest version and those that stand in their place where operations, schemas and properties are
    /// described after theirs.
    pub words: &'static [(&'static str, &'static str)],
    /// What is done to objects in bodies of requests, beyond the edits, to make them what the newest version takes.
    pub upgrade: &'static [Rewrite],
    /// What is done to objects in answers, beyond the edits, to make them what the version gives.
    pub downgrade: &'static [Rewrite],
    /// What is done to replies as a whole: their status and headers.
    pub reply: Option<fn(&Operation, Reply) -> Reply>,
}

/// What is done to each object of a schema of the newest version.
#[derive(Clone, Copy)]
pub struct Rewrite {
    /// The schema.
    pub schema: &'static str,
    /// What is done; keys keep their order.
    pub with: fn(&mut Map<String, Value>),
}

impl Change {
    /// A change in which nothing is different yet: what most changes leave out.
    pub const fn new(id: &'static str, description: &'static str) -> Self {
        Self { id, description, edits: &[], words: &[], upgrade: &[], downgrade: &[], reply: None }
    }
}

impl fmt::Debug for Rewrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rewrite").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Change").field("id", &self.id).finish_non_exhaustive()
    }
}
