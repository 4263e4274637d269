//! How long a query takes from its fields to its SQL.

fn main() {}
