view: a {
  label: "Orders
  description: "All of them"
  dimension: b { label: "x
    type: string }
}
