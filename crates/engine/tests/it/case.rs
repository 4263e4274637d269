//! A case: a Markdown file with prose, a query, and what its rows must be.

use crate::cell::Cell;
use belvedere_engine::{AskedQuery, Question};
use serde_json::Value;
use std::path::Path;

/// A case of `tests/queries`.
#[derive(Debug, Default)]
pub struct Case {
    /// Name of the file.
    pub name: String,
    /// Name and text of its own model; the demonstration when there is none.
    pub model: Option<(String, String)>,
    /// Statements that make its own tables.
    pub data: Option<String>,
    /// The query, as the API takes it.
    pub query: Value,
    /// SQL written by hand that gives the same rows.
    pub check: String,
    /// The same for a statement beside the rows: `totals`, `row_totals`, `grand_total`, `subtotals 1`.
    pub beside: Vec<(String, String)>,
    /// The rows, written by hand.
    pub rows: Option<Vec<Vec<Cell>>>,
    /// The join that one would write without thought: it must give other rows.
    pub naive: Option<String>,
}

impl Case {
    /// Reads a case.
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("the case can be read");
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let mut case = Self { name: name.clone(), ..Self::default() };
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let Some(fence) = line.strip_prefix("```") else { continue };
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let block = block.join("\n");
            match fence.split_once(' ').unwrap_or((fence, "")) {
                ("lookml", model) => case.model = Some((model.to_owned(), block)),
                ("data", _) => case.data = Some(block),
                ("query", _) => {
                    case.query = serde_json::from_str(&block).unwrap_or_else(|error| panic!("{name}: {error}"));
                }
                ("check", "") => case.check = block,
                ("check", statement) => case.beside.push((statement.to_owned(), block)),
                ("rows", _) => case.rows = Some(literal_rows(&block)),
                ("naive", _) => case.naive = Some(block),
                (other, _) => panic!("{name}: a block `{other}` is not known"),
            }
        }
        assert!(!case.check.is_empty(), "{name} has no check");
        case
    }

    /// The query as the engine takes it.
    pub fn question(&self) -> Question {
        let text = |key: &str| self.query[key].as_str().map(str::to_owned);
        let texts = |key: &str| -> Vec<String> {
            let items = self.query[key].as_array().into_iter().flatten();
            items.map(|item| item.as_str().expect("a text").to_owned()).collect()
        };
        let filters = self.query["filters"].as_object().into_iter().flatten();
        let limit = &self.query["limit"];
        let known = [
            "model",
            "view",
            "fields",
            "pivots",
            "fill_fields",
            "filters",
            "filter_expression",
            "sorts",
            "limit",
            "column_limit",
            "total",
            "row_total",
            "subtotals",
            "dynamic_fields",
            "query_timezone",
        ];
        for key in self.query.as_object().expect("the query is an object").keys() {
            assert!(known.contains(&key.as_str()), "{}: the runner does not know `{key}`", self.name);
        }
        Question {
            model: text("model").expect("a model"),
            explore: text("view").expect("an explore"),
            query: AskedQuery {
                fields: texts("fields"),
                pivots: texts("pivots"),
                fill_fields: texts("fill_fields"),
                filters: filters
                    .map(|(field, value)| (field.clone(), value.as_str().expect("a text").to_owned()))
                    .collect(),
                filter_expression: text("filter_expression"),
                sorts: texts("sorts"),
                limit: limit.as_i64().or_else(|| limit.as_str()?.parse().ok()),
                column_limit: self.query["column_limit"].as_i64(),
                total: self.query["total"] == true,
                row_total: text("row_total"),
                subtotals: texts("subtotals"),
                // The API takes a text; in a case the array itself can be read.
                dynamic_fields: self.query["dynamic_fields"].as_array().map(|fields| json(fields)),
                query_timezone: text("query_timezone"),
            },
            ..Question::default()
        }
    }
}

fn json(fields: &[Value]) -> String {
    serde_json::to_string(fields).expect("what was read can be written")
}

fn literal_rows(block: &str) -> Vec<Vec<Cell>> {
    let rows: Vec<Vec<Value>> = serde_json::from_str(block).expect("rows are JSON");
    rows.into_iter().map(|row| row.iter().map(literal).collect()).collect()
}

fn literal(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::String(text) => Cell::Text(text.clone()),
        Value::Number(number) => {
            let text = number.to_string();
            let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
            match format!("{whole}{decimals}").parse() {
                Ok(digits) => Cell::exact(digits, decimals.len() as u32),
                Err(_) => Cell::Double(number.as_f64().expect("a number")),
            }
        }
        other => panic!("{other} cannot be a value"),
    }
}
