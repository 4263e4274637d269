//! What a model is made of, as a graph: explores, views, derived tables, and what each comes from.

use crate::model::{Explore, Model, ViewSource};
use indexmap::IndexMap;
use std::fmt::Write;
use std::sync::Arc;

/// A model as a graph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// Explores and views, in order of the model.
    pub nodes: Vec<Node>,
    /// What comes from what.
    pub edges: Vec<Edge>,
}

/// An explore or a view.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its name.
    pub name: Arc<str>,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// An explore.
    Explore,
    /// A view of a table.
    View,
    /// A view of a derived table.
    DerivedTable,
}

/// An edge: indices of two nodes, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// What needs the other.
    pub from: usize,
    /// What is needed.
    pub to: usize,
    /// Why.
    pub reason: Reason,
}

/// Why one node needs another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The base view of an explore.
    Base,
    /// A joined view: its alias where that differs, and `relationship`.
    Join {
        /// The name that the explore has for it, when that is not the view's.
        alias: Option<Arc<str>>,
        /// The word of its `relationship`.
        relationship: &'static str,
    },
    /// A derived table that queries an explore.
    ExploreSource,
    /// A derived table whose SQL names the table of a view.
    Table,
    /// `extends`
    Extends,
}

impl Reason {
    fn label(&self) -> String {
        match self {
            Self::Base => "base".to_owned(),
            Self::Join { alias: Some(alias), relationship } => format!("{alias}: {relationship}"),
            Self::Join { alias: None, relationship } => (*relationship).to_owned(),
            Self::ExploreSource => "explore_source".to_owned(),
            Self::Table => "SQL_TABLE_NAME".to_owned(),
            Self::Extends => "extends".to_owned(),
        }
    }
}

impl Graph {
    /// The whole model, or with `explore` that explore and all that it comes from.
    pub fn of(model: &Model, explore: Option<&str>) -> Self {
        let mut builder = Builder { model, nodes: IndexMap::new(), edges: Vec::new() };
        if let Some(name) = explore {
            if let Some(explore) = model.explore(name) {
                builder.explore(explore);
            }
        } else {
            for explore in model.explores() {
                builder.explore(explore);
            }
            for name in model.view_names() {
                builder.view(name);
            }
        }
        builder.follow();
        Self { nodes: builder.nodes.into_keys().collect(), edges: builder.edges }
    }

    /// The graph in the language of Graphviz.
    pub fn to_dot(&self, name: &str) -> String {
        let mut out = format!("digraph {} {{\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n", quoted(name));
        for (index, node) in self.nodes.iter().enumerate() {
            let shape = match node.kind {
                NodeKind::Explore => "ellipse",
                NodeKind::View => "box",
                NodeKind::DerivedTable => "component",
            };
            let _ = writeln!(out, "  n{index} [label={}, shape={shape}];", quoted(&node.name));
        }
        for edge in &self.edges {
            let style = if edge.reason == Reason::Extends { ", style=dashed" } else { "" };
            let label = quoted(&edge.reason.label());
            let _ = writeln!(out, "  n{} -> n{} [label={label}{style}];", edge.from, edge.to);
        }
        out.push_str("}\n");
        out
    }

    /// The graph as a Mermaid flowchart, which Markdown pages of code hosts show.
    pub fn to_mermaid(&self) -> String {
        let mut out = String::from("flowchart LR\n");
        for (index, node) in self.nodes.iter().enumerate() {
            let name = entities(&node.name);
            let _ = match node.kind {
                NodeKind::Explore => writeln!(out, "  n{index}([\"{name}\"])"),
                NodeKind::View => writeln!(out, "  n{index}[\"{name}\"]"),
                NodeKind::DerivedTable => writeln!(out, "  n{index}[[\"{name}\"]]"),
            };
        }
        for edge in &self.edges {
            let label = entities(&edge.reason.label());
            let arrow = if edge.reason == Reason::Extends { "-.->" } else { "-->" };
            let _ = writeln!(out, "  n{} {arrow}|\"{label}\"| n{}", edge.from, edge.to);
        }
        out
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

struct Builder<'m> {
    model: &'m Model,
    /// Nodes, and whether what they come from was added.
    nodes: IndexMap<Node, bool>,
    edges: Vec<Edge>,
}

impl Builder<'_> {
    fn node(&mut self, kind: NodeKind, name: &Arc<str>) -> usize {
        let entry = self.nodes.entry(Node { kind, name: Arc::clone(name) });
        let index = entry.index();
        entry.or_insert(false);
        index
    }

    fn explore(&mut self, explore: &Explore) -> usize {
        self.node(NodeKind::Explore, &explore.name)
    }

    fn view(&mut self, name: &Arc<str>) -> Option<usize> {
        let view = self.model.view(name)?;
        let derived = matches!(view.source, ViewSource::Sql(_) | ViewSource::Explore(_)) || view.creation.is_some();
        Some(self.node(if derived { NodeKind::DerivedTable } else { NodeKind::View }, name))
    }

    /// Adds what each node comes from, until nothing new comes.
    fn follow(&mut self) {
        let mut next = 0;
        while let Some((node, _)) = self.nodes.get_index(next) {
            let Node { kind, name } = node.clone();
            match kind {
                NodeKind::Explore => self.follow_explore(next, &name),
                NodeKind::View | NodeKind::DerivedTable => self.follow_view(next, &name),
            }
            next += 1;
        }
    }

    fn edge(&mut self, from: usize, to: Option<usize>, reason: Reason) {
        let Some(to) = to else { return };
        let edge = Edge { from, to, reason };
        // Edges of one node follow each other, so that only those are compared.
        let seen = self.edges.iter().rev().take_while(|other| other.from == from).any(|other| *other == edge);
        if !seen {
            self.edges.push(edge);
        }
    }

    fn follow_explore(&mut self, from: usize, name: &Arc<str>) {
        let model = self.model;
        let Some(explore) = model.explore(name) else { return };
        for view in &explore.views {
            let to = self.view(&view.view.name);
            let reason = view.join.as_ref().map_or(Reason::Base, |join| Reason::Join {
                alias: (view.alias != view.view.name).then(|| Arc::clone(&view.alias)),
                relationship: join.relationship.as_str(),
            });
            self.edge(from, to, reason);
        }
        for parent in model.scope.parents_of_explore(name) {
            if let Some(parent) = model.explore(&parent) {
                let to = self.explore(parent);
                self.edge(from, Some(to), Reason::Extends);
            }
        }
    }

    fn follow_view(&mut self, from: usize, name: &Arc<str>) {
        let model = self.model;
        let Some(view) = model.view(name) else { return };
        if let ViewSource::Explore(source) = &view.source
            && let Some(explore) = model.explore(&source.explore)
        {
            let to = self.explore(explore);
            self.edge(from, Some(to), Reason::ExploreSource);
        }
        for table in model.scope.tables_of_view(name) {
            let to = self.view(&table);
            self.edge(from, to, Reason::Table);
        }
        for parent in model.scope.parents_of_view(name) {
            let to = self.view(&parent);
            self.edge(from, to, Reason::Extends);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;
    use crate::project::Project;

    fn graph(text: &str) -> Graph {
        let model = format!("connection: \"db\"\n{text}");
        let project = Project::load("p", vec![("m.model.lkml".into(), model.into())]);
        Graph::of(project.model("m").expect("it is there"), None)
    }

    #[test]
    fn joins_sources_and_parents_are_edges() {
        let graph = graph(
            "explore: orders { join: buyers { from: users relationship: many_to_one sql_on: ${orders.id} = ${buyers.id} ;; } }
             view: orders { dimension: id {} } view: users { extends: [base] } view: base { dimension: id {} }
             view: totals { derived_table: { sql: SELECT * FROM ${orders.SQL_TABLE_NAME} ;; } }",
        );
        assert_eq!(
            graph.to_mermaid(),
            "flowchart LR
  n0([\"orders\"])
  n1[\"orders\"]
  n2[\"users\"]
  n3[\"base\"]
  n4[[\"totals\"]]
  n0 -->|\"base\"| n1
  n0 -->|\"buyers: many_to_one\"| n2
  n2 -.->|\"extends\"| n3
  n4 -->|\"SQL_TABLE_NAME\"| n1
"
        );
        assert!(graph.to_dot("m").contains("  n0 -> n2 [label=\"buyers: many_to_one\"];\n"));
    }

    #[test]
    fn names_cannot_break_out_of_their_quotes() {
        let dot = graph("view: a\\b {}").to_dot("x\"y");
        assert!(dot.starts_with("digraph \"x\\\"y\" {\n"));
    }
}
