//! Filter expressions, one module for each grammar: each row of the tables that describe it, worked by hand. Looker
//! expressions: reading, checking, and each function on values worked by hand.

mod date;
mod location;
mod looker;
mod number;
mod properties;
mod quote;
mod string;
mod tier;
mod yesno;
