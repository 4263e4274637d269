//! `apply_vis`: what the chart of a query says of its columns.

use belvedere_query as query;
use belvedere_results::Layout;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// The part of a `vis_config` that decides on columns. The default leaves them as they are.
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
    pub(super) fn apply(&self, layout: &mut Layout, columns: &[query::Column]) {
        layout.columns.retain(|column| !self.hidden_fields.contains(&column.name));
        let short = |name: &str| {
            let column = columns.iter().find(|column| column.name == name).filter(|_| self.short_labels);
            column.map(|column| column.field.field.label.clone())
        };
        for column in &mut layout.columns {
            let label = self.series_labels.get(&column.name).cloned().or_else(|| short(&column.name));
            column.label = label.unwrap_or_else(|| std::mem::take(&mut column.label));
        }
        for field in &mut layout.pivots.fields {
            let label = self.series_labels.get(&field.name).cloned().or_else(|| short(&field.name));
            field.label = label.unwrap_or_else(|| std::mem::take(&mut field.label));
        }
    }
}
