explore: orders {
  description: "All orders"
  {
    fields: [orders.id]
  }
}
