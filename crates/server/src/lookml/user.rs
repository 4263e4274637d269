//! The user that `--user-attribute` describes.

use anyhow::{Context as _, Result, bail};
use belvedere_api::{AttributeKind, Grant, SecurityContext, UserAttribute, UserId};
use std::collections::BTreeMap;

/// The user with the attributes that are written as `NAME=VALUE` or `NAME:TYPE=VALUE`; `None` when there are none: then
/// the author asks. The user has every permission, so that attributes alone restrict.
pub fn of(written: &[String]) -> Result<Option<SecurityContext>> {
    if written.is_empty() {
        return Ok(None);
    }
    let mut attributes = BTreeMap::new();
    for written in written {
        let (name, attribute) = read(written)?;
        if attributes.insert(name.clone(), attribute).is_some() {
            bail!("--user-attribute {written}: {name} has a value already");
        }
    }
    let value = |name: &str| attributes.get(name).map(|attribute: &UserAttribute| attribute.value.clone());
    let (locale, time_zone) = (value("locale").unwrap_or_else(|| "en".to_owned()), value("timezone"));
    Ok(Some(SecurityContext::new(UserId::new(0), vec![Grant::admin()], attributes, locale, time_zone)))
}

fn read(written: &str) -> Result<(String, UserAttribute)> {
    let (name, value) = written
        .split_once('=')
        .with_context(|| format!("--user-attribute takes NAME=VALUE or NAME:TYPE=VALUE, not {written}"))?;
    let (name, word) = name.split_once(':').unwrap_or((name, AttributeKind::String.as_str()));
    let known = || AttributeKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
    let kind = AttributeKind::parse(word.trim())
        .with_context(|| format!("--user-attribute {written}: there is no type {word}; it is one of {}", known()))?;
    Ok((name.trim().to_owned(), UserAttribute { kind, value: value.to_owned() }))
}
