//! The contract as Rust: types, traits, operations and dispatch, generated from contract/.
