connection: "thelook"
label: "The Look"
week_start_day: monday
persist_with: daily_load

include: "/explores/*.explore.lkml"
include: "/tests/*.lkml"

# The shop's data arrives once a day; a new order means that it has arrived.
datagroup: daily_load {
  label: "Daily Load"
  description: "Fires when the load of the day has brought new orders."
  sql_trigger: SELECT MAX(id) FROM orders ;;
  max_cache_age: "24 hours"
}

named_value_format: money {
  value_format: "@{MONEY_FORMAT}"
}

# $950, $12.3K, $4.6M
named_value_format: money_short {
  value_format: "[>=1000000]$0.0,,\"M\";[>=1000]$0.0,\"K\";$0"
}
