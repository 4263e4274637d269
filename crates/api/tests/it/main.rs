//! The generated code against the contract, and dispatch with a service.

mod contract;
mod dispatch;
