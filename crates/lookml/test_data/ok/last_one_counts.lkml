connection: "first"
connection: "second"
view: v {
  dimension: d {
    label: "x"
    type: string
    label: "y"
    tags: ["a"]
    tags: ["b"]
    label: "z"
  }
  dimension: d { label: "another block of the same name" }
}
