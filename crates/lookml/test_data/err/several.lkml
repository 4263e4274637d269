view: a {
  label "A"
  dimension: b { type: string; }
  dimension: c { tags: ["x" "y"] sql: ${TABLE}.c ;; }
  dimension: ok { type: number }
}
explore: a { join: b { type: left_outer } }
