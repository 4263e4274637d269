connection: "shop"
label: "One of Each"
fiscal_month_offset: 3
week_start_day: sunday
include: "/views/*.view.lkml"

access_grant: insiders {
  user_attribute: department
  allowed_values: ["inside"]
}

explore: kinds {
  label: "All Kinds"
  description: "One field of each kind."
  group_label: "Tests"
  tags: ["first", "second"]
  always_filter: { filters: [kinds.string: "a,b"] }
  conditionally_filter: {
    filters: [kinds.created_date: "7 days"]
    unless: [kinds.id]
  }
  access_filter: {
    field: kinds.string
    user_attribute: region
  }
  join: others {
    view_label: "The Others"
    type: inner
    relationship: many_to_one
    sql_on: ${kinds.other_id} = ${others.id} AND ${kinds.string} <> 'x' ;;
  }
  join: twins {
    from: others
    relationship: one_to_one
    fields: [twins.id, twins.count]
    sql_on: ${others.id} = ${twins.id} ;;
    required_joins: [others]
  }
}

explore: small {
  hidden: yes
  view_name: others
}

explore: secret {
  view_name: others
  required_access_grants: [insiders]
}
