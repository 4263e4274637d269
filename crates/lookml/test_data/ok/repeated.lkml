include: "/views/*.view"
include: "/explores/*.explore"
include: "//shared/*.view"
view: a {
  measure: m {
    filters: { field: status value: "done" }
    filters: [created_date: "7 days", status: "open"]
    filters: []
    link: { label: "A" url: "a" }
    link: { label: "B" url: "b" }
  }
  filter: f { type: string }
  derived_table: {
    create_process: { sql_step: one ;; sql_step: two ;; }
  }
}
view: b { extends: [a] }
explore: a {
  access_filter: { field: a.x user_attribute: x }
  access_filter: { field: a.y user_attribute: y }
  query: first { dimensions: [a.x] }
  query: second { dimensions: [a.y] }
  conditionally_filter: { filters: [x: "1"] unless: [y] }
}
extends: base
explore: b { extends: [a] join: a {} join: c {} }
