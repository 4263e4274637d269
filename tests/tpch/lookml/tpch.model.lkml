connection: "tpch"
include: "/*.view.lkml"

# Sales, line by line: whatever is asked of what was shipped.
explore: lineitem {
  join: orders {
    sql_on: ${lineitem.orderkey} = ${orders.orderkey} ;;
    relationship: many_to_one
  }
  join: customer {
    sql_on: ${orders.custkey} = ${customer.custkey} ;;
    relationship: many_to_one
  }
  join: customer_nation {
    from: nation
    sql_on: ${customer.nationkey} = ${customer_nation.nationkey} ;;
    relationship: many_to_one
  }
  join: customer_region {
    from: region
    sql_on: ${customer_nation.regionkey} = ${customer_region.regionkey} ;;
    relationship: many_to_one
  }
  join: supplier {
    sql_on: ${lineitem.suppkey} = ${supplier.suppkey} ;;
    relationship: many_to_one
  }
  join: supplier_nation {
    from: nation
    sql_on: ${supplier.nationkey} = ${supplier_nation.nationkey} ;;
    relationship: many_to_one
  }
  join: part {
    sql_on: ${lineitem.partkey} = ${part.partkey} ;;
    relationship: many_to_one
  }
  join: partsupp {
    sql_on: ${lineitem.partkey} = ${partsupp.partkey} AND ${lineitem.suppkey} = ${partsupp.suppkey} ;;
    relationship: many_to_one
  }
  join: part_quantity {
    sql_on: ${lineitem.partkey} = ${part_quantity.partkey} ;;
    relationship: many_to_one
  }
  join: order_suppliers {
    sql_on: ${lineitem.orderkey} = ${order_suppliers.orderkey} ;;
    relationship: many_to_one
  }
}

# Orders, with the lines that repeat them.
explore: orders {
  join: lineitem {
    sql_on: ${orders.orderkey} = ${lineitem.orderkey} ;;
    relationship: one_to_many
  }
}

# What suppliers have of each part.
explore: partsupp {
  join: part {
    sql_on: ${partsupp.partkey} = ${part.partkey} ;;
    relationship: many_to_one
  }
  join: supplier {
    sql_on: ${partsupp.suppkey} = ${supplier.suppkey} ;;
    relationship: many_to_one
  }
  join: nation {
    sql_on: ${supplier.nationkey} = ${nation.nationkey} ;;
    relationship: many_to_one
  }
  join: region {
    sql_on: ${nation.regionkey} = ${region.regionkey} ;;
    relationship: many_to_one
  }
  join: cheapest {
    sql_on: ${partsupp.partkey} = ${cheapest.partkey} AND ${region.name} = ${cheapest.region} ;;
    relationship: many_to_one
  }
  join: shipped {
    sql_on: ${partsupp.partkey} = ${shipped.partkey} AND ${partsupp.suppkey} = ${shipped.suppkey} ;;
    relationship: many_to_one
  }
  join: nation_stock {
    sql_on: ${nation.name} = ${nation_stock.nation} ;;
    relationship: many_to_one
  }
}

# Customers, with the orders that they may have.
explore: customer {
  join: orders {
    sql_on: ${customer.custkey} = ${orders.custkey} ;;
    relationship: one_to_many
  }
  join: usual_orders {
    from: orders
    sql_on: ${customer.custkey} = ${usual_orders.custkey} AND ${usual_orders.comment} NOT LIKE '%special%requests%' ;;
    relationship: one_to_many
  }
  join: solvent {
    type: cross
    relationship: many_to_one
  }
}

# How many orders each customer has.
explore: customer_orders {}

explore: supplier {
  join: quarter {
    type: inner
    sql_on: ${supplier.suppkey} = ${quarter.suppkey} ;;
    relationship: one_to_one
  }
}
