include: "/views/distribution_centers.view.lkml"
include: "/views/inventory_items.view.lkml"
include: "/views/order_items.view.lkml"
include: "/views/products.view.lkml"

explore: products {
  description: "The catalogue, also products that never sold, with stock and sales."

  join: distribution_centers {
    type: left_outer
    relationship: many_to_one
    sql_on: ${products.distribution_center_id} = ${distribution_centers.id} ;;
  }

  join: inventory_items {
    type: left_outer
    relationship: one_to_many
    sql_on: ${products.id} = ${inventory_items.product_id} ;;
  }

  join: order_items {
    type: left_outer
    relationship: one_to_many
    sql_on: ${inventory_items.id} = ${order_items.inventory_item_id} ;;
  }
}
