//! What a name without a value stands for. As in Liquid it contains nothing; to the library's `nil` that question is a
//! mistake.

use liquid_core::model::{ArrayView, DisplayCow, KStringCow, State, Value, ValueView};
use std::fmt;

/// No value.
#[derive(Debug)]
pub(super) struct Missing;

/// What is in it.
static NOTHING: Vec<Value> = Vec::new();

impl ValueView for Missing {
    fn as_debug(&self) -> &dyn fmt::Debug {
        self
    }

    fn render(&self) -> DisplayCow<'_> {
        Value::Nil.render()
    }

    fn source(&self) -> DisplayCow<'_> {
        Value::Nil.source()
    }

    fn type_name(&self) -> &'static str {
        Value::Nil.type_name()
    }

    fn query_state(&self, state: State) -> bool {
        Value::Nil.query_state(state)
    }

    fn to_kstr(&self) -> KStringCow<'_> {
        KStringCow::from_static("")
    }

    fn to_value(&self) -> Value {
        Value::Nil
    }

    fn as_array(&self) -> Option<&dyn ArrayView> {
        Some(&NOTHING)
    }

    fn is_nil(&self) -> bool {
        true
    }
}
