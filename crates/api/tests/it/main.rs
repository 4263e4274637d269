//! The generated code against the contract.

mod contract;
