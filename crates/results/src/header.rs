//! The lines above the rows of a table: a line for each pivot field, then the labels.

use crate::layout::{Column, Layout, Options, PivotColumn, Role};

/// A cell of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeaderCell<'a> {
    pub(crate) text: &'a str,
    /// Neighbours of one group stand under the same pivot values.
    pub(crate) group: Option<usize>,
}

/// The lines of a layout, from top to bottom.
///
/// A line of pivot values holds the label of its field in the last dimension's column (likely) and the values above
/// the measures. Columns that are not pivoted, row totals among them, have empty cells there.
pub(crate) fn lines(layout: &Layout, options: Options) -> Vec<Vec<HeaderCell<'_>>> {
    let labels = layout.columns.iter().map(|column| HeaderCell { text: &column.label, group: None }).collect();
    let mut lines: Vec<_> = (0..layout.pivots.fields.len()).map(|depth| pivot_line(layout, options, depth)).collect();
    lines.push(labels);
    lines
}

fn pivot_line(layout: &Layout, options: Options, depth: usize) -> Vec<HeaderCell<'_>> {
    let groups = groups(&layout.pivots.columns, depth);
    let last_dimension = layout.columns.iter().rposition(|column| column.role == Role::Dimension);
    let cell = |(index, column): (usize, &Column)| {
        if Some(index) == last_dimension {
            return HeaderCell { text: layout.pivots.fields[depth].label.as_str(), group: None };
        }
        let pivot = column.pivot.and_then(|pivot| layout.pivots.columns.get(pivot).zip(groups.get(pivot)));
        let value = pivot.and_then(|(pivot, group)| Some((pivot.values.get(depth)?, *group)));
        match value {
            Some((value, group)) => {
                let text = if options.apply_formatting { &value.rendered } else { &value.text };
                HeaderCell { text: text.as_deref().unwrap_or_default(), group: Some(group) }
            }
            None => HeaderCell { text: "", group: None },
        }
    };
    let columns: &'_ [Column] = &layout.columns;
    columns.iter().enumerate().map(cell).collect()
}

/// For each pivot column the first of those neighbours that share its values down to `depth`.
fn groups(columns: &[PivotColumn], depth: usize) -> Vec<usize> {
    let mut groups = Vec::with_capacity(columns.len());
    for (index, column) in columns.iter().enumerate() {
        let shares = |before: &PivotColumn| {
            let both = before.values.get(..=depth).zip(column.values.get(..=depth));
            both.is_some_and(|(before, own)| before == own)
        };
        let group = match index.checked_sub(1) {
            Some(before) if shares(&columns[before]) => groups[before],
            _ => index,
        };
        groups.push(group);
    }
    groups
}
