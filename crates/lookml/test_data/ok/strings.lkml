empty: ""
quotes: "the \"big\" one"
percent: "0.0\%"
excel: "0 \m\i\n\s \€0"
controls_stay: "\n\t\u0041"
backslash_at_the_end: "C:\\"
backslashes: "a \\\" b \\ c"
marks: "# { } [ ] : , ;; ; ' {{ value }} {% if x %} @{SCHEMA}"
description: "first line
  second line

last line"
beside:"a"beside_it:"b"
