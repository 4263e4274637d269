//! The `fields` parameter: `id,folder(id,name)`.

use super::table::Table;
use super::{Found, Kind};
use crate::document::Type;

/// How deep brackets may stand in brackets.
const MOST_DEPTH: usize = 32;

/// Looks at each property that a text names, which stands at an offset and shapes an answer of a type.
pub(super) fn check(table: &Table, answer: &Type, text: &str, offset: usize, found: &mut Vec<Found>) {
    let mut holders = vec![schema(answer)];
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate().chain(std::iter::once((text.len(), b','))) {
        if !matches!(byte, b',' | b'(' | b')') {
            continue;
        }
        let name = text[start..at].trim();
        let begin = start + (text[start..at].len() - text[start..at].trim_start().len());
        start = at + 1;
        let holder = holders.last().copied().flatten();
        let fate = holder.and_then(|schema| Some((schema, table.property_fate(schema, name)?)));
        if let Some((schema, fate)) = fate.filter(|(_, fate)| !fate.retyped) {
            found.push(Found {
                at: offset + begin,
                length: name.len(),
                kind: Kind::Property,
                place: format!("{schema}.{name}"),
                what: fate.what.clone(),
                instead: fate.instead.clone(),
            });
        }
        match byte {
            b'(' if holders.len() < MOST_DEPTH => {
                holders.push(holder.and_then(|schema| table.property(schema, name)).and_then(self::schema));
            }
            b')' if holders.len() > 1 => {
                holders.pop();
            }
            _ => {}
        }
    }
}

/// The schema inside lists and maps.
pub(super) fn schema(ty: &Type) -> Option<&str> {
    match ty.innermost() {
        Type::Named(name) => Some(name),
        _ => None,
    }
}
