//! What queries become: SQL cases, and properties that hold for all of them.

mod cases;
mod fuzz;
mod hostile;
mod shape;
mod support;
