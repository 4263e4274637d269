view: a {
  label:
  dimension: b { type: }
  dimension: c { filters: [x: , y: "1"] hidden: , }
}
explore:
