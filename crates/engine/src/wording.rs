//! The texts of LookML as somebody reads them: labels and descriptions with their templates rendered.
//!
//! Documented for `label`, `view_label`, `group_label`, `group_item_label` and `description` of fields. What depends on a
//! query is empty, or false, for who looks at an explore without one.

use crate::names::{full_name, in_view};
use belvedere_lookml::model::{Category, Explore, ExploreView, Field};
use belvedere_query::{
    Access, ColumnField, Plan, Role, TextLookup, Variable, chosen_label, parameter_text, rendered_text,
};
use jiff::Zoned;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// What templates outside SQL know of the query that they are shown with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// Full names of the selected fields, and of those that they require.
    selected: HashSet<String>,
    /// The filters in force, by the full names of their fields and by the names that the query used; no blank ones.
    filters: HashMap<String, String>,
}

impl Asked {
    /// What a plan asks.
    pub(crate) fn of(plan: &Plan) -> Self {
        let mut asked = Self::default();
        for column in plan.columns.iter().map(|column| &column.column).filter(|column| column.role != Role::SortHelper)
        {
            let field = &column.field;
            asked.selected.insert(full_name(&field.alias, &field.field.name));
            asked.selected.extend(field.field.required_fields.iter().map(|name| in_view(&field.alias, name)));
        }
        for (name, filter) in plan.filters.iter().filter(|(_, filter)| !filter.value.trim().is_empty()) {
            asked.filters.insert(full_name(&filter.field.alias, &filter.field.field.name), filter.value.clone());
            asked.filters.insert(name.clone(), filter.value.clone());
        }
        asked
    }

    fn has_view(&self, alias: &str) -> bool {
        let is_of_view = |name: &String| name.split_once('.').is_some_and(|(of, _)| of == alias);
        self.selected.iter().chain(self.filters.keys()).any(is_of_view)
    }
}

/// What stands behind the texts of an explore that one person reads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wording<'a> {
    /// The explore.
    pub(crate) explore: &'a Explore,
    /// Who reads.
    pub(crate) access: &'a Access,
    /// The present, in the reader's time zone or that of the query.
    pub(crate) now: &'a Zoned,
    /// The query; `None` for who looks at the explore.
    pub(crate) asked: Option<&'a Asked>,
}

impl<'a> Wording<'a> {
    /// The texts of the field of a column. A custom field is in no view; its texts are those of the query.
    pub(crate) fn of_column(self, column: &'a ColumnField) -> Words<'a> {
        self.of(self.explore.view(&column.alias).unwrap_or_else(|| self.explore.base()), &column.field)
    }

    /// The texts of a field.
    pub(crate) fn of(self, view: &'a ExploreView, field: &'a Field) -> Words<'a> {
        Words { wording: self, view, field }
    }

    /// The value of a variable in a template that stands in the view `alias`. `None` for names that mean nothing.
    pub(crate) fn variable(self, alias: &str, path: &[&str]) -> Option<Variable> {
        let text = |text: &str| Some(Variable::Text(text.to_owned()));
        match path {
            ["_filters", name] => text(self.asked?.filters.get(*name)?),
            ["_user_attributes", name] => text(&self.access.value(name)?.value),
            ["_model", "_name"] => text(&self.explore.model),
            ["_explore", "_name"] => text(&self.explore.name),
            ["_view", "_name"] => text(alias),
            ["_query", "_query_timezone"] => text(self.asked.and(self.now.time_zone().iana_name())?),
            [view, "_in_query"] if self.explore.view(view).is_some() => {
                Some(Variable::Truth(self.asked.is_some_and(|asked| asked.has_view(view))))
            }
            [field @ .., property] => self.property(alias, field, property),
            [] => None,
        }
    }

    /// What is known of a field beside its values. Cells ask for values in each row: for those no name is put together.
    fn property(self, alias: &str, field: &[&str], property: &str) -> Option<Variable> {
        let name = || written_name(alias, field);
        let selected = |name: &str| self.asked.is_some_and(|asked| asked.selected.contains(name));
        let filtered = |name: &str| self.filter(name).is_some();
        match property {
            "_parameter_value" => self.parameter(&name()?).map(Variable::Text),
            "_is_selected" => Some(Variable::Truth(selected(&name()?))),
            "_is_filtered" => Some(Variable::Truth(filtered(&name()?))),
            "_in_query" => {
                let name = name()?;
                Some(Variable::Truth(selected(&name) || filtered(&name)))
            }
            "_sql" => {
                let (_, field) = self.explore.field(&name()?)?;
                field.sql.as_ref().map(|sql| Variable::Text(sql.text.trim().to_owned()))
            }
            _ => None,
        }
    }

    fn filter(self, name: &str) -> Option<&'a str> {
        self.asked?.filters.get(name).map(String::as_str)
    }

    /// The value of a parameter, by its full name: the query's, else its default.
    fn parameter(self, name: &str) -> Option<String> {
        parameter_text(self.parameter_field(name)?, self.filter(name))
    }

    fn parameter_field(self, name: &str) -> Option<&'a Field> {
        let (_, field) = self.explore.field(name)?;
        Some(&**field).filter(|field| field.category == Category::Parameter)
    }
}

/// The texts of a field as its reader sees them. One whose templates cannot be rendered stands as it is written: what is
/// wrong is the validator's to tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words<'a> {
    wording: Wording<'a>,
    view: &'a ExploreView,
    field: &'a Field,
}

impl<'a> Words<'a> {
    /// `label_short`
    pub(crate) fn label(&self) -> Cow<'a, str> {
        self.rendered(&self.field.label)
    }

    /// `view_label`
    pub(crate) fn view_label(&self) -> Cow<'a, str> {
        let written = self.field.view_label.as_deref().unwrap_or(&self.view.label);
        rendered_text(written, self).unwrap_or(Cow::Borrowed(written))
    }

    /// `label`: that of the view, and that of the field.
    pub(crate) fn full_label(&self) -> String {
        [&*self.view_label(), " ", &self.label()].concat()
    }

    /// `field_group_label`
    pub(crate) fn group_label(&self) -> Option<Cow<'a, str>> {
        self.field.group_label.as_deref().map(|label| self.rendered(label))
    }

    /// `field_group_variant`
    pub(crate) fn group_variant(&self) -> Cow<'a, str> {
        self.rendered(&self.field.group_variant)
    }

    /// `description`
    pub(crate) fn description(&self) -> Option<Cow<'a, str>> {
        self.field.description.as_deref().map(|description| self.rendered(description))
    }

    /// The label of the value that the parameter of `label_from_parameter` has: what charts call the field.
    pub(crate) fn label_from_parameter(&self) -> Option<String> {
        let name = in_view(&self.view.alias, self.field.label_from_parameter.as_deref()?);
        chosen_label(self.wording.parameter_field(&name)?, self.wording.filter(&name))
    }

    /// Templates are the author's: in the texts of custom fields, which queries bring along, there are none.
    fn is_custom(&self) -> bool {
        self.field.view.is_empty()
    }

    fn rendered(&self, text: &'a str) -> Cow<'a, str> {
        let rendered = if self.is_custom() { None } else { rendered_text(text, self) };
        rendered.unwrap_or(Cow::Borrowed(text))
    }
}

impl TextLookup for Words<'_> {
    fn variable(&self, path: &[&str]) -> Option<Variable> {
        match path {
            ["_field", "_name"] => Some(Variable::Text(full_name(&self.view.alias, &self.field.name))),
            path => self.wording.variable(&self.view.alias, path),
        }
    }

    fn parameter(&self, name: &str) -> Option<String> {
        let name = in_view(&self.view.alias, name);
        self.wording.parameter_field(&name)?;
        Some(self.wording.parameter(&name).unwrap_or_default())
    }

    fn now(&self) -> Zoned {
        self.wording.now.clone()
    }
}

/// The full name of a field that a template names, in its own view where no view is written.
pub(crate) fn written_name(alias: &str, field: &[&str]) -> Option<String> {
    match field {
        [name] => Some(full_name(alias, name)),
        [view, name] => Some(full_name(view, name)),
        _ => None,
    }
}
