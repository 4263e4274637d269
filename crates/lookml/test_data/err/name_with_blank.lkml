view: order items {
  dimension: order id { type: number }
  measure: count { type: count }
}
