//! Values that would like to be more than values, on the real engine: each finds the row that holds it, and no other.

use crate::queries::{NOW, engine, entry};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use belvedere_api::{AttributeKind, Grant, SecurityContext, UserAttribute, UserId};
use belvedere_engine::access::Viewer;
use belvedere_engine::{
    AskedQuery, CacheUse, Engine, Error, Mode, Origin, Question, ServedProject, SuggestionRequest, WarehouseError,
};
use belvedere_expressions::filter::quote_string;
use belvedere_warehouse::driver::duckdb::create;
use std::collections::BTreeMap;
use std::sync::Arc;
use tempfile::TempDir;

const LOOKML: &str = r#"
connection: "warehouse"
explore: texts {}
view: texts {
  parameter: label { type: string }
  filter: any { type: string }
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: value { sql: ${TABLE}.value ;; }
  dimension: labelled { type: yesno sql: ${TABLE}.value = {% parameter label %} ;; }
  dimension: quoted { type: yesno sql: ${TABLE}.value = {{ texts.label._parameter_value }} ;; }
  dimension: matching { type: yesno sql: {% condition any %} ${TABLE}.value {% endcondition %} ;; }
  dimension: own { type: yesno sql: ${TABLE}.value = '{{ _user_attributes['mine'] }}' ;; }
  dimension: assigned {
    type: yesno
    sql: {% assign mine = _user_attributes['mine'] | append: '' %}/* 'mine' */ ${TABLE}.value = '{{ mine }}' ;;
  }
  dimension: number { type: number sql: ${TABLE}.id ;; }
  dimension: is_even { type: yesno sql: ${TABLE}.id % 2 = 0 ;; }
  dimension: zip { type: zipcode sql: CAST(${TABLE}.id AS VARCHAR) ;; }
  dimension: size_tier { type: tier tiers: [10, 100] sql: ${TABLE}.id ;; }
  dimension: place { type: location sql_latitude: ${TABLE}.id % 90 ;; sql_longitude: ${TABLE}.id % 180 ;; }
  dimension_group: made {
    type: time
    timeframes: [time, date, month, day_of_week]
    sql: TIMESTAMP '2025-01-01' + to_days(CAST(${TABLE}.id AS INTEGER)) ;;
  }
  measure: count { type: count }
  measure: last { type: date sql: MAX(${made_time}) ;; }
}
"#;

/// Filters of every kind.
const KINDS: [&str; 12] = [
    "texts.value",
    "texts.any",
    "texts.label",
    "texts.number",
    "texts.is_even",
    "texts.zip",
    "texts.size_tier",
    "texts.place",
    "texts.made_date",
    "texts.made_day_of_week",
    "texts.count",
    "texts.last",
];

/// More than 500 different values: beginnings that could leave a literal or a pattern, and what would come then.
fn values() -> Vec<String> {
    const BEGINNINGS: [&str; 26] = [
        "'", "''", "\\'", "\\", "\"", "\"\"", "`", "')", "%", "%%", "_", "_'", "^", "^^", "^'", "^%", "-", ",", "a,b",
        "\u{2019}", "ʼ", "日本", "🙂", "\n", " ", "NULL",
    ];
    const ENDINGS: [&str; 20] = [
        "",
        " OR 1=1",
        " OR '1'='1",
        " --",
        "; DROP TABLE texts; --",
        " UNION SELECT 1, 2 --",
        "/*",
        "*/",
        "#",
        "{{ 1 | plus: 1 }}",
        "{% raw %}",
        "{% condition texts.value %}",
        "{{ _filters['texts.value'] }}",
        "${TABLE}",
        "${texts.id}",
        "$$",
        "%",
        "_",
        "^",
        "\u{202e}\u{200b}",
    ];
    let pairs =
        BEGINNINGS.iter().flat_map(|beginning| ENDINGS.iter().map(move |ending| format!("{beginning}{ending}")));
    let mut values: Vec<String> = pairs.collect();
    values.sort();
    values.dedup();
    values
}

fn texts(folder: &TempDir, values: &[String]) -> Engine {
    let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(0..values.len() as i64));
    let texts: ArrayRef = Arc::new(StringArray::from_iter_values(values));
    let batch = RecordBatch::try_from_iter([("id", ids), ("value", texts)]).expect("a batch");
    let file = folder.path().join("texts.duckdb");
    create(&file, [("texts", "CREATE TABLE texts (id BIGINT, value VARCHAR)", vec![batch])]).expect("the table");
    let files = vec![("texts.model.lkml".into(), LOOKML.into())];
    engine(folder.path(), &file, "warehouse", ServedProject::embedded("texts", files))
}

fn viewer(security: &SecurityContext) -> Viewer<'_> {
    Viewer::new(security)
}

fn administrator() -> SecurityContext {
    administrator_of(BTreeMap::new())
}

fn administrator_of(attributes: BTreeMap<String, UserAttribute>) -> SecurityContext {
    SecurityContext::new(UserId::new(1), vec![Grant::admin()], attributes, "en".to_owned(), None)
}

/// The ids of the rows that a filter leaves.
async fn ids(engine: &Engine, filters: &[(&str, &str)]) -> Result<Vec<i64>, Error> {
    ids_for(engine, &administrator(), filters).await
}

async fn ids_for(engine: &Engine, security: &SecurityContext, filters: &[(&str, &str)]) -> Result<Vec<i64>, Error> {
    let named = filters.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned()));
    let query = AskedQuery {
        fields: vec!["texts.id".to_owned()],
        filters: named.collect(),
        limit: Some(-1),
        ..AskedQuery::default()
    };
    let question = Question { model: "texts".to_owned(), explore: "texts".to_owned(), query, ..Question::default() };
    let prepared =
        engine.prepare(&question, &viewer(security).asker(NOW.parse().expect("a time"), Mode::Production))?;
    prepared.connection.check_select(&prepared.sql).await.expect("one statement that reads");
    let (mut rows, _guard) = engine.open(&prepared, &Origin::Cache(CacheUse::Never), entry()).await?;
    let source = prepared.layout.columns[0].source;
    let reading = tokio::task::spawn_blocking(move || {
        let mut ids = Vec::new();
        while let Some(batch) = rows.blocking_next() {
            ids.extend(batch?.column(source).as_primitive::<Int64Type>().values());
        }
        Ok::<_, WarehouseError>(ids)
    });
    Ok(reading.await.expect("a thread")?)
}

#[tokio::test]
async fn each_value_finds_the_row_that_holds_it_and_no_other() {
    let folder = TempDir::new().expect("a folder");
    let values = values();
    assert!(values.len() >= 500, "{}", values.len());
    let engine = texts(&folder, &values);
    for (id, value) in values.iter().enumerate() {
        let (own, exact) = (vec![id as i64], quote_string(value));
        let found = async |filters: &[(&str, &str)]| {
            ids(&engine, filters).await.unwrap_or_else(|error| panic!("{value:?}: {error}"))
        };
        assert_eq!(found(&[("texts.value", &exact)]).await, own, "{value:?} as a filter");
        assert_eq!(found(&[("texts.any", &exact), ("texts.matching", "Yes")]).await, own, "{value:?} in a template");
        // A parameter is a plain value; what it has of the grammar of filters is its client's quoting.
        for field in ["texts.labelled", "texts.quoted"] {
            assert_eq!(found(&[("texts.label", &exact), (field, "Yes")]).await, own, "{value:?} as a parameter");
        }
        let others = found(&[("texts.value", &format!("-{exact}"))]).await;
        assert_eq!((others.len(), others.contains(&own[0])), (values.len() - 1, false), "{value:?} left out");
    }
}

#[tokio::test]
async fn an_attribute_stays_in_the_quotes_that_the_author_wrote() {
    let folder = TempDir::new().expect("a folder");
    let values = values();
    let engine = texts(&folder, &values);
    // A blank attribute is none.
    for (id, value) in values.iter().enumerate().filter(|(_, value)| !value.trim().is_empty()) {
        let attribute = UserAttribute { kind: AttributeKind::String, value: value.clone() };
        let security = administrator_of(BTreeMap::from([("mine".to_owned(), attribute)]));
        // A value is no reference to a field either: what looks like one is taken apart.
        let expected = if value.contains("${") { Vec::new() } else { vec![id as i64] };
        for field in ["texts.own", "texts.assigned"] {
            let found = ids_for(&engine, &security, &[(field, "Yes")]).await;
            assert_eq!(found.unwrap_or_else(|error| panic!("{value:?}: {error}")), expected, "{value:?} in {field}");
        }
    }
}

#[tokio::test]
async fn a_term_suggests_the_values_that_contain_it() {
    let folder = TempDir::new().expect("a folder");
    let values = values();
    let engine = texts(&folder, &values);
    let security = administrator();
    for term in values.iter().filter(|value| !value.trim().is_empty()) {
        let request = SuggestionRequest {
            model: "texts".to_owned(),
            explore: "texts".to_owned(),
            field: "texts.value".to_owned(),
            term: Some(term.clone()),
            ..SuggestionRequest::default()
        };
        let asker = viewer(&security);
        let told =
            engine.suggest(&request, &asker.asker(NOW.parse().expect("a time"), Mode::Production), entry()).await;
        let told = told.unwrap_or_else(|error| panic!("{term:?}: {error}"));
        let holding = values.iter().filter(|value| value.contains(term.as_str())).count();
        assert_eq!(told.values.len(), holding.min(100), "{term:?}");
        assert!(told.values.iter().all(|value| value.contains(term.as_str())), "{term:?}: {:?}", told.values);
    }
}

#[tokio::test]
async fn whatever_is_written_for_a_filter_is_read_or_refused() {
    let folder = TempDir::new().expect("a folder");
    let values = values();
    let engine = texts(&folder, &values);
    for (index, value) in values.iter().enumerate() {
        for kind in [KINDS[index % KINDS.len()], KINDS[(index / KINDS.len()) % KINDS.len()]] {
            match ids(&engine, &[(kind, value)]).await {
                Ok(found) => assert!(found.len() <= values.len(), "{kind} {value:?}"),
                Err(Error::Query(_)) => {}
                Err(other) => panic!("{kind} {value:?} reached the database: {other}"),
            }
        }
    }
    assert_eq!(ids(&engine, &[]).await.expect("rows").len(), values.len(), "everything is still there");
}
