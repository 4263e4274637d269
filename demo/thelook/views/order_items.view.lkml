# One row for each piece in an order.
view: order_items {
  sql_table_name: order_items ;;
  drill_fields: [detail*]

  set: detail {
    fields: [id, order_id, status, created_date, users.name, products.name, sale_price, gross_margin]
  }

  set: return_detail {
    fields: [id, order_id, created_date, returned_date, users.email, products.name, sale_price]
  }

  # ---------------------------------------------------------------- keys

  dimension: id {
    description: "Number of the order item."
    primary_key: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.id ;;
  }

  dimension: order_id {
    description: "Number of the order that the item belongs to."
    type: number
    value_format_name: id
    sql: ${TABLE}.order_id ;;
  }

  dimension: user_id {
    hidden: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.user_id ;;
  }

  dimension: inventory_item_id {
    hidden: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.inventory_item_id ;;
  }

  # ---------------------------------------------------------------- from order to delivery

  dimension: status {
    description: "Processing, Shipped, Complete, Cancelled or Returned."
    type: string
    sql: ${TABLE}.status ;;
    suggestions: ["Processing", "Shipped", "Complete", "Cancelled", "Returned"]
  }

  dimension_group: created {
    description: "When the item was ordered."
    type: time
    timeframes: [
      raw,
      time,
      hour_of_day,
      date,
      day_of_week,
      week,
      month,
      month_num,
      month_name,
      quarter,
      quarter_of_year,
      year
    ]
    sql: ${TABLE}.created_at ;;
  }

  dimension_group: shipped {
    description: "When the item left the distribution center; empty before that."
    type: time
    timeframes: [raw, time, date, week, month, quarter, year]
    sql: ${TABLE}.shipped_at ;;
  }

  dimension_group: delivered {
    description: "When the customer received the item; empty before that."
    type: time
    timeframes: [raw, time, date, week, month, quarter, year]
    sql: ${TABLE}.delivered_at ;;
  }

  dimension_group: returned {
    description: "When the item came back; empty if it did not."
    type: time
    timeframes: [raw, time, date, week, month, quarter, year]
    sql: ${TABLE}.returned_at ;;
  }

  dimension_group: to_deliver {
    description: "Whole hours or days from the order to the customer's door."
    type: duration
    intervals: [hour, day]
    sql_start: ${created_raw} ;;
    sql_end: ${delivered_raw} ;;
  }

  dimension: days_to_process {
    description: "Days from the order until the item was shipped; empty before that."
    type: number
    value_format_name: decimal_0
    sql: DATE_DIFF('day', ${created_raw}, ${shipped_raw}) ;;
  }

  dimension: is_returned {
    description: "Whether the item came back."
    type: yesno
    sql: ${returned_raw} IS NOT NULL ;;
  }

  # ---------------------------------------------------------------- one date field, five grains

  parameter: date_granularity {
    description: "The grain of Created Period."
    type: unquoted
    default_value: "month"
    allowed_value: {
      label: "Day"
      value: "day"
    }
    allowed_value: {
      label: "Week"
      value: "week"
    }
    allowed_value: {
      label: "Month"
      value: "month"
    }
    allowed_value: {
      label: "Quarter"
      value: "quarter"
    }
    allowed_value: {
      label: "Year"
      value: "year"
    }
  }

  dimension: created_period {
    label_from_parameter: date_granularity
    description: "When the item was ordered, as fine as Date Granularity says."
    type: string
    sql:
      {% if date_granularity._parameter_value == 'day' %} CAST(${created_date} AS VARCHAR)
      {% elsif date_granularity._parameter_value == 'week' %} CAST(${created_week} AS VARCHAR)
      {% elsif date_granularity._parameter_value == 'quarter' %} CAST(${created_quarter} AS VARCHAR)
      {% elsif date_granularity._parameter_value == 'year' %} CAST(${created_year} AS VARCHAR)
      {% else %} CAST(${created_month} AS VARCHAR)
      {% endif %} ;;
  }

  # ---------------------------------------------------------------- money

  dimension: sale_price {
    description: "What the customer paid for the item."
    type: number
    value_format_name: money
    sql: ${TABLE}.sale_price ;;
  }

  dimension: gross_margin {
    description: "Sale price less what the piece cost the shop."
    type: number
    value_format_name: money
    sql: ${sale_price} - ${inventory_items.cost} ;;
  }

  # ---------------------------------------------------------------- measures

  measure: count {
    description: "How many items were ordered."
    type: count
  }

  measure: order_count {
    description: "How many different orders the items belong to."
    type: count_distinct
    sql: ${order_id} ;;
    drill_fields: [orders.detail*]
  }

  measure: total_sale_price {
    description: "What customers paid in all."
    type: sum
    value_format_name: money
    sql: ${sale_price} ;;
  }

  measure: average_sale_price {
    description: "What customers paid for an item on average."
    type: average
    value_format_name: money
    sql: ${sale_price} ;;
  }

  measure: median_sale_price {
    description: "The price in the middle: half of the items sold for less, half for more."
    type: median
    value_format_name: money
    sql: ${sale_price} ;;
  }

  measure: total_gross_margin {
    description: "Sale prices less what the pieces cost the shop."
    type: sum
    value_format_name: money
    sql: ${gross_margin} ;;
  }

  measure: gross_margin_rate {
    description: "Share of the sale prices that remains as gross margin."
    type: number
    value_format_name: percent_1
    sql: 1.0 * ${total_gross_margin} / NULLIF(${total_sale_price}, 0) ;;
  }

  measure: returned_count {
    description: "How many items came back."
    type: count
    filters: [is_returned: "Yes"]
    drill_fields: [return_detail*]
  }

  measure: return_rate {
    description: "Share of the items that came back."
    type: number
    value_format_name: percent_1
    sql: 1.0 * ${returned_count} / NULLIF(${count}, 0) ;;
    drill_fields: [return_detail*]
  }

  measure: completed_sale_price {
    description: "What customers paid for the items that they received and kept."
    type: sum
    value_format_name: money
    sql: ${sale_price} ;;
    filters: [status: "Complete"]
  }

  measure: average_days_to_process {
    description: "Average days from the order until the item was shipped."
    type: average
    value_format_name: decimal_1
    sql: ${days_to_process} ;;
  }
}
