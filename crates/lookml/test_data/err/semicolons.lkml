view: a {
  dimension: b { type: string; sql: ${TABLE}.b ;; }
  dimension: c { hidden: yes ;; label: "C" }
  dimension: d { sql: x ;;; label: "D" }
  drill_fields: [b; c]
}
