//! Which properties an answer has.

use std::sync::Arc;

use crate::resource::Table;

/// Brackets deeper than this are not looked into: what stands before them is given whole.
const DEEPEST: usize = 16;

/// Which properties an answer has, in the object itself and in those within it: the `fields` parameter, read once
/// against the table of a type. A clone is cheap and shares the masks.
///
/// ```text
/// fields := item ("," item)*
/// item   := name [ "(" fields ")" ]
/// ```
///
/// Without text, or with nothing but blanks and commas in it, the answer is whole. Names that the type does not have
/// are passed over; blanks do not count; a name without brackets gives the whole of what it names. A bracket that is
/// not closed ends with the text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shape(Option<Arc<Mask>>);

#[derive(Debug, PartialEq)]
struct Mask {
    table: &'static Table,
    /// One bit for each property.
    bits: u128,
    /// The masks of the properties that are given in part.
    nested: Vec<(usize, Shape)>,
}

static WHOLE: Shape = Shape(None);

impl Shape {
    /// Every property.
    pub const fn whole() -> Self {
        Self(None)
    }

    /// The properties that a `fields` text names.
    pub fn of_fields(table: &'static Table, text: &str) -> Self {
        if text.bytes().all(|byte| byte == b',' || byte.is_ascii_whitespace()) {
            return Self::whole();
        }
        Self(Some(Arc::new(Reader { rest: text }.fields(table, 0))))
    }

    /// Whether the answer has the property; `false` too when its type has none of this name. What an answer does
    /// not have need not be computed.
    pub fn wants(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|mask| mask.table.position(name).is_some_and(|index| self.has(index)))
    }

    /// The shape of the objects in a property.
    pub fn within(&self, name: &str) -> &Self {
        match self.0.as_ref().and_then(|mask| mask.table.position(name)) {
            Some(index) => self.nested(index),
            None => &WHOLE,
        }
    }

    /// Whether the answer has the property at this place of the table.
    pub(crate) fn has(&self, index: usize) -> bool {
        self.0.as_ref().is_none_or(|mask| mask.bits >> index & 1 == 1)
    }

    /// The shape of the objects in the property at this place of the table.
    pub(crate) fn nested(&self, index: usize) -> &Self {
        let nested = self.0.iter().flat_map(|mask| &mask.nested).find(|(place, _)| *place == index);
        nested.map_or(&WHOLE, |(_, shape)| shape)
    }
}

/// Reads a `fields` text from its front.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// Reads up to the bracket that closes this level, or to the end.
    fn fields(&mut self, table: &'static Table, depth: usize) -> Mask {
        let mut whole: u128 = 0;
        let mut parts: Vec<(usize, Mask)> = Vec::new();
        loop {
            let end = self.rest.find([',', '(', ')']).unwrap_or(self.rest.len());
            let index = table.position(self.rest[..end].trim());
            self.rest = &self.rest[end..];
            match self.rest.bytes().next() {
                Some(b'(') => {
                    self.rest = &self.rest[1..];
                    let inner = index.and_then(|index| table.properties()[index].table()).filter(|_| depth < DEEPEST);
                    match (index, inner) {
                        (Some(index), Some(inner)) => merge(&mut parts, index, self.fields(inner, depth + 1)),
                        (index, _) => {
                            whole |= index.map_or(0, |index| 1 << index);
                            self.skip();
                        }
                    }
                }
                Some(separator) => {
                    whole |= index.map_or(0, |index| 1 << index);
                    self.rest = &self.rest[1..];
                    if separator == b')' && depth > 0 {
                        break;
                    }
                }
                None => {
                    whole |= index.map_or(0, |index| 1 << index);
                    break;
                }
            }
        }
        mask(table, whole, parts)
    }

    /// Passes over what stands in brackets.
    fn skip(&mut self) {
        let mut open = 1;
        let end = self.rest.bytes().position(|byte| {
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                _ => {}
            }
            open == 0
        });
        self.rest = end.map_or("", |end| &self.rest[end + 1..]);
    }
}

/// Two items may name the same property: the answer has what either asks for.
fn merge(parts: &mut Vec<(usize, Mask)>, index: usize, more: Mask) {
    let Some((_, known)) = parts.iter_mut().find(|(place, _)| *place == index) else {
        parts.push((index, more));
        return;
    };
    let whole = |mask: &Mask| mask.nested.iter().fold(mask.bits, |bits, (index, _)| bits & !(1 << index));
    let given = whole(known) | whole(&more);
    let nested = std::mem::take(&mut known.nested).into_iter().chain(more.nested);
    let mut inner = Vec::new();
    for (index, shape) in nested {
        if let Some(mask) = shape.0.and_then(Arc::into_inner) {
            merge(&mut inner, index, mask);
        }
    }
    *known = mask(known.table, given, inner);
}

/// A property that is asked for whole is given whole, whatever else is said of it.
fn mask(table: &'static Table, whole: u128, parts: Vec<(usize, Mask)>) -> Mask {
    let bits = parts.iter().fold(whole, |bits, (index, _)| bits | 1 << index);
    let parts = parts.into_iter().filter(|(index, _)| whole >> index & 1 == 0);
    let nested = parts.map(|(index, mask)| (index, Shape(Some(Arc::new(mask))))).collect();
    Mask { table, bits, nested }
}

#[cfg(test)]
mod tests;
