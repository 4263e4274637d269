//! What can be wrong with LookML dashboards: models, explores, fields, filters and values that they name.

use super::dashboard::{Entry, Resolved, pairs};
use super::filter_values;
use super::mistakes::{self, Mistakes};
use super::near::{self, Written};
use crate::diagnostic::Location;
use crate::model::{Explore, Field, Model};
use crate::project::Project;
use crate::yaml::{Content, Node};
use std::collections::HashSet;
use std::sync::Arc;

/// Checks the dashboards of every model.
pub fn check(project: &Project, mistakes: &mut Mistakes) {
    for model in project.models() {
        let mut found = Mistakes::default();
        found.extend(model.scope.dashboard_mistakes().iter().cloned());
        for resolved in model.scope.dashboards().values() {
            Checks { project, model, resolved, entry: &resolved.entry }.dashboard(&mut found);
        }
        if model.scope.lacks_projects() {
            found.forget(&["unknown-dashboard", "unknown-dashboard-model", "unknown-explore", "unknown-field"]);
        }
        mistakes.extend(found.into_vec_of(&model.name));
    }
}

struct Checks<'a> {
    project: &'a Project,
    model: &'a Arc<Model>,
    resolved: &'a Resolved,
    entry: &'a Entry,
}

/// What a query of a dashboard can name.
struct Fields<'a> {
    explore: Option<&'a Arc<Explore>>,
    /// Custom fields and calculations.
    own: HashSet<String>,
}

impl<'a> Checks<'a> {
    fn dashboard(&self, mistakes: &mut Mistakes) {
        let node = &self.resolved.node;
        let filters = node.get("filters").map(Node::items).unwrap_or_default();
        let names: Vec<String> = self.resolved.dashboard.filters.iter().map(|filter| filter.name.clone()).collect();
        for filter in filters {
            self.filter(filter, &names, mistakes);
        }
        for element in node.get("elements").map(Node::items).unwrap_or_default() {
            self.query(element, &names, mistakes);
            for merged in element.get("merged_queries").map(Node::items).unwrap_or_default() {
                self.query(merged, &names, mistakes);
            }
        }
    }

    fn filter(&self, filter: &Arc<Node>, names: &[String], mistakes: &mut Mistakes) {
        let explore_node = filter.get("explore").or_else(|| filter.get("base_view"));
        let fields = Fields { explore: self.explore(filter, explore_node, mistakes), own: HashSet::new() };
        let field_node = filter.get("field").or_else(|| filter.get("dimension"));
        if let Some(node) = field_node
            && let Some(field) = self.field(node, &fields, mistakes)
            && let Some(value) = filter.get("default_value")
            && let Some(text) = self.entry.text(value)
        {
            filter_values::check_text(field, &text, self.at(value), mistakes);
        }
        for node in filter.get("listens_to_filters").map(Node::items).unwrap_or_default() {
            self.filter_name(node, names, mistakes);
        }
    }

    /// An element, or one of the queries that it merges.
    fn query(&self, node: &Arc<Node>, names: &[String], mistakes: &mut Mistakes) {
        let explore = self.explore(node, node.get("explore"), mistakes);
        let fields = Fields { explore, own: self.own_fields(node) };
        for key in ["fields", "dimensions", "measures", "pivots", "fill_fields", "subtotals"] {
            for field in node.get(key).map(Node::items).unwrap_or_default() {
                self.field(field, &fields, mistakes);
            }
        }
        for sort in node.get("sorts").map(Node::items).unwrap_or_default() {
            self.sort(sort, &fields, mistakes);
        }
        if let Some(filters) = node.get("filters") {
            for (key, value) in pairs(filters) {
                if let Some(field) = self.field(key, &fields, mistakes)
                    && let Some(text) = self.entry.text(value)
                {
                    filter_values::check_text(field, &text, self.at(value), mistakes);
                }
            }
        }
        if let Some(listen) = node.get("listen") {
            for (key, value) in pairs(listen) {
                self.filter_name(key, names, mistakes);
                self.field(value, &fields, mistakes);
            }
        }
    }

    fn at(&self, node: &Node) -> Location {
        self.entry.at(node)
    }

    /// The names of the custom fields and calculations of an element.
    fn own_fields(&self, node: &Arc<Node>) -> HashSet<String> {
        let items = node.get("dynamic_fields").map(Node::items).unwrap_or_default();
        let keys = ["table_calculation", "measure", "dimension"];
        items.iter().flat_map(|item| keys.iter().filter_map(|key| self.entry.text(item.get(key)?))).collect()
    }

    /// The explore that `of` names in its `model`, or in that of the dashboard.
    fn explore(&self, of: &Node, name: Option<&Arc<Node>>, mistakes: &mut Mistakes) -> Option<&'a Arc<Explore>> {
        let model = self.model(of, mistakes)?;
        let node = name?;
        let name = self.entry.text(node).filter(|name| !name.contains("@{"))?;
        let explore = model.explore(&name);
        if explore.is_none() && !model.scope.is_template(&name) {
            let mistake = mistakes::unknown_explore(self.at(node), &name);
            mistakes.add_unknown(mistake, &name, model.explore_names().map(|name| &**name));
        }
        explore
    }

    fn model(&self, of: &Node, mistakes: &mut Mistakes) -> Option<&'a Arc<Model>> {
        let Some(node) = of.get("model").filter(|node| node.text().is_some()) else { return Some(self.model) };
        let name = self.entry.text(node).filter(|name| !name.contains("@{"))?;
        let model = self.project.model(&name);
        if model.is_none() {
            let mistake = mistakes::unknown_dashboard_model(self.at(node), &name);
            let known: Vec<Arc<str>> = self.project.models().map(|model| Arc::clone(&model.name)).collect();
            mistakes.add_unknown(mistake, &name, known.iter().map(|name| &**name));
        }
        model
    }

    fn sort(&self, node: &Node, fields: &Fields<'a>, mistakes: &mut Mistakes) {
        let Some(text) = self.entry.text(node) else { return };
        let name = text.split_whitespace().next().unwrap_or_default();
        self.named(name, node, fields, mistakes);
    }

    fn field(&self, node: &Node, fields: &Fields<'a>, mistakes: &mut Mistakes) -> Option<&'a Field> {
        // A field of a `listen` may be nothing at all.
        let Content::Scalar { .. } = node.content else { return None };
        self.named(&self.entry.text(node)?, node, fields, mistakes)
    }

    /// The field `name` of the explore; tells when there is none.
    fn named(&self, name: &str, node: &Node, fields: &Fields<'a>, mistakes: &mut Mistakes) -> Option<&'a Field> {
        let explore = fields.explore?;
        // Tiers and cases have a companion that sorts them.
        let name = name.trim().trim_end_matches("__sort_");
        if name.is_empty() || name.contains("@{") || fields.own.contains(name) {
            return None;
        }
        if let Some((view, field)) = explore.field(name) {
            if view.includes(&field.name) {
                return Some(field);
            }
            mistakes.add(mistakes::removed_field(self.at(node), name, &self.resolved.dashboard.name, &explore.name));
            return None;
        }
        let view = name.split_once('.').map(|(view, _)| view);
        // An explore that lacks views was told there; `view.field_total` of a custom measure stands without a view.
        let lacks = explore.errors.iter().any(|error| matches!(error.id, "unknown-view" | "explore-without-view"));
        let incomplete = view
            .and_then(|view| explore.view(view))
            .is_some_and(|view| self.model.scope.is_incomplete_view(&view.view.name));
        if incomplete
            || (lacks && view.is_none_or(|view| explore.view(view).is_none_or(|view| view.view.fields.is_empty())))
        {
            return None;
        }
        let mistake = mistakes::unknown_field(self.at(node), name, &self.resolved.dashboard.name);
        if let Some((view, short)) = name.split_once('.').and_then(|(alias, short)| Some((explore.view(alias)?, short)))
        {
            near::unknown_in(&view.view, Written::Under(&view.alias), mistake, short, mistakes);
        } else {
            let names: Vec<String> = explore.fields().map(|(name, _, _)| name).collect();
            mistakes.add_unknown(mistake, name, names.iter().map(String::as_str));
        }
        None
    }

    fn filter_name(&self, node: &Node, names: &[String], mistakes: &mut Mistakes) {
        let Some(name) = self.entry.text(node) else { return };
        if !names.contains(&name) {
            let mistake = mistakes::unknown_dashboard_filter(self.at(node), &name, &self.resolved.dashboard.name);
            mistakes.add_unknown(mistake, &name, names.iter().map(String::as_str));
        }
    }
}
