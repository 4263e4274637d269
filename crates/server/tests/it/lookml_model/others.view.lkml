view: others {
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: name {}
  measure: count { type: count }
  measure: total { type: sum sql: ${TABLE}.number ;; }
  measure: mean { type: average sql: ${TABLE}.number ;; }
  measure: middle { type: median sql: ${TABLE}.number ;; }
  measure: highest { type: max sql: ${TABLE}.number ;; }
}
