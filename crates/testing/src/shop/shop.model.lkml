connection: "shop"
label: "Corner Shop"
include: "/views/*.view.lkml"

explore: orders {
  description: "What was bought."
  join: users {
    sql_on: ${orders.user_id} = ${users.id} ;;
    relationship: many_to_one
  }
}

explore: users {
  join: orders {
    sql_on: ${users.id} = ${orders.user_id} ;;
    relationship: one_to_many
  }
}

explore: numbers {
  hidden: yes
}

explore: endless {
  hidden: yes
}
