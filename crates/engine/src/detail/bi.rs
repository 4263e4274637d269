//! What `json_bi` says before its rows.

use super::{Start, array, described, json, optional, pivot_fields, pivots, truncated};
use crate::describe::Sight;
use crate::prepare::Prepared;
use crate::shape::{Calculated, Table};
use belvedere_expressions::looker::Placement;
use belvedere_query::{AppliedFilter, ColumnField, Role};
use belvedere_wire::{Object, write_i64, write_string};

fn flag(holds: bool) -> &'static [u8] {
    if holds { b"true" } else { b"false" }
}

/// The object under `metadata`.
pub(super) fn metadata(prepared: &Prepared, table: Option<&Table>, start: &Start<'_>) -> Vec<u8> {
    let pivot_fields = pivot_fields(prepared);
    let of = |role: Role, pivoted: bool| -> Vec<Vec<u8>> {
        let columns = prepared.columns.iter().filter(|column| column.role == role);
        let columns = columns.filter(|column| pivot_fields.contains(&column.name.as_str()) == pivoted);
        columns.map(|column| bi_field(prepared, &column.field, start.sight)).collect()
    };
    json(|out| {
        let mut metadata = Object::open(out);
        let mut big_query = Object::open(metadata.key("big_query_metadata"));
        write_i64(0, big_query.key("total_bytes_processed"));
        big_query.key("backend_cache_hit").extend_from_slice(b"false");
        big_query.close();
        let mut fields = Object::open(metadata.key("fields"));
        array(fields.key("dimensions"), of(Role::Dimension, false));
        array(fields.key("measures"), of(Role::Measure, false));
        array(fields.key("pivots"), of(Role::Dimension, true));
        let calculations = table.map_or(&[][..], |table| &table.calculations);
        array(fields.key("table_calculations"), calculations.iter().map(calculation));
        fields.close();
        metadata.key("pivots").extend_from_slice(&pivots(prepared, table));
        metadata.key("has_subtotals").extend_from_slice(flag(!prepared.plan.shape.subtotals.is_empty()));
        metadata.key("has_totals").extend_from_slice(flag(prepared.plan.shape.totals.is_some()));
        write_string(truncated(table), metadata.key("columns_truncated"));
        metadata.key("filter_expression").extend_from_slice(&optional(prepared.filter_expression.as_deref()));
        let mut filters = Object::open(metadata.key("filters"));
        for (name, AppliedFilter { value, .. }) in &prepared.plan.filters {
            write_string(value, filters.key(name));
        }
        filters.close();
        metadata.key("sql").extend_from_slice(&optional(start.sql));
        metadata.close();
    })
}

fn calculation(calculated: &Calculated) -> Vec<u8> {
    let shown = &calculated.calculation.presentation;
    json(|out| {
        let mut object = Object::open(out);
        write_string(&shown.name, object.key("name"));
        write_string(shown.label.as_deref().unwrap_or(&shown.name), object.key("label"));
        write_string(calculated.align(), object.key("align"));
        write_string(&calculated.expression, object.key("expression"));
        object.key("value_format").extend_from_slice(&optional(shown.value_format.as_deref()));
        object.key("measure").extend_from_slice(flag(calculated.placement != Placement::Dimension));
        object.close();
    })
}

/// The lean description of `json_bi`.
fn bi_field(prepared: &Prepared, column: &ColumnField, sight: Sight) -> Vec<u8> {
    let described = described(prepared, column, sight);
    json(|out| {
        let mut object = Object::open(out);
        let category = described.category.map(|category| category.as_str().to_owned());
        let members = [
            ("sql", &described.sql),
            ("view", &described.view),
            ("dimension_group", &described.dimension_group),
            ("category", &category),
            ("field_group_label", &described.field_group_label),
            ("name", &described.name),
            ("type", &described.r#type),
            ("view_label", &described.view_label),
            ("label", &described.label),
            ("field_group_variant", &described.field_group_variant),
        ];
        for (key, value) in members {
            object.key(key).extend_from_slice(&optional(value.as_deref()));
        }
        object.key("hidden").extend_from_slice(flag(column.field.hidden));
        object.key("description").extend_from_slice(&optional(described.description.as_deref()));
        object.close();
    })
}
