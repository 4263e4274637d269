//! Liquid in the texts of views and explores: whether it is well formed, and whether what it names exists; and whether
//! references are written as such.

use super::mistakes::{self, Mistakes};
use super::object::{Entry, FIELDS, Object, Text};
use super::references::malformed;
use super::scope::Read;
use crate::liquid::{FILTERS, Place, What, read, tags};
use crate::model::{Interval, Model};
use crate::parameters::{DIMENSION_GROUP, FILTER, Parameter, Value};
use crate::sql::has_liquid;
use std::sync::Arc;

/// Checks every template of a view or explore. What the outcome depends on goes to `reads`.
pub fn check(model: &Model, object: &Object, reads: &mut Vec<Read>, mistakes: &mut Mistakes) {
    let mut checks = Checks { model, own: object, reads, mistakes };
    checks.object(object, None);
}

/// The SQL in which `${}` refers to fields. Statements may hold scripts, to which it means something else.
const FIELDS_STAND_IN: [&str; 8] =
    ["sql", "sql_on", "sql_where", "sql_always_where", "sql_start", "sql_end", "sql_distinct_key", "sql_table_name"];

struct Checks<'a> {
    model: &'a Model,
    /// The view or explore.
    own: &'a Object,
    reads: &'a mut Vec<Read>,
    mistakes: &'a mut Mistakes,
}

impl Checks<'_> {
    /// Looks at the texts of an object and of the blocks inside. `inside` is the place that a link or action makes of
    /// all its texts.
    fn object(&mut self, object: &Object, inside: Option<Place>) {
        for (parameter, entry) in &object.entries {
            let inside = match parameter.name {
                "link" => Some(Place::Link),
                "action" => Some(Place::Action),
                _ => inside,
            };
            match entry {
                Entry::Text(text) => self.parameter(object, parameter, text, inside),
                Entry::List(texts) if matches!(parameter.value, Value::Body) => {
                    for text in texts {
                        self.parameter(object, parameter, text, inside);
                    }
                }
                Entry::List(_) | Entry::Pairs(_) => {}
                Entry::Block(block) => self.object(block, inside),
                Entry::Blocks(blocks) => blocks.iter().for_each(|block| self.object(block, inside)),
            }
        }
        for child in object.children.values() {
            self.object(child, inside);
        }
    }

    fn parameter(&mut self, object: &Object, parameter: &Parameter, text: &Text, inside: Option<Place>) {
        if !has_liquid(&text.value) {
            if matches!(parameter.value, Value::Body) && FIELDS_STAND_IN.contains(&parameter.name) {
                for (written, at) in malformed(text) {
                    self.mistakes.add(mistakes::malformed_reference(at, written));
                }
            }
            return;
        }
        let place = match (inside, &parameter.value, parameter.name) {
            (Some(inside), ..) => inside,
            (None, _, "html") => Place::Html,
            (None, Value::Body, "sql") if *object.parent == FILTER => Place::FilterSql,
            (None, Value::Body, name) if name.starts_with("sql") => Place::Sql,
            (None, _, "label" | "group_label" | "group_item_label" | "view_label") => Place::Label,
            (None, _, "description") if object.parent.is_field() => Place::Description,
            _ => return,
        };
        let mut places = text.places();
        for found in read(&text.value, place) {
            let at = places.of(&text.value[found.range.clone()], found.range.start);
            match found.what {
                What::Invalid(message) => self.mistakes.add(mistakes::invalid_liquid(at, &message)),
                What::Tag(name) => {
                    let mistake = mistakes::invalid_liquid(at, &format!("unknown tag `{name}`"));
                    self.mistakes.add_unknown(mistake, name, tags());
                }
                What::Filter(name) => {
                    let mistake = mistakes::unknown_liquid_filter(at, name);
                    self.mistakes.add_unknown(mistake, name, FILTERS.iter().copied());
                }
                What::Misplaced(name) => {
                    self.mistakes.add(mistakes::misplaced_liquid(at, name, parameter.name));
                }
                What::Name(path) => {
                    if !self.knows(&path) {
                        let name = path.join(".");
                        self.mistakes.add(mistakes::unknown_liquid_variable(at, &name));
                    }
                }
            }
        }
    }

    /// True when a path names a field of the view itself, or something of another view of the model.
    fn knows(&mut self, path: &[&str]) -> bool {
        let root = path[0];
        if self.own.parent.name == "view" {
            if has_field(self.own, root) {
                return true;
            }
            if *self.own.name == *root {
                return path.get(1).is_none_or(|name| name.starts_with('_') || has_field(self.own, name));
            }
        }
        let scope = &self.model.scope;
        self.reads.push(Read::Alias(root.into()));
        let mut known = false;
        for view in scope.views_of_alias(root) {
            self.reads.push(Read::View(Arc::clone(&view)));
            known |= match (path.get(1), scope.view_object(&view)) {
                (Some(name), Some(view)) => name.starts_with('_') || has_field(view, name),
                _ => true,
            };
        }
        known
    }
}

/// True when the view declares the field, or a group with the timeframe or interval.
fn has_field(view: &Object, name: &str) -> bool {
    if view.children.contains_key(&(FIELDS, Arc::from(name))) {
        return true;
    }
    view.children(FIELDS).filter(|field| *field.parent == DIMENSION_GROUP).any(|group| {
        let is_timeframe = name.strip_prefix(&*group.name).is_some_and(|rest| rest.starts_with('_'));
        let is_interval = Interval::ALL.iter().any(|interval| {
            name.strip_prefix(interval.plural()).and_then(|rest| rest.strip_prefix('_')) == Some(&group.name)
        });
        is_timeframe || is_interval
    })
}
