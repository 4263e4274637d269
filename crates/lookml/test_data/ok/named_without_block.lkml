explore: orders
view: users { dimension: id measure: count }
