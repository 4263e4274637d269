# The catalogue: one row for each product that the shop sells.
view: products {
  sql_table_name: products ;;
  drill_fields: [detail*]

  set: detail {
    fields: [id, name, brand, category, department, retail_price]
  }

  # ---------------------------------------------------------------- keys

  dimension: id {
    description: "Number of the product."
    primary_key: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.id ;;
  }

  dimension: distribution_center_id {
    hidden: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.distribution_center_id ;;
  }

  # ---------------------------------------------------------------- what it is

  dimension: name {
    description: "Name of the product as customers see it."
    type: string
    sql: ${TABLE}.name ;;
    drill_fields: [id, sku, retail_price]
  }

  dimension: brand {
    description: "The maker's label."
    type: string
    sql: ${TABLE}.brand ;;
    drill_fields: [category, name]
  }

  dimension: category {
    description: "Kind of clothing, such as Jeans or Sweaters."
    type: string
    sql: ${TABLE}.category ;;
    drill_fields: [department, brand, name]
  }

  dimension: department {
    description: "Men or Women."
    type: string
    sql: ${TABLE}.department ;;
    drill_fields: [category, brand]
  }

  dimension: sku {
    label: "SKU"
    description: "Stock keeping unit: the code on the label of the product."
    type: string
    sql: ${TABLE}.sku ;;
  }

  # ---------------------------------------------------------------- prices

  dimension: retail_price {
    description: "List price of one piece, before any discount."
    type: number
    value_format_name: money
    sql: ${TABLE}.retail_price ;;
  }

  dimension: retail_price_tier {
    description: "List price in bands; the lower bound belongs to the band."
    type: tier
    style: interval
    tiers: [0, 25, 50, 100, 200]
    sql: ${retail_price} ;;
  }

  dimension: cost {
    description: "What one piece usually costs the shop."
    type: number
    value_format_name: money
    sql: ${TABLE}.cost ;;
  }

  # ---------------------------------------------------------------- measures

  measure: count {
    description: "How many products there are."
    type: count
  }

  measure: brand_count {
    description: "How many different brands there are."
    type: count_distinct
    sql: ${brand} ;;
    drill_fields: [brand, count]
  }

  measure: average_retail_price {
    description: "Average list price; each product counts once, however often it was sold."
    type: average
    value_format_name: money
    sql: ${retail_price} ;;
  }
}
