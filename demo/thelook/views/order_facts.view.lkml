# Size and value of each order, asked of the explore order_items itself: what an item is worth is defined in one place.
view: order_facts {
  derived_table: {
    explore_source: order_items {
      column: order_id {}
      column: item_count { field: order_items.count }
      column: order_value { field: order_items.total_sale_price }
    }
  }

  dimension: order_id {
    primary_key: yes
    hidden: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.order_id ;;
  }

  dimension: item_count {
    description: "How many items the order has."
    type: number
    value_format_name: decimal_0
    sql: ${TABLE}.item_count ;;
  }

  dimension: order_value {
    description: "What the customer paid for the order."
    type: number
    value_format_name: money
    sql: ${TABLE}.order_value ;;
  }

  measure: average_item_count {
    description: "Items per order."
    type: average
    value_format_name: decimal_2
    sql: ${item_count} ;;
  }

  measure: average_order_value {
    description: "What customers pay for an order on average."
    type: average
    value_format_name: money
    sql: ${order_value} ;;
  }
}
