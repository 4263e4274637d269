project_name: "tpch"
