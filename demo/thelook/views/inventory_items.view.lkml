# Single pieces in stock. A piece whose order was cancelled goes back on the shelf and may be sold again, so a piece can
# have several order items.
view: inventory_items {
  sql_table_name: inventory_items ;;
  drill_fields: [detail*]

  set: detail {
    fields: [id, products.name, created_date, sold_date, cost, days_in_inventory]
  }

  # ---------------------------------------------------------------- keys

  dimension: id {
    description: "Number of the piece."
    primary_key: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.id ;;
  }

  dimension: product_id {
    hidden: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.product_id ;;
  }

  # ---------------------------------------------------------------- from the shelf to the customer

  dimension_group: created {
    description: "When the piece came into the warehouse."
    type: time
    timeframes: [raw, time, date, week, month, quarter, year]
    sql: ${TABLE}.created_at ;;
  }

  dimension_group: sold {
    description: "When the piece was sold; empty while it is on the shelf."
    type: time
    timeframes: [raw, time, date, week, month, quarter, year]
    sql: ${TABLE}.sold_at ;;
  }

  dimension: is_sold {
    description: "Whether the piece has been sold."
    type: yesno
    sql: ${sold_raw} IS NOT NULL ;;
  }

  dimension: days_in_inventory {
    description: "Days from stock to sale; empty while the piece is on the shelf."
    type: number
    value_format_name: decimal_0
    sql: DATE_DIFF('day', ${created_raw}, ${sold_raw}) ;;
  }

  dimension: days_in_inventory_tier {
    description: "Days from stock to sale in bands; Undefined holds the pieces still on the shelf."
    type: tier
    style: integer
    tiers: [0, 5, 10, 20, 40, 80, 160]
    sql: ${days_in_inventory} ;;
  }

  # ---------------------------------------------------------------- money

  dimension: cost {
    description: "What the shop paid for this piece."
    type: number
    value_format_name: money
    sql: ${TABLE}.cost ;;
  }

  # ---------------------------------------------------------------- measures

  measure: count {
    description: "How many pieces there are, sold or not."
    type: count
  }

  measure: sold_count {
    description: "How many pieces have been sold."
    type: count
    filters: [is_sold: "Yes"]
  }

  measure: on_shelf_count {
    description: "How many pieces wait for a buyer."
    type: count
    filters: [is_sold: "No"]
  }

  measure: sold_rate {
    description: "Share of the pieces that have been sold."
    type: number
    value_format_name: percent_1
    sql: 1.0 * ${sold_count} / NULLIF(${count}, 0) ;;
  }

  measure: total_cost {
    description: "What the pieces cost the shop; each piece counts once, however often it was ordered."
    type: sum
    value_format_name: money_short
    sql: ${cost} ;;
  }

  measure: average_cost {
    description: "What a piece costs the shop on average."
    type: average
    value_format_name: money
    sql: ${cost} ;;
  }

  measure: average_days_in_inventory {
    description: "Average days from stock to sale, of the pieces that have been sold."
    type: average
    value_format_name: decimal_1
    sql: ${days_in_inventory} ;;
  }
}
