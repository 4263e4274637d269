//! Runs a query from end to end: model, plan, SQL, driver, result format.
