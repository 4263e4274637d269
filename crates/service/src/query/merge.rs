//! Queries that merge the results of others: kept and read. The API has no operation that runs one; what shows them
//! merges with `belvedere_engine::merge`.

use crate::{Service, abilities, stored};
use belvedere_api::{Cx, Error, FieldCode, FieldError, Patch, Result, bodies, types};
use belvedere_store::{MergeQuery, Query, QueryHash, merge_query};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// The most queries of a merge; each is looked for by itself.
const MOST_SOURCES: usize = 100;

impl Service {
    /// Keeps a merge query, or finds the one with the same form.
    pub(super) async fn new_merge_query(&self, cx: &Cx, body: bodies::WriteMergeQuery) -> Result<types::MergeQuery> {
        let body = self.canonical_merge(cx, body).await?.to_string();
        let hash = QueryHash(Sha256::digest(body.as_bytes()).into());
        let now = cx.now;
        let saved = self.store.write(async |tx| merge_query::insert_or_get(tx, hash, body, now).await).await;
        described(&stored(saved)?)
    }

    /// The merge query with this id, all of whose sources the caller may see.
    pub(super) async fn kept_merge_query(&self, cx: &Cx, id: &str) -> Result<types::MergeQuery> {
        let id = id.parse().map_err(|_| Error::not_found())?;
        let found = stored(self.store.read(async |db| merge_query::get(db, id).await).await)?;
        let found = described(&found.ok_or_else(Error::not_found)?)?;
        for source in found.source_queries.iter().flatten() {
            self.source(cx, source.query_id.as_deref(), source.query_slug.as_deref()).await?;
        }
        Ok(found)
    }

    /// The form that the hash is made of: what was written, with the ids and slugs of its queries side by side.
    async fn canonical_merge(&self, cx: &Cx, body: bodies::WriteMergeQuery) -> Result<Value> {
        let sources = body.source_queries.value().unwrap_or_default();
        if sources.is_empty() {
            return Err(Error::missing_field("source_queries"));
        }
        if sources.len() > MOST_SOURCES {
            return Err(Error::invalid("source_queries", format!("must be at most {MOST_SOURCES} queries")));
        }
        let mut wrong = Vec::new();
        let mut written = Vec::with_capacity(sources.len());
        for (index, source) in sources.into_iter().enumerate() {
            let (id, slug) = (source.query_id.value(), source.query_slug.value());
            let field = format!("source_queries[{index}].query_id");
            if id.is_none() && slug.is_none() {
                wrong.push(wrong_field(field, FieldCode::MissingField, "it or `query_slug` is needed"));
                continue;
            }
            match self.source(cx, id.as_deref(), slug.as_deref()).await {
                Ok(query) => {
                    let pairs = source.merge_fields.value().unwrap_or_default().into_iter();
                    let pairs = pairs.map(|pair| json!([pair.field_name.value(), pair.source_field_name.value()]));
                    let pairs: Vec<Value> = pairs.collect();
                    let (id, slug) = (query.id.to_string(), query.slug.to_string());
                    written.push(json!({"name": source.name.value(), "id": id, "slug": slug, "fields": pairs}));
                }
                Err(error) if error.status() == 404 => {
                    wrong.push(wrong_field(field, FieldCode::Invalid, "there is no such query"));
                }
                Err(error) => return Err(error),
            }
        }
        if !wrong.is_empty() {
            return Err(Error::validation(wrong));
        }
        let text = |text: Patch<String>| text.value();
        Ok(json!({
            "sources": written,
            "column_limit": text(body.column_limit),
            "dynamic_fields": text(body.dynamic_fields),
            "pivots": body.pivots.value(),
            "sorts": body.sorts.value(),
            "total": body.total,
            "limit": text(body.limit),
            "vis_config": body.vis_config.value().map(|config| config.into_iter().collect::<Map<_, _>>()),
        }))
    }

    /// The query that a source names, by id or else by slug.
    async fn source(&self, cx: &Cx, id: Option<&str>, slug: Option<&str>) -> Result<Arc<Query>> {
        match (id, slug) {
            (Some(id), _) => self.saved_query(cx, id).await,
            (None, Some(slug)) => self.query_by_slug(cx, slug).await,
            (None, None) => Err(Error::not_found()),
        }
    }
}

fn wrong_field(field: String, code: FieldCode, message: &str) -> FieldError {
    FieldError { field, code, message: message.to_owned() }
}

fn described(query: &MergeQuery) -> Result<types::MergeQuery> {
    let form: Map<String, Value> = serde_json::from_str(&query.body).map_err(Error::internal)?;
    let text = |key: &str| form.get(key).and_then(Value::as_str).map(str::to_owned);
    let texts = |key: &str| -> Option<Vec<String>> {
        let items = form.get(key)?.as_array()?.iter();
        Some(items.filter_map(Value::as_str).map(str::to_owned).collect())
    };
    let sources = form.get("sources").and_then(Value::as_array).into_iter().flatten();
    let vis_config = form.get("vis_config").and_then(Value::as_object).cloned();
    Ok(types::MergeQuery {
        can: abilities(&["run", "show", "see_results"]),
        column_limit: text("column_limit"),
        dynamic_fields: text("dynamic_fields"),
        id: Some(query.id.to_string()),
        pivots: texts("pivots"),
        result_maker_id: None,
        sorts: texts("sorts"),
        source_queries: Some(sources.map(source_described).collect()),
        total: Some(form.get("total").and_then(Value::as_bool).unwrap_or(false)),
        limit: text("limit"),
        vis_config: vis_config.map(|config| config.into_iter().collect()),
    })
}

fn source_described(source: &Value) -> types::MergeQuerySourceQuery {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let pairs = source["fields"].as_array().into_iter().flatten();
    let pairs = pairs.map(|pair| types::MergeFields { field_name: text(&pair[0]), source_field_name: text(&pair[1]) });
    types::MergeQuerySourceQuery {
        merge_fields: Some(pairs.collect()),
        name: text(&source["name"]),
        query_id: text(&source["id"]),
        query_slug: text(&source["slug"]),
    }
}
