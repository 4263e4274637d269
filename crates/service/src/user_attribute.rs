//! Tag UserAttribute: named values that each user can have.

mod hidden;
pub(crate) mod value;

use crate::audit::{about, texts};
use crate::change::{Undone, unless_taken, unless_unknown};
use crate::criteria::sorts;
use crate::permission::{Permission, allows};
use crate::{Service, can, stored, text};
use belvedere_api::{AttributeKind, Cx, Error, FieldCode, OperationId, Patch, Result, bodies, parameters, tags, types};
use belvedere_store::user_attribute::{self, COLUMNS, NewUserAttribute};
use belvedere_store::user_attribute_group_value as group_value;
use belvedere_store::{Filter, GroupId, Reader, Set, UserAttribute, UserAttributeGroupValue, UserAttributeId, group};

impl tags::UserAttribute for Service {
    async fn all_user_attributes(
        &self,
        cx: &Cx,
        query: parameters::AllUserAttributesQuery,
    ) -> Result<Vec<types::UserAttribute>> {
        let mut sorts = sorts(query.sorts.as_deref(), user_attribute::SORTABLE)?;
        sorts.push(COLUMNS.id.asc());
        let visible = visible(cx)?;
        let found = self.store.read(async |db| user_attribute::list(db, visible, sorts).await).await;
        Ok(stored(found)?.iter().map(|attribute| described(cx, attribute)).collect())
    }

    async fn create_user_attribute(&self, cx: &Cx, body: bodies::WriteUserAttribute) -> Result<types::UserAttribute> {
        let new = new_attribute(body)?;
        let made =
            self.change(cx, async |tx| unless_taken(user_attribute::insert(tx, new).await, already_exists)).await?;
        Ok(described(cx, &made))
    }

    async fn delete_user_attribute(&self, cx: &Cx, path: parameters::DeleteUserAttributePath) -> Result<()> {
        let id = attribute_id(&path.user_attribute_id)?;
        self.change(cx, async |tx| {
            changeable(tx, id).await?;
            user_attribute::delete(tx, id).await?;
            Ok(())
        })
        .await
    }

    async fn user_attribute(&self, cx: &Cx, path: parameters::UserAttributePath) -> Result<types::UserAttribute> {
        let filter = visible(cx)?.and(COLUMNS.id.eq(attribute_id(&path.user_attribute_id)?));
        let found = stored(self.store.read(async |db| user_attribute::list(db, filter, Vec::new()).await).await)?;
        Ok(described(cx, found.first().ok_or_else(Error::not_found)?))
    }

    async fn update_user_attribute(
        &self,
        cx: &Cx,
        path: parameters::UpdateUserAttributePath,
        body: bodies::WriteUserAttribute,
    ) -> Result<types::UserAttribute> {
        let id = attribute_id(&path.user_attribute_id)?;
        let changed = self.change(cx, async |tx| {
            let before = changeable(tx, id).await?;
            let sets = changes(&before, body)?;
            let after = unless_taken(user_attribute::update(tx, id, sets).await, already_exists)?;
            Ok(after.ok_or_else(Error::not_found)?)
        });
        Ok(described(cx, &changed.await?))
    }

    async fn all_user_attribute_group_values(
        &self,
        _: &Cx,
        path: parameters::AllUserAttributeGroupValuesPath,
    ) -> Result<Vec<types::UserAttributeGroupValue>> {
        let id = attribute_id(&path.user_attribute_id)?;
        let found = self.store.read(async |db| {
            let Some(attribute) = user_attribute::get(db, id).await? else { return Ok(None) };
            let values = group_value::of_attribute(db, id).await?;
            Ok(Some((attribute, values)))
        });
        let (attribute, values) = stored(found.await)?.ok_or_else(Error::not_found)?;
        Ok(values.iter().map(|value| described_group_value(&attribute, value)).collect())
    }

    async fn set_user_attribute_group_values(
        &self,
        cx: &Cx,
        path: parameters::SetUserAttributeGroupValuesPath,
        body: Vec<bodies::WriteUserAttributeGroupValue>,
    ) -> Result<Vec<types::UserAttributeGroupValue>> {
        let id = attribute_id(&path.user_attribute_id)?;
        let set = self
            .change(cx, async |tx| {
                let attribute = settable(tx, id).await?;
                let values = ranked(&attribute, body)?;
                let unknown = || Error::invalid("group_id", "names no group");
                let replaced = unless_unknown(group_value::replace(tx, id, &values).await, unknown)?;
                let groups: Vec<GroupId> = replaced.iter().map(|value| value.group_id).collect();
                let told = [("user_attribute_name", attribute.name.clone().into()), ("group_ids", texts(&groups))];
                Ok(about((attribute, replaced), told))
            })
            .await?;
        let (attribute, values) = set.value;
        Ok(values.iter().map(|value| described_group_value(&attribute, value)).collect())
    }
}

/// The most items of a list of group values.
const MOST_GROUP_VALUES: usize = 10_000;

/// Group values with their ranks: those they have, if every one has one, else their order.
fn ranked(
    attribute: &UserAttribute,
    items: Vec<bodies::WriteUserAttributeGroupValue>,
) -> Result<Vec<(GroupId, i64, String)>> {
    if items.len() > MOST_GROUP_VALUES {
        return Err(Error::invalid("body", format!("must have at most {MOST_GROUP_VALUES} values")));
    }
    let own_ranks = items.iter().all(|item| matches!(item.rank, Patch::Value(_)));
    let mut values: Vec<(GroupId, i64, String)> = Vec::with_capacity(items.len());
    let mut seen = std::collections::BTreeSet::new();
    for (index, item) in items.into_iter().enumerate() {
        let field = |name: &str| format!("[{index}].{name}");
        let group = item.group_id.value().ok_or_else(|| Error::missing_field(field("group_id")))?;
        let group: GroupId = group.trim().parse().map_err(|_| Error::invalid(field("group_id"), "names no group"))?;
        if !seen.insert(group) {
            return Err(Error::invalid(field("group_id"), "stands twice in the list"));
        }
        let value = item.value.value().unwrap_or_default();
        let value = value::checked(&attribute.kind, &field("value"), &value)?;
        let order = index as i64 + 1;
        values.push((group, if own_ranks { item.rank.value().unwrap_or(order) } else { order }, value));
    }
    Ok(values)
}

impl Service {
    /// `update_user_attribute_group_value`
    pub(crate) async fn set_group_value(
        &self,
        cx: &Cx,
        group_id: &str,
        attribute_id: &str,
        body: bodies::WriteUserAttributeGroupValue,
    ) -> Result<types::UserAttributeGroupValue> {
        let id = self::attribute_id(attribute_id)?;
        let group: GroupId = group_id.parse().map_err(|_| Error::not_found())?;
        let Patch::Value(value) = body.value else { return Err(Error::missing_field("value")) };
        let set = self
            .change(cx, async |tx| {
                let attribute = settable(tx, id).await?;
                group::get(tx, group).await?.ok_or_else(Error::not_found)?;
                let value = value::checked(&attribute.kind, "value", &value)?;
                let value = group_value::set(tx, id, group, &value).await?;
                let name = attribute.name.clone();
                Ok(about((attribute, value), [("user_attribute_name", name.into())]))
            })
            .await?;
        let (attribute, value) = set.value;
        Ok(described_group_value(&attribute, &value))
    }

    /// `delete_user_attribute_group_value`
    pub(crate) async fn delete_group_value(&self, cx: &Cx, group_id: &str, attribute_id: &str) -> Result<()> {
        let id = self::attribute_id(attribute_id)?;
        let group: GroupId = group_id.parse().map_err(|_| Error::not_found())?;
        let deleted = self.change(cx, async |tx| Ok(group_value::delete(tx, id, group).await?)).await?;
        if deleted { Ok(()) } else { Err(Error::not_found()) }
    }
}

pub(crate) fn attribute_id(text: &str) -> Result<UserAttributeId> {
    text.parse().map_err(|_| Error::not_found())
}

/// The attributes that a caller may know of: all for those who manage them, else those that users may view.
fn visible(cx: &Cx) -> Result<Filter<UserAttribute>> {
    let manages = cx.security()?.may(Permission::ManageUserAttributes.as_str());
    Ok(if manages { Filter::everything() } else { COLUMNS.user_can_view.eq(true) })
}

/// An attribute whose definition may be changed. Those that nobody may change do not exist here.
async fn changeable(db: &mut Reader, id: UserAttributeId) -> Result<UserAttribute, Undone> {
    let attribute = user_attribute::get(db, id).await?.filter(|attribute| !attribute.is_permanent);
    Ok(attribute.ok_or_else(Error::not_found)?)
}

/// An attribute that can be given values. Those that follow from the user's record cannot.
pub(crate) async fn settable(db: &mut Reader, id: UserAttributeId) -> Result<UserAttribute, Undone> {
    changeable(db, id).await
}

fn already_exists() -> Error {
    Error::field("name", FieldCode::AlreadyExists, "another user attribute has this name or label")
}

fn new_attribute(body: bodies::WriteUserAttribute) -> Result<NewUserAttribute> {
    let mut attribute = NewUserAttribute {
        name: attribute_name(&body.name.unwrap_or_default())?,
        label: text::name("label", &body.label.unwrap_or_default())?,
        kind: attribute_kind(&body.r#type.unwrap_or_default())?,
        default_value: None,
        value_is_hidden: body.value_is_hidden.unwrap_or(false),
        user_can_view: body.user_can_view.unwrap_or(true),
        user_can_edit: body.user_can_edit.unwrap_or(false),
        hidden_value_domain_whitelist: body.hidden_value_domain_whitelist.value(),
        needed_for_ci_run: body.needed_for_ci_run.unwrap_or(false),
        value_for_ci_run: body.value_for_ci_run.value(),
    };
    let checked = |value: String| value::checked(&attribute.kind, "default_value", &value);
    attribute.default_value = body.default_value.value().map(checked).transpose()?;
    if attribute.value_is_hidden {
        hidden::check(attribute.hidden_value_domain_whitelist.as_deref())?;
    }
    Ok(attribute)
}

/// What of an attribute a body changes.
fn changes(before: &UserAttribute, body: bodies::WriteUserAttribute) -> Result<Vec<Set<UserAttribute>>> {
    let mut sets = Vec::new();
    let mut kind = before.kind.clone();
    if let Some(name) = body.name.filter(|name| *name != before.name) {
        if before.is_system {
            return Err(Error::invalid("name", "is fixed for the attributes of the server itself"));
        }
        sets.push(COLUMNS.name.set(attribute_name(&name)?));
    }
    if let Some(label) = body.label {
        sets.push(COLUMNS.label.set(text::name("label", &label)?));
    }
    if let Some(other) = body.r#type.filter(|kind| *kind != before.kind) {
        kind = attribute_kind(&other)?;
        sets.push(COLUMNS.kind.set(kind.clone()));
    }
    if let Some(value) = body.default_value.change() {
        let value = value.map(|value| value::checked(&kind, "default_value", &value)).transpose()?;
        sets.push(COLUMNS.default_value.set(value));
    }
    let allowed = match body.hidden_value_domain_whitelist {
        Patch::Absent => before.hidden_value_domain_whitelist.clone(),
        given => given.value(),
    };
    hidden::check_change(before, body.value_is_hidden, allowed.as_deref())?;
    sets.push(COLUMNS.hidden_value_domain_whitelist.set(allowed));
    sets.extend(body.value_is_hidden.map(|flag| COLUMNS.value_is_hidden.set(flag)));
    sets.extend(body.user_can_view.map(|flag| COLUMNS.user_can_view.set(flag)));
    sets.extend(body.user_can_edit.map(|flag| COLUMNS.user_can_edit.set(flag)));
    sets.extend(body.needed_for_ci_run.map(|flag| COLUMNS.needed_for_ci_run.set(flag)));
    sets.extend(body.value_for_ci_run.change().map(|value| COLUMNS.value_for_ci_run.set(value)));
    Ok(sets)
}

/// A name as models write it.
pub fn attribute_name(name: &str) -> Result<String> {
    let name = text::name("name", name)?;
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if name.bytes().all(is_plain) {
        Ok(name)
    } else {
        Err(Error::invalid("name", "must consist of lower-case letters, digits and underscores"))
    }
}

/// The word of a type of user attributes.
pub fn attribute_kind(kind: &str) -> Result<String> {
    let words = || AttributeKind::ALL.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(", ");
    let kind =
        AttributeKind::parse(kind).ok_or_else(|| Error::invalid("type", format!("must be one of {}", words())))?;
    Ok(kind.as_str().to_owned())
}

fn described(cx: &Cx, attribute: &UserAttribute) -> types::UserAttribute {
    let manages = |operation| cx.security().is_ok_and(|security| allows(security, operation));
    let shown = |value: &Option<String>| value.clone().filter(|_| !attribute.value_is_hidden);
    let sets = manages(OperationId::UpdateUserAttribute) && !attribute.is_permanent;
    types::UserAttribute {
        can: can(&[
            ("show", true),
            ("index", true),
            ("create", manages(OperationId::CreateUserAttribute)),
            ("show_value", !attribute.value_is_hidden),
            ("update", sets),
            ("destroy", manages(OperationId::DeleteUserAttribute) && !attribute.is_permanent),
            ("set_value", !attribute.is_permanent && (sets || attribute.user_can_edit)),
        ]),
        id: Some(attribute.id.to_string()),
        name: Some(attribute.name.clone()),
        label: Some(attribute.label.clone()),
        r#type: Some(attribute.kind.clone()),
        default_value: shown(&attribute.default_value),
        is_system: Some(attribute.is_system),
        is_permanent: Some(attribute.is_permanent),
        value_is_hidden: Some(attribute.value_is_hidden),
        user_can_view: Some(attribute.user_can_view),
        user_can_edit: Some(attribute.user_can_edit),
        hidden_value_domain_whitelist: attribute.hidden_value_domain_whitelist.clone(),
        needed_for_ci_run: Some(attribute.needed_for_ci_run),
        value_for_ci_run: shown(&attribute.value_for_ci_run),
    }
}

fn described_group_value(attribute: &UserAttribute, value: &UserAttributeGroupValue) -> types::UserAttributeGroupValue {
    types::UserAttributeGroupValue {
        can: can(&[]),
        id: Some(value.id.to_string()),
        group_id: Some(value.group_id.to_string()),
        user_attribute_id: Some(value.user_attribute_id.to_string()),
        value_is_hidden: Some(attribute.value_is_hidden),
        rank: Some(value.rank),
        value: Some(shown_value(attribute, &value.value)),
    }
}

/// A value as it is shown: a hidden one is blank.
pub(crate) fn shown_value(attribute: &UserAttribute, value: &str) -> String {
    if attribute.value_is_hidden { String::new() } else { value.to_owned() }
}
