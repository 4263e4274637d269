//! How a value of ours lies in one cell of a row.

use jiff::Timestamp;
use sea_query::Value;
use sqlx::{Decode, Postgres, Sqlite, Type};

use crate::error::{Error, Result};
use crate::table::Table;
use crate::transaction::Row;

/// A JSON object with the keys in the order they were written in.
pub type JsonObject = serde_json::Map<String, serde_json::Value>;

/// The kinds of cells that every database we use has.
pub trait Stored:
    Sized + for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
    /// The value to bind, or a null of this kind.
    fn value(stored: Option<Self>) -> Value;
}

macro_rules! stored {
    ($($Kind:ty)*) => {$(
        impl Stored for $Kind {
            fn value(stored: Option<Self>) -> Value {
                stored.into()
            }
        }
    )*};
}

stored!(i64 f64 bool String Vec<u8>);

/// A type of ours that lies in one cell.
pub trait Cell: Sized {
    /// What lies in the cell.
    type Stored: Stored;

    /// What to store.
    fn into_stored(self) -> Self::Stored;

    /// The value of what was stored, or what is wrong with it.
    fn from_stored(stored: Self::Stored) -> Result<Self, String>;
}

/// A column's type: a [`Cell`], or one that may be null.
pub trait Field: Sized {
    /// Whether this is null.
    fn is_null(&self) -> bool;

    /// The value to bind.
    fn into_value(self) -> Value;

    /// Reads the next cell.
    fn read<N: Table>(cells: &mut Cells<'_, N>) -> Result<Self>;
}

impl<T: Cell> Field for T {
    fn is_null(&self) -> bool {
        false
    }

    fn into_value(self) -> Value {
        Stored::value(Some(self.into_stored()))
    }

    fn read<N: Table>(cells: &mut Cells<'_, N>) -> Result<Self> {
        let (index, stored) = cells.next::<T>()?;
        let stored = stored.ok_or_else(|| Cells::<N>::corrupt(index, "is null".to_owned()))?;
        T::from_stored(stored).map_err(|reason| Cells::<N>::corrupt(index, reason))
    }
}

impl<T: Cell> Field for Option<T> {
    fn is_null(&self) -> bool {
        self.is_none()
    }

    fn into_value(self) -> Value {
        Stored::value(self.map(Cell::into_stored))
    }

    fn read<N: Table>(cells: &mut Cells<'_, N>) -> Result<Self> {
        let (index, stored) = cells.next::<T>()?;
        stored.map(T::from_stored).transpose().map_err(|reason| Cells::<N>::corrupt(index, reason))
    }
}

/// The cells of one row of the table of `N`, in the order of its columns.
pub struct Cells<'r, N> {
    row: &'r Row,
    next: usize,
    table: std::marker::PhantomData<fn() -> N>,
}

impl<'r, N: Table> Cells<'r, N> {
    pub(crate) fn new(row: &'r Row) -> Self {
        Cells { row, next: 0, table: std::marker::PhantomData }
    }

    fn next<T: Cell>(&mut self) -> Result<(usize, Option<T::Stored>)> {
        let index = self.next;
        self.next += 1;
        let stored = self.row.get(index).map_err(|error| Self::corrupt(index, error.to_string()))?;
        Ok((index, stored))
    }

    fn corrupt(index: usize, reason: String) -> Error {
        Error::Corrupt { table: N::NAME, column: N::COLUMNS[index], reason }
    }
}

macro_rules! plain_cells {
    ($($Kind:ty)*) => {$(
        impl Cell for $Kind {
            type Stored = $Kind;

            fn into_stored(self) -> $Kind {
                self
            }

            fn from_stored(stored: $Kind) -> Result<Self, String> {
                Ok(stored)
            }
        }
    )*};
}

plain_cells!(i64 f64 bool String);

/// Stores each value of an enum as its word, by its `ALL` and `as_str`.
macro_rules! cell_of_word {
    ($Kind:ident, $what:literal) => {
        impl $crate::cell::Cell for $Kind {
            type Stored = String;

            fn into_stored(self) -> String {
                self.as_str().to_owned()
            }

            fn from_stored(stored: String) -> Result<Self, String> {
                let kind = Self::ALL.into_iter().find(|kind| kind.as_str() == stored);
                kind.ok_or_else(|| concat!("no such ", $what).to_owned())
            }
        }
    };
}

pub(crate) use cell_of_word;

/// Microseconds since 1970-01-01T00:00:00Z; what is finer is cut off.
impl Cell for Timestamp {
    type Stored = i64;

    fn into_stored(self) -> i64 {
        self.as_microsecond()
    }

    fn from_stored(stored: i64) -> Result<Self, String> {
        Timestamp::from_microsecond(stored).map_err(|error| error.to_string())
    }
}

impl Cell for JsonObject {
    type Stored = String;

    fn into_stored(self) -> String {
        serde_json::Value::Object(self).to_string()
    }

    fn from_stored(stored: String) -> Result<Self, String> {
        serde_json::from_str(&stored).map_err(|error| error.to_string())
    }
}

/// Names, as a JSON array.
impl Cell for Vec<String> {
    type Stored = String;

    fn into_stored(self) -> String {
        serde_json::Value::from(self).to_string()
    }

    fn from_stored(stored: String) -> Result<Self, String> {
        serde_json::from_str(&stored).map_err(|error| error.to_string())
    }
}

pub(crate) fn sha256(stored: &[u8]) -> Result<[u8; 32], String> {
    stored.try_into().map_err(|_| format!("{} bytes instead of 32", stored.len()))
}
