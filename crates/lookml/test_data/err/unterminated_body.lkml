view: a {
  dimension: b { sql: ${TABLE}.b ;; }
  dimension: c {
    sql: CASE WHEN x
      THEN y END
    label: "C"
  }
  dimension: d { type: string }
}
explore: a { sql_always_where:
}
