//! What generated code is made of.
#![allow(unused_imports, reason = "which types the properties have is for the contract to say")]

pub(crate) use std::future::Future;

pub(crate) use indexmap::IndexMap;
pub(crate) use jiff::Timestamp;
pub(crate) use jiff::civil::Date;
pub(crate) use serde_json::Value;

pub(crate) use crate::arguments::{Arguments, OpenQuery};
pub(crate) use crate::body::{Body, Fields, Mode};
pub(crate) use crate::cx::Cx;
pub(crate) use crate::dispatch::{Started, answer};
pub(crate) use crate::error::{Error, Result};
pub(crate) use crate::generated::operations::OperationId;
pub(crate) use crate::page::{Page, Window};
pub(crate) use crate::patch::Patch;
pub(crate) use crate::reply::{Json, Reply};
pub(crate) use crate::resource::{Properties, Property, Resource, Table};
pub(crate) use crate::words::words;
