include: "/views/events.view.lkml"
include: "/views/orders.view.lkml"
include: "/views/products.view.lkml"
include: "/views/user_order_facts.view.lkml"
include: "/views/users.view.lkml"

explore: events {
  label: "Web Events"
  description: "Visits of the site, page by page, and what became of them."

  join: users {
    type: left_outer
    relationship: many_to_one
    sql_on: ${events.user_id} = ${users.id} ;;
  }

  join: user_order_facts {
    type: left_outer
    relationship: one_to_one
    sql_on: ${users.id} = ${user_order_facts.user_id} ;;
  }

  join: products {
    view_label: "Viewed Products"
    type: left_outer
    relationship: many_to_one
    sql_on: ${events.product_id} = ${products.id} ;;
  }

  # A visitor opens many pages on a day and may order more than once: each page meets each order.
  join: orders {
    view_label: "Orders of the Same Day"
    type: left_outer
    relationship: many_to_many
    sql_on: ${events.user_id} = ${orders.user_id} AND ${events.created_date} = ${orders.created_date} ;;
    fields: [orders.id, orders.status, orders.created_time, orders.count, orders.cancelled_count]
  }
}
