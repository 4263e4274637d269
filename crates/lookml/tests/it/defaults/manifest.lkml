project_name: "shop"
constant: city { value: "Oslo" <constant> }
localization_settings: { default_locale: en <localization_settings> }
