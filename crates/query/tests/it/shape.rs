//! What stands around the rows of a plan: pivots, totals, fill, calculations, notes.

use crate::support::{Setting, plan_on, project};
use belvedere_lookml::model::Timeframe;
use belvedere_query::{Cell, Direction, FillValues, Formula, Note, Plan, Query, Role, Side};
use jiff::civil::{DateTime, date};

const LOOKML: &str = r#"
fiscal_month_offset: 3
week_start_day: sunday
view: orders {
  dimension: id { primary_key: yes type: number }
  dimension: user_id { type: number }
  dimension: status {}
  dimension: amount { type: number }
  dimension: is_open { type: yesno sql: ${status} = 'open' ;; }
  dimension: tens { type: tier tiers: [0, 10] style: integer sql: ${amount} ;; }
  dimension: classes { type: tier tiers: [0] sql: ${amount} ;; }
  dimension: size { case: { when: { sql: ${amount} < 5 ;; label: "s" } when: { sql: ${amount} < 9 ;; label: "m" } else: "l" } }
  dimension: by_name { alpha_sort: yes case: { when: { sql: 1 = 1 ;; label: "z" } else: "a" } }
  dimension: empty_ones { allow_fill: no type: yesno sql: ${status} IS NULL ;; }
  dimension: ranked { order_by_field: amount }
  dimension_group: created {
    type: time
    timeframes: [raw, time, date, week, month, fiscal_quarter, day_of_week, month_name, hour_of_day, quarter_of_year]
    sql: ${TABLE}.created_at ;;
  }
  measure: count { type: count }
  measure: total { type: sum sql: ${amount} ;; }
  measure: so_far { type: running_total sql: ${total} ;; }
  measure: by_hand { type: number sql: SUM(${amount}) ;; }
  measure: most_by_hand { type: number sql: MAX(${amount}) ;; }
}
view: items {
  dimension: id { primary_key: yes type: number }
  dimension: order_id { type: number }
  measure: count { type: count }
}
explore: orders {
  join: items { relationship: one_to_many sql_on: ${orders.id} = ${items.order_id} ;; }
}
"#;

fn planned(query: &Query) -> Plan {
    plan_on(&project(LOOKML), "orders", query, &Setting::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn fields(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("orders.{name}")).collect()
}

fn filled(field: &str, filters: &[(&str, &str)]) -> Plan {
    let filters = filters.iter().map(|(field, value)| (format!("orders.{field}"), (*value).to_owned())).collect();
    planned(&Query { fields: fields(&[field, "count"]), fill_fields: fields(&[field]), filters, ..Query::default() })
}

/// The values of a filled list, with those of their companions behind `/`.
fn list(field: &str) -> Vec<String> {
    let plan = filled(field, &[]);
    let [fill] = plan.shape.fills.as_slice() else { panic!("{field}: {:?}", plan.notes) };
    assert_eq!(plan.columns[fill.column].column.name, format!("orders.{field}"));
    let FillValues::List(values) = &fill.values else { panic!("{field} has periods") };
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
    };
    let value = values.iter().map(|value| match &value.order {
        Some(order) => format!("{}/{}", text(&value.value), text(order)),
        None => text(&value.value),
    });
    value.collect()
}

fn bounds(field: &str, filters: &[(&str, &str)]) -> (Timeframe, Option<DateTime>, Option<DateTime>) {
    let plan = filled(field, filters);
    match plan.shape.fills.as_slice() {
        [fill] => match &fill.values {
            FillValues::Periods { timeframe, from, to, .. } => (*timeframe, *from, *to),
            FillValues::List(_) => panic!("{field} has a list"),
        },
        _ => panic!("{field}: {:?}", plan.notes),
    }
}

fn day(year: i16, month: i8, day: i8) -> DateTime {
    date(year, month, day).at(0, 0, 0, 0)
}

#[test]
fn lists_are_filled_in_their_order() {
    assert_eq!(list("is_open"), ["No", "Yes"]);
    assert_eq!(list("tens"), ["Below 0/00", "0 to 9/01", "10 or Above/02"]);
    assert_eq!(list("classes"), ["T00 (-inf,0.0)", "T01 [0.0,inf)"]);
    assert_eq!(list("size"), ["s/00", "m/01", "l/02"]);
    assert_eq!(list("by_name"), ["a", "z"]);
    assert_eq!(
        list("created_day_of_week"),
        ["Sunday/0", "Monday/1", "Tuesday/2", "Wednesday/3", "Thursday/4", "Friday/5", "Saturday/6"]
    );
    assert_eq!(list("created_month_name")[11], "December/12");
    assert_eq!(list("created_hour_of_day").len(), 24);
    assert_eq!(list("created_quarter_of_year"), ["Q1", "Q2", "Q3", "Q4"]);
}

#[test]
fn periods_are_filled_to_the_bounds_of_the_filters_on_their_group() {
    assert_eq!(bounds("created_month", &[]), (Timeframe::Month, None, None));
    let expected = (Timeframe::Month, Some(day(2024, 1, 1)), Some(day(2024, 3, 16)));
    assert_eq!(bounds("created_month", &[("created_date", "2024/01/01 to 2024/03/16")]), expected);
    let two = [("created_date", "after 2024/01/05"), ("created_month", "2024")];
    assert_eq!(bounds("created_week", &two), (Timeframe::Week, Some(day(2024, 1, 5)), Some(day(2025, 1, 1))));
    assert_eq!(
        bounds("created_date", &[("created_date", "before 2024/01/05")]),
        (Timeframe::Date, None, Some(day(2024, 1, 5)))
    );
    // The fiscal year 2024 starts in April and is told by the quarters of a calendar year.
    let fiscal = (Timeframe::FiscalQuarter, Some(day(2024, 1, 1)), Some(day(2025, 1, 1)));
    assert_eq!(bounds("created_fiscal_quarter", &[("created_date", "FY2024")]), fiscal);
}

#[test]
fn what_cannot_be_filled_is_noted() {
    for (field, filters) in [
        ("status", &[] as &[_]),
        ("created_time", &[]),
        ("empty_ones", &[]),
        ("ranked", &[]),
        ("is_open", &[("is_open", "Yes")]),
    ] {
        let plan = filled(field, filters);
        assert!(plan.shape.fills.is_empty(), "{field}");
        assert!(matches!(plan.notes.as_slice(), [Note::NotFilled { .. }]), "{field}: {:?}", plan.notes);
    }
}

#[test]
fn a_pivot_tells_where_its_columns_and_ranks_are() {
    let plan = planned(&Query {
        fields: fields(&["created_date", "count", "size", "status", "total"]),
        pivots: fields(&["status", "size"]),
        sorts: vec!["orders.size desc".into(), "orders.total desc 3".into()],
        limit: Some(7),
        column_limit: Some(9),
        ..Query::default()
    });
    let names: Vec<&str> = plan.columns.iter().map(|column| column.column.name.as_str()).collect();
    let expected =
        ["status", "size__sort_", "size", "created_date", "count", "total"].map(|name| format!("orders.{name}"));
    assert_eq!(names, expected);
    let pivot = plan.shape.pivot.as_ref().expect("a pivot");
    assert_eq!((&pivot.columns, &pivot.rows), (&vec![0, 2], &vec![3]));
    assert_eq!(pivot.directions, [Direction::Ascending, Direction::Descending]);
    assert_eq!((pivot.column_limit, plan.limit), (9, Some(7)));
    assert_eq!((pivot.row_rank, pivot.column_rank), (6, 7));
    assert_eq!(plan.order[1].pivot_column, Some(3));
    let sql = plan.render().sql;
    assert!(sql.contains("    z___pivot_row_rank,\n    z__pivot_col_rank\nFROM z__pivot_cells"), "{sql}");
}

#[test]
fn totals_leave_out_dimensions_and_what_has_no_total() {
    let plan = planned(&Query {
        fields: fields(&["status", "created_date", "size", "count", "so_far"]),
        pivots: fields(&["size"]),
        total: true,
        row_total: Some("left".into()),
        subtotals: fields(&["status", "created_date", "size"]),
        ..Query::default()
    });
    let names = |plan: &Plan| -> Vec<String> {
        let shown = plan.columns.iter().filter(|column| column.column.role != Role::SortHelper);
        shown.map(|column| column.column.name.replace("orders.", "")).collect()
    };
    let shape = &plan.shape;
    assert_eq!(names(shape.totals.as_ref().expect("totals")), ["size", "count"]);
    let rows = shape.row_totals.as_ref().expect("row totals");
    assert_eq!(
        (rows.side, names(&rows.plan)),
        (Side::Left, vec!["status".into(), "created_date".into(), "count".into()])
    );
    assert_eq!(names(shape.grand_total.as_ref().expect("a grand total")), ["count"]);
    let subtotals: Vec<(usize, Vec<String>)> =
        shape.subtotals.iter().map(|subtotal| (subtotal.depth, subtotal.dimensions.clone())).collect();
    assert_eq!(subtotals, [(1, fields(&["status"]))]);
    assert_eq!(names(&shape.subtotals[0].plan), ["status", "size", "count"]);
}

#[test]
fn a_query_that_asks_for_nothing_has_a_plain_shape() {
    let shape = planned(&Query { fields: fields(&["status", "count"]), ..Query::default() }).shape;
    assert!(shape.pivot.is_none() && shape.totals.is_none() && shape.row_totals.is_none());
    assert!(shape.subtotals.is_empty() && shape.fills.is_empty() && shape.calculations.is_empty());
}

#[test]
fn row_totals_need_pivots_and_no_filter_on_a_measure() {
    let query = |pivots: &[&str], filter: &str| {
        planned(&Query {
            fields: fields(&["status", "size", "count"]),
            pivots: fields(pivots),
            filters: [("orders.count".to_owned(), filter.to_owned())].into_iter().collect(),
            row_total: Some("right".into()),
            ..Query::default()
        })
    };
    assert!(query(&["size"], "").shape.row_totals.is_some());
    assert!(query(&[], "").shape.row_totals.is_none());
    assert!(query(&["size"], ">1").shape.row_totals.is_none());
}

#[test]
fn calculations_pass_through() {
    let dynamic_fields =
        r#"[{"table_calculation":"share","expression":"${orders.count}/2","value_format_name":"percent_1"}]"#;
    let plan = planned(&Query {
        fields: vec!["orders.status".into(), "orders.count".into(), "share".into()],
        sorts: vec!["share desc".into(), "orders.status".into()],
        dynamic_fields: Some(dynamic_fields.into()),
        ..Query::default()
    });
    assert_eq!(plan.columns.len(), 2);
    let [calculation] = plan.shape.calculations.as_slice() else { panic!("one calculation") };
    assert_eq!(calculation.formula, Formula::Expression("${orders.count}/2".into()));
    assert_eq!(plan.sorts.iter().map(|sort| sort.field.as_str()).collect::<Vec<_>>(), ["share", "orders.status"]);
}

#[test]
fn an_author_s_own_sum_is_noted_where_a_join_repeats_its_rows() {
    let notes = |more: &str| {
        let fields = vec!["orders.by_hand".into(), "orders.most_by_hand".into(), more.into()];
        planned(&Query { fields, ..Query::default() }).notes
    };
    assert_eq!(notes("orders.count"), []);
    assert_eq!(notes("items.count"), [Note::FannedOutByHand { measure: "orders.by_hand".into() }]);
}
