view: kinds {
  sql_table_name: main.kinds ;;
  label: "Kinds of Things"

  set: dimensions_only { fields: [id, string, insider] }

  dimension: id {
    primary_key: yes
    type: number
    sql: ${TABLE}.id ;;
  }
  dimension: other_id { hidden: yes type: number sql: ${TABLE}.other_id ;; }
  dimension: string {
    description: "Letters."
    group_label: "Texts"
    group_item_label: "Plain"
    tags: ["a", "b"]
    synonyms: ["word"]
    sql: ${TABLE}.string ;;
    drill_fields: [dimensions_only*, others.name]
    link: {
      label: "Look up"
      url: "https://example.com/?q={{ value }}"
      icon_url: "https://example.com/icon.png"
    }
  }
  dimension: renamed { alias: [old_name] label: "New Name" sql: ${TABLE}.renamed ;; }
  dimension: insider { alias: [old_insider] required_access_grants: [insiders] sql: ${TABLE}.insider ;; }
  dimension: insider_tier { required_access_grants: [insiders] type: tier tiers: [1] sql: ${TABLE}.number ;; }
  dimension: yesno { type: yesno sql: ${TABLE}.flag ;; }
  dimension: tier { type: tier style: integer tiers: [0, 5, 10] sql: ${TABLE}.number ;; }
  dimension: case {
    case: {
      when: { label: "small" sql: ${TABLE}.number < 5 ;; }
      when: { label: "large" sql: ${TABLE}.number >= 5 ;; }
      else: "unknown"
    }
  }
  dimension: zipcode { type: zipcode map_layer_name: us_zipcode_tabulation_areas sql: ${TABLE}.zip ;; }
  dimension: location { type: location sql_latitude: ${TABLE}.lat ;; sql_longitude: ${TABLE}.lon ;; }
  dimension: distance { type: distance start_location_field: location end_location_field: location units: miles }
  dimension: money { type: number value_format_name: usd sql: ${TABLE}.money ;; }
  dimension: percent { type: number value_format: "0.0\%" sql: ${TABLE}.percent ;; }
  dimension: chosen { suggestions: ["x", "y"] sql: ${TABLE}.chosen ;; }
  dimension: unsuggested { suggestable: no can_filter: no sql: ${TABLE}.unsuggested ;; }
  dimension: borrowed { suggest_explore: small suggest_dimension: others.name sql: ${TABLE}.borrowed ;; }

  dimension_group: created {
    type: time
    timeframes: [
      raw, time, date, week, month, quarter, year, hour, hour6, minute, minute15, second, millisecond250, microsecond,
      time_of_day, hour_of_day, day_of_week, day_of_week_index, day_of_month, day_of_year, week_of_year, month_name,
      month_num, quarter_of_year, fiscal_month_num, fiscal_quarter, fiscal_quarter_of_year, fiscal_year, yesno
    ]
    sql: ${TABLE}.created_at ;;
  }
  dimension_group: shipped {
    type: time
    label: "Sent"
    group_label: "Dates of Shipping"
    datatype: date
    convert_tz: no
    allow_fill: no
    timeframes: [date, month]
    sql: ${TABLE}.shipped_on ;;
  }
  dimension_group: waited {
    type: duration
    intervals: [hour, day]
    sql_start: ${created_raw} ;;
    sql_end: ${shipped_date} ;;
  }

  measure: count { type: count drill_fields: [dimensions_only*] }
  measure: count_distinct { type: count_distinct sql: ${string} ;; }
  measure: sum { type: sum sql: ${money} ;; value_format_name: usd }
  measure: average { type: average sql: ${money} ;; }
  measure: min { type: min sql: ${money} ;; }
  measure: max { type: max sql: ${money} ;; }
  measure: median { type: median sql: ${money} ;; }
  measure: percentile { type: percentile percentile: 75 sql: ${money} ;; }
  measure: list { type: list list_field: string }
  measure: number { type: number sql: ${sum} / NULLIF(${count}, 0) ;; }
  measure: text { type: string sql: MAX(${string}) ;; }
  measure: any { type: yesno sql: ${count} > 0 ;; }
  measure: latest { type: date sql: MAX(${created_raw}) ;; }
  measure: running { type: running_total sql: ${sum} ;; }
  measure: share { type: percent_of_total sql: ${sum} ;; }
  measure: change { type: percent_of_previous sql: ${sum} ;; }
  measure: filtered { type: count filters: [string: "a", money: ">5"] }

  filter: text_filter { type: string suggest_dimension: string default_value: "a" }
  filter: date_filter { type: date }
  filter: number_filter { type: number }
  filter: yesno_filter { type: yesno }

  parameter: unquoted_parameter {
    type: unquoted
    default_value: "day"
    allowed_value: { label: "By Day" value: "day" }
    allowed_value: { label: "By Month" value: "month" }
  }
  parameter: text_parameter { type: string }
  parameter: number_parameter { type: number }
  parameter: date_parameter { type: date }
}
