connection: @{CONNECTION}
view: @{PREFIX}_orders {
  label: @{LABEL} x
  drill_fields: [@{A}, b]
  dimension: c { based_on: ${orders.d} }
}
