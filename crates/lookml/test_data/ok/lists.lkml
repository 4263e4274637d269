empty: []
words: [a, b.c, set*, -view.field, ALL_FIELDS*]
strings: ["a", "b, c", ""]
mixed: ["x", y]
numbers: [-1, 0, 1.5]
trailing: [a, b,]
leading: [
  , "x", "y"]
commented: [
  a, # the first
  b
  # , c
]
commented_last: [a,
  # b
]
pairs: [status: "done", orders.created_date : "7 days",]
sorts: [orders.count: desc]
spaced: [a, - b]
like_bodies: [sql: "x", html: y, sql_count: "1"]
multiline: [
  status: "a,
b"
]
