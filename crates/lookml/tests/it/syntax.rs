//! The syntax tree: files in `test_data` with what they mean, and properties that hold for any text.
//!
//! Beside each `test_data/{ok,err}/x.lkml` stands `x.txt`, the tree and the diagnostics, and for `ok` `x.json`, the dict
//! shape of the Python package `lkml`. `UPDATE_EXPECTED=1` writes them anew; read the difference before you keep it.

mod dump;
mod files;
mod places;
mod properties;
mod recovery;
mod text;
