include: "/views/inventory_items.view.lkml"
include: "/views/order_facts.view.lkml"
include: "/views/order_items.view.lkml"
include: "/views/orders.view.lkml"
include: "/views/products.view.lkml"
include: "/views/user_order_facts.view.lkml"
include: "/views/users.view.lkml"

explore: orders {
  description: "Orders as a whole: how many, how large, how many cancelled."

  join: order_facts {
    type: left_outer
    relationship: one_to_one
    sql_on: ${orders.id} = ${order_facts.order_id} ;;
  }

  join: users {
    type: left_outer
    relationship: many_to_one
    sql_on: ${orders.user_id} = ${users.id} ;;
  }

  join: user_order_facts {
    type: left_outer
    relationship: one_to_one
    sql_on: ${users.id} = ${user_order_facts.user_id} ;;
  }

  join: order_items {
    type: left_outer
    relationship: one_to_many
    sql_on: ${orders.id} = ${order_items.order_id} ;;
  }

  join: inventory_items {
    type: left_outer
    relationship: many_to_one
    sql_on: ${order_items.inventory_item_id} = ${inventory_items.id} ;;
  }

  join: products {
    type: left_outer
    relationship: many_to_one
    sql_on: ${inventory_items.product_id} = ${products.id} ;;
  }
}
