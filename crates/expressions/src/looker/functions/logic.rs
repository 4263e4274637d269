//! Logic.

use super::{Availability, Body, Form, Function, Gives, Takes, alike, any, everywhere, parameter, repeated, yesno};
use crate::looker::mathematics as of;

pub(super) static FUNCTIONS: &[Function] = &[
    everywhere(
        "if",
        &[yesno("condition"), alike("then"), alike("else")],
        Gives::Alike,
        "one value where the condition is yes, and the other where it is no or null",
        Body::Form(Form::If),
    ),
    everywhere(
        "case",
        &[repeated(parameter("when(condition, value)", Takes::When)), alike("else")],
        Gives::Alike,
        "the value of the first `when` whose condition is yes, else the last argument; null without one",
        Body::Form(Form::Case),
    ),
    everywhere(
        "when",
        &[yesno("condition"), alike("value")],
        Gives::Alike,
        "one branch of `case`; it stands nowhere else",
        Body::Form(Form::When),
    ),
    everywhere(
        "coalesce",
        &[repeated(alike("value"))],
        Gives::Alike,
        "the first value that is not null",
        Body::Cell(of::coalesce),
    ),
    everywhere("is_null", &[any("value")], Gives::Yesno, "whether the value is null", Body::Cell(of::is_null)),
    Function {
        name: "matches_filter",
        parameters: &[parameter("field", Takes::Field), parameter("`filter_expression`", Takes::Filter)],
        gives: Gives::Yesno,
        meaning: "whether the field matches a filter expression, which stands in backticks",
        availability: Availability::Translated,
        body: Body::Form(Form::MatchesFilter),
    },
];
