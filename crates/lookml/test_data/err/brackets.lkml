view: a {
  set: s { fields: b] }
  set: t { fields: [[b], c: ] }
  fields: [a: b: c]
}
