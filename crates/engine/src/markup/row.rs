//! What the templates of a cell ask of its row.

use super::{Facts, Link, LinkKind, MarkedColumn, is_safe};
use belvedere_lookml::model::{Category, Field, FieldKind};
use belvedere_query::{CellLookup, Variable, html_text};
use belvedere_results::{CellValue, MarkedRow};
use jiff::Zoned;
use std::cell::RefCell;

/// A cell in its row.
pub(super) struct RowOfCell<'c, 'r, 'm, 'b> {
    facts: &'c Facts,
    column: &'c MarkedColumn,
    row: RefCell<&'r mut MarkedRow<'m, 'b>>,
}

/// What of a field a template names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Property {
    Value,
    Rendered,
    Filterable,
    Link,
    Linked,
}

impl Property {
    /// The property that a word means, with or without the underscore.
    fn parse(word: &str) -> Option<Self> {
        Some(match word.strip_prefix('_').unwrap_or(word) {
            "value" => Self::Value,
            "rendered_value" => Self::Rendered,
            "filterable_value" => Self::Filterable,
            "link" => Self::Link,
            "linked_value" => Self::Linked,
            _ => return None,
        })
    }
}

impl<'c, 'r, 'm, 'b> RowOfCell<'c, 'r, 'm, 'b> {
    pub(super) fn new(facts: &'c Facts, column: &'c MarkedColumn, row: &'r mut MarkedRow<'m, 'b>) -> Self {
        Self { facts, column, row: RefCell::new(row) }
    }

    /// The menu of the cell. A cell without a value has none.
    pub(super) fn links(&self) -> Vec<Link> {
        let Some(rendered) = self.row.borrow_mut().rendered(self.column.at) else { return Vec::new() };
        let show_all = self.show_all().map(|url| Link { kind: LinkKind::ShowAll(rendered.clone()), url });
        let by = self.column.drills.by(&mut self.row.borrow_mut()).into_iter();
        let by = by.map(|(label, url)| Link { kind: LinkKind::By(label, rendered.clone()), url });
        let written = self.column.links.iter().filter_map(|link| {
            let (label, url) = (link.label.render(self)?, link.url.render(self)?);
            let icon_url = link.icon_url.as_ref().and_then(|icon| icon.render(self));
            let says_something = !label.trim().is_empty() && !url.trim().is_empty() && is_safe(&url);
            let icon_url = icon_url.filter(|icon| is_safe(icon));
            says_something.then_some(Link { kind: LinkKind::Written { label, icon_url }, url })
        });
        show_all.into_iter().chain(by).chain(written).collect()
    }

    /// The address of the rows behind the cell.
    fn show_all(&self) -> Option<String> {
        let key = self.column.pivot.and_then(|pivot| self.facts.pivots.get(pivot));
        let pivot: Vec<Option<String>> =
            key.map(|key| key.values.iter().map(|value| value.filter.clone()).collect()).unwrap_or_default();
        self.column.drills.show_all(&mut self.row.borrow_mut(), &pivot)
    }

    /// Where a click on the cell leads.
    fn default_link(&self) -> Option<String> {
        self.row.borrow_mut().rendered(self.column.at)?;
        self.show_all().or_else(|| {
            let by = self.column.drills.by(&mut self.row.borrow_mut());
            by.into_iter().next().map(|(_, url)| url)
        })
    }

    fn own(&self, property: Property) -> Option<Variable> {
        match property {
            Property::Link => self.default_link().map(Variable::Text),
            Property::Linked => {
                let rendered = self.row.borrow_mut().rendered(self.column.at)?;
                Some(match self.default_link() {
                    Some(url) => Variable::Markup(anchor(&url, &rendered)),
                    None => Variable::Text(rendered),
                })
            }
            property => self.at(self.column.at, property),
        }
    }

    /// A property of the field with this name, where it is among those of the result.
    fn other(&self, name: &str, property: Property) -> Option<Variable> {
        if name == self.column.name {
            return self.own(property);
        }
        if let Some(pivot) = self.facts.pivot_fields.iter().position(|field| field == name) {
            let value = self.facts.pivots.get(self.column.pivot?)?.values.get(pivot)?;
            let text = match property {
                Property::Value => &value.text,
                Property::Rendered | Property::Linked => &value.rendered,
                Property::Filterable => &value.filter,
                Property::Link => return None,
            };
            return text.clone().map(Variable::Text);
        }
        self.at(self.facts.column(name, self.column.pivot)?, property)
    }

    fn at(&self, column: usize, property: Property) -> Option<Variable> {
        let mut row = self.row.borrow_mut();
        match property {
            Property::Value => match row.value(column) {
                CellValue::Null => None,
                CellValue::Integer(number) => Some(Variable::Integer(number)),
                CellValue::Double(number) => Some(Variable::Double(number)),
                CellValue::Text(text) => Some(Variable::Text(text)),
            },
            Property::Rendered | Property::Linked => row.rendered(column).map(Variable::Text),
            Property::Filterable => row.filter(column).map(Variable::Text),
            Property::Link => None,
        }
    }

    /// The full name of the field that a template names, in the cell's own view where no view is written.
    fn full_name(&self, field: &[&str]) -> Option<String> {
        match field {
            [name] => Some(format!("{}.{name}", self.column.view)),
            [view, name] => Some(format!("{view}.{name}")),
            _ => None,
        }
    }
}

impl CellLookup for RowOfCell<'_, '_, '_, '_> {
    fn variable(&self, path: &[&str]) -> Option<Variable> {
        let text = |text: &str| Some(Variable::Text(text.to_owned()));
        let facts = self.facts;
        match path {
            [word] => self.own(Property::parse(word)?),
            ["row", name] => self.other(name, Property::Value),
            ["_filters", name] => text(facts.filters.get(*name)?),
            ["_user_attributes", name] => text(&facts.access.value(name)?.value),
            ["_model", "_name"] => text(&facts.explore.model),
            ["_explore", "_name"] => text(&facts.explore.name),
            ["_view", "_name"] => text(&self.column.view),
            ["_field", "_name"] => text(&self.column.name),
            ["_query", "_query_timezone"] => text(facts.now.time_zone().iana_name()?),
            [field @ .., property] => {
                let name = self.full_name(field)?;
                match *property {
                    "_parameter_value" => self.parameter(&name).map(Variable::Text),
                    "_is_filtered" => Some(Variable::Truth(facts.filters.contains_key(&name))),
                    "_is_selected" => Some(Variable::Truth(self.is_selected(&name))),
                    "_in_query" => {
                        let is_in = self.is_selected(&name) || facts.filters.contains_key(&name);
                        Some(Variable::Truth(is_in))
                    }
                    property => self.other(&name, Property::parse(property)?),
                }
            }
            [] => None,
        }
    }

    fn now(&self) -> Zoned {
        self.facts.now.clone()
    }
}

impl RowOfCell<'_, '_, '_, '_> {
    fn is_selected(&self, name: &str) -> bool {
        self.facts.readable.contains_key(name) || self.facts.pivot_fields.iter().any(|field| field == name)
    }

    /// The value of a parameter: the query's, else its default.
    fn parameter(&self, name: &str) -> Option<String> {
        let (_, field) = self.facts.explore.field(name).filter(|(_, field)| field.category == Category::Parameter)?;
        let asked = self.facts.filters.get(name).map(String::as_str).filter(|value| !value.trim().is_empty());
        asked.or(field.default_value.as_deref()).map(|value| parameter(field, value))
    }
}

/// A value of a parameter as templates see it: a text has its quotes.
fn parameter(field: &Field, value: &str) -> String {
    match field.kind {
        FieldKind::Number | FieldKind::Unquoted | FieldKind::Yesno => value.trim().to_owned(),
        _ => format!("'{}'", value.replace('\'', "''")),
    }
}

fn anchor(url: &str, text: &str) -> String {
    format!("<a href=\"{}\">{}</a>", html_text(url), html_text(text))
}
