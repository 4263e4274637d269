label: "never ends
view: a { label: b }
