mixed: [a, status: "b", c]
nested: [a: [b, "c"], d: [e: [f]]]
only_a_comma: [,]
unknown_parameter: { anything: goes }
