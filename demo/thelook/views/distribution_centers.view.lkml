# The warehouses that goods are shipped from.
view: distribution_centers {
  sql_table_name: distribution_centers ;;
  drill_fields: [id, name, products.count]

  dimension: id {
    description: "Number of the distribution center."
    primary_key: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.id ;;
  }

  dimension: name {
    description: "City and state of the distribution center."
    type: string
    sql: ${TABLE}.name ;;
  }

  dimension: location {
    description: "Where the distribution center stands, for maps."
    type: location
    sql_latitude: ${TABLE}.latitude ;;
    sql_longitude: ${TABLE}.longitude ;;
  }

  measure: count {
    description: "How many distribution centers there are."
    type: count
  }
}
