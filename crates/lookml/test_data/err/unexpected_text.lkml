explore: a some_text
view: b {
  dimension: c { type: string }
  $ {garbage: { in: here } }
  "stray"
  dimension: d { type: number }
}
