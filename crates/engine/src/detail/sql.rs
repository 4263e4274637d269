//! What `json_detail` and `json_bi` say of a statement of SQL Runner: its columns, without a model.

use super::{array, json};
use belvedere_results::{Column, Layout, Role};
use belvedere_wire::{Object, write_i64, write_string};
use jiff::Timestamp;

/// The members of `json_detail` before the rows.
pub(crate) fn detail(layout: &Layout, id: &str, sql: &str, now: Timestamp) -> Vec<(String, Vec<u8>)> {
    let text = |text: &str| json(|out| write_string(text, out));
    let word = |word: &str| word.as_bytes().to_vec();
    let ran_at = now.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string();
    let members = [
        ("id", text(id)),
        ("from_cache", word("false")),
        ("result_source", text("query")),
        ("expired", word("false")),
        ("ran_at", text(&ran_at)),
        ("sql", text(sql)),
        ("fields", json(|out| fields(layout, out))),
        ("has_totals", word("false")),
        ("has_row_totals", word("false")),
        ("has_subtotals", word("false")),
        ("columns_truncated", text("no")),
    ];
    members.map(|(key, value)| (key.to_owned(), value)).into()
}

/// The object under `metadata` of `json_bi`.
pub(crate) fn bi_metadata(layout: &Layout, sql: &str) -> Vec<u8> {
    json(|out| {
        let mut metadata = Object::open(out);
        let mut big_query = Object::open(metadata.key("big_query_metadata"));
        write_i64(0, big_query.key("total_bytes_processed"));
        big_query.key("backend_cache_hit").extend_from_slice(b"false");
        big_query.close();
        fields(layout, metadata.key("fields"));
        array(metadata.key("pivots"), []);
        metadata.key("has_subtotals").extend_from_slice(b"false");
        metadata.key("has_totals").extend_from_slice(b"false");
        write_string("no", metadata.key("columns_truncated"));
        metadata.key("filter_expression").extend_from_slice(b"null");
        metadata.key("filters").extend_from_slice(b"{}");
        write_string(sql, metadata.key("sql"));
        metadata.close();
    })
}

fn fields(layout: &Layout, out: &mut Vec<u8>) {
    let of = |role: Role| layout.columns.iter().filter(move |column| column.role == role).map(field);
    let mut object = Object::open(out);
    array(object.key("measures"), of(Role::Measure));
    array(object.key("dimensions"), of(Role::Dimension));
    array(object.key("table_calculations"), []);
    array(object.key("pivots"), []);
    object.close();
}

fn field(column: &Column) -> Vec<u8> {
    let is_measure = column.role == Role::Measure;
    json(|out| {
        let mut field = Object::open(out);
        write_string(&column.name, field.key("name"));
        write_string(&column.label, field.key("label"));
        write_string(if is_measure { "number" } else { "string" }, field.key("type"));
        write_string(if is_measure { "measure" } else { "dimension" }, field.key("category"));
        let flag: &[u8] = if is_measure { b"true" } else { b"false" };
        field.key("measure").extend_from_slice(flag);
        field.key("is_numeric").extend_from_slice(flag);
        field.close();
    })
}
