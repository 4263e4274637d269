view: v {
  dimension: a {
    sql: ${TABLE}.a
    label: "A"
    type: string
  }
  dimension: b {
    sql: ${TABLE}.b ;;
    html: <p style="
      color: red;
      background: blue">{{ value }}</p> ;;
  }
}
