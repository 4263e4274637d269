//! The merge of several results: rows of the first, with those of the others that share its values beside them.
//!
//! Each of the others is joined to the first: a row of the first without a partner stays, with nulls beside it; one
//! with several partners stands there several times. Null meets null (unverified).

use crate::error::Error;
use arrow_array::{Array as _, ArrayRef, RecordBatch, RecordBatchOptions, UInt32Array};
use arrow_ord::sort::{SortColumn, SortOptions, lexsort_to_indices};
use arrow_schema::{ArrowError, Schema};
use arrow_select::take::take;
use belvedere_results::{Column, row_keys};
use belvedere_warehouse::Error as WarehouseError;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Most rows that a merge makes: partners multiply.
pub const MERGED_ROWS_LIMIT: usize = 1_000_000;

/// The result of one of the queries to merge.
#[derive(Debug, Clone)]
pub struct MergeSource {
    /// Its name within the merge; what its columns are prefixed with where another one has their name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: RecordBatch,
    /// The columns that are matched: the one of the first source, and the one of this. Empty for the first itself.
    pub on: Vec<(String, String)>,
}

/// A merged result.
#[derive(Debug, Clone)]
pub struct Merged {
    /// Its columns: those of the first source, then those of the others without the matched ones.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: RecordBatch,
}

/// A place in the order of merged rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeSort {
    /// The name of the column.
    pub column: String,
    /// Highest first.
    pub descending: bool,
}

/// Merges results, orders the rows and cuts them to `limit`.
///
/// # Errors
/// There is no source, a source names a column that it or the first does not have, or is matched by nothing; the rows
/// are too many.
pub fn merge(sources: &[MergeSource], sorts: &[MergeSort], limit: Option<usize>) -> Result<Merged, Error> {
    let (first, others) = sources.split_first().ok_or_else(|| Error::Merge("it names no query".to_owned()))?;
    let mut names: HashSet<String> = first.columns.iter().map(|column| column.name.clone()).collect();
    let mut merged = Merged { columns: Vec::new(), rows: first.rows.clone() };
    merged.columns.clone_from(&first.columns);
    for source in others {
        merged = join(merged, source, &mut names)?;
    }
    let rows = sorted(&merged, sorts)?;
    let rows = limit.map_or(rows.clone(), |limit| rows.slice(0, limit.min(rows.num_rows())));
    Ok(Merged { rows, ..merged })
}

fn join(left: Merged, right: &MergeSource, names: &mut HashSet<String>) -> Result<Merged, Error> {
    if right.on.is_empty() {
        return Err(Error::Merge(format!("`{}` has no fields that match those of the first query", right.name)));
    }
    let find = |columns: &[Column], name: &str| {
        let found = columns.iter().find(|column| column.name == *name).cloned();
        found.ok_or_else(|| Error::Merge(format!("`{name}` is matched, and no column is called so")))
    };
    let on_left = right.on.iter().map(|(name, _)| find(&left.columns, name)).collect::<Result<Vec<_>, _>>()?;
    let on_right = right.on.iter().map(|(_, name)| find(&right.columns, name)).collect::<Result<Vec<_>, _>>()?;
    let mut partners: HashMap<Vec<u8>, Vec<u32>> = HashMap::new();
    row_keys(&on_right, &right.rows, |row, key| partners.entry(key.to_vec()).or_default().push(row as u32))?;
    let (mut from_left, mut from_right) = (Vec::new(), Vec::new());
    let mut too_many = false;
    row_keys(&on_left, &left.rows, |row, key| {
        let found = partners.get(key).map_or(&[][..], Vec::as_slice);
        too_many |= from_left.len() + found.len().max(1) > MERGED_ROWS_LIMIT;
        if too_many {
            return;
        }
        from_left.extend(std::iter::repeat_n(row as u32, found.len().max(1)));
        if found.is_empty() {
            from_right.push(None);
        }
        from_right.extend(found.iter().copied().map(Some));
    })?;
    if too_many {
        return Err(Error::TooLarge { what: "a merge", limit: format!("{MERGED_ROWS_LIMIT} rows") });
    }
    let (from_left, from_right) = (UInt32Array::from(from_left), UInt32Array::from(from_right));
    let mut columns = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    let mut add = |column: Column, rows: &RecordBatch, indices: &UInt32Array| {
        let values = take(rows.column(column.source), indices, None).map_err(|error| told(&error))?;
        columns.push(Column { source: arrays.len(), sort_source: None, ..column });
        arrays.push(values);
        Ok::<_, Error>(())
    };
    for column in left.columns {
        add(column, &left.rows, &from_left)?;
    }
    for column in &right.columns {
        if right.on.iter().any(|(_, matched)| *matched == column.name) {
            continue;
        }
        let free = if names.insert(column.name.clone()) {
            column.name.clone()
        } else {
            free_name(&right.name, &column.name, names)
        };
        add(Column { name: free, ..column.clone() }, &right.rows, &from_right)?;
    }
    let rows = batch(&columns, arrays, from_left.len())?;
    Ok(Merged { columns, rows })
}

/// A name that no column has yet: `<source>_<name>`, with a number where that is taken too.
fn free_name(source: &str, name: &str, names: &mut HashSet<String>) -> String {
    let mut free = format!("{source}_{name}");
    let mut number = 2;
    while !names.insert(free.clone()) {
        free = format!("{source}_{name}_{number}");
        number += 1;
    }
    free
}

fn batch(columns: &[Column], arrays: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch, Error> {
    let fields = columns.iter().zip(&arrays);
    let fields = fields.map(|(column, array)| arrow_schema::Field::new(&column.name, array.data_type().clone(), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(schema, arrays, &options).map_err(|error| told(&error))
}

/// The rows in order; those that are equal keep theirs. Nulls come last in either direction.
fn sorted(merged: &Merged, sorts: &[MergeSort]) -> Result<RecordBatch, Error> {
    if sorts.is_empty() || merged.rows.num_rows() < 2 {
        return Ok(merged.rows.clone());
    }
    let mut by = sorts
        .iter()
        .map(|sort| {
            let column = merged.columns.iter().find(|column| column.name == sort.column);
            let column =
                column.ok_or_else(|| Error::Merge(format!("there is no column `{}` to sort by", sort.column)))?;
            let options = SortOptions { descending: sort.descending, nulls_first: false };
            Ok(SortColumn { values: Arc::clone(merged.rows.column(column.source)), options: Some(options) })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let places: ArrayRef = Arc::new(UInt32Array::from_iter_values(0..merged.rows.num_rows() as u32));
    by.push(SortColumn { values: places, options: None });
    let indices = lexsort_to_indices(&by, None).map_err(|error| told(&error))?;
    let columns = merged.rows.columns().iter().map(|column| take(column, &indices, None));
    let columns = columns.collect::<Result<Vec<_>, ArrowError>>().map_err(|error| told(&error))?;
    batch(&merged.columns, columns, merged.rows.num_rows())
}

fn told(error: &ArrowError) -> Error {
    WarehouseError::Driver(format!("the results cannot be merged: {error}")).into()
}

#[cfg(test)]
mod tests {
    use super::{MergeSort, MergeSource, merge};
    use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
    use belvedere_results::{Column, Role, row_keys};
    use std::sync::Arc;

    fn source(name: &str, on: &[(&str, &str)], columns: &[(&str, ArrayRef)]) -> MergeSource {
        let rows =
            RecordBatch::try_from_iter_with_nullable(columns.iter().map(|(name, array)| (name, array.clone(), true)));
        let shown =
            columns.iter().enumerate().map(|(source, (name, _))| Column::new(*name, *name, Role::Dimension, source));
        MergeSource {
            name: name.to_owned(),
            columns: shown.collect(),
            rows: rows.expect("a batch"),
            on: on.iter().map(|(left, right)| ((*left).to_owned(), (*right).to_owned())).collect(),
        }
    }

    fn texts(values: &[Option<&str>]) -> ArrayRef {
        Arc::new(StringArray::from(values.to_vec()))
    }

    fn numbers(values: &[Option<i64>]) -> ArrayRef {
        Arc::new(Int64Array::from(values.to_vec()))
    }

    fn orders() -> MergeSource {
        let status = texts(&[Some("complete"), Some("pending"), None]);
        source("orders", &[], &[("orders.status", status), ("orders.count", numbers(&[Some(3), Some(2), Some(1)]))])
    }

    /// The merged rows as texts, with the names of the columns.
    fn merged(sources: &[MergeSource], sorts: &[MergeSort], limit: Option<usize>) -> (Vec<String>, Vec<String>) {
        let merged = merge(sources, sorts, limit).expect("they can be merged");
        let mut rows = Vec::new();
        let each = |_, key: &[u8]| rows.push(String::from_utf8_lossy(key).into_owned());
        row_keys(&merged.columns, &merged.rows, each).expect("every column can be shown");
        (merged.columns.into_iter().map(|column| column.name).collect(), rows)
    }

    #[test]
    fn rows_without_a_partner_stay_and_null_meets_null() {
        let visits = source(
            "visits",
            &[("orders.status", "visits.state")],
            &[
                ("visits.state", texts(&[None, Some("complete"), Some("lost")])),
                ("visits.count", numbers(&[Some(7), Some(9), Some(1)])),
            ],
        );
        let (names, rows) = merged(&[orders(), visits], &[], None);
        assert_eq!(names, ["orders.status", "orders.count", "visits.count"]);
        assert_eq!(rows, [r#""complete",3,9,"#, r#""pending",2,null,"#, "null,1,7,"]);
    }

    #[test]
    fn several_partners_multiply_a_row() {
        let visits = source(
            "visits",
            &[("orders.status", "s")],
            &[("s", texts(&[Some("pending"), Some("pending")])), ("n", numbers(&[Some(1), Some(2)]))],
        );
        let (_, rows) = merged(&[orders(), visits], &[], None);
        assert_eq!(rows, [r#""complete",3,null,"#, r#""pending",2,1,"#, r#""pending",2,2,"#, "null,1,null,"]);
    }

    #[test]
    fn a_name_that_is_taken_gets_that_of_its_source() {
        let again = MergeSource {
            name: "q1".to_owned(),
            on: vec![("orders.status".to_owned(), "orders.status".to_owned())],
            ..orders()
        };
        let third = MergeSource { name: "q1".to_owned(), ..again.clone() };
        let (names, rows) = merged(&[orders(), again, third], &[], Some(1));
        assert_eq!(names, ["orders.status", "orders.count", "q1_orders.count", "q1_orders.count_2"]);
        assert_eq!(rows, [r#""complete",3,3,3,"#]);
    }

    #[test]
    fn merged_rows_are_ordered_and_cut() {
        let by = |column: &str, descending| MergeSort { column: column.to_owned(), descending };
        let (_, rows) = merged(&[orders()], &[by("orders.count", false)], Some(2));
        assert_eq!(rows, ["null,1,", r#""pending",2,"#]);
        let (_, rows) = merged(&[orders()], &[by("orders.status", true)], None);
        assert_eq!(rows, [r#""pending",2,"#, r#""complete",3,"#, "null,1,"]);
    }

    #[test]
    fn what_cannot_be_matched_is_told() {
        let unmatched = MergeSource { name: "q1".to_owned(), ..orders() };
        let told = merge(&[orders(), unmatched], &[], None).expect_err("nothing matches").to_string();
        assert!(told.contains("`q1` has no fields"), "{told}");
        let wrong = source("q1", &[("orders.state", "s")], &[("s", texts(&[]))]);
        let told = merge(&[orders(), wrong], &[], None).expect_err("no such column").to_string();
        assert!(told.contains("`orders.state`"), "{told}");
        assert!(merge(&[], &[], None).is_err());
    }

    #[test]
    fn a_merge_of_too_many_rows_is_refused() {
        let same = |rows: usize| texts(&vec![Some("x"); rows]);
        let many = source("a", &[], &[("a", same(1001))]);
        let others = source("b", &[("a", "b")], &[("b", same(1000)), ("c", same(1000))]);
        let told = merge(&[many, others], &[], None).expect_err("they are too many").to_string();
        assert!(told.contains("1000000 rows"), "{told}");
    }
}
