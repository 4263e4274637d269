# What else a question needs, computed beforehand.

view: cheapest {
  derived_table: {
    sql:
      SELECT ps_partkey, r_name, MIN(ps_supplycost) AS supplycost
      FROM partsupp
      JOIN supplier ON ps_suppkey = s_suppkey
      JOIN nation ON s_nationkey = n_nationkey
      JOIN region ON n_regionkey = r_regionkey
      GROUP BY ps_partkey, r_name ;;
  }
  dimension: partkey { hidden: yes type: number sql: ${TABLE}.ps_partkey ;; }
  dimension: region { hidden: yes sql: ${TABLE}.r_name ;; }
  dimension: supplycost { type: number sql: ${TABLE}.supplycost ;; }
}

view: shipped {
  derived_table: {
    explore_source: lineitem {
      column: partkey { field: lineitem.partkey }
      column: suppkey { field: lineitem.suppkey }
      column: quantity { field: lineitem.sum_qty }
      filters: [lineitem.ship_date: "1994"]
    }
  }
  dimension: partkey { hidden: yes type: number }
  dimension: suppkey { hidden: yes type: number }
  dimension: quantity { type: number }
}

view: nation_stock {
  derived_table: {
    explore_source: partsupp {
      column: nation { field: nation.name }
      column: value { field: partsupp.value }
    }
  }
  dimension: nation { primary_key: yes hidden: yes }
  measure: value { type: max sql: ${TABLE}.value ;; }
}

view: part_quantity {
  derived_table: {
    explore_source: lineitem {
      column: partkey { field: lineitem.partkey }
      column: average { field: lineitem.avg_qty }
    }
  }
  dimension: partkey { primary_key: yes hidden: yes type: number }
  dimension: average { type: number }
}

view: order_suppliers {
  derived_table: {
    sql:
      SELECT
        l_orderkey,
        COUNT(DISTINCT l_suppkey) AS suppliers,
        COUNT(DISTINCT CASE WHEN l_receiptdate > l_commitdate THEN l_suppkey END) AS late_suppliers
      FROM lineitem
      GROUP BY l_orderkey ;;
  }
  dimension: orderkey { primary_key: yes hidden: yes type: number sql: ${TABLE}.l_orderkey ;; }
  dimension: suppliers { type: number }
  dimension: late_suppliers { type: number }
}

view: solvent {
  derived_table: {
    sql:
      SELECT AVG(c_acctbal) AS average
      FROM customer
      WHERE c_acctbal > 0.00 AND {% condition customer.country_code %} SUBSTRING(c_phone, 1, 2) {% endcondition %} ;;
  }
  dimension: average { type: number }
}

view: customer_orders {
  derived_table: {
    explore_source: customer {
      column: custkey { field: customer.custkey }
      column: order_count { field: usual_orders.count }
    }
  }
  dimension: custkey { primary_key: yes type: number }
  dimension: order_count { type: number }
  measure: count { type: count }
}

view: quarter {
  derived_table: {
    explore_source: lineitem {
      column: suppkey { field: lineitem.suppkey }
      column: total_revenue { field: lineitem.revenue }
      bind_filters: { from_field: quarter.ship_date to_field: lineitem.ship_date }
      derived_column: best { sql: MAX(total_revenue) OVER () ;; }
    }
  }
  filter: ship_date { type: date }
  dimension: suppkey { primary_key: yes hidden: yes type: number }
  dimension: total_revenue { type: number }
  dimension: is_best { type: yesno sql: ${total_revenue} = ${TABLE}.best ;; }
}
