sql_table_name: analytics.orders ;;
sql: ${TABLE}.cost;;
sql_on:${a.id} = ${b.id};;
sql_where:;;
sql_having: ;;
html: <b style="color:#333; width: 1em">{{ value }}</b> ;;
expression: ${orders.total} > 0 ;;
expression_custom_filter: ${a} = "x" ;;
sql_anything_at_all: "Home" ;;
sql_start:
  #standardSQL
  SELECT [1], '{' -- one quote " and one brace {
  FROM t; SELECT 2

;;
sql_end : a
  : b :: int ;;
sql # why
  : late ;;
sql_case: { when: { sql: 1 = 1 ;; label: "x" } }
