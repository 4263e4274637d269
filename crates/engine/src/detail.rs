//! What `json_detail` and `json_bi` say around the rows.

use crate::describe::{Sight, field};
use crate::prepare::Prepared;
use belvedere_api::{Shape, WriteJson as _};
use belvedere_lookml::model::{ExploreView, Field};
use belvedere_query::{AppliedFilter, ColumnField, Direction, Plan, Role, SortOrigin};
use belvedere_results::{End, Head, NumberFormat};
use belvedere_wire::{Object, write_i64, write_string};
use jiff::Timestamp;
use std::time::Duration;

/// What is known of a run when its first row is.
pub(crate) struct Start<'a> {
    /// The result's id.
    pub(crate) id: &'a str,
    /// When it ran.
    pub(crate) ran_at: Timestamp,
    /// The SQL, for callers who may see it.
    pub(crate) sql: Option<&'a str>,
    /// What the caller may see of the LookML.
    pub(crate) sight: Sight,
}

/// The members before the rows.
pub(crate) fn head(prepared: &Prepared, start: &Start<'_>) -> Head {
    Head { detail: detail(prepared, start), bi_metadata: bi_metadata(prepared, start) }
}

/// The members after the rows.
pub(crate) fn end(runtime: Duration) -> End {
    let runtime = json(|out| write_string(&format!("{:.3}", runtime.as_secs_f64()), out));
    End { detail: vec![("runtime".to_owned(), runtime)], notes: Vec::new() }
}

fn detail(prepared: &Prepared, start: &Start<'_>) -> Vec<(String, Vec<u8>)> {
    let plan = &prepared.plan;
    let text = |text: &str| json(|out| write_string(text, out));
    let word = |word: &str| word.as_bytes().to_vec();
    let ran_at = start.ran_at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string();
    let members = [
        ("id", text(start.id)),
        ("from_cache", word("false")),
        ("result_source", text("query")),
        ("expired", word("false")),
        ("ran_at", text(&ran_at)),
        ("supports_pivot_in_db", word("false")),
        ("null_sort_treatment", text(plan.null_sort.as_str())),
        ("number_format", text(NumberFormat::default().as_str())),
        ("added_params", added_params(plan)),
        ("forecast_result", word("null")),
        ("aggregate_table_used_info", word("null")),
        ("dialect_specific_metadata", word("{}")),
        ("sql", start.sql.map_or_else(|| word("null"), text)),
        ("fields", fields(prepared, start.sight)),
        ("fill_fields", word("[]")),
        ("has_totals", word("false")),
        ("has_row_totals", word("false")),
        ("has_subtotals", word("false")),
        ("columns_truncated", text("no")),
        ("applied_filters", applied_filters(prepared, start.sight)),
        ("applied_filter_expression", optional(prepared.filter_expression.as_deref())),
        ("explore", explore(prepared)),
        ("timezone", text(&prepared.timezone)),
    ];
    members.map(|(key, value)| (key.to_owned(), value)).into()
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
        .map(|sort| {
            let descending = if sort.direction == Direction::Descending { " desc" } else { "" };
            json(|out| write_string(&format!("{}{descending}", sort.field), out))
        })
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

fn fields(prepared: &Prepared, sight: Sight) -> Vec<u8> {
    let of = |role: Role| -> Vec<Vec<u8>> {
        let columns = prepared.columns.iter().filter(|column| column.role == role);
        columns
            .map(|column| {
                let sort = prepared.plan.sorts.iter().position(|sort| sort.field == column.name);
                let sorted = sort.map(|index| (index, prepared.plan.sorts[index].direction));
                field_json(prepared, &column.field, sight, sorted)
            })
            .collect()
    };
    json(|out| {
        let mut object = Object::open(out);
        array(object.key("measures"), of(Role::Measure));
        array(object.key("dimensions"), of(Role::Dimension));
        array(object.key("table_calculations"), []);
        array(object.key("pivots"), []);
        object.close();
    })
}

/// A field as explores describe it, with `sorted` where the result is sorted by it.
fn field_json(prepared: &Prepared, column: &ColumnField, sight: Sight, sorted: Option<(usize, Direction)>) -> Vec<u8> {
    let Some((view, of)) = view_of(prepared, column) else { return b"null".to_vec() };
    let mut text = json(|out| field(&prepared.explore, view, of, sight).write(out, &Shape::whole()));
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

fn view_of<'a>(prepared: &'a Prepared, column: &'a ColumnField) -> Option<(&'a ExploreView, &'a Field)> {
    Some((prepared.explore.view(&column.alias)?, &column.field))
}

fn bi_metadata(prepared: &Prepared, start: &Start<'_>) -> Vec<u8> {
    let of = |role: Role| -> Vec<Vec<u8>> {
        let columns = prepared.columns.iter().filter(|column| column.role == role);
        columns.map(|column| bi_field(prepared, &column.field, start.sight)).collect()
    };
    json(|out| {
        let mut metadata = Object::open(out);
        let mut big_query = Object::open(metadata.key("big_query_metadata"));
        write_i64(0, big_query.key("total_bytes_processed"));
        big_query.key("backend_cache_hit").extend_from_slice(b"false");
        big_query.close();
        let mut fields = Object::open(metadata.key("fields"));
        array(fields.key("dimensions"), of(Role::Dimension));
        array(fields.key("measures"), of(Role::Measure));
        array(fields.key("pivots"), []);
        array(fields.key("table_calculations"), []);
        fields.close();
        array(metadata.key("pivots"), []);
        metadata.key("has_subtotals").extend_from_slice(b"false");
        metadata.key("has_totals").extend_from_slice(b"false");
        write_string("no", metadata.key("columns_truncated"));
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

/// The lean description of `json_bi`.
fn bi_field(prepared: &Prepared, column: &ColumnField, sight: Sight) -> Vec<u8> {
    let Some((view, of)) = view_of(prepared, column) else { return b"null".to_vec() };
    let described = field(&prepared.explore, view, of, sight);
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
        let hidden: &[u8] = if of.hidden { b"true" } else { b"false" };
        object.key("hidden").extend_from_slice(hidden);
        object.key("description").extend_from_slice(&optional(of.description.as_deref()));
        object.close();
    })
}
