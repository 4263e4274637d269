project_name: "thelook"

# How amounts of money are shown. A project that imports this one may bring its own currency.
constant: MONEY_FORMAT {
  value: "$#,##0.00"
  export: override_optional
}
