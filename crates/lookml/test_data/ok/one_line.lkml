view:v{dimension:a{hidden:yes sql:${TABLE}.a;;}measure : b { type : sum sql : ${a} ;; label : "B" }set:s{fields:[a,b]}}explore:e{join:v{sql_on:1=1;;}}
