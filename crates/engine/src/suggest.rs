//! Suggestions: the values of a field that begin to look like what a person types.

use crate::Engine;
use crate::cache::{CacheUse, Freshness};
use crate::error::Error;
use crate::fetch::Origin;
use crate::names::in_view;
use crate::prepare::{Asker, Prepared, Question};
use crate::rows::Provenance;
use crate::running::RunningQuery;
use arrow_array::cast::AsArray;
use belvedere_lookml::model::{Category, ExploreView, Field, FieldKind};
use belvedere_query::{Query, granted, sees_field};
use indexmap::IndexMap;
use std::sync::Arc;

/// Most values of the database that are suggested.
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
    /// Where they come from.
    pub provenance: Provenance,
}

/// Where the values of a field come from.
enum Values {
    /// The model lists them.
    Listed(Vec<String>),
    /// The database has them.
    Asked(Asked),
}

/// The field whose values are asked for.
struct Asked {
    explore: String,
    /// Full name.
    field: String,
    /// Whether the values are texts of which a part can be asked for.
    is_text: bool,
    freshness: Freshness,
}

impl Engine {
    /// The values of a field that contain the term, read with the user's access filters like any query. They stay fresh
    /// for as long as `suggest_persist_for` says.
    pub async fn suggest(
        &self,
        request: &SuggestionRequest,
        asker: &Asker<'_>,
        entry: RunningQuery,
    ) -> Result<Suggestions, Error> {
        let term = request.term.as_deref();
        let asked = match self.values(request, asker)? {
            Values::Listed(values) => {
                return Ok(Suggestions { values: matching(&values, term), ..Suggestions::default() });
            }
            Values::Asked(asked) => asked,
        };
        let mut filters = request.filters.clone();
        if let Some(term) = term.filter(|term| !term.is_empty() && asked.is_text) {
            filters.insert(asked.field.clone(), containing(term));
        }
        let query = Query {
            fields: vec![asked.field.clone()],
            filters,
            sorts: vec![asked.field],
            limit: Some(LIMIT + 1),
            ..Query::default()
        };
        let question = Question { model: request.model.clone(), explore: asked.explore, query, ..Question::default() };
        let prepared = Prepared { freshness: asked.freshness, ..self.prepare(&question, asker)? };
        let (mut table, _guard) = self.open(&prepared, &Origin::Cache(CacheUse::Fresh), entry).await?;
        let provenance = table.provenance;
        let source = prepared.layout.columns.first().map_or(0, |column| column.source);
        let values = tokio::task::spawn_blocking(move || {
            let mut values = Vec::new();
            while let Some(batch) = table.blocking_next() {
                let batch = batch?;
                let column = arrow_cast::cast(batch.column(source), &arrow_schema::DataType::Utf8);
                let Ok(column) = column else { continue };
                values.extend(column.as_string::<i32>().iter().flatten().map(str::to_owned));
            }
            Ok::<_, Error>(values)
        });
        let values = values.await.map_err(|error| belvedere_warehouse::Error::Driver(error.to_string()))??;
        let mut values = if asked.is_text { values } else { matching(&values, term) };
        let hit_limit = values.len() as i64 > LIMIT;
        values.truncate(LIMIT as usize);
        Ok(Suggestions { values, hit_limit, provenance })
    }

    /// Where the values of the field come from: a list in the model, the field that `suggest_explore` and
    /// `suggest_dimension` name, or the field itself.
    fn values(&self, request: &SuggestionRequest, asker: &Asker<'_>) -> Result<Values, Error> {
        let unknown_model = || Error::UnknownModel(request.model.clone());
        let (_, model) = self.projects().model(&request.model).ok_or_else(unknown_model)?;
        let unknown = || Error::UnknownExplore { model: request.model.clone(), explore: request.explore.clone() };
        let explore = model.explore(&request.explore).ok_or_else(unknown)?;
        let name = in_view(&explore.base().alias, &request.field);
        let access = asker.access;
        let sees = |(view, field): &(&ExploreView, &Arc<Field>)| {
            granted(access, &explore.access_grants, &explore.required_access_grants)
                && view.includes(&field.name)
                && sees_field(access, explore, view, field)
        };
        // What the user may not see is refused later, as in any query; so is what the field names elsewhere.
        let own = || (request.explore.clone(), name.clone());
        let Some((view, field)) = explore.field(&name).filter(sees) else {
            let (explore, field) = own();
            return Ok(Values::Asked(Asked { explore, field, is_text: false, freshness: Freshness::of_values(None) }));
        };
        if let Some(listed) = &field.suggestions {
            return Ok(Values::Listed(listed.clone()));
        }
        if field.category == Category::Parameter && !field.allowed_values.is_empty() {
            return Ok(Values::Listed(field.allowed_values.iter().map(|allowed| allowed.value.clone()).collect()));
        }
        let (explore_name, name) = match (&field.suggest_explore, &field.suggest_dimension) {
            (None, None) => own(),
            (None, Some(dimension)) => (request.explore.clone(), in_view(&view.alias, dimension)),
            (Some(other), dimension) => {
                let base = model.explore(other).map_or_else(|| other.clone(), |other| other.base().alias.to_string());
                (other.clone(), dimension.as_ref().map_or(name, |dimension| in_view(&base, dimension)))
            }
        };
        let asked = model.explore(&explore_name).and_then(|explore| explore.field(&name)).map(|(_, field)| field);
        let is_text = asked.is_some_and(|field| !matches!(field.kind, FieldKind::Yesno | FieldKind::Tier { .. }));
        let freshness = Freshness::of_values(field.suggest_persist_for.as_deref());
        Ok(Values::Asked(Asked { explore: explore_name, field: name, is_text, freshness }))
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
