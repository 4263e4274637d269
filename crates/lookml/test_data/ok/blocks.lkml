view: orders {
  derived_table: {
    explore_source: orders {
      column: id {}
      column: total { field: orders.total }
      bind_filters: { from_field: a to_field: b }
    }
  }
  dimension: id { primary_key: yes sql: ${TABLE}.id ;; }
  dimension:total_2{type:number sql:${TABLE}.b;;}
  dimension: Status.With-Signs {
    case: {
      when: { sql: ${TABLE}.s = 0 ;; label: "open" }
      when: { sql: ${TABLE}.s = 1 ;; label: "closed" }
      else: "unknown"
    }
    action: {
      label: "Send"
      form_param: { name: "to" option: { name: "a" label: "A" } option: { name: "b" } }
    }
  }
  measure: count { type: count }
  set: detail { fields: [id, total*] }
}
view: +orders { label: "Refined" }
explore: +orders {}
empty: {}
