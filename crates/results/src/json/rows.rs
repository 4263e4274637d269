//! The rows of a JSON array: objects with their keys written once and for all.

use crate::cell::Cells;
use crate::failure::RunError;
use crate::layout::{Column, Layout, ROW_TOTAL};
use std::collections::HashMap;

/// What the members of a row are called, and how those of pivoted columns are nested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Field names; pivoted as `measure -> pivot field -> value`, a field and a value for each pivot (unverified).
    Names,
    /// Labels, nested in the same way.
    Labels,
    /// Field names; pivoted as `measure -> key of the pivot column`.
    Cells,
}

impl Keys {
    /// The keys that lead to the cells of a column.
    fn path(self, layout: &Layout, column: &Column) -> Vec<String> {
        let own = if self == Self::Labels { &column.label } else { &column.name };
        let mut path = vec![own.clone()];
        let Some(pivot) = column.pivot.and_then(|index| layout.pivots.columns.get(index)) else { return path };
        if self == Self::Cells {
            path.push(pivot.key.clone());
            return path;
        }
        let fields =
            layout.pivots.fields.iter().map(|field| if self == Self::Labels { &field.label } else { &field.name });
        if pivot.key == ROW_TOTAL {
            path.extend(fields.take(1).cloned());
            path.push(pivot.key.clone());
            return path;
        }
        for (field, value) in fields.zip(&pivot.values) {
            path.push(field.clone());
            path.push(value.text.clone().unwrap_or_else(|| "null".to_owned()));
        }
        path
    }
}

/// A cell of a row: what stands before its value, and its column.
struct Place {
    before: Vec<u8>,
    column: usize,
}

/// Rows that are separated by something.
pub(crate) struct Rows {
    places: Vec<Place>,
    /// What stands behind the last value of a row.
    after: Vec<u8>,
    separator: u8,
    empty: bool,
}

impl Rows {
    /// Rows of all columns, separated by commas.
    pub(crate) fn new(layout: &Layout, keys: Keys) -> Self {
        Self::of(layout, keys, |_| true)
    }

    /// Rows of those columns that `takes` says.
    pub(crate) fn of(layout: &Layout, keys: Keys, takes: impl Fn(&Column) -> bool) -> Self {
        let mut tree = Tree::default();
        for (index, column) in layout.columns.iter().enumerate().filter(|(_, column)| takes(column)) {
            tree.add(keys.path(layout, column), index);
        }
        let mut places = Vec::new();
        let mut after = Vec::new();
        tree.write(0, &mut after, &mut places);
        Self { places, after, separator: b',', empty: true }
    }

    /// The same rows, separated by line feeds.
    pub(crate) fn in_lines(self) -> Self {
        Self { separator: b'\n', ..self }
    }

    /// The same rows, each with a further member at its end; `json` is one complete JSON text.
    pub(crate) fn with_member(mut self, key: &str, json: &[u8]) -> Self {
        if self.after.pop().is_some() {
            self.after.push(b',');
            belvedere_wire::write_string(key, &mut self.after);
            self.after.push(b':');
            self.after.extend_from_slice(json);
            self.after.push(b'}');
        }
        self
    }

    /// Whether no row has been written.
    pub(crate) fn is_empty(&self) -> bool {
        self.empty
    }

    /// Writes `count` rows; `write` is called for each cell in turn, with the index of its column.
    #[inline]
    pub(crate) fn write(
        &mut self,
        count: usize,
        columns: &mut [Cells<'_>],
        out: &mut Vec<u8>,
        mut write: impl FnMut(usize, &mut Cells<'_>, usize, &mut Vec<u8>),
    ) {
        for row in 0..count {
            self.separate(out);
            for place in &self.places {
                out.extend_from_slice(&place.before);
                write(place.column, &mut columns[place.column], row, out);
            }
            out.extend_from_slice(&self.after);
        }
    }

    /// Writes the row that tells of an error.
    pub(crate) fn write_error(&mut self, error: &RunError, out: &mut Vec<u8>) {
        self.separate(out);
        error.write_row(out);
    }

    fn separate(&mut self, out: &mut Vec<u8>) {
        if !self.empty {
            out.push(self.separator);
        }
        self.empty = false;
    }
}

/// The members of a row, nested; the first node is the row itself.
struct Tree {
    nodes: Vec<Node>,
    /// The node under a node that holds other nodes, by its key.
    inner: HashMap<(usize, String), usize>,
}

#[derive(Default)]
struct Node {
    key: String,
    children: Vec<usize>,
    column: Option<usize>,
}

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: vec![Node::default()], inner: HashMap::new() }
    }
}

impl Tree {
    fn add(&mut self, mut path: Vec<String>, column: usize) {
        let Some(key) = path.pop() else { return };
        let mut at = 0;
        for step in path {
            let known = self.inner.get(&(at, step.clone())).copied();
            at = known.unwrap_or_else(|| {
                let new = self.push(at, Node { key: step.clone(), ..Node::default() });
                self.inner.insert((at, step), new);
                new
            });
        }
        self.push(at, Node { key, column: Some(column), ..Node::default() });
    }

    fn push(&mut self, parent: usize, node: Node) -> usize {
        self.nodes.push(node);
        let index = self.nodes.len() - 1;
        self.nodes[parent].children.push(index);
        index
    }

    /// Writes the object of a node: its depth is two for each pivot field.
    fn write(&self, at: usize, pending: &mut Vec<u8>, places: &mut Vec<Place>) {
        pending.push(b'{');
        for (index, &child) in self.nodes[at].children.iter().enumerate() {
            if index > 0 {
                pending.push(b',');
            }
            let node = &self.nodes[child];
            belvedere_wire::write_string(&node.key, pending);
            pending.push(b':');
            match node.column {
                Some(column) => places.push(Place { before: std::mem::take(pending), column }),
                None => self.write(child, pending, places),
            }
        }
        pending.push(b'}');
    }
}
