project_name: "shop"
constant: SCHEMA { value: "prod" export: override_optional }
local_dependency: {
  project: "core"
  override_constant: SCHEMA { value: "dev" }
}
remote_dependency: block { url: "https://example.com/block.git" ref: "v1.2.0" }
localization_settings: { default_locale: en localization_level: permissive }
visualization: { id: "gauge" label: "Gauge" file: "gauge.js" }
application: api-explorer {
  label: "API"
  entitlements: { local_storage: yes core_api_methods: ["me", "all_looks"] }
}
