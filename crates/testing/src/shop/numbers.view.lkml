# More rows than fit into one piece of an answer.
view: numbers {
  derived_table: {
    sql: SELECT range AS id FROM range(40000) ;;
  }

  dimension: id {
    primary_key: yes
    type: number
    sql: ${TABLE}.id ;;
  }

  dimension: padding {
    sql: repeat('x', 200) ;;
  }

  # Fails long after the first rows are on their way.
  dimension: late {
    sql: CASE WHEN ${TABLE}.id < 30000 THEN 'fine' ELSE error('row ' || ${TABLE}.id) END ;;
  }

  measure: count {
    type: count
  }
}

# Rows without end, and a sum of them that never comes.
view: endless {
  derived_table: {
    sql: SELECT a.range AS x, b.range AS y FROM range(100000000000) AS a, range(100) AS b ;;
  }

  dimension: x {
    primary_key: yes
    type: number
    sql: ${TABLE}.x ;;
  }

  dimension: product {
    hidden: yes
    type: number
    sql: ${TABLE}.x * ${TABLE}.y ;;
  }

  measure: highest {
    type: max
    sql: ${product} ;;
  }
}
