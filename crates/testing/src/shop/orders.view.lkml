view: orders {
  sql_table_name: orders ;;

  dimension: id {
    primary_key: yes
    type: number
    sql: ${TABLE}.id ;;
  }

  dimension: user_id {
    hidden: yes
    type: number
    sql: ${TABLE}.user_id ;;
  }

  dimension: status {
    sql: ${TABLE}.status ;;
  }

  dimension: amount {
    type: number
    sql: ${TABLE}.amount ;;
    value_format_name: usd
  }

  dimension: is_large {
    type: yesno
    sql: ${amount} > 15 ;;
  }

  dimension_group: created {
    type: time
    timeframes: [time, date, month]
    sql: ${TABLE}.created_at ;;
  }

  # Fails when the statement is bound.
  dimension: misspelt {
    sql: ${TABLE}.no_such_column ;;
  }

  # Fails when a row is read.
  dimension: status_as_number {
    type: number
    sql: CAST(${TABLE}.status AS INTEGER) ;;
  }

  measure: count {
    type: count
    drill_fields: [id, status, users.name]
  }

  measure: total_amount {
    type: sum
    sql: ${amount} ;;
    value_format_name: usd
  }

  measure: complete_count {
    type: count
    filters: [status: "complete"]
  }
}
