view: v {
  dimension: a { description:: "x" sql:: ${TABLE}.a ;; }
  dimension: : b { filters: [c:: "d"] }
}
