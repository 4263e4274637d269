view: orders {
  dimension: state {
    label: State of order
    type: string
  }
}
