label: "Shop"
connection: warehouse
case_sensitive: yes
fiscal_month_offset: -11
week_start_day: +3
timezone: America/Los_Angeles
percentile: 99.5
type: "string"
hidden:yes label_without_space:"x"
value
  :
  on_its_own_line
difference: - spaced
Upper_Key-with.signs: 7_day_churn_rate
asterisk: ALL_FIELDS*
