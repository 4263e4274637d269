//! Filter expressions, one module for each grammar: each row of the tables that describe it, worked by hand.

mod date;
mod location;
mod number;
mod properties;
mod quote;
mod string;
mod tier;
mod yesno;
