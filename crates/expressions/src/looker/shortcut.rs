//! Shortcut calculations: table calculations that are told by `calculation_type` and `args` instead of an expression.

use super::diagnostic::{Diagnostic, excerpt};

/// What each means, for a measure `${m}`, and for a window of rows where it has one. "Previous" is the row below, as in
/// results that are sorted from the newest.
const SHORTCUTS: [(&str, &str); 10] = [
    ("percent_of_column_sum", "${m} / sum(${m})"),
    ("percent_of_previous", "${m} / offset(${m}, 1)"),
    ("percent_change_from_previous", "${m} / offset(${m}, 1) - 1"),
    ("percent_of_previous_column", "${m} / pivot_offset(${m}, -1)"),
    ("percent_change_from_previous_column", "${m} / pivot_offset(${m}, -1) - 1"),
    ("running_total", "running_total(${m})"),
    ("running_row_total", "sum(pivot_offset_list(${m}, 1 - pivot_column(), pivot_column()))"),
    ("percent_of_row", "${m} / sum(pivot_row(${m}))"),
    ("rank_of_column", "rank(${m}, ${m})"),
    ("moving_average", "mean(offset_list(${m}, -BEFORE, COUNT))"),
];

/// A window reaches over so many rows on each side at most.
const MOST_ROWS: u32 = 10_000;

/// The expression of a shortcut calculation.
///
/// `arguments` are the `args` as text: the field, and for `moving_average` how many rows above and below count, none
/// where they are left out. Fails for an unknown `calculation_type` and for arguments that it does not take.
pub fn shortcut(calculation_type: &str, arguments: &[&str]) -> Result<String, Diagnostic> {
    let Some((_, template)) = SHORTCUTS.iter().find(|(name, _)| *name == calculation_type) else {
        let message = format!("there is no `calculation_type` `{}`", excerpt(calculation_type));
        let nearest = crate::suggest::did_you_mean(calculation_type, SHORTCUTS.iter().map(|(name, _)| *name));
        let known = || format!("they are {}", SHORTCUTS.map(|(name, _)| format!("`{name}`")).join(", "));
        return Err(Diagnostic::new(0..0, message).help(nearest.unwrap_or_else(known)));
    };
    let field = arguments.first().copied().unwrap_or_default();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    if field.is_empty() || !field.bytes().all(is_name) {
        let message = format!("`{calculation_type}` takes a field as its first argument");
        return Err(Diagnostic::new(0..0, message).help("write `args: [\"view.field\"]`"));
    }
    let (before, after) = (rows(arguments.get(1))?, rows(arguments.get(2))?);
    let window = template.replace("BEFORE", &before.to_string()).replace("COUNT", &(before + after + 1).to_string());
    Ok(window.replace("${m}", &format!("${{{field}}}")))
}

fn rows(argument: Option<&&str>) -> Result<u32, Diagnostic> {
    let Some(text) = argument.map(|text| text.trim()).filter(|text| !text.is_empty()) else {
        return Ok(0);
    };
    text.parse().ok().filter(|rows| *rows <= MOST_ROWS).ok_or_else(|| {
        let message = format!("`{}` is no number of rows", excerpt(text));
        Diagnostic::new(0..0, message).help(format!("write a number from 0 to {MOST_ROWS}"))
    })
}
