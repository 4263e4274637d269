//! Text.

use super::{Body, Function, Gives, any, calculation, everywhere, number, repeated, string};
use crate::looker::text as of;
use Body::Cell;

pub(super) static FUNCTIONS: &[Function] = &[
    everywhere(
        "concat",
        &[repeated(any("value"))],
        Gives::String,
        "the values as one text; null is an empty text",
        Cell(of::concat),
    ),
    everywhere(
        "contains",
        &[string("string"), string("search_string")],
        Gives::Yesno,
        "whether the text holds the other one, in the same case",
        Cell(of::contains),
    ),
    everywhere("length", &[string("string")], Gives::Number, "how many characters the text has", Cell(of::length)),
    everywhere("lower", &[string("string")], Gives::String, "the text in lower case", Cell(of::lower)),
    everywhere("upper", &[string("string")], Gives::String, "the text in upper case", Cell(of::upper)),
    everywhere(
        "position",
        &[string("string"), string("search_string")],
        Gives::Number,
        "where the text first holds the other one, counted from 1; 0 when it does not",
        Cell(of::position),
    ),
    everywhere(
        "replace",
        &[string("string"), string("old_string"), string("new_string")],
        Gives::String,
        "the text with each occurrence of one text replaced by another",
        Cell(of::replace),
    ),
    everywhere(
        "substring",
        &[string("string"), number("start_position"), number("length")],
        Gives::String,
        "so many characters of the text from a position on, counted from 1",
        Cell(of::substring),
    ),
    calculation(
        "split",
        &[string("string"), string("delimiter")],
        Gives::Texts,
        "the pieces of the text between the delimiters, as a list",
        Cell(of::split),
    ),
    calculation(
        "to_number",
        &[string("string")],
        Gives::Number,
        "the number that the text is; null when it is none",
        Cell(of::to_number),
    ),
    calculation(
        "to_string",
        &[any("value")],
        Gives::String,
        "the value as text; an empty text for null",
        Cell(of::to_string),
    ),
];
