//! A query on an explore, planned and rendered as SQL.
