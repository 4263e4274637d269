# What each customer has bought so far: one row for each user with at least one item that was not cancelled.
view: user_order_facts {
  label: "User Facts"
  derived_table: {
    sql:
      SELECT
        user_id,
        COUNT(DISTINCT order_id) AS lifetime_orders,
        SUM(sale_price) AS lifetime_revenue,
        MIN(created_at) AS first_order_at,
        MAX(created_at) AS latest_order_at
      FROM order_items
      WHERE status <> 'Cancelled'
      GROUP BY user_id ;;
  }

  dimension: user_id {
    primary_key: yes
    hidden: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.user_id ;;
  }

  dimension: lifetime_orders {
    description: "How many orders the customer has placed, cancelled ones left out."
    type: number
    value_format_name: decimal_0
    sql: ${TABLE}.lifetime_orders ;;
  }

  dimension: lifetime_orders_tier {
    description: "Orders of the customer in bands; Undefined holds customers without an order."
    type: tier
    style: integer
    tiers: [1, 2, 3, 5, 10]
    sql: ${lifetime_orders} ;;
  }

  dimension: lifetime_revenue {
    description: "What the customer has paid in all, cancelled items left out."
    type: number
    value_format_name: money
    sql: ${TABLE}.lifetime_revenue ;;
  }

  dimension: is_repeat_customer {
    description: "Whether the customer has ordered more than once."
    type: yesno
    sql: ${lifetime_orders} > 1 ;;
  }

  dimension_group: first_order {
    description: "When the customer ordered for the first time."
    type: time
    timeframes: [raw, date, week, month, quarter, year]
    sql: ${TABLE}.first_order_at ;;
  }

  dimension_group: latest_order {
    description: "When the customer ordered last."
    type: time
    timeframes: [raw, date, week, month, quarter, year]
    sql: ${TABLE}.latest_order_at ;;
  }

  dimension_group: as_customer {
    description: "Time from the first to the latest order."
    type: duration
    intervals: [day, month]
    sql_start: ${first_order_raw} ;;
    sql_end: ${latest_order_raw} ;;
  }

  measure: average_lifetime_orders {
    description: "Orders per customer, of the customers who have ordered."
    type: average
    value_format_name: decimal_2
    sql: ${lifetime_orders} ;;
  }

  measure: average_lifetime_revenue {
    description: "What a customer has paid in all on average, of the customers who have ordered."
    type: average
    value_format_name: money
    sql: ${lifetime_revenue} ;;
  }

  measure: repeat_customer_count {
    description: "How many customers have ordered more than once."
    type: count
    filters: [is_repeat_customer: "Yes"]
  }
}
