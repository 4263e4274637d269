//! What `json_detail` and `json_bi` say around the rows.

mod bi;
pub(crate) mod sql;

use crate::describe::{Fields, Sight};
use crate::prepare::Prepared;
use crate::rows::Provenance;
use crate::shape::{Calculated, PivotKey, SubtotalRows, Table};
use belvedere_api::types::LookmlModelExploreField;
use belvedere_api::{Shape, WriteJson as _};
use belvedere_expressions::looker::Placement;
use belvedere_query::{AppliedSort, ColumnField, Direction, Plan, Role, Side, SortOrigin};
use belvedere_results::{CellText, End, Format, Head, ROW_TOTAL, RunError};
use belvedere_wire::{Object, write_i64, write_string};
use jiff::Timestamp;
use std::time::Duration;

/// What is known of a run when its first row is.
pub(crate) struct Start<'a> {
    /// The result's id.
    pub(crate) id: &'a str,
    /// The format.
    pub(crate) format: Format,
    /// The present moment.
    pub(crate) now: Timestamp,
    /// The SQL, for callers who may see it.
    pub(crate) sql: Option<&'a str>,
    /// What the caller may see of the LookML.
    pub(crate) sight: Sight,
}

/// The members before the rows. Without a table the run failed before it had one.
pub(crate) fn head(prepared: &Prepared, table: Option<&Table>, start: &Start<'_>) -> Head {
    match start.format {
        Format::JsonBi => Head { detail: Vec::new(), bi_metadata: bi::metadata(prepared, table, start) },
        _ => Head { detail: detail(prepared, table, start), bi_metadata: Vec::new() },
    }
}

/// The members after the rows. Rows out of the cache took as long as their statement did.
pub(crate) fn end(provenance: Provenance, elapsed: Duration, notes: &[RunError], subtotals: &[SubtotalRows]) -> End {
    let runtime = match provenance {
        Provenance::Query => elapsed,
        Provenance::Cache { runtime, .. } => runtime,
    };
    let runtime = json(|out| write_string(&format!("{:.3}", runtime.as_secs_f64()), out));
    let mut detail = vec![("runtime".to_owned(), runtime)];
    if !subtotals.is_empty() {
        let by_depth = subtotals.iter().map(|subtotal| (subtotal.depth.to_string(), subtotal.rows.clone()));
        let by_depth: Vec<(String, Vec<u8>)> = by_depth.collect();
        let by_depth = by_depth.iter().map(|(depth, rows)| (depth.as_str(), rows.clone()));
        detail.push(("subtotals_data".to_owned(), json(|out| members(out, by_depth))));
        let sets = subtotals.iter().map(|subtotal| {
            let names = subtotal.dimensions.iter().map(|name| json(|out| write_string(name, out)));
            json(|out| array(out, names))
        });
        detail.push(("subtotal_sets".to_owned(), json(|out| array(out, sets))));
    }
    End { detail, notes: notes.to_vec() }
}

/// What the reader of the result should know, beside its rows.
pub(crate) fn notes(prepared: &Prepared) -> Vec<RunError> {
    prepared.plan.notes.iter().map(|note| RunError::new(note.to_string())).collect()
}

fn detail(prepared: &Prepared, table: Option<&Table>, start: &Start<'_>) -> Vec<(String, Vec<u8>)> {
    let plan = &prepared.plan;
    let provenance = table.map_or(Provenance::Query, |table| table.provenance);
    let (ran_at, source, expired) = match provenance {
        Provenance::Query => (start.now, "query", false),
        Provenance::Cache { ran_at, stale: false, .. } => (ran_at, "cache", false),
        Provenance::Cache { ran_at, stale: true, .. } => (ran_at, "stale_cache", true),
    };
    let flag = |holds: bool| if holds { b"true".to_vec() } else { b"false".to_vec() };
    let text = |text: &str| json(|out| write_string(text, out));
    let word = |word: &str| word.as_bytes().to_vec();
    let ran_at = ran_at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string();
    let mut members = vec![
        ("id", text(start.id)),
        ("from_cache", flag(provenance != Provenance::Query)),
        ("result_source", text(source)),
        ("expired", flag(expired)),
        ("ran_at", text(&ran_at)),
        ("supports_pivot_in_db", word("true")),
        ("null_sort_treatment", text(plan.null_sort.as_str())),
        ("number_format", text(prepared.number_format.as_str())),
        ("added_params", added_params(plan)),
        ("forecast_result", word("null")),
        ("aggregate_table_used_info", word("null")),
        ("dialect_specific_metadata", word("{}")),
        ("sql", start.sql.map_or_else(|| word("null"), text)),
        ("fields", fields(prepared, table, start)),
        ("fill_fields", fill_fields(plan)),
        ("has_totals", flag(plan.shape.totals.is_some())),
        ("has_row_totals", flag(plan.shape.row_totals.is_some())),
        ("has_subtotals", flag(!plan.shape.subtotals.is_empty())),
        ("columns_truncated", text(truncated(table))),
        ("applied_filters", applied_filters(prepared, start.sight)),
        ("applied_filter_expression", optional(prepared.filter_expression.as_deref())),
        ("explore", explore(prepared)),
        ("timezone", text(&prepared.timezone)),
    ];
    if start.format == Format::JsonFe {
        // What browser charts get besides; that the format has all of it is likely.
        let sorts = plan.sorts.iter().map(|sort| json(|out| write_string(&sort_text(sort), out)));
        members.push(("sorts", json(|out| array(out, sorts))));
        members.push(("is_local", word("false")));
        members.push(("table_calcs_complete", flag(plan.shape.calculations.len() == calculated(table))));
        members.push(("tracked_attributes", word("{}")));
    }
    if plan.shape.pivot.is_some() {
        members.push(("pivots", pivots(prepared, table)));
    }
    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// How many table calculations a result has.
fn calculated(table: Option<&Table>) -> usize {
    table.map_or(0, |table| table.calculations.len())
}

/// A sort as queries write it.
fn sort_text(sort: &AppliedSort) -> String {
    let direction = if sort.direction == Direction::Descending { " desc" } else { "" };
    let column = sort.pivot_column.map(|column| format!(" {column}")).unwrap_or_default();
    format!("{}{direction}{column}", sort.field)
}

fn fill_fields(plan: &Plan) -> Vec<u8> {
    let names = plan.shape.fills.iter().map(|fill| &plan.columns[fill.column].column.name);
    json(|out| array(out, names.map(|name| json(|out| write_string(name, out)))))
}

/// `yes` or `no`: whether there are more pivot columns than are shown (unverified: the words).
fn truncated(table: Option<&Table>) -> &'static str {
    if table.is_some_and(|table| table.columns_truncated) { "yes" } else { "no" }
}

/// The pivot fields of a plan, by name.
fn pivot_fields(prepared: &Prepared) -> Vec<&str> {
    let columns = prepared.plan.shape.pivot.iter().flat_map(|pivot| &pivot.columns);
    columns.map(|&index| prepared.columns[index].name.as_str()).collect()
}

/// The pivot columns in their order, that of row totals where it stands.
fn pivots(prepared: &Prepared, table: Option<&Table>) -> Vec<u8> {
    let fields = pivot_fields(prepared);
    let keys = table.map_or(&[][..], |table| &table.pivots);
    let mut entries: Vec<Vec<u8>> = keys.iter().map(|key| pivot(&fields, key)).collect();
    if let Some(totals) = &prepared.plan.shape.row_totals {
        let entry = json(|out| {
            let mut entry = Object::open(out);
            write_string(ROW_TOTAL, entry.key("key"));
            entry.key("data").extend_from_slice(b"{}");
            entry.key("is_total").extend_from_slice(b"true");
            entry.close();
        });
        entries.insert(if totals.side == Side::Left { 0 } else { entries.len() }, entry);
    }
    json(|out| array(out, entries))
}

fn pivot(fields: &[&str], pivot: &PivotKey) -> Vec<u8> {
    json(|out| {
        let mut entry = Object::open(out);
        write_string(&pivot.key, entry.key("key"));
        members(entry.key("data"), fields.iter().zip(&pivot.values).map(|(field, value)| (*field, value.json.clone())));
        members(entry.key("sort_values"), fields.iter().copied().zip(pivot.sort_values.iter().cloned()));
        let label = |value: &CellText| optional(value.rendered.as_deref());
        members(entry.key("labels"), fields.iter().zip(&pivot.values).map(|(field, value)| (*field, label(value))));
        entry.key("is_total").extend_from_slice(b"false");
        let metadata = fields.iter().zip(&pivot.values).map(|(field, value)| {
            let cell = json(|out| {
                let mut cell = Object::open(out);
                cell.key("value").extend_from_slice(&value.json);
                if value.rendered != value.text {
                    cell.key("rendered").extend_from_slice(&optional(value.rendered.as_deref()));
                }
                cell.close();
            });
            (*field, cell)
        });
        members(entry.key("metadata"), metadata);
        entry.close();
    })
}

/// Writes an object of texts that are JSON already.
fn members<'a>(out: &mut Vec<u8>, entries: impl Iterator<Item = (&'a str, Vec<u8>)>) {
    let mut object = Object::open(out);
    for (key, value) in entries {
        object.key(key).extend_from_slice(&value);
    }
    object.close();
}

fn json(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out);
    out
}

fn optional(text: Option<&str>) -> Vec<u8> {
    text.map_or_else(|| b"null".to_vec(), |text| json(|out| write_string(text, out)))
}

fn array(out: &mut Vec<u8>, items: impl IntoIterator<Item = Vec<u8>>) {
    out.push(b'[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(&item);
    }
    out.push(b']');
}

/// The sorts that the default order added.
fn added_params(plan: &Plan) -> Vec<u8> {
    let added: Vec<Vec<u8>> = plan
        .sorts
        .iter()
        .filter(|sort| sort.origin == SortOrigin::Default)
        .map(|sort| json(|out| write_string(&sort_text(sort), out)))
        .collect();
    if added.is_empty() {
        return b"null".to_vec();
    }
    json(|out| {
        let mut object = Object::open(out);
        array(object.key("sorts"), added);
        object.close();
    })
}

fn explore(prepared: &Prepared) -> Vec<u8> {
    let explore = &prepared.explore;
    json(|out| {
        let mut object = Object::open(out);
        write_string(&explore.name, object.key("name"));
        write_string(&explore.label, object.key("label"));
        object.key("description").extend_from_slice(&optional(explore.description.as_deref()));
        object.close();
    })
}

fn applied_filters(prepared: &Prepared, sight: Sight) -> Vec<u8> {
    json(|out| {
        let mut filters = Object::open(out);
        for (name, filter) in &prepared.plan.filters {
            let mut entry = Object::open(filters.key(name));
            entry.key("field").extend_from_slice(&field_json(prepared, &filter.field, sight, None));
            write_string(&filter.value, entry.key("value"));
            entry.close();
        }
        filters.close();
    })
}

fn fields(prepared: &Prepared, table: Option<&Table>, start: &Start<'_>) -> Vec<u8> {
    let calculations = table.map_or(&[][..], |table| &table.calculations);
    let pivots = pivot_fields(prepared);
    let of = |role: Role, pivoted: bool| -> Vec<Vec<u8>> {
        let columns = prepared.columns.iter().filter(|column| column.role == role);
        let columns = columns.filter(|column| pivots.contains(&column.name.as_str()) == pivoted);
        columns
            .map(|column| {
                let sort = prepared.plan.sorts.iter().position(|sort| sort.field == column.name);
                let sorted = sort.map(|index| (index, prepared.plan.sorts[index].direction));
                field_json(prepared, &column.field, start.sight, sorted)
            })
            .collect()
    };
    json(|out| {
        let mut object = Object::open(out);
        array(object.key("measures"), of(Role::Measure, false));
        array(object.key("dimensions"), of(Role::Dimension, false));
        array(object.key("table_calculations"), calculations.iter().map(table_calculation));
        array(object.key("pivots"), of(Role::Dimension, true));
        if start.format == Format::JsonFe {
            let placed = |placement: Placement| {
                calculations.iter().filter(move |calculated| calculated.placement == placement).map(table_calculation)
            };
            let with = |fields: Vec<Vec<u8>>, placement| fields.into_iter().chain(placed(placement));
            array(object.key("dimension_like"), with(of(Role::Dimension, false), Placement::Dimension));
            array(object.key("measure_like"), with(of(Role::Measure, false), Placement::Measure));
            array(object.key("supermeasure_like"), placed(Placement::Supermeasure));
        }
        object.close();
    })
}

/// A table calculation. Clients tell its place from `measure` and `can_pivot`.
fn table_calculation(calculated: &Calculated) -> Vec<u8> {
    let shown = &calculated.calculation.presentation;
    let flag = |holds: bool| -> &'static [u8] { if holds { b"true" } else { b"false" } };
    json(|out| {
        let mut object = Object::open(out);
        write_string(shown.label.as_deref().unwrap_or(&shown.name), object.key("label"));
        write_string(&shown.name, object.key("name"));
        write_string(&calculated.expression, object.key("expression"));
        object.key("can_pivot").extend_from_slice(flag(calculated.placement == Placement::Measure));
        object.key("sortable").extend_from_slice(flag(true));
        write_string(calculated.type_word, object.key("type"));
        write_string(calculated.align(), object.key("align"));
        object.key("measure").extend_from_slice(flag(calculated.placement != Placement::Dimension));
        object.key("value_format").extend_from_slice(&optional(shown.value_format.as_deref()));
        object.key("value_format_name").extend_from_slice(&optional(shown.value_format_name.as_deref()));
        object.key("is_numeric").extend_from_slice(flag(calculated.is_numeric));
        if let Some(hint) = &shown.type_hint {
            write_string(hint, object.key("_type_hint"));
        }
        object.close();
    })
}

/// A field as explores describe it, with `sorted` where the result is sorted by it.
fn field_json(prepared: &Prepared, column: &ColumnField, sight: Sight, sorted: Option<(usize, Direction)>) -> Vec<u8> {
    let mut text = json(|out| described(prepared, column, sight).write(out, &Shape::whole()));
    if let Some((index, direction)) = sorted {
        let closing = text.pop();
        text.extend_from_slice(b",\"sorted\":");
        let mut object = Object::open(&mut text);
        write_i64(index as i64, object.key("sort_index"));
        let descends: &[u8] = if direction == Direction::Descending { b"true" } else { b"false" };
        object.key("desc").extend_from_slice(descends);
        object.close();
        text.extend(closing);
    }
    text
}

/// A field as explores describe it. Custom fields have no view; they are told by their bare name.
fn described(prepared: &Prepared, column: &ColumnField, sight: Sight) -> LookmlModelExploreField {
    let explore = &prepared.explore;
    let view = explore.view(&column.alias).unwrap_or_else(|| explore.base());
    let mut told = Fields::new(prepared.wording(), sight, &Shape::whole()).describe(view, &column.field);
    // What a grant keeps from the reader is not named either.
    if let Some(drill_fields) = &mut told.drill_fields {
        drill_fields.retain(|name| prepared.sees(name));
    }
    if !column.alias.is_empty() {
        return told;
    }
    LookmlModelExploreField {
        name: Some(column.field.name.to_string()),
        label: Some(column.field.label.clone()),
        dynamic: Some(true),
        ..told
    }
}
