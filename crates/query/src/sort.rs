//! The grammar of `sorts`.

use crate::error::Error;
use crate::plan::Direction;
use crate::query::UNSORTED;

/// What a query asks of the order of its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sorts {
    /// The default order.
    Default,
    /// No order.
    Unsorted,
    /// These fields, the first one first.
    By(Vec<Sort>),
}

/// One sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sort {
    /// The field as it was written.
    pub(crate) field: String,
    pub(crate) direction: Direction,
    /// The pivot column, from 0 on.
    pub(crate) pivot_column: Option<u64>,
}

/// Reads `field [asc|desc] [pivot index]`. An index that is no number from 0 up is none. Blank texts are passed over, as
/// Looker does.
pub(crate) fn parse(sorts: &[String]) -> Result<Sorts, Error> {
    let mut by = Vec::new();
    for sort in sorts {
        let mut words = sort.split_whitespace();
        let Some(field) = words.next() else { continue };
        if field == UNSORTED {
            return Ok(Sorts::Unsorted);
        }
        let (direction, index) = match words.next() {
            None => (Direction::Ascending, None),
            Some(word) if word.eq_ignore_ascii_case("asc") => (Direction::Ascending, words.next()),
            Some(word) if word.eq_ignore_ascii_case("desc") => (Direction::Descending, words.next()),
            Some(index) if is_index(index) => (Direction::Ascending, Some(index)),
            Some(_) => return Err(Error::Sort { sort: sort.clone() }),
        };
        let pivot_column = index.and_then(|index| index.parse().ok());
        by.push(Sort { field: field.to_owned(), direction, pivot_column });
    }
    Ok(if by.is_empty() { Sorts::Default } else { Sorts::By(by) })
}

fn is_index(word: &str) -> bool {
    word.parse::<i64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::{Sort, Sorts, parse};
    use crate::plan::Direction;

    fn sorts(list: &[&str]) -> Result<Sorts, crate::Error> {
        parse(&list.iter().map(|sort| (*sort).to_owned()).collect::<Vec<_>>())
    }

    fn by(list: &[(&str, Direction, Option<u64>)]) -> Sorts {
        let sort =
            |&(field, direction, pivot_column): &(&str, _, _)| Sort { field: field.into(), direction, pivot_column };
        Sorts::By(list.iter().map(sort).collect())
    }

    #[test]
    fn a_direction_and_a_pivot_index_may_follow_the_field() {
        let expected = by(&[
            ("a.b", Direction::Ascending, None),
            ("a.c", Direction::Descending, None),
            ("a.d", Direction::Descending, Some(2)),
            ("a.e", Direction::Ascending, Some(0)),
            ("a.f", Direction::Ascending, None),
            ("a.g", Direction::Descending, None),
        ]);
        assert_eq!(sorts(&["a.b", "a.c desc", "a.d  DESC 2", "a.e 0", " a.f asc -1", "a.g desc x"]), Ok(expected));
    }

    #[test]
    fn blank_sorts_are_none_at_all() {
        assert_eq!(sorts(&[]), Ok(Sorts::Default));
        assert_eq!(sorts(&["", " "]), Ok(Sorts::Default));
        assert_eq!(sorts(&["__UNSORTED__"]), Ok(Sorts::Unsorted));
    }

    #[test]
    fn an_unknown_direction_is_an_error() {
        assert!(sorts(&["a.b down"]).is_err());
    }
}
