//! `apply_vis`: what the chart of a query says of its columns.

use crate::prepare::Prepared;
use belvedere_results::Layout;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// The part of a `vis_config` that decides on columns. The default is that of a query without one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vis {
    /// `hidden_fields`: fields that are not shown.
    hidden_fields: HashSet<String>,
    /// `series_labels`: labels by field.
    series_labels: HashMap<String, String>,
    /// Whether labels are told without their view (`show_view_names: false`).
    short_labels: bool,
}

impl Vis {
    /// Reads a `vis_config`; what is not written as charts write it says nothing.
    pub fn read(config: &Map<String, Value>) -> Self {
        let hidden = config.get("hidden_fields").and_then(Value::as_array).into_iter().flatten();
        let labels = config.get("series_labels").and_then(Value::as_object).into_iter().flatten();
        let labels = labels.filter_map(|(field, label)| Some((field.clone(), label.as_str()?.to_owned())));
        Self {
            hidden_fields: hidden.filter_map(Value::as_str).map(str::to_owned).collect(),
            series_labels: labels.filter(|(_, label)| !label.is_empty()).collect(),
            short_labels: config.get("show_view_names").and_then(Value::as_bool) == Some(false),
        }
    }

    /// Leaves out hidden columns, and gives the others their labels.
    pub(super) fn apply(&self, layout: &mut Layout, prepared: &Prepared) {
        layout.columns.retain(|column| !self.hidden_fields.contains(&column.name));
        for column in &mut layout.columns {
            column.label = self.label(&column.name, prepared).unwrap_or_else(|| std::mem::take(&mut column.label));
        }
        for field in &mut layout.pivots.fields {
            field.label = self.label(&field.name, prepared).unwrap_or_else(|| std::mem::take(&mut field.label));
        }
    }

    /// What the chart calls a column: what it says itself, else what LookML says for charts. `None` where neither says
    /// anything.
    fn label(&self, name: &str, prepared: &Prepared) -> Option<String> {
        if let Some(label) = self.series_labels.get(name) {
            return Some(label.clone());
        }
        let column = prepared.columns.iter().find(|column| column.name == name)?;
        let words = prepared.wording().of_column(&column.field);
        words.label_from_parameter().or_else(|| self.short_labels.then(|| words.label().into_owned()))
    }
}
