//! Suggestions: the values of a field that begin to look like what a person types.

use crate::Engine;
use crate::error::Error;
use crate::prepare::{Asker, Question};
use crate::running::RunningQuery;
use arrow_array::cast::AsArray;
use belvedere_lookml::model::{ExploreView, Field, FieldKind};
use belvedere_query::{Query, granted, sees_field};
use indexmap::IndexMap;
use std::sync::Arc;

/// Most values that are suggested.
const LIMIT: i64 = 100;

/// For which field values are wanted.
#[derive(Debug, Clone, Default)]
pub struct SuggestionRequest {
    /// The model.
    pub model: String,
    /// The explore, or an alias in an explore of the same name.
    pub explore: String,
    /// The field, `alias.field`; a name without alias belongs to the base view.
    pub field: String,
    /// What the values must contain.
    pub term: Option<String>,
    /// Filters on other fields.
    pub filters: IndexMap<String, String>,
}

/// Values of a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// The values, in order.
    pub values: Vec<String>,
    /// Whether there are more.
    pub hit_limit: bool,
}

impl Engine {
    /// The values of a field that contain the term, read with the user's access filters like any query.
    pub async fn suggest(
        &self,
        request: &SuggestionRequest,
        asker: &Asker<'_>,
        entry: RunningQuery,
    ) -> Result<Suggestions, Error> {
        let mut question =
            Question { model: request.model.clone(), explore: request.explore.clone(), ..Question::default() };
        let (_, model) =
            self.projects().model(&request.model).ok_or_else(|| Error::UnknownModel(request.model.clone()))?;
        let unknown = || Error::UnknownExplore { model: request.model.clone(), explore: request.explore.clone() };
        let explore = model.explore(&request.explore).ok_or_else(unknown)?;
        let name = if request.field.contains('.') {
            request.field.clone()
        } else {
            format!("{}.{}", explore.base().alias, request.field)
        };
        let access = asker.access;
        let sees = |(view, field): &(&ExploreView, &Arc<Field>)| {
            granted(access, &explore.access_grants, &explore.required_access_grants)
                && view.includes(&field.name)
                && sees_field(access, explore, view, field)
        };
        // What the user may not see is refused below, as in any query.
        let field = explore.field(&name).filter(sees).map(|(_, field)| field);
        if let Some(fixed) = field.and_then(|field| field.suggestions.as_ref()) {
            return Ok(Suggestions { values: matching(fixed, request.term.as_deref()), hit_limit: false });
        }
        let mut filters = request.filters.clone();
        let is_text = field.is_some_and(|field| !matches!(field.kind, FieldKind::Yesno | FieldKind::Tier { .. }));
        if let Some(term) = request.term.as_deref().filter(|term| !term.is_empty() && is_text) {
            filters.insert(name.clone(), containing(term));
        }
        question.query = Query {
            fields: vec![name.clone()],
            filters,
            sorts: vec![name],
            limit: Some(LIMIT + 1),
            ..Query::default()
        };
        let prepared = self.prepare(&question, asker)?;
        let (mut rows, _guard) = self.start(&prepared, entry).await?;
        let source = prepared.layout.columns.first().map_or(0, |column| column.source);
        let values = tokio::task::spawn_blocking(move || {
            let mut values = Vec::new();
            while let Some(batch) = rows.blocking_next() {
                let batch = batch?;
                let column = arrow_cast::cast(batch.column(source), &arrow_schema::DataType::Utf8);
                let Ok(column) = column else { continue };
                values.extend(column.as_string::<i32>().iter().flatten().map(str::to_owned));
            }
            Ok::<_, Error>(values)
        });
        let mut values = values.await.map_err(|error| belvedere_warehouse::Error::Driver(error.to_string()))??;
        if !is_text {
            values = matching(&values, request.term.as_deref());
        }
        let hit_limit = values.len() as i64 > LIMIT;
        values.truncate(LIMIT as usize);
        Ok(Suggestions { values, hit_limit })
    }
}

fn matching(values: &[String], term: Option<&str>) -> Vec<String> {
    let term = term.unwrap_or_default().to_lowercase();
    values.iter().filter(|value| value.to_lowercase().contains(&term)).cloned().collect()
}

/// The filter expression of strings that contain `term`, whatever characters it has.
fn containing(term: &str) -> String {
    let mut pattern = String::with_capacity(term.len() + 2);
    pattern.push('%');
    for letter in term.chars() {
        if matches!(letter, '%' | '_' | '^' | ',' | '"' | '-' | '\\' | ' ') {
            pattern.push('^');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
