- view: orders
  fields:
  - dimension: id
