//! Which value of an attribute counts for a user: the own one, else that of the group with the lowest rank, else the
//! default.

use belvedere_api::{AttributeKind, Error, Result, UserAttribute as Value, time};
use belvedere_store::user_attribute::{self, COLUMNS};
use belvedere_store::{
    Filter, GroupId, Reader, User, UserAttribute, UserAttributeId, user_attribute_group_value,
    user_attribute_user_value,
};
use std::collections::{BTreeMap, BTreeSet};

/// The most characters of a value.
const LONGEST: usize = 10_000;

/// An attribute with what could count for a user.
#[derive(Debug)]
pub(crate) struct Candidates {
    /// The attribute.
    pub(crate) attribute: UserAttribute,
    /// The values, the one that counts first.
    pub(crate) values: Vec<Candidate>,
}

/// A value that could count for a user.
#[derive(Debug)]
pub(crate) struct Candidate {
    /// Whose value it is.
    pub(crate) source: Source,
    /// The value.
    pub(crate) value: String,
}

/// Whose value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The user's own.
    User,
    /// That of a group, with its rank.
    Group(GroupId, i64),
    /// That of everybody who has no other.
    Default,
}

/// Every attribute with what could count for a user who is in these groups.
pub(crate) async fn candidates(
    db: &mut Reader,
    user: &User,
    groups: &BTreeSet<GroupId>,
) -> belvedere_store::Result<Vec<Candidates>> {
    let attributes = user_attribute::list(db, Filter::everything(), vec![COLUMNS.id.asc()]).await?;
    let mut values: BTreeMap<UserAttributeId, Vec<Candidate>> = BTreeMap::new();
    for own in user_attribute_user_value::of_user(db, user.id).await? {
        let own_value = Candidate { source: Source::User, value: own.value };
        values.entry(own.user_attribute_id).or_default().push(own_value);
    }
    for group in user_attribute_group_value::of_groups(db, groups.iter().copied()).await? {
        let of_group = Candidate { source: Source::Group(group.group_id, group.rank), value: group.value };
        values.entry(group.user_attribute_id).or_default().push(of_group);
    }
    let complete = attributes.into_iter().map(|attribute| {
        let mut values = values.remove(&attribute.id).unwrap_or_default();
        if let Some(value) = of_record(user, &attribute) {
            let at = usize::from(values.first().is_some_and(|value| value.source == Source::User));
            values.insert(at, Candidate { source: Source::User, value });
        }
        let default = attribute.default_value.clone();
        values.extend(default.map(|value| Candidate { source: Source::Default, value }));
        Candidates { attribute, values }
    });
    Ok(complete.collect())
}

/// The value of each attribute that has one.
pub(crate) async fn effective(
    db: &mut Reader,
    user: &User,
    groups: &BTreeSet<GroupId>,
) -> belvedere_store::Result<BTreeMap<String, Value>> {
    let candidates = candidates(db, user, groups).await?.into_iter();
    let effective = candidates.filter_map(|Candidates { attribute, values }| {
        let kind = AttributeKind::parse(&attribute.kind).unwrap_or(AttributeKind::String);
        let value = values.into_iter().next()?.value;
        Some((attribute.name, Value { kind, value }))
    });
    Ok(effective.collect())
}

/// What the attributes of the server itself take from the user's record.
fn of_record(user: &User, attribute: &UserAttribute) -> Option<String> {
    if !attribute.is_system {
        return None;
    }
    match attribute.name.as_str() {
        "email" => user.email.clone(),
        "first_name" => user.first_name.clone(),
        "last_name" => user.last_name.clone(),
        "full_name" => crate::user::display_name(user),
        "id" => Some(user.id.to_string()),
        "locale" => user.locale.clone(),
        _ => None,
    }
}

/// A value that is as an attribute of this type wants it.
pub fn checked(kind: &str, field: &str, value: &str) -> Result<String> {
    if value.chars().count() > LONGEST {
        return Err(Error::invalid(field, format!("must have at most {LONGEST} characters")));
    }
    let text = value.trim();
    let kind = AttributeKind::parse(kind).unwrap_or(AttributeKind::String);
    let expected = match kind {
        _ if text.is_empty() => None,
        AttributeKind::Number if text.parse::<f64>().is_ok_and(f64::is_finite) => None,
        AttributeKind::Number => Some("must be a number"),
        AttributeKind::Yesno if matches!(text.to_ascii_lowercase().as_str(), "yes" | "no") => None,
        AttributeKind::Yesno => Some("must be `yes` or `no`"),
        AttributeKind::Datetime if time::parse(text).is_some() => None,
        AttributeKind::Datetime => Some("must be a time such as 2026-01-31 08:00:00"),
        AttributeKind::RelativeUrl if text.starts_with('/') && !text.starts_with("//") => None,
        AttributeKind::RelativeUrl => Some("must be a path that begins with one `/`"),
        _ => None,
    };
    match expected {
        Some(expected) => Err(Error::invalid(field, expected)),
        None => Ok(value.to_owned()),
    }
}
