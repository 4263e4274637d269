//! A whole server inside a test: fixed clock, seeded ids, seed data.
