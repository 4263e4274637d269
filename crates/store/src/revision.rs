//! How often each table was written to: what was read of some tables stays true until one of them is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{PoisonError, RwLock};

use crate::table::Table;

/// The name of a noun's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableName(&'static str);

impl TableName {
    /// That of the rows `N`.
    pub const fn of<N: Table>() -> Self {
        Self(N::NAME)
    }
}

/// The tables that a transaction has written to.
pub(crate) type Written = BTreeSet<TableName>;

/// How many transactions of this process have written to each table.
#[derive(Debug, Default)]
pub(crate) struct Revisions(RwLock<BTreeMap<TableName, u64>>);

impl Revisions {
    /// A number that grows with every transaction that writes to one of these tables.
    pub fn of(&self, tables: &[TableName]) -> u64 {
        let counts = self.0.read().unwrap_or_else(PoisonError::into_inner);
        tables.iter().filter_map(|table| counts.get(table)).sum()
    }

    /// Counts a transaction that is committed.
    pub fn count(&self, written: Written) {
        let mut counts = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for table in written {
            *counts.entry(table).or_default() += 1;
        }
    }
}
