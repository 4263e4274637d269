//! Merged results of a user with access filters: whatever is merged, the rows are those of somebody who sees everything
//! and filters each source by what the user may see.

use crate::queries::{NOW, engine, entry};
use belvedere_api::{AttributeKind, Grant, Names, SecurityContext, UserAttribute, UserId};
use belvedere_engine::access::Viewer;
use belvedere_engine::{
    AskedQuery, CacheUse, Engine, MergeSort, MergeSource, Merged, Mode, Origin, Question, ServedProject,
    WarehouseError, merge,
};
use belvedere_results::row_keys;
use belvedere_warehouse::driver::duckdb::create;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use tempfile::TempDir;

/// Two facts of a region, each in an explore that lets in the regions of the user and in one that lets in all.
const MODEL: &str = r#"
    connection: "warehouse"
    explore: sales { access_filter: { field: sales.region user_attribute: regions } }
    explore: visits {
      access_filter: { field: shops.region user_attribute: regions }
      join: shops { sql_on: ${visits.shop_id} = ${shops.id} ;; relationship: many_to_one }
    }
    explore: every_sale { view_name: sales }
    explore: every_visit {
      view_name: visits
      join: shops { sql_on: ${visits.shop_id} = ${shops.id} ;; relationship: many_to_one }
    }
    view: sales {
      dimension: id { primary_key: yes type: number }
      dimension: region {}
      dimension: product {}
      dimension_group: sold { type: time timeframes: [date, month] sql: ${TABLE}.sold_at ;; }
      measure: count { type: count }
      measure: total { type: sum sql: ${TABLE}.amount ;; }
    }
    view: visits {
      dimension: id { primary_key: yes type: number }
      dimension: shop_id { type: number }
      dimension_group: made { type: time timeframes: [date, month] sql: ${TABLE}.made_at ;; }
      measure: count { type: count }
      measure: length { type: average sql: ${TABLE}.minutes ;; }
    }
    view: shops {
      dimension: id { primary_key: yes type: number }
      dimension: region {}
      dimension: name {}
      measure: count { type: count }
    }
"#;

const REGIONS: [&str; 4] = ["north", "south", "east", "we'st"];

const TABLES: [(&str, &str); 3] = [
    (
        "sales",
        "CREATE TABLE sales AS SELECT range AS id, ['north', 'south', 'east', 'we''st', NULL][1 + range % 5] AS region,
           COALESCE(region, 'nowhere') || ' ' || ['apples', 'pears', 'plums'][1 + range % 3] AS product,
           (range * 37) % 1000 AS amount, TIMESTAMP '2025-11-01' + to_days(CAST(range % 75 AS INTEGER)) AS sold_at
         FROM range(200)",
    ),
    (
        "shops",
        "CREATE TABLE shops AS SELECT range AS id, ['north', 'south', 'east', 'we''st', NULL][1 + range % 5] AS region,
           COALESCE(region, 'nowhere') || ' ' || range AS name FROM range(12)",
    ),
    (
        "visits",
        "CREATE TABLE visits AS SELECT range AS id, range % 13 AS shop_id, range % 50 AS minutes,
           TIMESTAMP '2025-12-01' + to_days(CAST(range % 60 AS INTEGER)) AS made_at FROM range(150)",
    ),
];

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn some<'a>(&mut self, of: &[&'a str], least: usize) -> Vec<&'a str> {
        let mut left = of.to_vec();
        let count = least + self.below(of.len() - least + 1);
        (0..count).map(|_| left.swap_remove(self.below(left.len()))).collect()
    }
}

/// What a source may ask for.
struct Kind {
    guarded: &'static str,
    open: &'static str,
    region: &'static str,
    month: &'static str,
    others: &'static [&'static str],
    measures: &'static [&'static str],
}

const SALES: Kind = Kind {
    guarded: "sales",
    open: "every_sale",
    region: "sales.region",
    month: "sales.sold_month",
    others: &["sales.product", "sales.sold_date"],
    measures: &["sales.count", "sales.total"],
};
const VISITS: Kind = Kind {
    guarded: "visits",
    open: "every_visit",
    region: "shops.region",
    month: "visits.made_month",
    others: &["shops.name", "visits.made_date", "visits.shop_id"],
    measures: &["visits.count", "visits.length", "shops.count"],
};

/// One source of a merge, not yet asked of anybody.
struct Asked {
    kind: &'static Kind,
    query: AskedQuery,
    on: Vec<(String, String)>,
}

/// Sources that share a region, a month or both with the first.
fn sources(dice: &mut Dice) -> Vec<Asked> {
    let kinds: [&'static Kind; 2] = [&SALES, &VISITS];
    let first = kinds[dice.below(2)];
    let keys = dice.some(&["region", "month"], 1);
    let key = |kind: &Kind, key: &str| if key == "region" { kind.region } else { kind.month };
    let count = 2 + dice.below(2);
    let asked = (0..count).map(|index| {
        let kind = if index == 0 { first } else { kinds[dice.below(2)] };
        let mut fields: Vec<&str> = keys.iter().map(|&name| key(kind, name)).collect();
        fields.extend(dice.some(kind.others, 0).into_iter().take(1));
        let sorts: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
        fields.extend(dice.some(kind.measures, 1));
        let query = AskedQuery {
            fields: fields.into_iter().map(str::to_owned).collect(),
            sorts,
            limit: Some(5000),
            ..AskedQuery::default()
        };
        let on = keys.iter().map(|&name| (key(first, name).to_owned(), key(kind, name).to_owned()));
        Asked { kind, query, on: if index == 0 { Vec::new() } else { on.collect() } }
    });
    asked.collect()
}

fn user_of(regions: &str) -> SecurityContext {
    let attribute = UserAttribute { kind: AttributeKind::AdvancedFilterString, value: regions.to_owned() };
    let grant = Grant {
        permissions: Names::Only(["access_data", "explore"].map(str::to_owned).into()),
        models: Names::Only(BTreeSet::from(["shop".to_owned()])),
    };
    let attributes = BTreeMap::from([("regions".to_owned(), attribute)]);
    SecurityContext::new(UserId::new(7), vec![grant], attributes, "en".to_owned(), None)
}

fn administrator() -> SecurityContext {
    SecurityContext::new(UserId::new(1), vec![Grant::admin()], BTreeMap::new(), "en".to_owned(), None)
}

/// The result of one source, as `security` may see it.
async fn result(
    engine: &Engine,
    security: &SecurityContext,
    explore: &str,
    asked: &Asked,
    query: AskedQuery,
) -> MergeSource {
    let question = Question { model: "shop".to_owned(), explore: explore.to_owned(), query, ..Question::default() };
    let viewer = Viewer::new(security);
    let asker = viewer.asker(NOW.parse().expect("a time"), Mode::Production);
    let prepared = engine.prepare(&question, &asker).expect("a plan");
    let columns = prepared.layout.columns.clone();
    let past_the_cache = Origin::Cache(CacheUse::Never);
    let (mut rows, _guard) = engine.open(&prepared, &past_the_cache, entry()).await.expect("it runs");
    let schema = Arc::clone(rows.schema());
    let reading = tokio::task::spawn_blocking(move || {
        let batches = std::iter::from_fn(|| rows.blocking_next()).collect::<Result<Vec<_>, WarehouseError>>();
        arrow_select::concat::concat_batches(&schema, &batches.expect("rows")).expect("one batch")
    });
    MergeSource {
        name: explore.replace("every_sale", "sales").replace("every_visit", "visits"),
        columns,
        rows: reading.await.expect("a thread"),
        on: asked.on.clone(),
    }
}

async fn merged_for(
    engine: &Engine,
    security: &SecurityContext,
    all: &[Asked],
    sorts: &[MergeSort],
    permitted: Option<&str>,
) -> Merged {
    let mut results = Vec::new();
    for asked in all {
        let mut query = asked.query.clone();
        if let Some(regions) = permitted {
            query.filters.insert(asked.kind.region.to_owned(), regions.to_owned());
        }
        let explore = if permitted.is_some() { asked.kind.open } else { asked.kind.guarded };
        results.push(result(engine, security, explore, asked, query).await);
    }
    merge(&results, sorts, Some(400)).expect("they can be merged")
}

/// Names and rows as texts.
fn told(merged: &Merged) -> (Vec<String>, Vec<String>) {
    let mut rows = Vec::new();
    let each = |_, key: &[u8]| rows.push(String::from_utf8_lossy(key).into_owned());
    row_keys(&merged.columns, &merged.rows, each).expect("every column can be shown");
    (merged.columns.iter().map(|column| column.name.clone()).collect(), rows)
}

#[tokio::test]
async fn merged_rows_of_a_user_are_made_of_the_permitted_ones() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("shop.duckdb");
    create(&file, TABLES.map(|(name, ddl)| (name, ddl, Vec::new()))).expect("the tables");
    let files = vec![("shop.model.lkml".into(), MODEL.into())];
    let engine = engine(folder.path(), &file, "warehouse", ServedProject::embedded("shop", files));
    let users = [("north", vec!["north"]), ("south,east", vec!["south", "east"]), ("\"we'st\"", vec!["we'st"])];
    let mut dice = Dice(20_260_115);
    let mut seen = HashSet::new();
    for round in 0..40 {
        let all = sources(&mut dice);
        let sorted = dice.below(2) == 0;
        let by = all[0].query.fields.last().expect("a measure").clone();
        let sorts = if sorted { vec![MergeSort { column: by, descending: true }] } else { Vec::new() };
        for (regions, names) in &users {
            let ours = told(&merged_for(&engine, &user_of(regions), &all, &sorts, None).await);
            let permitted = told(&merged_for(&engine, &administrator(), &all, &sorts, Some(regions)).await);
            assert_eq!(ours, permitted, "round {round} of {regions}");
            let foreign = REGIONS.iter().filter(|region| !names.contains(region)).chain(&["nowhere"]);
            for region in foreign {
                assert!(!ours.1.iter().any(|row| row.contains(region)), "round {round} of {regions}: {region}");
            }
            seen.extend(names.iter().filter(|name| ours.1.iter().any(|row| row.contains(**name))).copied());
        }
        // Who has no value of the attribute has no rows, whoever has asked before.
        let nobody = told(&merged_for(&engine, &administrator(), &all, &sorts, None).await);
        assert!(nobody.1.is_empty(), "round {round}: {nobody:?}");
    }
    assert_eq!(seen.len(), REGIONS.len(), "each region was seen by whom it belongs to");
}
