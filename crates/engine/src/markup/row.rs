//! What the templates of a cell ask of its row.

use super::{Facts, Link, LinkKind, MarkedColumn, is_safe};
use crate::wording::written_name;
use belvedere_query::{TextLookup, Variable, html_text};
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
}

impl TextLookup for RowOfCell<'_, '_, '_, '_> {
    fn variable(&self, path: &[&str]) -> Option<Variable> {
        match path {
            [word] => self.own(Property::parse(word)?),
            ["row", name] => self.other(name, Property::Value),
            ["_field", "_name"] => Some(Variable::Text(self.column.name.clone())),
            path => self.facts.wording().variable(&self.column.view, path).or_else(|| {
                let (property, field) = path.split_last()?;
                self.other(&written_name(&self.column.view, field)?, Property::parse(property)?)
            }),
        }
    }

    fn now(&self) -> Zoned {
        self.facts.now.clone()
    }
}

fn anchor(url: &str, text: &str) -> String {
    format!("<a href=\"{}\">{}</a>", html_text(url), html_text(text))
}
