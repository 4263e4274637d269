//! Which properties an answer has, and how they are written.

use std::sync::Arc;

use crate::resource::Table;

mod layout;

pub use layout::{Column, Layout, Layouts, Plan, Written};

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
///
/// A version other than the newest writes objects by its [`Layout`], and reads `fields` in its own names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shape(pub(crate) Form);

/// What a shape is: each is asked for once per property that is written.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Form {
    /// Every property, as the newest version has it.
    #[default]
    Whole,
    /// Those properties of the newest version.
    Fields(Arc<Mask>),
    /// As another version has them; all of them, or those of the mask.
    Laid(&'static Layout, Option<Arc<Mask>>),
}

/// The places that `fields` names: those of a table, or of the columns of a layout.
#[derive(Debug, PartialEq)]
pub(crate) struct Mask {
    names: Names,
    /// One bit for each place.
    bits: u128,
    /// The masks of the places that are given in part.
    nested: Vec<(usize, Shape)>,
}

impl Mask {
    pub(crate) fn has(&self, place: usize) -> bool {
        self.bits >> place & 1 == 1
    }

    /// The shape of the objects at this place, if only a part of them is given.
    pub(crate) fn part(&self, place: usize) -> Option<&Shape> {
        self.nested.iter().find(|(index, _)| *index == place).map(|(_, shape)| shape)
    }
}

pub(crate) static WHOLE: Shape = Shape(Form::Whole);

impl Shape {
    /// Every property.
    pub const fn whole() -> Self {
        Self(Form::Whole)
    }

    /// The properties that a `fields` text names.
    pub fn of_fields(table: &'static Table, text: &str) -> Self {
        Self::read(Names::Newest(table), text)
    }

    fn read(names: Names, text: &str) -> Self {
        if text.bytes().all(|byte| byte == b',' || byte.is_ascii_whitespace()) {
            return names.whole();
        }
        Reader { rest: text }.fields(names, 0).into_shape()
    }

    /// Whether the answer has the property; `false` too when its type has none of this name. What an answer does
    /// not have need not be computed. The name is that of the newest version, whichever version is written.
    pub fn wants(&self, name: &str) -> bool {
        match &self.0 {
            Form::Whole => true,
            Form::Fields(mask) => mask.names.position(name).is_some_and(|place| mask.has(place)),
            Form::Laid(layout, mask) => layout.wants(mask.as_deref(), name),
        }
    }

    /// The shape of the objects in a property, which has its name in the newest version.
    pub fn within(&self, name: &str) -> &Self {
        match &self.0 {
            Form::Whole => &WHOLE,
            Form::Fields(mask) => mask.names.position(name).and_then(|place| mask.part(place)).unwrap_or(&WHOLE),
            Form::Laid(layout, mask) => layout.within(mask.as_deref(), name),
        }
    }
}

/// Where names are looked up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Names {
    Newest(&'static Table),
    Laid(&'static Layout),
}

impl Names {
    fn position(self, name: &str) -> Option<usize> {
        match self {
            Self::Newest(table) => table.position(name),
            Self::Laid(layout) => layout.position(name),
        }
    }

    /// The names of the objects at a place, if it holds objects.
    fn within(self, place: usize) -> Option<Self> {
        match self {
            Self::Newest(table) => table.properties()[place].table().map(Self::Newest),
            Self::Laid(layout) => layout.nested(place).map(Self::Laid),
        }
    }

    fn whole(self) -> Shape {
        match self {
            Self::Newest(_) => Shape::whole(),
            Self::Laid(layout) => Shape(Form::Laid(layout, None)),
        }
    }
}

impl Mask {
    fn into_shape(self) -> Shape {
        match self.names {
            Names::Newest(_) => Shape(Form::Fields(Arc::new(self))),
            Names::Laid(layout) => Shape(Form::Laid(layout, Some(Arc::new(self)))),
        }
    }

    /// The mask of a shape that nobody else holds.
    fn of(shape: Shape) -> Option<Self> {
        match shape.0 {
            Form::Fields(mask) | Form::Laid(_, Some(mask)) => Arc::into_inner(mask),
            Form::Whole | Form::Laid(_, None) => None,
        }
    }
}

/// Reads a `fields` text from its front.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// Reads up to the bracket that closes this level, or to the end.
    fn fields(&mut self, names: Names, depth: usize) -> Mask {
        let mut whole: u128 = 0;
        let mut parts: Vec<(usize, Mask)> = Vec::new();
        loop {
            let end = self.rest.find([',', '(', ')']).unwrap_or(self.rest.len());
            let place = names.position(self.rest[..end].trim());
            self.rest = &self.rest[end..];
            match self.rest.bytes().next() {
                Some(b'(') => {
                    self.rest = &self.rest[1..];
                    let inner = place.and_then(|place| names.within(place)).filter(|_| depth < DEEPEST);
                    match (place, inner) {
                        (Some(place), Some(inner)) => merge(&mut parts, place, self.fields(inner, depth + 1)),
                        (place, _) => {
                            whole |= place.map_or(0, |place| 1 << place);
                            self.skip();
                        }
                    }
                }
                Some(separator) => {
                    whole |= place.map_or(0, |place| 1 << place);
                    self.rest = &self.rest[1..];
                    if separator == b')' && depth > 0 {
                        break;
                    }
                }
                None => {
                    whole |= place.map_or(0, |place| 1 << place);
                    break;
                }
            }
        }
        mask(names, whole, parts)
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
fn merge(parts: &mut Vec<(usize, Mask)>, place: usize, more: Mask) {
    let Some((_, known)) = parts.iter_mut().find(|(index, _)| *index == place) else {
        parts.push((place, more));
        return;
    };
    let whole = |mask: &Mask| mask.nested.iter().fold(mask.bits, |bits, (place, _)| bits & !(1 << place));
    let given = whole(known) | whole(&more);
    let nested = std::mem::take(&mut known.nested).into_iter().chain(more.nested);
    let mut inner = Vec::new();
    for (place, shape) in nested {
        if let Some(mask) = Mask::of(shape) {
            merge(&mut inner, place, mask);
        }
    }
    *known = mask(known.names, given, inner);
}

/// A property that is asked for whole is given whole, whatever else is said of it.
fn mask(names: Names, whole: u128, parts: Vec<(usize, Mask)>) -> Mask {
    let bits = parts.iter().fold(whole, |bits, (place, _)| bits | 1 << place);
    let parts = parts.into_iter().filter(|(place, _)| whole >> place & 1 == 0);
    let nested = parts.map(|(place, mask)| (place, mask.into_shape())).collect();
    Mask { names, bits, nested }
}

#[cfg(test)]
mod tests;
