//! Whole bodies of each format.

mod binary;
mod failures;
mod json;
mod json_bi;
mod json_detail;
mod pivoted;
mod round_trip;
mod support;
mod text;
mod types;
