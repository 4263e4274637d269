//! Mathematics on single values.

use super::{Body, Form, Function, Gives, calculation, everywhere, number, repeated};
use crate::looker::mathematics as of;
use Body::Cell;
use Gives::Number;

pub(super) static FUNCTIONS: &[Function] = &[
    everywhere("abs", &[number("value")], Number, "the value without its sign", Cell(of::abs)),
    everywhere("ceiling", &[number("value")], Number, "the least whole number that is not less", Cell(of::ceiling)),
    everywhere("floor", &[number("value")], Number, "the greatest whole number that is not greater", Cell(of::floor)),
    everywhere(
        "round",
        &[number("value"), number("num_decimals")],
        Number,
        "the value rounded to so many decimals, half away from zero; before the point with a negative number",
        Cell(of::round),
    ),
    everywhere("exp", &[number("value")], Number, "e to the power of the value", Cell(of::exp)),
    everywhere(
        "ln",
        &[number("value")],
        Number,
        "the natural logarithm; null unless the value is positive",
        Cell(of::ln),
    ),
    everywhere(
        "log",
        &[number("value")],
        Number,
        "the logarithm to base 10; null unless the value is positive",
        Cell(of::log),
    ),
    everywhere(
        "mod",
        &[number("value"), number("divisor")],
        Number,
        "the remainder of the division, with the sign of the value; null when the divisor is 0",
        Cell(of::modulo),
    ),
    everywhere(
        "power",
        &[number("base"), number("exponent")],
        Number,
        "the base to the power of the exponent",
        Cell(of::power),
    ),
    everywhere("sqrt", &[number("value")], Number, "the square root; null for a negative value", Cell(of::sqrt)),
    everywhere("rand", &[], Number, "a random number from 0 up to, not including, 1", Body::Form(Form::Rand)),
    calculation("acos", &[number("value")], Number, "the arc cosine, in radians", Cell(of::acos)),
    calculation("asin", &[number("value")], Number, "the arc sine, in radians", Cell(of::asin)),
    calculation("atan", &[number("value")], Number, "the arc tangent, in radians", Cell(of::atan)),
    calculation("cos", &[number("value")], Number, "the cosine of an angle in radians", Cell(of::cos)),
    calculation("sin", &[number("value")], Number, "the sine of an angle in radians", Cell(of::sin)),
    calculation("tan", &[number("value")], Number, "the tangent of an angle in radians", Cell(of::tan)),
    calculation("degrees", &[number("value")], Number, "an angle in radians as degrees", Cell(of::degrees)),
    calculation("radians", &[number("value")], Number, "an angle in degrees as radians", Cell(of::radians)),
    calculation("pi", &[], Number, "the ratio of a circle's circumference to its diameter", Cell(of::pi)),
    calculation(
        "fact",
        &[number("value")],
        Number,
        "the factorial of the whole part; null for negative values and above 170",
        Cell(of::fact),
    ),
    calculation(
        "combin",
        &[number("set_size"), number("selection_size")],
        Number,
        "how many selections of a size a set of a size has",
        Cell(of::combin),
    ),
    calculation(
        "multinomial",
        &[repeated(number("value"))],
        Number,
        "the factorial of the sum of the values over the product of their factorials",
        Cell(of::multinomial),
    ),
];
