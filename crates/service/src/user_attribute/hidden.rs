//! Hidden values: where they may be sent to, which can only become less.

use belvedere_api::{Error, Result};
use belvedere_store::UserAttribute;
use std::collections::BTreeSet;

const FIELD: &str = "hidden_value_domain_whitelist";

/// Refuses a list that is empty or malformed.
pub(super) fn check(list: Option<&str>) -> Result<()> {
    let entries = entries(list);
    let is_address = |entry: &&str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:/*%~".contains(&byte);
        entry.bytes().all(plain) && entry.bytes().any(|byte| byte.is_ascii_alphanumeric())
    };
    if !entries.is_empty() && entries.iter().all(is_address) {
        return Ok(());
    }
    Err(Error::invalid(FIELD, "must be a list of URLs separated by commas; `*` may stand for a part of one"))
}

/// Refuses to show hidden values again, or to send them to more places.
pub(super) fn check_change(before: &UserAttribute, hidden: Option<bool>, list: Option<&str>) -> Result<()> {
    if !before.value_is_hidden {
        return if hidden == Some(true) { check(list) } else { Ok(()) };
    }
    if hidden == Some(false) {
        return Err(Error::invalid("value_is_hidden", "cannot be switched off once values are hidden"));
    }
    check(list)?;
    if entries(list).is_subset(&entries(before.hidden_value_domain_whitelist.as_deref())) {
        return Ok(());
    }
    Err(Error::invalid(FIELD, "can lose entries once values are hidden, and gain none"))
}

fn entries(list: Option<&str>) -> BTreeSet<&str> {
    list.unwrap_or_default().split(',').map(str::trim).filter(|entry| !entry.is_empty()).collect()
}
