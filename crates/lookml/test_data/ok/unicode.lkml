label: "Zürich — 東京 🚀"
view: größe {
  # Ωmega
  dimension: é { sql: ${TABLE}."naïve" ;; suggestions: ["ä", "€"] }
}
