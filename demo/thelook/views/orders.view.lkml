# One row for each order; what was bought stands in order_items.
view: orders {
  sql_table_name: orders ;;
  drill_fields: [detail*]

  set: detail {
    fields: [id, created_time, status, users.name, order_items.count, order_items.total_sale_price]
  }

  # ---------------------------------------------------------------- keys

  dimension: id {
    description: "Number of the order."
    primary_key: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.id ;;
  }

  dimension: user_id {
    hidden: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.user_id ;;
  }

  # ---------------------------------------------------------------- what happened

  dimension: status {
    description: "Processing, Shipped, Complete, Cancelled, or Returned when every item came back."
    type: string
    sql: ${TABLE}.status ;;
    suggestions: ["Processing", "Shipped", "Complete", "Cancelled", "Returned"]
  }

  dimension_group: created {
    description: "When the customer placed the order."
    type: time
    timeframes: [raw, time, hour_of_day, date, day_of_week, week, month, month_name, quarter, year]
    sql: ${TABLE}.created_at ;;
  }

  # ---------------------------------------------------------------- measures

  measure: count {
    description: "How many orders there are."
    type: count
  }

  measure: cancelled_count {
    description: "How many orders were cancelled."
    type: count
    filters: [status: "Cancelled"]
  }

  measure: cancellation_rate {
    description: "Share of the orders that were cancelled."
    type: number
    value_format_name: percent_1
    sql: 1.0 * ${cancelled_count} / NULLIF(${count}, 0) ;;
  }
}
