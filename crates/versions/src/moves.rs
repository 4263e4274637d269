//! What the step from one version to the other moves.

use std::borrow::Cow;

use belvedere_contract::{Move, Moved};

use crate::change::Change;
use crate::edit::Edit;

/// Which of the two versions is the older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// The changed version is older than the newest.
    ToNewest,
    /// The changed version comes after the newest that the code speaks.
    FromNewest,
}

/// The moves of a change, from the names of the older version to those of the newer.
pub(crate) fn of(change: &'static Change, direction: Direction) -> Vec<Move> {
    let mut moves: Vec<Move> = Vec::new();
    for edit in change.edits {
        match direction {
            Direction::ToNewest => moves.extend(to_newest(change.id, edit)),
            Direction::FromNewest => from_newest(change, edit, &mut moves),
        }
    }
    moves
}

fn to_newest(id: &'static str, edit: &'static Edit) -> Vec<Move> {
    match *edit {
        Edit::Operation { name, of, .. } => vec![Move::operation(id, name, of)],
        Edit::Lost { name, description, .. } => vec![Move::operation_gone(id, name).with_note(description)],
        Edit::Parameter { operation, name, of: Some(of), .. } => vec![Move::parameter(id, operation, name, of)],
        Edit::Parameter { operation, name, of: None, .. } => vec![Move::parameter_gone(id, operation, name)],
        Edit::Schema { name, of } => vec![Move::schema(id, name, of)],
        Edit::OwnSchema { name, .. } => vec![Move::schema_gone(id, name)],
        Edit::Property { schema, name, of } => vec![Move::property(id, schema, name, of)],
        Edit::OwnProperty { schema, name, .. } => vec![Move::property_gone(id, schema, name)],
        _ => Vec::new(),
    }
}

/// What the changed version lacks is gone, unless it is there under another name.
fn from_newest(change: &'static Change, edit: &'static Edit, moves: &mut Vec<Move>) {
    let renamed = |is: &dyn Fn(&Edit) -> Option<&'static str>| change.edits.iter().find_map(is).map(Cow::Borrowed);
    match *edit {
        Edit::NoOperations(names) => moves.extend(names.iter().map(|from| {
            let to = renamed(&|edit| match *edit {
                Edit::Operation { name, of, .. } if of == *from => Some(name),
                _ => None,
            });
            Move::new(change.id, Moved::Operation { from: Cow::Borrowed(from), to })
        })),
        Edit::NoParameters { operation, names } => moves.extend(names.iter().map(|from| {
            let to = renamed(&|edit| match *edit {
                Edit::Parameter { operation: other, name, of, .. } if other == operation && of == Some(from) => {
                    Some(name)
                }
                _ => None,
            });
            Move::new(
                change.id,
                Moved::Parameter { operation: Cow::Borrowed(operation), from: Cow::Borrowed(from), to },
            )
        })),
        Edit::NoProperties { schema, names } => moves.extend(names.iter().map(|from| {
            let to = renamed(&|edit| match *edit {
                Edit::Property { schema: other, name, of } if other == schema && of == *from => Some(name),
                _ => None,
            });
            Move::new(change.id, Moved::Property { schema: Cow::Borrowed(schema), from: Cow::Borrowed(from), to })
        })),
        Edit::Schema { name, of } => moves.push(Move::schema(change.id, of, name)),
        _ => {}
    }
}
