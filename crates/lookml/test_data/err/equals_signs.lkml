view: orders {
  dimension: state {
    type = string
    hidden = yes
    label = "State"
    tags = ["a"]
  }
}
