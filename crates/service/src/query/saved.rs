//! Saved queries: immutable, one per canonical form.

use crate::{Service, abilities_but, stored};
use belvedere_api::{Cx, Error, FieldCode, Patch, Result, bodies, types};
use belvedere_engine::access::Viewer;
use belvedere_engine::{AskedQuery, Question, Vis, form_encoded};
use belvedere_store::query::{self, NewQuery};
use belvedere_store::{Query, QueryClientId, QueryHash};
use indexmap::IndexMap;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

const SLUG_LENGTH: usize = 32;
const CLIENT_ID_LENGTH: usize = 22;

impl Service {
    /// Saves a query, or finds the one with the same form.
    pub(super) async fn save_query(&self, cx: &Cx, mut body: bodies::WriteQuery) -> Result<Arc<Query>> {
        self.check_asker(cx, &body.model, &body.view)?;
        let client_id = given_client_id(&mut body)?;
        let (model, view) = (body.model.clone(), body.view.clone());
        let form = canonical(body);
        asked(&form)?;
        let body = Value::Object(form).to_string();
        let hash = QueryHash(Sha256::digest(body.as_bytes()).into());
        // A client id may belong to another query, which the store knows.
        if let (None, Some(known)) = (client_id, self.queries.by_hash(hash)) {
            return Ok(known);
        }
        let made = |length| cx.ids.alphanumeric(length);
        let client_id = match client_id {
            Some(given) => given,
            None => made(CLIENT_ID_LENGTH).parse().map_err(Error::internal)?,
        };
        let slug = made(SLUG_LENGTH).parse().map_err(Error::internal)?;
        let new = NewQuery { hash, slug, client_id, model, view, body };
        match query::insert_or_get_grouped(&self.store, new, cx.now).await {
            Err(belvedere_store::Error::Conflict { .. }) => {
                Err(Error::field("client_id", FieldCode::AlreadyExists, "belongs to another query"))
            }
            saved => Ok(self.queries.remember(stored(saved)?)),
        }
    }

    /// The saved query with this id, on a model that the caller may see.
    pub(super) async fn saved_query(&self, cx: &Cx, id: &str) -> Result<Arc<Query>> {
        let id = id.parse().map_err(|_| Error::not_found())?;
        let mut found = self.queries.by_id(id);
        if found.is_none() {
            let read = self.store.read(async |db| query::get(db, id).await).await;
            found = stored(read)?.map(|query| self.queries.remember(query));
        }
        self.visible(cx, found)
    }

    /// The saved query with this slug or client id.
    pub(super) async fn query_by_slug(&self, cx: &Cx, slug: &str) -> Result<Arc<Query>> {
        let found = self.store.read(async |db| {
            if let Ok(slug) = slug.parse() {
                return query::by_slug(db, slug).await;
            }
            match slug.parse() {
                Ok(client_id) => query::by_client_id(db, client_id).await,
                Err(_) => Ok(None),
            }
        });
        let found = stored(found.await)?.map(|query| self.queries.remember(query));
        self.visible(cx, found)
    }

    /// The query, on a model that the caller may see. Fields and filters of an explore that a grant keeps back are kept
    /// back as well; an explore that is gone keeps nothing back.
    fn visible(&self, cx: &Cx, query: Option<Arc<Query>>) -> Result<Arc<Query>> {
        let viewer = Viewer::new(cx.security()?);
        let is_kept_back = |query: &Query| {
            let model = self.engine.projects().model_in(&query.model, viewer.locale());
            model.is_some_and(|model| {
                model.explore_header(&query.view).is_some_and(|header| !viewer.sees_header(&model, header))
            })
        };
        let query = query.filter(|query| viewer.sees_model(&query.model) && !is_kept_back(query));
        query.ok_or_else(Error::not_found)
    }

    /// Refuses a model or explore that does not exist for the caller, and who may only see what others ask: a question
    /// of one's own takes more than the data of the model.
    pub(super) fn check_asker(&self, cx: &Cx, model: &str, explore: &str) -> Result<()> {
        let security = cx.security()?;
        if !security.may_on("explore", model) {
            return Err(Error::not_found());
        }
        let viewer = Viewer::new(security);
        let model = self.visible_model(&viewer, model)?;
        let header = model.explore_header(explore).filter(|header| viewer.sees_header(&model, header));
        header.map(|_| ()).ok_or_else(Error::not_found)
    }
}

/// The form of a query that its hash is made of: what was written, without what means the same as nothing.
pub(super) fn canonical(body: bodies::WriteQuery) -> Map<String, Value> {
    fn texts(list: Patch<Vec<String>>) -> Value {
        list.value().map(Value::from).unwrap_or_default()
    }
    fn text(text: Patch<String>) -> Value {
        text.value().map(Value::from).unwrap_or_default()
    }
    fn map<T: Into<Value>>(map: Patch<IndexMap<String, T>>) -> Value {
        map.value()
            .map(|map| Value::Object(map.into_iter().map(|(key, value)| (key, value.into())).collect()))
            .unwrap_or_default()
    }
    let entries = [
        ("model", Value::from(body.model)),
        ("view", Value::from(body.view)),
        ("fields", texts(body.fields)),
        ("pivots", texts(body.pivots)),
        ("fill_fields", texts(body.fill_fields)),
        ("filters", map(body.filters)),
        ("filter_expression", text(body.filter_expression)),
        ("sorts", texts(body.sorts)),
        ("limit", text(body.limit)),
        ("column_limit", text(body.column_limit)),
        ("total", body.total.value().map(Value::from).unwrap_or_default()),
        ("row_total", text(body.row_total)),
        ("subtotals", texts(body.subtotals)),
        ("vis_config", map(body.vis_config)),
        ("filter_config", map(body.filter_config)),
        ("visible_ui_sections", text(body.visible_ui_sections)),
        ("dynamic_fields", text(body.dynamic_fields)),
        ("query_timezone", text(body.query_timezone)),
    ];
    let says_something = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    };
    entries.into_iter().filter(|(_, value)| says_something(value)).map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The name that the client gives the query.
fn given_client_id(body: &mut bodies::WriteQuery) -> Result<Option<QueryClientId>> {
    let given = std::mem::take(&mut body.client_id).value().filter(|id| !id.is_empty());
    let read = given.map(|id| id.parse().map_err(|_| Error::invalid("client_id", "must be 22 letters and digits")));
    read.transpose()
}

/// The question that a saved query asks.
pub(super) fn question(query: &Query) -> Result<Question> {
    let form: Map<String, Value> = serde_json::from_str(&query.body).map_err(Error::internal)?;
    Ok(Question {
        model: query.model.clone(),
        explore: query.view.clone(),
        query: asked(&form)?,
        vis: Some(vis(&form)),
        ..Question::default()
    })
}

/// What the chart of a query says of its columns.
pub(super) fn vis(form: &Map<String, Value>) -> Vis {
    form.get("vis_config").and_then(Value::as_object).map(Vis::read).unwrap_or_default()
}

/// What the canonical form of a query asks.
pub(super) fn asked(form: &Map<String, Value>) -> Result<AskedQuery> {
    let text = |key: &str| form.get(key).and_then(Value::as_str).map(str::to_owned);
    let texts = |key: &str| -> Vec<String> {
        let items = form.get(key).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let filters = form.get("filters").and_then(Value::as_object).into_iter().flatten();
    let filters = filters.filter_map(|(field, value)| Some((field.clone(), value.as_str()?.to_owned())));
    let mut sorts = texts("sorts");
    sorts.retain(|sort| !sort.trim().is_empty());
    Ok(AskedQuery {
        fields: texts("fields"),
        pivots: texts("pivots"),
        fill_fields: texts("fill_fields"),
        filters: filters.collect(),
        filter_expression: text("filter_expression"),
        sorts,
        limit: whole_number(form, "limit")?,
        column_limit: whole_number(form, "column_limit")?,
        total: form.get("total").and_then(Value::as_bool).unwrap_or(false),
        row_total: text("row_total"),
        subtotals: texts("subtotals"),
        dynamic_fields: text("dynamic_fields"),
        query_timezone: text("query_timezone"),
    })
}

/// A number that the API carries as text.
fn whole_number(form: &Map<String, Value>, key: &str) -> Result<Option<i64>> {
    let Some(text) = form.get(key).and_then(Value::as_str) else { return Ok(None) };
    let number: Option<i64> = text.trim().parse().ok().filter(|number| *number >= -1);
    let expected = || Error::invalid(key, "must be a whole number of rows, or -1 for all");
    number.map(Some).ok_or_else(expected)
}

const ABILITIES: [&str; 20] = [
    "run",
    "see_results",
    "explore",
    "create",
    "show",
    "cost_estimate",
    "index",
    "see_lookml",
    "see_aggregate_table_lookml",
    "see_derived_table_lookml",
    "see_sql",
    "save",
    "generate_drill_links",
    "download",
    "download_unlimited",
    "use_custom_fields",
    "edit_custom_fields",
    "edit_table_calculations",
    "schedule",
    "render",
];

/// What queries of this server do not have.
const LACKING: [&str; 6] =
    ["cost_estimate", "use_custom_fields", "edit_custom_fields", "edit_table_calculations", "schedule", "render"];

/// A saved query as the API shows it.
pub(super) fn described(cx: &Cx, query: &Query) -> Result<types::Query> {
    let mut form: Map<String, Value> = serde_json::from_str(&query.body).map_err(Error::internal)?;
    let asked = asked(&form)?;
    let url = explore_url(query, &asked, &form);
    let mut text = |key: &str| form.remove(key).and_then(|value| value.as_str().map(str::to_owned));
    let (limit, column_limit, sections) = (text("limit"), text("column_limit"), text("visible_ui_sections"));
    let mut map = |key: &str| match form.remove(key) {
        Some(Value::Object(entries)) => Some(entries.into_iter().collect()),
        _ => None,
    };
    let (vis_config, filter_config) = (map("vis_config"), map("filter_config"));
    let list = |list: Vec<String>| Some(list).filter(|list| !list.is_empty());
    Ok(types::Query {
        can: abilities_but(&LACKING, &ABILITIES),
        id: Some(query.id.to_string()),
        model: query.model.clone(),
        view: query.view.clone(),
        fields: list(asked.fields),
        pivots: list(asked.pivots),
        fill_fields: list(asked.fill_fields),
        filters: Some(asked.filters).filter(|filters| !filters.is_empty()),
        filter_expression: asked.filter_expression,
        sorts: list(asked.sorts),
        limit,
        column_limit,
        total: form.get("total").and_then(Value::as_bool),
        row_total: asked.row_total,
        subtotals: list(asked.subtotals),
        vis_config,
        filter_config,
        visible_ui_sections: sections,
        slug: Some(query.slug.to_string()),
        has_table_calculations: Some(has_table_calculations(asked.dynamic_fields.as_deref())),
        dynamic_fields: asked.dynamic_fields,
        client_id: Some(query.client_id.to_string()),
        share_url: Some(cx.url(&format!("/x/{}", query.slug))),
        expanded_share_url: Some(cx.url(&format!("{url}&origin=share-expanded"))),
        url: Some(url),
        query_timezone: asked.query_timezone,
    })
}

/// Whether an enabled table calculation is among the dynamic fields.
fn has_table_calculations(dynamic_fields: Option<&str>) -> bool {
    let fields: Vec<Map<String, Value>> =
        dynamic_fields.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    fields
        .iter()
        .any(|field| field.contains_key("table_calculation") && field.get("is_disabled") != Some(&Value::Bool(true)))
}

/// `/explore/<model>/<explore>?fields=...`, the address of a query in the web interface: all that the query says.
fn explore_url(query: &Query, asked: &AskedQuery, form: &Map<String, Value>) -> String {
    let parameters = url_parameters(asked, form.get("vis_config").map(Value::to_string));
    format!("/explore/{}/{}?{parameters}", form_encoded(&query.model), form_encoded(&query.view))
}

/// `fields=...&limit=...`: what the address of a query says behind its explore.
pub(crate) fn url_parameters(asked: &AskedQuery, vis: Option<String>) -> String {
    let list = |items: &[String]| Some(items.join(",")).filter(|text| !text.is_empty());
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    let filters = asked.filters.iter().map(|(field, value)| (format!("f[{field}]"), Some(value.clone())));
    let before = [
        ("fields", Some(asked.fields.join(","))),
        ("pivots", list(&asked.pivots)),
        ("fill_fields", list(&asked.fill_fields)),
    ];
    let after = [
        ("sorts", list(&asked.sorts)),
        ("limit", Some(asked.limit.unwrap_or(500).to_string())),
        ("column_limit", number(asked.column_limit)),
        ("total", asked.total.then(|| "on".to_owned())),
        ("row_total", asked.row_total.clone()),
        ("subtotals", list(&asked.subtotals)),
        ("query_timezone", asked.query_timezone.clone()),
        ("filter_expression", asked.filter_expression.clone()),
        ("dynamic_fields", asked.dynamic_fields.clone()),
        ("vis", vis),
    ];
    let named = |(key, value): (&str, Option<String>)| (key.to_owned(), value);
    let pairs = before.into_iter().map(named).chain(filters).chain(after.into_iter().map(named));
    let pairs = pairs.filter_map(|(key, value)| Some(format!("{}={}", form_encoded(&key), form_encoded(&value?))));
    let pairs: Vec<String> = pairs.collect();
    pairs.join("&")
}
