view: a {
  label: 'Orders'
  description: 'all of the orders'
  tags: ['x', 'y z']
  dimension: b { type: string }
}
