//! Named value formats: the built-in ones and the model's.

use crate::model::NamedValueFormat;

/// The formats that need no declaration.
const BUILT_IN: &[(&str, &str)] = &[
    ("decimal_0", "#,##0"),
    ("decimal_1", "#,##0.0"),
    ("decimal_2", "#,##0.00"),
    ("decimal_3", "#,##0.000"),
    ("decimal_4", "#,##0.0000"),
    ("percent_0", "#,##0%"),
    ("percent_1", "#,##0.0%"),
    ("percent_2", "#,##0.00%"),
    ("percent_3", "#,##0.000%"),
    ("percent_4", "#,##0.0000%"),
    ("usd", "$#,##0.00"),
    ("usd_0", "$#,##0"),
    ("gbp", "\"£\"#,##0.00"),
    ("gbp_0", "\"£\"#,##0"),
    ("eur", "\"€\"#,##0.00"),
    ("eur_0", "\"€\"#,##0"),
    ("id", "0"),
];

/// The built-in format `name`.
pub fn built_in(name: &str) -> Option<NamedValueFormat> {
    let (_, format) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
    Some(NamedValueFormat { value_format: (*format).into(), strict: false })
}

/// Names of the built-in formats.
pub fn names<'a>() -> impl Iterator<Item = &'a str> {
    BUILT_IN.iter().map(|(name, _)| *name)
}
