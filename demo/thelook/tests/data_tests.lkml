include: "/explores/order_items.explore.lkml"
include: "/explores/orders.explore.lkml"

test: order_id_is_unique {
  explore_source: orders {
    column: id {}
    column: count {}
    sorts: [orders.count: desc]
    limit: 1
  }
  assert: one_row_for_each_order {
    expression: ${orders.count} = 1 ;;
  }
}

test: every_item_has_an_order {
  explore_source: order_items {
    column: count {}
    filters: [orders.id: "NULL"]
  }
  assert: no_item_without_order {
    expression: ${order_items.count} = 0 ;;
  }
}

test: prices_are_positive {
  explore_source: order_items {
    column: count {}
    filters: [order_items.sale_price: "<=0"]
  }
  assert: no_item_for_nothing {
    expression: ${order_items.count} = 0 ;;
  }
}
