view: a {
  dimension: b {
    type: string
  dimension: c {
    type: number
  }
}
view: d {
  dimension: e {}
}
