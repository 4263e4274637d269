//! The API over HTTP: every operation, every refusal, and who may call what.
//!
//! A file per tag; `conventions` holds what is the same for all operations, `permission` who may call which. Every
//! answer is validated against the served document as it arrives.

mod admin_cli;
mod api_auth;
mod api_cli;
mod api_history;
mod audit;
mod auth;
mod config;
mod connection;
mod connections;
mod conventions;
mod fields;
mod forwarded;
mod group;
mod lookml_cli;
mod lookml_model;
mod mail;
mod metadata;
mod nodes;
mod oauth;
mod oauth_client_app;
mod operator;
mod pages;
mod permission;
mod project;
mod query;
mod revoke;
mod role;
mod second_factor;
mod session;
mod sign_in;
mod tls;
mod user;
mod user_attribute;
mod versions;
mod workspace;
