view: a {
  drill_fields: [b, c
  dimension: b { type: string }
  measure: m {
    filters: [x: "1",
      y: "2"
    type: sum
  }
  set: s { fields: [b, c }
  fields: [a, {b}, c]
}
