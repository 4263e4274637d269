view: region {
  sql_table_name: region ;;
  dimension: regionkey { primary_key: yes type: number sql: ${TABLE}.r_regionkey ;; }
  dimension: name { sql: ${TABLE}.r_name ;; }
}

view: nation {
  sql_table_name: nation ;;
  dimension: nationkey { primary_key: yes type: number sql: ${TABLE}.n_nationkey ;; }
  dimension: regionkey { hidden: yes type: number sql: ${TABLE}.n_regionkey ;; }
  dimension: name { sql: ${TABLE}.n_name ;; }
}

view: supplier {
  sql_table_name: supplier ;;
  dimension: suppkey { primary_key: yes type: number sql: ${TABLE}.s_suppkey ;; }
  dimension: nationkey { hidden: yes type: number sql: ${TABLE}.s_nationkey ;; }
  dimension: name { sql: ${TABLE}.s_name ;; }
  dimension: address { sql: ${TABLE}.s_address ;; }
  dimension: phone { sql: ${TABLE}.s_phone ;; }
  dimension: comment { sql: ${TABLE}.s_comment ;; }
  dimension: acctbal { type: number sql: ${TABLE}.s_acctbal ;; }
}

view: customer {
  sql_table_name: customer ;;
  dimension: custkey { primary_key: yes type: number sql: ${TABLE}.c_custkey ;; }
  dimension: nationkey { hidden: yes type: number sql: ${TABLE}.c_nationkey ;; }
  dimension: name { sql: ${TABLE}.c_name ;; }
  dimension: address { sql: ${TABLE}.c_address ;; }
  dimension: phone { sql: ${TABLE}.c_phone ;; }
  dimension: country_code { sql: SUBSTRING(${phone}, 1, 2) ;; }
  dimension: comment { sql: ${TABLE}.c_comment ;; }
  dimension: mktsegment { sql: ${TABLE}.c_mktsegment ;; }
  dimension: acctbal { type: number sql: ${TABLE}.c_acctbal ;; }
  dimension: is_above_average { type: yesno sql: ${acctbal} > ${solvent.average} ;; }
  measure: count { type: count }
  measure: total_acctbal { type: sum sql: ${acctbal} ;; }
}

view: part {
  sql_table_name: part ;;
  dimension: partkey { primary_key: yes type: number sql: ${TABLE}.p_partkey ;; }
  dimension: name { sql: ${TABLE}.p_name ;; }
  dimension: mfgr { sql: ${TABLE}.p_mfgr ;; }
  dimension: brand { sql: ${TABLE}.p_brand ;; }
  dimension: type { sql: ${TABLE}.p_type ;; }
  dimension: size { type: number sql: ${TABLE}.p_size ;; }
  dimension: container { sql: ${TABLE}.p_container ;; }
}

view: partsupp {
  sql_table_name: partsupp ;;
  dimension: key {
    primary_key: yes
    hidden: yes
    sql: ${TABLE}.ps_partkey || '-' || ${TABLE}.ps_suppkey ;;
  }
  dimension: partkey { type: number sql: ${TABLE}.ps_partkey ;; }
  dimension: suppkey { type: number sql: ${TABLE}.ps_suppkey ;; }
  dimension: supplycost { type: number sql: ${TABLE}.ps_supplycost ;; }
  dimension: availqty { type: number sql: ${TABLE}.ps_availqty ;; }
  dimension: is_cheapest { type: yesno sql: ${supplycost} = ${cheapest.supplycost} ;; }
  dimension: is_excess { type: yesno sql: ${availqty} > 0.5 * ${shipped.quantity} ;; }
  measure: supplier_count { type: count_distinct sql: ${suppkey} ;; }
  measure: value { type: sum sql: ${supplycost} * ${availqty} ;; }
  measure: share_of_nation { type: number sql: ${value} / ${nation_stock.value} ;; }
}

view: orders {
  sql_table_name: orders ;;
  dimension: orderkey { primary_key: yes type: number sql: ${TABLE}.o_orderkey ;; }
  dimension: custkey { type: number sql: ${TABLE}.o_custkey ;; }
  dimension: status { sql: ${TABLE}.o_orderstatus ;; }
  dimension: priority { sql: ${TABLE}.o_orderpriority ;; }
  dimension: shippriority { type: number sql: ${TABLE}.o_shippriority ;; }
  dimension: comment { sql: ${TABLE}.o_comment ;; }
  dimension: totalprice { type: number sql: ${TABLE}.o_totalprice ;; }
  dimension_group: order {
    type: time
    datatype: date
    convert_tz: no
    timeframes: [date, year]
    sql: ${TABLE}.o_orderdate ;;
  }
  measure: count { type: count }
}

view: lineitem {
  sql_table_name: lineitem ;;
  dimension: key {
    primary_key: yes
    hidden: yes
    sql: ${TABLE}.l_orderkey || '-' || ${TABLE}.l_linenumber ;;
  }
  dimension: orderkey { type: number sql: ${TABLE}.l_orderkey ;; }
  dimension: partkey { type: number sql: ${TABLE}.l_partkey ;; }
  dimension: suppkey { type: number sql: ${TABLE}.l_suppkey ;; }
  dimension: returnflag { sql: ${TABLE}.l_returnflag ;; }
  dimension: linestatus { sql: ${TABLE}.l_linestatus ;; }
  dimension: shipmode { sql: ${TABLE}.l_shipmode ;; }
  dimension: shipinstruct { sql: ${TABLE}.l_shipinstruct ;; }
  dimension: quantity { type: number sql: ${TABLE}.l_quantity ;; }
  dimension: extendedprice { type: number sql: ${TABLE}.l_extendedprice ;; }
  dimension: discount { type: number sql: ${TABLE}.l_discount ;; }
  dimension: tax { type: number sql: ${TABLE}.l_tax ;; }
  dimension: disc_price { hidden: yes type: number sql: ${extendedprice} * (1 - ${discount}) ;; }
  dimension_group: ship {
    type: time
    datatype: date
    convert_tz: no
    timeframes: [date, year]
    sql: ${TABLE}.l_shipdate ;;
  }
  dimension_group: commit {
    type: time
    datatype: date
    convert_tz: no
    timeframes: [date]
    sql: ${TABLE}.l_commitdate ;;
  }
  dimension_group: receipt {
    type: time
    datatype: date
    convert_tz: no
    timeframes: [date]
    sql: ${TABLE}.l_receiptdate ;;
  }
  dimension: is_late { type: yesno sql: ${TABLE}.l_commitdate < ${TABLE}.l_receiptdate ;; }
  dimension: was_shipped_before_commitment { type: yesno sql: ${TABLE}.l_shipdate < ${TABLE}.l_commitdate ;; }
  dimension: is_local { type: yesno sql: ${customer.nationkey} = ${supplier.nationkey} ;; }
  dimension: is_small { type: yesno sql: ${quantity} < 0.2 * ${part_quantity.average} ;; }
  measure: count { type: count }
  measure: sum_qty { type: sum sql: ${quantity} ;; }
  measure: sum_base_price { type: sum sql: ${extendedprice} ;; }
  measure: revenue { type: sum sql: ${disc_price} ;; }
  measure: sum_charge { type: sum sql: ${disc_price} * (1 + ${tax}) ;; }
  measure: avg_qty { type: average sql: ${quantity} ;; }
  measure: avg_price { type: average sql: ${extendedprice} ;; }
  measure: avg_disc { type: average sql: ${discount} ;; }
  measure: discount_given { type: sum sql: ${extendedprice} * ${discount} ;; }
  measure: profit { type: sum sql: ${disc_price} - ${partsupp.supplycost} * ${quantity} ;; }
  measure: promo_revenue { type: sum sql: ${disc_price} ;; filters: [part.type: "PROMO%"] }
  measure: promo_share { type: number sql: 100.00 * ${promo_revenue} / ${revenue} ;; }
  measure: brazil_revenue { type: sum sql: ${disc_price} ;; filters: [supplier_nation.name: "BRAZIL"] }
  measure: brazil_share { type: number sql: ${brazil_revenue} / ${revenue} ;; }
  measure: high_line_count { type: count filters: [orders.priority: "1-URGENT,2-HIGH"] }
  measure: low_line_count { type: count filters: [orders.priority: "-1-URGENT,-2-HIGH"] }
  measure: avg_yearly { type: number sql: ${sum_base_price} / 7.0 ;; }
}
