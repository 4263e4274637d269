//! The contract as Rust: types, traits, operations and dispatch, generated from `contract/`.
//!
//! A service implements the traits in [`tags`], one method for each operation. A front door looks an operation up in
//! [`OPERATIONS`], builds a [`Cx`] and a [`Request`], and calls [`dispatch()`]; what comes back is a [`Reply`] or an
//! [`Error`]. Neither of them knows the other, and neither reads or writes JSON of API objects by hand.
//!
//! What the generated code needs to run is written by hand beside it: reading parameters ([`FromQuery`]) and bodies
//! ([`Body`], [`Patch`]), writing answers ([`Resource`], [`Shape`]).

mod arguments;
mod body;
mod cx;
mod dispatch;
pub mod documents;
mod error;
mod generated;
mod json;
mod operation;
mod page;
mod patch;
mod prelude;
pub mod releases;
mod reply;
mod request;
mod resource;
mod security;
mod shape;
pub mod time;
mod words;

pub use arguments::{FromQuery, OpenQuery};
pub use belvedere_contract::Release;
pub use body::{Body, Fields, FromJson, Mode, Problems};
pub use cx::{Caller, Client, Cx, Ids, TokenHash, UserId, Workspace};
pub use dispatch::{Answering, IntoReply, dispatch};
pub use error::{Error, FieldCode, FieldError, Kind as ErrorKind, Place as ErrorPlace, Result};
pub use generated::operations::{OPERATIONS, OperationId};
pub use generated::{bodies, parameters, tags, types};
pub use json::WriteJson;
pub use operation::{Activity, Kind as ParameterKind, Method, Operation, Parameter, ParameterPlace, Status};
pub use page::{Page, Window};
pub use patch::Patch;
pub use reply::{BodyStream, Json, Reply};
pub use request::{Request, pairs};
pub use resource::{Properties, Property, Resource, Table};
pub use security::{AttributeKind, Grant, Names, SecurityContext, UserAttribute};
pub use shape::{Column, Layout, Layouts, Plan, Shape, Written};
