//! Lists, structs and maps, written as JSON.

use super::{Cursor, Values};
use crate::error::Error;
use crate::sink::{JsonSink, Nesting, PlainSink, Shape, Sink};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use std::ops::Range;

/// A nested column with the buffer that its cells are made in.
pub(super) struct Nested<'a> {
    tree: Tree<'a>,
    nesting: Nesting,
    json: Vec<u8>,
}

impl<'a> Nested<'a> {
    pub(super) fn new(tree: Tree<'a>) -> Self {
        let nesting = if tree.holds_objects() { Nesting::Objects } else { Nesting::Lists };
        Self { tree, nesting, json: Vec::new() }
    }

    pub(super) fn holds_objects(&self) -> bool {
        self.nesting == Nesting::Objects
    }

    pub(super) fn write(&mut self, row: usize, sink: &mut impl Sink) {
        self.json.clear();
        self.tree.write(row, &mut self.json);
        sink.nested(&String::from_utf8_lossy(&self.json), self.nesting);
    }
}

/// The shape of a nested column.
pub(super) enum Tree<'a> {
    /// A list of any size, by its offsets.
    List(&'a [i32], Cursor<'a>),
    /// As `List`, with long offsets.
    LargeList(&'a [i64], Cursor<'a>),
    /// Lists of one size.
    FixedList(usize, Cursor<'a>),
    /// A struct: each member's key with colon, ready to be written.
    Struct(Vec<(Vec<u8>, Cursor<'a>)>),
    /// A map, by its offsets; written as an object with the plain text of each key.
    Map { offsets: &'a [i32], keys: Cursor<'a>, values: Cursor<'a>, key: String },
}

impl<'a> Tree<'a> {
    pub(super) fn open(column: &str, array: &'a ArrayRef, depth: usize) -> Result<Self, Error> {
        let open = |child: &'a ArrayRef| Cursor::open_at(column, child, depth + 1);
        Ok(match array.data_type() {
            DataType::List(_) => {
                let list = array.as_list::<i32>();
                Self::List(list.offsets(), open(list.values())?)
            }
            DataType::LargeList(_) => {
                let list = array.as_list::<i64>();
                Self::LargeList(list.offsets(), open(list.values())?)
            }
            DataType::FixedSizeList(..) => {
                let list = array.as_fixed_size_list();
                Self::FixedList(list.value_length() as usize, open(list.values())?)
            }
            DataType::Map(..) => {
                let map = array.as_map();
                let (keys, values) = (open(map.keys())?, open(map.values())?);
                Self::Map { offsets: map.offsets(), keys, values, key: String::new() }
            }
            _ => {
                let members = array.as_struct();
                let names = members.column_names().into_iter().map(member_key);
                let cursors = members.columns().iter().map(open);
                Self::Struct(names.zip(cursors).map(|(key, cursor)| Ok((key, cursor?))).collect::<Result<_, Error>>()?)
            }
        })
    }

    fn holds_objects(&self) -> bool {
        match self {
            Self::List(_, items) | Self::LargeList(_, items) | Self::FixedList(_, items) => items.holds_objects(),
            Self::Struct(_) | Self::Map { .. } => true,
        }
    }

    fn write(&mut self, row: usize, out: &mut Vec<u8>) {
        match self {
            Self::List(offsets, items) => write_list(offsets[row] as usize..offsets[row + 1] as usize, items, out),
            Self::LargeList(offsets, items) => {
                write_list(offsets[row] as usize..offsets[row + 1] as usize, items, out);
            }
            Self::FixedList(size, items) => write_list(row * *size..(row + 1) * *size, items, out),
            Self::Struct(members) => {
                out.push(b'{');
                for (index, (key, cursor)) in members.iter_mut().enumerate() {
                    separate(index, out);
                    out.extend_from_slice(key);
                    cursor.write_json(row, out);
                }
                out.push(b'}');
            }
            Self::Map { offsets, keys, values, key } => {
                out.push(b'{');
                for (index, entry) in (offsets[row] as usize..offsets[row + 1] as usize).enumerate() {
                    separate(index, out);
                    key.clear();
                    keys.write(entry, &mut PlainSink(key));
                    belvedere_wire::write_string(key, out);
                    out.push(b':');
                    values.write_json(entry, out);
                }
                out.push(b'}');
            }
        }
    }
}

fn member_key(name: &str) -> Vec<u8> {
    let mut key = Vec::new();
    belvedere_wire::write_string(name, &mut key);
    key.push(b':');
    key
}

fn write_list(entries: Range<usize>, items: &mut Cursor<'_>, out: &mut Vec<u8>) {
    out.push(b'[');
    for (index, entry) in entries.enumerate() {
        separate(index, out);
        items.write_json(entry, out);
    }
    out.push(b']');
}

fn separate(index: usize, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
}

impl Cursor<'_> {
    /// Writes a value inside of a nested one; what is nested deeper goes into the same buffer.
    fn write_json(&mut self, row: usize, out: &mut Vec<u8>) {
        match &mut self.values {
            Values::Nested(nested) if self.nulls.is_none_or(|nulls| nulls.is_valid(row)) => nested.tree.write(row, out),
            _ => {
                self.write(row, &mut JsonSink { out, shape: Shape::Typed });
            }
        }
    }
}
