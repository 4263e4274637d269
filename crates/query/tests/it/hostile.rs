//! Whatever a user writes as a value stays inside a literal, and nothing panics.

use crate::support::{Setting, plan_on, project};
use belvedere_query::{AttributeType, Query, UserAttribute};
use proptest::prelude::*;

const LOOKML: &str = r"
view: orders {
  parameter: label { type: string }
  parameter: column { type: unquoted }
  filter: any_status { type: string }
  dimension: id { primary_key: yes type: number }
  dimension: status {}
  dimension: amount { type: number }
  dimension: is_open { type: yesno sql: ${status} = 'open' ;; }
  dimension: labelled { sql: {% parameter label %} || {{ label._parameter_value }} || {{ _filters['orders.status'] | sql_quote }} ;; }
  dimension: matching { type: yesno sql: {% condition any_status %} ${status} {% endcondition %} ;; }
  dimension: where { type: location sql_latitude: ${TABLE}.lat ;; sql_longitude: ${TABLE}.lon ;; }
  dimension: size_tier { type: tier tiers: [0, 10] sql: ${amount} ;; style: integer }
  dimension_group: created { type: time timeframes: [raw, time, date, month, day_of_week] sql: ${TABLE}.created_at ;; }
  measure: count { type: count }
  measure: last { type: date sql: MAX(${created_raw}) ;; }
}
explore: orders {}
explore: mine { view_name: orders access_filter: { field: orders.status user_attribute: mine } }
";

/// What hostile values are made of: quotes, comments, references, templates, escapes, ends of statements.
fn value() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "'",
        "''",
        "\"",
        "\\",
        "\\'",
        ";",
        "--",
        "/*",
        "*/",
        "${orders.id}",
        "${",
        "}",
        "{{ 1 }}",
        "{% if %}",
        "%",
        "_",
        "^",
        "^'",
        ",",
        "-",
        "NULL",
        "EMPTY",
        "not ",
        "1",
        "2024-01-01",
        " ",
        "\n",
        "OR 1=1",
        ") UNION SELECT 1 --",
        "$$",
        "E'",
        "\u{1}",
        "\u{2019}",
        "x",
        "7 days",
        "[1,2]",
        "yes",
        "{{ _user_attributes['mine'] }}",
    ]);
    let free = "\\PC{0,12}".prop_map(|text| text);
    prop_oneof![3 => prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat()), 1 => free]
}

const FILTERED: [&str; 11] = [
    "orders.status",
    "orders.id",
    "orders.amount",
    "orders.is_open",
    "orders.any_status",
    "orders.label",
    "orders.where",
    "orders.size_tier",
    "orders.created_date",
    "orders.created_day_of_week",
    "orders.last",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn a_filter_value_never_leaves_its_literal(value in value(), field in prop::sample::select(FILTERED.to_vec())) {
        let project = project(LOOKML);
        let query = |value: &str| Query {
            fields: ["orders.status", "orders.labelled", "orders.matching", "orders.count"].map(String::from).into(),
            filters: [(field.to_owned(), value.to_owned())].into_iter().collect(),
            ..Query::default()
        };
        if let Ok(plan) = plan_on(&project, "orders", &query(&value), &Setting::default()) {
            let sql = plan.render().sql;
            let words = outside_literals(&sql);
            prop_assert!(words.is_ok(), "{sql}");
            for word in words.unwrap() {
                prop_assert!(KNOWN.contains(&word.as_str()), "{word} in {sql}");
            }
        }
    }

    #[test]
    fn an_attribute_never_leaves_its_literal(value in value(), advanced in any::<bool>()) {
        let project = project(LOOKML);
        let kind = if advanced { AttributeType::AdvancedFilterString } else { AttributeType::String };
        let mut setting = Setting::default();
        setting.access.user_attributes.insert("mine".into(), UserAttribute { kind, value });
        let query = Query { fields: vec!["orders.count".into()], ..Query::default() };
        if let Ok(plan) = plan_on(&project, "mine", &query, &setting) {
            let sql = plan.render().sql;
            let words = outside_literals(&sql);
            prop_assert!(words.is_ok(), "{sql}");
            for word in words.unwrap() {
                prop_assert!(KNOWN.contains(&word.as_str()), "{word} in {sql}");
            }
            prop_assert!(sql.contains("\nWHERE "), "{sql}");
        }
    }

    #[test]
    fn no_query_panics(
        fields in prop::collection::vec("[a-z_.]{0,12}|orders\\.[a-z_]{1,12}", 0..4),
        sorts in prop::collection::vec("\\PC{0,12}|orders\\.count [a-z0-9]{0,4}", 0..3),
        expression in prop::option::of("\\PC{0,8}|[0-9]=[0-9]"),
        limit in prop::option::of(any::<i64>()),
    ) {
        let project = project(LOOKML);
        let query = Query { fields, sorts, filter_expression: expression, limit, ..Query::default() };
        let _ = plan_on(&project, "orders", &query, &Setting::default());
    }
}

/// Words that the SQL of these queries may have outside of literals and quoted names.
const KNOWN: [&str; 48] = [
    "SELECT",
    "FROM",
    "AS",
    "WHERE",
    "AND",
    "OR",
    "NOT",
    "GROUP",
    "BY",
    "ORDER",
    "LIMIT",
    "DESC",
    "HAVING",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "IS",
    "NULL",
    "IN",
    "LIKE",
    "ESCAPE",
    "LENGTH",
    "COUNT",
    "COALESCE",
    "FALSE",
    "TRUE",
    "MAX",
    "CAST",
    "DATE",
    "TIMESTAMP",
    "DATE_TRUNC",
    "DAYNAME",
    "ISODOW",
    "EXTRACT",
    "ASIN",
    "SQRT",
    "ROUND",
    "POWER",
    "SIN",
    "COS",
    "RADIANS",
    "orders",
    "status",
    "VARCHAR",
    "created_at",
    "amount",
];

/// The words outside of literals, quoted names and the one comment that templates make; an error when a literal does
/// not end or there is a comment, a semicolon or a backslash outside.
fn outside_literals(sql: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = sql.to_owned();
    // An unset templated filter says so in a comment.
    rest = rest.replace("1=1 -- no filter on 'orders.any_status'\n", "TRUE");
    let mut chars = rest.chars().peekable();
    let mut word = String::new();
    while let Some(c) = chars.next() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        let whole = std::mem::take(&mut word);
        if whole.starts_with(|c: char| c.is_alphabetic()) {
            words.push(whole);
        }
        match c {
            '\'' | '"' => loop {
                match chars.next() {
                    None => return Err("a literal does not end".into()),
                    Some(inside) if inside == c => {
                        if chars.peek() == Some(&c) {
                            chars.next();
                        } else {
                            break;
                        }
                    }
                    Some(_) => {}
                }
            },
            '-' if chars.peek() == Some(&'-') => return Err("a comment".into()),
            '/' if chars.peek() == Some(&'*') => return Err("a comment".into()),
            ';' | '\\' | '$' | '{' | '}' => return Err(format!("{c} outside of literals")),
            _ => {}
        }
    }
    Ok(words.into_iter().filter(|word| !matches!(word.as_str(), "id" | "lat" | "lon" | "x")).collect())
}
