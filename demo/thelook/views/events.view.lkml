# What visitors do on the site: one row for each page they open. Visitors who are not signed in have no user.
view: events {
  sql_table_name: events ;;
  drill_fields: [detail*]

  set: detail {
    fields: [id, created_time, session_id, sequence_number, event_type, uri, users.name]
  }

  # ---------------------------------------------------------------- keys

  dimension: id {
    description: "Number of the event."
    primary_key: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.id ;;
  }

  dimension: user_id {
    hidden: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.user_id ;;
  }

  dimension: product_id {
    hidden: yes
    type: number
    value_format_name: id
    sql: ${TABLE}.product_id ;;
  }

  # ---------------------------------------------------------------- the visit

  dimension: session_id {
    description: "The visit that the event belongs to."
    type: string
    sql: ${TABLE}.session_id ;;
  }

  dimension: sequence_number {
    description: "Place of the event in its visit, from 1."
    type: number
    value_format_name: decimal_0
    sql: ${TABLE}.sequence_number ;;
  }

  dimension_group: created {
    description: "When the page was opened."
    type: time
    timeframes: [raw, time, minute, hour, hour_of_day, date, day_of_week, week, month, quarter, year]
    sql: ${TABLE}.created_at ;;
  }

  dimension: event_type {
    description: "Kind of page: Home, Category, Product, Cart or Purchase."
    type: string
    sql: ${TABLE}.event_type ;;
    suggestions: ["Home", "Category", "Product", "Cart", "Purchase"]
  }

  dimension: funnel_step {
    description: "How near the event is to a sale; sorted from the first step to the last."
    case: {
      when: {
        sql: ${event_type} IN ('Home', 'Category') ;;
        label: "Arrive"
      }
      when: {
        sql: ${event_type} = 'Product' ;;
        label: "Look"
      }
      when: {
        sql: ${event_type} = 'Cart' ;;
        label: "Choose"
      }
      when: {
        sql: ${event_type} = 'Purchase' ;;
        label: "Buy"
      }
      else: "Other"
    }
  }

  dimension: uri {
    label: "URI"
    description: "Path of the page."
    type: string
    sql: ${TABLE}.uri ;;
  }

  dimension: browser {
    description: "The visitor's browser."
    type: string
    sql: ${TABLE}.browser ;;
  }

  dimension: traffic_source {
    description: "What led to the visit."
    type: string
    sql: ${TABLE}.traffic_source ;;
  }

  dimension: is_signed_in {
    description: "Whether the visitor was signed in."
    type: yesno
    sql: ${user_id} IS NOT NULL ;;
  }

  # ---------------------------------------------------------------- measures

  measure: count {
    description: "How many pages were opened."
    type: count
  }

  measure: session_count {
    description: "How many visits there were."
    type: count_distinct
    sql: ${session_id} ;;
    drill_fields: [session_id, created_date, traffic_source, count]
  }

  measure: purchase_session_count {
    description: "How many visits ended with a purchase."
    type: count_distinct
    sql: ${session_id} ;;
    filters: [event_type: "Purchase"]
    drill_fields: [session_id, created_date, traffic_source, count]
  }

  measure: conversion_rate {
    description: "Share of the visits that ended with a purchase."
    type: number
    value_format_name: percent_1
    sql: 1.0 * ${purchase_session_count} / NULLIF(${session_count}, 0) ;;
  }

  measure: visitor_count {
    description: "How many different customers visited, of those who were signed in."
    type: count_distinct
    sql: ${user_id} ;;
    drill_fields: [users.detail*]
  }
}
