//! LookML dashboards: from YAML to typed values, with what they extend.

use super::cycle::{Knots, path, told};
use super::mistakes::{self, Mistakes};
use crate::diagnostic::Location;
use crate::label::titleize;
use crate::model::{Dashboard, DashboardElement, DashboardFilter};
use crate::parameters::{DASHBOARD, DASHBOARD_ELEMENT, DASHBOARD_FILTER, Parent, Status, Value};
use crate::project::SourceFile;
use crate::yaml::{Content, Node, truth};
use indexmap::IndexMap;
use serde_json::Map;
use std::sync::Arc;

/// An entry of a dashboard file, before it is merged with what it extends.
#[derive(Clone)]
pub struct Entry {
    pub name: Arc<str>,
    /// Where the name stands.
    pub location: Location,
    pub node: Arc<Node>,
    /// The file it stands in, for places and constants.
    pub file: Arc<SourceFile>,
}

impl Entry {
    pub fn at(&self, node: &Node) -> Location {
        self.file.document.location(node.span)
    }

    /// The text of a scalar, constants expanded.
    pub fn text(&self, node: &Node) -> Option<String> {
        node.text().map(|text| self.file.expand(text))
    }
}

/// A dashboard with the nodes that it was made of, for checks.
pub struct Resolved {
    pub dashboard: Arc<Dashboard>,
    pub entry: Entry,
    /// The merged mapping.
    pub node: Arc<Node>,
}

/// The dashboards of the files that a model reaches, by name. Of several with one name the last counts.
pub fn dashboards(files: &[Arc<SourceFile>], mistakes: &mut Mistakes) -> IndexMap<Arc<str>, Resolved> {
    let mut entries: IndexMap<Arc<str>, Entry> = IndexMap::new();
    for file in files {
        for entry in self::entries(file, mistakes) {
            if let Some(first) = entries.get(&entry.name) {
                let at = entry.location.clone();
                mistakes.add(mistakes::duplicate_dashboard(at, &first.location, &entry.name));
            }
            entries.insert(Arc::clone(&entry.name), entry);
        }
    }
    merged(entries, mistakes)
}

/// The dashboards of one file.
fn entries(file: &Arc<SourceFile>, mistakes: &mut Mistakes) -> Vec<Entry> {
    let mut found = Vec::new();
    for document in file.yaml() {
        let is_list = matches!(document.content, Content::Sequence(_));
        if !is_list && !document.is_null() {
            mistakes.add(mistakes::not_a_dashboard(file.document.location(start(document))));
            continue;
        }
        for node in document.items() {
            let Some(name) = node.get("dashboard").filter(|name| name.text().is_some()) else {
                mistakes.add(mistakes::not_a_dashboard(file.document.location(start(node))));
                continue;
            };
            let text = name.text().map(|text| file.expand(text)).unwrap_or_default();
            found.push(Entry {
                name: text.into(),
                location: file.document.location(name.span),
                node: Arc::clone(node),
                file: Arc::clone(file),
            });
        }
    }
    found
}

/// The first byte of a node: where a mistake about the whole of it is shown.
fn start(node: &Node) -> crate::diagnostic::Span {
    crate::diagnostic::Span::new(node.span.start, node.span.start)
}

/// Puts dashboards together with what they extend.
fn merged(entries: IndexMap<Arc<str>, Entry>, mistakes: &mut Mistakes) -> IndexMap<Arc<str>, Resolved> {
    let mut edges: Vec<Vec<usize>> = Vec::with_capacity(entries.len());
    for entry in entries.values() {
        let mut parents = Vec::new();
        for parent in entry.node.get("extends").map(Node::items).unwrap_or_default() {
            let Some(name) = entry.text(parent) else { continue };
            if let Some(index) = entries.get_index_of(&*name) {
                parents.push(index);
            } else {
                let mistake = mistakes::unknown_dashboard(entry.at(parent), &name);
                mistakes.add_unknown(mistake, &name, entries.keys().map(|name| &**name));
            }
        }
        edges.push(parents);
    }
    let knots = Knots::new(&edges);
    for cycle in knots.cycles(&edges) {
        let (at, nodes) = told(&cycle, |from, _| {
            let entry = &entries[from];
            entry.node.get("extends").map_or_else(|| entry.location.clone(), |extends| entry.at(extends))
        });
        mistakes.add(mistakes::circular_extends(at, &path(nodes.into_iter().map(|at| &*entries[at].name))));
    }
    let mut done: Vec<Option<Arc<Node>>> = vec![None; entries.len()];
    for index in knots.in_order() {
        let followed = edges[index].iter().filter(|&&parent| !knots.closes_a_cycle(index, parent));
        let mut node: Option<Arc<Node>> = None;
        for parent in followed.filter_map(|&parent| done[parent].clone()) {
            node = Some(match node {
                Some(before) => overlay(&before, &parent),
                None => parent,
            });
        }
        let own = &entries[index].node;
        done[index] = Some(node.map_or_else(|| Arc::clone(own), |node| overlay(&node, own)));
    }
    entries
        .into_iter()
        .zip(done)
        .filter_map(|((name, entry), node)| {
            let node = node?;
            check_keys(&entry, &entry.node, &DASHBOARD, mistakes);
            let dashboard = Arc::new(dashboard(&entry, &node, mistakes));
            Some((name, Resolved { dashboard, entry, node }))
        })
        .collect()
}

/// Keys of `over` replace those of `base`; elements and filters are matched by name. `extension` is not inherited.
fn overlay(base: &Arc<Node>, over: &Arc<Node>) -> Arc<Node> {
    let mut pairs: Vec<(Arc<Node>, Arc<Node>)> =
        base.pairs().iter().filter(|(key, _)| key.text() != Some("extension")).cloned().collect();
    for (key, value) in over.pairs() {
        let name = key.text();
        match pairs.iter_mut().find(|(known, _)| known.text() == name) {
            Some((_, old)) if matches!(name, Some("elements" | "filters")) => *old = by_name(old, value),
            Some((_, old)) => *old = Arc::clone(value),
            None => pairs.push((Arc::clone(key), Arc::clone(value))),
        }
    }
    Arc::new(Node { span: over.span, content: Content::Mapping(pairs) })
}

fn by_name(base: &Arc<Node>, over: &Arc<Node>) -> Arc<Node> {
    let mut items: IndexMap<Option<String>, Arc<Node>> = IndexMap::new();
    let mut nameless = Vec::new();
    let name = |node: &Node| node.get("name").and_then(|name| name.text()).map(str::to_owned);
    for item in base.items().iter().chain(over.items()) {
        match name(item) {
            None => nameless.push(Arc::clone(item)),
            key => {
                let merged = items.get(&key).map_or_else(|| Arc::clone(item), |old| overlay(old, item));
                items.insert(key, merged);
            }
        }
    }
    let items = items.into_values().chain(nameless).collect();
    Arc::new(Node { span: over.span, content: Content::Sequence(items) })
}

/// Checks the keys of a mapping against the table: which are known, needed, and of the right kind.
fn check_keys(entry: &Entry, node: &Node, parent: &'static Parent, mistakes: &mut Mistakes) {
    for (key, value) in node.pairs() {
        let Some(name) = key.text() else { continue };
        match parent.parameter(name) {
            None if *parent == DASHBOARD_ELEMENT => {} // An option of its chart.
            None => {
                let known = parent.parameters().map(|parameter| parameter.name);
                let mistake = mistakes::unknown_parameter(entry.at(key), name, parent.name);
                mistakes.add_unknown(mistake, name, known);
            }
            Some(parameter) => {
                if parameter.status == Status::Legacy {
                    mistakes.add(mistakes::deprecated_parameter(entry.at(key), name, parent.name));
                }
                check_value(entry, name, &parameter.value, value, mistakes);
            }
        }
    }
}

fn check_value(entry: &Entry, name: &str, kind: &Value, value: &Arc<Node>, mistakes: &mut Mistakes) {
    let Content::Scalar { .. } = value.content else {
        if matches!(kind, Value::Text | Value::Word(_) | Value::YesNo | Value::Integer | Value::Duration) {
            let at = entry.at(value);
            mistakes.add(mistakes::wrong_value(at, name, "a single value"));
        }
        return;
    };
    let Some(text) = entry.text(value).filter(|text| !text.is_empty()) else { return };
    match kind {
        Value::Word(words) if !words.contains(&text) => {
            let mistake = mistakes::invalid_value(entry.at(value), words.noun, &text);
            let all: Vec<String> = words.all().collect();
            mistakes.add_unknown(mistake, &text, all.iter().map(String::as_str));
        }
        Value::YesNo if truth(&text).is_none() => {
            mistakes.add(mistakes::not_yes_or_no(entry.at(value), name, &text));
        }
        Value::Integer if text.parse::<f64>().is_err() && !text.contains("{{") => {
            mistakes.add(mistakes::wrong_value(entry.at(value), name, "a whole number"));
        }
        Value::Duration if !super::read::is_duration(&text) => {
            mistakes.add(mistakes::invalid_duration(entry.at(value), name, &text));
        }
        _ => {}
    }
}

fn dashboard(entry: &Entry, node: &Arc<Node>, mistakes: &mut Mistakes) -> Dashboard {
    let reading = Reading { entry, node };
    let filters = reading.list("filters");
    let elements = reading.list("elements");
    let known = ["dashboard", "title", "description", "layout", "preferred_slug", "refresh", "extends", "extension"];
    unique(entry, filters, mistakes);
    unique(entry, elements, mistakes);
    for filter in filters {
        check_keys(entry, filter, &DASHBOARD_FILTER, mistakes);
    }
    for element in elements {
        check_keys(entry, element, &DASHBOARD_ELEMENT, mistakes);
    }
    Dashboard {
        name: Arc::clone(&entry.name),
        title: reading.text("title").unwrap_or_else(|| titleize(&entry.name)),
        description: reading.text("description"),
        layout: reading.text("layout"),
        preferred_slug: reading.text("preferred_slug"),
        refresh: reading.text("refresh"),
        template: reading.text("extension").as_deref() == Some("required"),
        filters: filters.iter().filter_map(|node| filter(&Reading { entry, node })).collect(),
        elements: elements.iter().filter_map(|node| element(&Reading { entry, node })).collect(),
        options: reading.others(&[&known[..], &["elements", "filters"]].concat()),
        location: entry.location.clone(),
    }
}

/// Tells names that stand twice, and items without one.
fn unique(entry: &Entry, items: &[Arc<Node>], mistakes: &mut Mistakes) {
    let mut seen: IndexMap<&str, Location> = IndexMap::new();
    for item in items {
        let name = item.get("name").or_else(|| item.get("title"));
        let Some(name) = name.filter(|name| name.text().is_some()) else {
            let at = entry.file.document.location(start(item));
            mistakes.add(mistakes::missing_parameter(at, "name", "an element or filter of a dashboard"));
            continue;
        };
        let text = name.text().unwrap_or_default();
        if let Some(first) = seen.insert(text, entry.at(name)) {
            mistakes.add(mistakes::duplicate_element(entry.at(name), &first, text, &entry.name));
        }
    }
}

/// A mapping of a dashboard file.
struct Reading<'a> {
    entry: &'a Entry,
    node: &'a Arc<Node>,
}

impl<'a> Reading<'a> {
    fn text(&self, key: &str) -> Option<String> {
        self.entry.text(self.node.get(key)?)
    }

    fn truth(&self, key: &str) -> Option<bool> {
        truth(&self.text(key)?)
    }

    fn list(&self, key: &str) -> &'a [Arc<Node>] {
        self.node.get(key).map(Node::items).unwrap_or_default()
    }

    fn texts(&self, key: &str) -> Vec<String> {
        self.list(key).iter().filter_map(|item| self.entry.text(item)).collect()
    }

    /// A mapping of texts; the old form is a list of mappings.
    fn pairs(&self, key: &str) -> Vec<(String, String)> {
        let Some(node) = self.node.get(key) else { return Vec::new() };
        let pairs = pairs(node);
        pairs
            .filter_map(|(key, value)| Some((self.entry.text(key)?, self.entry.text(value).unwrap_or_default())))
            .collect()
    }

    fn json(&self, node: &Node) -> serde_json::Value {
        node.to_json(&|text| self.entry.file.expand(text))
    }

    fn values(&self, key: &str) -> Vec<serde_json::Value> {
        self.list(key).iter().map(|node| self.json(node)).collect()
    }

    /// Every key but `known`.
    fn others(&self, known: &[&str]) -> Map<String, serde_json::Value> {
        let others = self.node.pairs().iter().filter_map(|(key, value)| Some((key.text()?, value)));
        others.filter(|(key, _)| !known.contains(key)).map(|(key, value)| (key.to_owned(), self.json(value))).collect()
    }
}

/// The pairs of a mapping, or of a list of mappings.
pub fn pairs(node: &Arc<Node>) -> impl Iterator<Item = (&Node, &Arc<Node>)> {
    let own = node.pairs().iter();
    let inner = node.items().iter().flat_map(|item| item.pairs());
    own.chain(inner).map(|(key, value)| (&**key, value))
}

fn filter(reading: &Reading<'_>) -> Option<DashboardFilter> {
    let name = reading.text("name").or_else(|| reading.text("title"))?;
    Some(DashboardFilter {
        title: reading.text("title").unwrap_or_else(|| name.clone()),
        name,
        kind: reading.text("type"),
        default_value: reading.text("default_value"),
        model: reading.text("model"),
        explore: reading.text("explore").or_else(|| reading.text("base_view")),
        field: reading.text("field").or_else(|| reading.text("dimension")),
        listens_to_filters: reading.texts("listens_to_filters"),
        allow_multiple_values: reading.truth("allow_multiple_values").unwrap_or(true),
        required: reading.truth("required").unwrap_or(false),
        ui_config: reading.node.get("ui_config").map(|node| reading.json(node)),
        location: reading.entry.at(reading.node.get("name").unwrap_or(reading.node)),
    })
}

/// The keys of an element that have a field of their own.
const ELEMENT_KEYS: [&str; 22] = [
    "name",
    "title",
    "type",
    "model",
    "explore",
    "fields",
    "dimensions",
    "measures",
    "pivots",
    "fill_fields",
    "filters",
    "filter_expression",
    "sorts",
    "limit",
    "column_limit",
    "total",
    "row_total",
    "subtotals",
    "query_timezone",
    "dynamic_fields",
    "listen",
    "merged_queries",
];

fn element(reading: &Reading<'_>) -> Option<DashboardElement> {
    let fields = reading.texts("fields");
    let fields = if fields.is_empty() {
        let mut split = reading.texts("dimensions");
        split.extend(reading.texts("measures"));
        split
    } else {
        fields
    };
    Some(DashboardElement {
        name: reading.text("name").or_else(|| reading.text("title"))?,
        title: reading.text("title"),
        kind: reading.text("type"),
        model: reading.text("model"),
        explore: reading.text("explore"),
        fields,
        pivots: reading.texts("pivots"),
        fill_fields: reading.texts("fill_fields"),
        filters: reading.pairs("filters"),
        filter_expression: reading.text("filter_expression"),
        sorts: reading.texts("sorts"),
        limit: reading.text("limit"),
        column_limit: reading.text("column_limit"),
        total: reading.truth("total").unwrap_or(false),
        row_total: reading.text("row_total"),
        subtotals: reading.texts("subtotals"),
        query_timezone: reading.text("query_timezone"),
        dynamic_fields: reading.values("dynamic_fields"),
        listen: reading.pairs("listen"),
        merged_queries: reading.values("merged_queries"),
        options: reading.others(&ELEMENT_KEYS),
        location: reading.entry.at(reading.node.get("name").unwrap_or(reading.node)),
    })
}
