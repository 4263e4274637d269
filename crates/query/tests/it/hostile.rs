//! Whatever a user writes as a value stays inside a literal, and nothing panics.

use crate::support::{Setting, plan_on, project};
use belvedere_lookml::project::Project;
use belvedere_query::{AttributeType, Query, UserAttribute};
use proptest::prelude::*;
use std::sync::LazyLock;

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
  dimension: owned { sql: '{{ _user_attributes['mine'] }}' || {% assign m = _user_attributes['mine'] %} '<{{ m | append: '>' }}' ;; }
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

static PROJECT: LazyLock<Project> = LazyLock::new(|| project(LOOKML));

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
        "\u{10ff27}",
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

/// More than 500 values: each ending that could leave a literal, in front of each statement that somebody would like to
/// run.
fn hostile_values() -> Vec<String> {
    const ENDINGS: [&str; 24] = [
        "'",
        "''",
        "'''",
        "\\'",
        "\\\\'",
        "\"",
        "\"\"",
        "`",
        "')",
        "'))",
        "%'",
        "_'",
        "^'",
        "^^'",
        "a','b'",
        "\u{2019}",
        "\u{ff07}",
        "$$",
        "E'",
        "x\n'",
        "*/'",
        "}}'",
        "%}'",
        "${orders.id}'",
    ];
    const STATEMENTS: [&str; 22] = [
        "",
        " OR 1=1",
        " OR 1=1 --",
        "; DROP TABLE orders",
        "; DROP TABLE orders; --",
        " UNION SELECT * FROM users",
        " UNION ALL SELECT password FROM users --",
        " /* ",
        " -- ",
        " # ",
        "; ATTACH 'x.db'",
        "; COPY orders TO 'x'",
        "; SELECT 1",
        ") FROM orders; --",
        " AND (SELECT 1) = 1",
        "{{ 1 }}",
        "{% raw %}",
        "{{ _user_attributes['mine'] }}",
        "${TABLE}",
        "${orders.SQL_TABLE_NAME}",
        "\u{1}",
        "::text",
    ];
    let pairs =
        ENDINGS.iter().flat_map(|ending| STATEMENTS.iter().map(move |statement| format!("{ending}{statement}")));
    pairs.collect()
}

#[test]
fn no_hostile_value_leaves_its_literal() {
    let values = hostile_values();
    assert!(values.len() >= 500, "{}", values.len());
    for (index, value) in values.iter().enumerate() {
        // Texts take every value; the grammars of the others refuse most of them.
        let other = FILTERED[index % FILTERED.len()];
        for field in ["orders.status", "orders.any_status", "orders.label", other] {
            let filters = [(field.to_owned(), value.clone())].into_iter().collect();
            let fields =
                ["orders.status", "orders.labelled", "orders.matching", "orders.count"].map(String::from).into();
            check(&PROJECT, &Query { fields, filters, ..Query::default() });
        }
        check(&PROJECT, &with_custom_fields(value));
    }
}

/// A query whose custom fields hold a value wherever they take one.
fn with_custom_fields(value: &str) -> Query {
    let text = serde_json::to_string(value).unwrap();
    // Within an expression only quotes are written otherwise.
    let quoted = value.replace('"', "\\\"");
    let expression = serde_json::to_string(&format!("concat(${{orders.status}}, \"{quoted}\")")).unwrap();
    let condition = serde_json::to_string(&format!("contains(${{orders.status}}, \"{quoted}\")")).unwrap();
    let filter = format!("matches_filter(${{orders.status}}, `{}`)", value.replace('`', ""));
    let filter = serde_json::to_string(&filter).unwrap();
    let dynamic_fields = format!(
        r#"[{{"dimension":"g","label":{text},"calculation_type":"group_by",
              "args":["orders.status",[{{"label":{text},"filter":{text}}}],{text}]}},
            {{"dimension":"e","expression":{expression}}},{{"dimension":"f","expression":{filter}}},
            {{"measure":"m","based_on":"orders.amount","type":"sum",
              "filters":{{"orders.status":{text}}},"filter_expression":{condition}}}]"#
    );
    let fields = ["g", "e", "f", "m"].map(String::from).into();
    Query { fields, dynamic_fields: Some(dynamic_fields), ..Query::default() }
}

/// The SQL of a query has nothing outside of literals but what the model and the planner wrote.
fn check(project: &Project, query: &Query) {
    let Ok(plan) = plan_on(project, "orders", query, &Setting::default()) else { return };
    let sql = plan.render().sql;
    let words = outside_literals(&sql).unwrap_or_else(|problem| panic!("{problem}: {sql}"));
    for word in words {
        assert!(KNOWN.contains(&word.as_str()), "{word} in {sql}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn a_filter_value_never_leaves_its_literal(value in value(), field in prop::sample::select(FILTERED.to_vec())) {
        let query = |value: &str| Query {
            fields: ["orders.status", "orders.labelled", "orders.matching", "orders.count"].map(String::from).into(),
            filters: [(field.to_owned(), value.to_owned())].into_iter().collect(),
            ..Query::default()
        };
        if let Ok(plan) = plan_on(&PROJECT, "orders", &query(&value), &Setting::default()) {
            let sql = plan.render().sql;
            let words = outside_literals(&sql);
            prop_assert!(words.is_ok(), "{sql}");
            for word in words.unwrap() {
                prop_assert!(KNOWN.contains(&word.as_str()), "{word} in {sql}");
            }
        }
    }

    #[test]
    fn what_custom_fields_hold_never_leaves_its_literal(value in value()) {
        check(&PROJECT, &with_custom_fields(&value));
    }

    #[test]
    fn no_dynamic_fields_panic(
        text in "\\PC{0,40}",
        args in prop::collection::vec("\\PC{0,8}|[0-9.e-]{0,6}|orders\\.amount", 0..7),
    ) {
        let args = serde_json::to_string(&args).unwrap();
        let text = serde_json::to_string(&text).unwrap();
        for fields in [
            format!(r#"[{{"dimension":"x","calculation_type":"bin","args":{args}}}]"#),
            format!(r#"[{{"dimension":"x","calculation_type":"group_by","args":{args}}}]"#),
            format!(r#"[{{"dimension":"x","expression":{text}}}]"#),
            format!(r#"[{{"measure":"x","based_on":{text},"type":{text},"filters":{args}}}]"#),
            args.clone(),
        ] {
            let query = Query { fields: vec!["x".into()], dynamic_fields: Some(fields), ..Query::default() };
            let _ = plan_on(&PROJECT, "orders", &query, &Setting::default());
        }
    }

    #[test]
    fn an_attribute_never_leaves_its_literal(value in value(), advanced in any::<bool>()) {
        let kind = if advanced { AttributeType::AdvancedFilterString } else { AttributeType::String };
        let mut setting = Setting::default();
        setting.access.user_attributes.insert("mine".into(), UserAttribute { kind, value });
        let query = Query { fields: vec!["orders.count".into(), "orders.owned".into()], ..Query::default() };
        if let Ok(plan) = plan_on(&PROJECT, "mine", &query, &setting) {
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
        let query = Query { fields, sorts, filter_expression: expression, limit, ..Query::default() };
        let _ = plan_on(&PROJECT, "orders", &query, &Setting::default());
    }
}

/// Words that the SQL of these queries may have outside of literals and quoted names.
const KNOWN: [&str; 51] = [
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
    "SUM",
    "CONCAT",
    "CONTAINS",
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
