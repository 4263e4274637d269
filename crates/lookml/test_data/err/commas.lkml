view: a {
  drill_fields: [b,, c]
  set: s { fields: [b c "d"] }
  measure: m { type: sum, hidden: yes filters: [x: "1" y: "2"] }
  fields: [,, a]
}
