connection: "warehouse"
<file>

datagroup: nightly { interval_trigger: "24 hours" <datagroup> }
named_value_format: euros { value_format: "0.00" <named_value_format> }
map_layer: districts { file: "districts.topojson" property_key: "name" <map_layer> }

explore: orders {
  <explore>
  join: buyers {
    from: people
    sql_on: ${orders.buyer_id} = ${buyers.id} ;;
    relationship: many_to_one
    <join>
  }
  join: sellers {
    from: people
    sql_on: ${orders.seller_id} = ${sellers.id} ;;
    type: inner
    relationship: many_to_one
  }
  query: by_state { dimensions: [state] <query> }
  aggregate_table: daily {
    query: { dimensions: [sold_date] <aggregate query> }
    materialization: { datagroup_trigger: nightly <materialization> }
  }
}

explore: summary { <explore> }

view: orders {
  <view>
  dimension: id { type: number primary_key: yes <dimension> }
  dimension: buyer_id { type: number <dimension> <dimension primary_key> }
  dimension: seller_id { hidden: yes <dimension type> }
  dimension: state { type: string <dimension> }
  dimension: is_paid { type: yesno <dimension> }
  dimension: paid_on { type: date <dimension> }
  dimension: size { type: tier tiers: [1, 10] <dimension> <dimension style> }
  dimension: speed { case: { when: { sql: ${TABLE}.is_fast ;; label: "fast" } else: "slow" } <dimension alpha_sort> }
  dimension: shop { type: location sql_latitude: ${TABLE}.a ;; sql_longitude: ${TABLE}.b ;; }
  dimension: home { type: location sql_latitude: ${TABLE}.c ;; sql_longitude: ${TABLE}.d ;; }
  dimension: way { type: distance start_location_field: shop end_location_field: home <dimension units> }
  dimension_group: sold { type: time timeframes: [raw, time, date, week] <dimension_group> }
  dimension_group: sent { <dimension_group type> timeframes: [raw, date] }
  dimension_group: key { type: time timeframes: [raw] <dimension_group primary_key> }
  dimension_group: packed {
    type: duration sql_start: ${sold_raw} ;; sql_end: ${sent_raw} ;; intervals: [day] <dimension_group>
  }
  measure: count { type: count drill_fields: [id] <measure> }
  measure: states { type: count_distinct sql: ${state} ;; <measure> }
  measure: revenue { type: sum sql: ${TABLE}.amount ;; <measure> }
  measure: words { sql: MAX(${TABLE}.words) ;; <measure type> }
  measure: last { type: date sql: MAX(${TABLE}.sold) ;; <measure> }
  measure: a_year_ago { type: period_over_period based_on: revenue based_on_time: sold_date period: year <measure kind> }
  measure: so_far {
    type: period_over_period based_on: revenue based_on_time: sold_date period: year <measure value_to_date>
  }
  filter: since { type: date <filter> }
  filter: word { <filter type> }
  parameter: unit { type: unquoted allowed_value: { label: "Days" value: "days" } <parameter> }
  parameter: text { <parameter type> }
  dimension: button {
    action: {
      label: "Send" url: "https://example.com/send"
      form_param: { name: "text" <form_param> }
    }
  }
}

view: people {
  sql_table_name: people ;;
  <view>
  dimension: id { type: number primary_key: yes }
}

view: summary {
  derived_table: {
    explore_source: orders {
      column: state {}
      filters: [orders.state: "sent"]
      sort: { field: orders.state <sort> }
      <explore_source>
    }
    datagroup_trigger: nightly
    <derived_table>
  }
  dimension: state {}
}
