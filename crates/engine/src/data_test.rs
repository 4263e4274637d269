//! LookML data tests: queries each row of which must pass assertions.
//!
//! An assertion is a yesno expression. It becomes a table calculation of the test's query, so that it means what the
//! same text means there, and the query runs like any other: with the access of whoever runs the test.

use crate::Engine;
use crate::cache::CacheUse;
use crate::error::Error;
use crate::fetch::Origin;
use crate::prepare::{Asker, CalculatedBy, Question};
use crate::running::RunningQuery;
use crate::shape::Table;
use arrow_array::cast::AsArray;
use arrow_array::{Array as _, ArrayRef, RecordBatch, StringArray};
use arrow_schema::DataType;
use belvedere_lookml::diagnostic::Location;
use belvedere_lookml::label::titleize;
use belvedere_lookml::model::DataTest;
use belvedere_query::Query;
use belvedere_warehouse::Error as WarehouseError;
use serde_json::json;
use std::sync::Arc;

/// What stands before the name of an assertion in the name of its table calculation.
const PREFIX: &str = "looker_assert_";

/// Rows that are told of a failed assertion.
const EXAMPLES: usize = 5;

/// What came of a data test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestRun {
    /// The assertions of the test.
    pub assertions: usize,
    /// The rows of its query. Without any, every assertion holds.
    pub rows: usize,
    /// The assertions that did not hold, in order of declaration.
    pub failures: Vec<Failure>,
}

/// An assertion that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its name.
    pub assertion: Arc<str>,
    /// Where its expression stands.
    pub location: Location,
    /// Why it did not.
    pub reason: Reason,
}

/// Why an assertion did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Its expression has no meaning: what is wrong with it.
    Invalid(String),
    /// A row did not pass.
    Rows {
        /// What the expression gave for the first such row; `None` for null.
        value: Option<String>,
        /// How many rows did not pass.
        count: usize,
        /// The first of them: name and value of each field.
        examples: Vec<Vec<(String, Option<String>)>>,
    },
}

impl Failure {
    /// The failure as the product words it.
    pub fn message(&self) -> String {
        let name = &self.assertion;
        match &self.reason {
            Reason::Invalid(problem) => format!("Assertion \"{name}\" failed: {problem}"),
            Reason::Rows { value, .. } => {
                let value = value.as_deref().unwrap_or("null");
                format!("Assertion \"{name}\" failed: expression evaluated to \"{value}\".")
            }
        }
    }
}

impl Question {
    /// The query of a data test, with its assertions as table calculations.
    pub fn of_test(model: &str, test: &DataTest) -> Self {
        let source = &test.source;
        let mut fields: Vec<String> = Vec::with_capacity(source.columns.len());
        for (_, field) in &source.columns {
            if !fields.iter().any(|known| **known == **field) {
                fields.push(field.to_string());
            }
        }
        let way = |descends: &bool| if *descends { " desc" } else { "" };
        let query = Query {
            fields,
            filters: source.filters.iter().map(|filter| (filter.field.to_string(), filter.value.clone())).collect(),
            filter_expression: source.expression_custom_filter.as_ref().map(|filter| filter.text.trim().to_owned()),
            sorts: source.sorts.iter().map(|(field, descends)| format!("{field}{}", way(descends))).collect(),
            limit: source.limit.map(|limit| i64::try_from(limit).unwrap_or(i64::MAX)),
            query_timezone: source.timezone.clone(),
            dynamic_fields: Some(calculations(test)),
            ..Query::default()
        };
        Self {
            model: model.to_owned(),
            explore: source.explore.to_string(),
            query,
            calculations: CalculatedBy::Server,
            ..Self::default()
        }
    }
}

/// The assertions as `dynamic_fields`.
fn calculations(test: &DataTest) -> String {
    let calculations = test.asserts.iter().map(|(name, expression)| {
        json!({
            "category": "table_calculation",
            "table_calculation": format!("{PREFIX}{name}"),
            "label": titleize(name),
            "expression": expression.text.trim(),
            "_type_hint": "yesno",
        })
    });
    calculations.collect::<serde_json::Value>().to_string()
}

impl Engine {
    /// Runs a data test of a model. Its rows are read anew, whatever the cache holds.
    ///
    /// # Errors
    /// The query of the test cannot be asked, or fails.
    pub async fn run_data_test(
        &self,
        model: &str,
        test: &DataTest,
        asker: &Asker<'_>,
        mut entry: RunningQuery,
    ) -> Result<TestRun, Error> {
        if !test.source.derived_columns.is_empty() {
            return Err(Error::DerivedColumn);
        }
        let prepared = self.prepare(&Question::of_test(model, test), asker)?;
        entry.connection = Arc::clone(prepared.connection.name());
        entry.sql = Arc::clone(&prepared.sql);
        let (table, _guard) = self.open(&prepared, &Origin::Cache(CacheUse::Never), entry).await?;
        let asserts = test.asserts.iter().map(|(name, expression)| (Arc::clone(name), expression.location.clone()));
        let asserts: Vec<_> = asserts.collect();
        let judging = tokio::task::spawn_blocking(move || judge(&asserts, table));
        judging.await.map_err(|error| WarehouseError::Driver(error.to_string()))?
    }
}

/// Looks at each row of a test's result.
fn judge(asserts: &[(Arc<str>, Location)], mut table: Table) -> Result<TestRun, Error> {
    let stop = crate::fetch::StopOnDrop(table.canceller.take());
    let mut failures: Vec<Option<Failure>> = vec![None; asserts.len()];
    let mut rows = 0;
    while let Some(batch) = table.batches.next() {
        let batch = batch?;
        rows += batch.num_rows();
        for ((name, location), failure) in asserts.iter().zip(&mut failures) {
            let Some(reason) = broken(name, &table, &batch) else { continue };
            match (failure, reason) {
                (Some(Failure { reason: Reason::Rows { count, .. }, .. }), Reason::Rows { count: more, .. }) => {
                    *count += more;
                }
                (Some(_), _) => {}
                (failure @ None, reason) => {
                    let (assertion, location) = (Arc::clone(name), location.clone());
                    *failure = Some(Failure { assertion, location, reason });
                }
            }
        }
    }
    drop(stop);
    Ok(TestRun { assertions: asserts.len(), rows, failures: failures.into_iter().flatten().collect() })
}

/// Why an assertion does not hold for these rows.
fn broken(assertion: &str, table: &Table, rows: &RecordBatch) -> Option<Reason> {
    let name = format!("{PREFIX}{assertion}");
    let about = format!("The table calculation `{name}` has no values: ");
    if let Some(problem) = table.notes.iter().find_map(|note| note.message.strip_prefix(&about)) {
        return Some(Reason::Invalid(problem.to_owned()));
    }
    let column = table.layout.columns.iter().find(|column| column.name == name)?;
    let is_yesno = table.calculations.iter().any(|known| {
        let shown = &known.calculation.presentation;
        shown.name == name && known.type_word == "yesno"
    });
    let values = texts(rows.column(column.source))?;
    let passes = |row: usize| is_yesno && values.is_valid(row) && values.value(row) == "Yes";
    let failed: Vec<usize> = (0..rows.num_rows()).filter(|row| !passes(*row)).collect();
    let first = *failed.first()?;
    Some(Reason::Rows {
        value: values.is_valid(first).then(|| values.value(first).to_owned()),
        count: failed.len(),
        examples: failed.iter().take(EXAMPLES).map(|row| fields(table, rows, *row)).collect(),
    })
}

/// Name and value of each field of a row.
fn fields(table: &Table, rows: &RecordBatch, row: usize) -> Vec<(String, Option<String>)> {
    let columns = table.layout.columns.iter().filter(|column| !column.name.starts_with(PREFIX));
    let fields = columns.filter_map(|column| {
        let values = texts(rows.column(column.source))?;
        Some((column.name.clone(), values.is_valid(row).then(|| values.value(row).to_owned())))
    });
    fields.collect()
}

fn texts(column: &ArrayRef) -> Option<StringArray> {
    let texts = arrow_cast::cast(column, &DataType::Utf8).ok()?;
    Some(texts.as_string::<i32>().clone())
}
