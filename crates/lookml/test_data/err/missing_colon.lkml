view a {
  dimension b { label "B" hidden yes }
  measure: c {
    sql ${TABLE}.c ;;
    drill_fields [b]
    type: sum
  }
}
