//! Grants: what a user may not see does not exist for them.

use crate::context::{Access, Reach};
use belvedere_lookml::model::{AccessGrant, Explore, ExploreView, Field};
use indexmap::IndexMap;
use std::sync::Arc;

/// Whether names that a grant hides are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    /// Someone asks for them: what is hidden is unknown.
    Enforced,
    /// The model itself uses them, for a join or to restrict rows.
    Trusted,
}

/// True when every one of `grants` is given. A grant that is not among the `declared` ones is not.
pub fn granted(access: &Access, declared: &IndexMap<Arc<str>, AccessGrant>, grants: &[Arc<str>]) -> bool {
    access.reach == Reach::Unrestricted
        || grants.iter().all(|name| {
            let Some(grant) = declared.get(name) else { return false };
            let value = access.value(&grant.user_attribute).map(|attribute| attribute.value.as_str());
            value.is_some_and(|value| grant.allowed_values.iter().any(|allowed| allowed == value))
        })
}

/// True when the user may see the field: its grants, its view's and its join's are given.
pub fn sees_field(access: &Access, explore: &Explore, view: &ExploreView, field: &Field) -> bool {
    let join = view.join.as_ref().map(|join| join.required_access_grants.as_slice()).unwrap_or_default();
    granted(access, &explore.access_grants, &field.required_access_grants)
        && granted(access, &explore.access_grants, &view.view.required_access_grants)
        && granted(access, &explore.access_grants, join)
}
