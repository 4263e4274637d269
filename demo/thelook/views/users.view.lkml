# The customers of the shop: one row for each account.
view: users {
  sql_table_name: users ;;
  drill_fields: [detail*]

  set: detail {
    fields: [id, name, email, age, city, state, country, created_date]
  }

  # ---------------------------------------------------------------- who

  dimension: id {
    description: "Number of the account."
    primary_key: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.id ;;
  }

  dimension: first_name {
    group_label: "Name"
    description: "First name."
    type: string
    sql: ${TABLE}.first_name ;;
  }

  dimension: last_name {
    group_label: "Name"
    description: "Last name."
    type: string
    sql: ${TABLE}.last_name ;;
  }

  dimension: name {
    group_label: "Name"
    group_item_label: "Full Name"
    description: "First and last name."
    type: string
    sql: ${first_name} || ' ' || ${last_name} ;;
  }

  dimension: email {
    description: "Address that the account was opened with."
    type: string
    sql: ${TABLE}.email ;;
    tags: ["email"]
  }

  dimension: age {
    description: "Age in years; empty when the customer did not tell."
    type: number
    sql: ${TABLE}.age ;;
  }

  dimension: age_tier {
    description: "Age in bands."
    type: tier
    style: integer
    tiers: [18, 25, 35, 45, 55, 65, 75]
    sql: ${age} ;;
    drill_fields: [gender, traffic_source, count]
  }

  dimension: gender {
    description: "Female or Male; empty when the customer did not tell."
    type: string
    sql: ${TABLE}.gender ;;
  }

  # ---------------------------------------------------------------- where

  dimension: city {
    group_label: "Address"
    description: "City of the customer."
    type: string
    sql: ${TABLE}.city ;;
  }

  dimension: state {
    group_label: "Address"
    description: "State, province or region."
    type: string
    sql: ${TABLE}.state ;;
    drill_fields: [city, zip]
  }

  dimension: zip {
    group_label: "Address"
    label: "ZIP"
    description: "ZIP or postal code."
    type: zipcode
    sql: ${TABLE}.zip ;;
  }

  dimension: country {
    group_label: "Address"
    description: "Country of the customer."
    type: string
    sql: ${TABLE}.country ;;
    map_layer_name: countries
    drill_fields: [state, city]
  }

  dimension: location {
    group_label: "Address"
    description: "Where the customer lives, roughly, for maps."
    type: location
    sql_latitude: ${TABLE}.latitude ;;
    sql_longitude: ${TABLE}.longitude ;;
  }

  # ---------------------------------------------------------------- how and when they came

  dimension: traffic_source {
    description: "What brought the customer to the shop first."
    type: string
    sql: ${TABLE}.traffic_source ;;
  }

  dimension_group: created {
    description: "When the account was opened."
    type: time
    timeframes: [raw, time, date, week, month, quarter, year]
    sql: ${TABLE}.created_at ;;
  }

  # ---------------------------------------------------------------- measures

  measure: count {
    description: "How many customers there are."
    type: count
  }

  measure: average_age {
    description: "Average age; each customer counts once, however much they bought."
    type: average
    value_format_name: decimal_1
    sql: ${age} ;;
  }
}
