"view": a {
  dimension: "b" { type: string }
  filters: ["c": "d"]
}
