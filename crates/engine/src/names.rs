//! Names of fields, as queries and LookML write them.

/// `alias.name`. A field without a view, as queries bring them along, has its bare name.
pub(crate) fn full_name(alias: &str, name: &str) -> String {
    if alias.is_empty() { name.to_owned() } else { [alias, ".", name].concat() }
}

/// The full name of a field that LookML or a caller names in the view `alias`, with or without a view of its own.
pub(crate) fn in_view(alias: &str, name: &str) -> String {
    if name.contains('.') { name.to_owned() } else { full_name(alias, name) }
}
