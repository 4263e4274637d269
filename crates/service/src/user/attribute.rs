//! The values that a user has for user attributes.

use super::{caller_id, user_id};
use crate::audit::about;
use crate::criteria::ids;
use crate::permission::Permission;
use crate::user_attribute::value::{Candidate, Candidates, Source, candidates, checked};
use crate::user_attribute::{attribute_id, settable, shown_value};
use crate::{Service, can, stored};
use belvedere_api::{Cx, Error, Patch, Result, bodies, parameters, types};
use belvedere_store::access::groups_of;
use belvedere_store::{
    GroupId, Reader, User, UserAttribute, UserAttributeId, UserId, group, user, user_attribute_user_value,
};
use std::collections::{BTreeSet, HashMap};

impl Service {
    pub(super) async fn attribute_values(
        &self,
        cx: &Cx,
        id: &str,
        query: parameters::UserAttributeUserValuesQuery,
    ) -> Result<Vec<types::UserAttributeWithValue>> {
        let id = user_id(id)?;
        let manages = manages(cx)?;
        if !manages && id != caller_id(cx)? {
            return Err(Error::not_found());
        }
        let found = self.store.read(async |db| {
            let Some(user) = user::get(db, id).await? else { return Ok(None) };
            let groups = groups_of(db, id).await?;
            let candidates = candidates(db, &user, &groups).await?;
            let names = group_names(db, &candidates).await?;
            Ok(Some((user, candidates, names)))
        });
        let (user, candidates, names) = stored(found.await)?.ok_or_else(Error::not_found)?;
        let asked: Option<Vec<UserAttributeId>> =
            query.user_attribute_ids.map(|texts| ids(texts.iter().map(String::as_str)));
        let every = query.all_values == Some(true);
        let mut values = Vec::new();
        for Candidates { attribute, values: found } in candidates {
            let is_visible = manages || attribute.user_can_view;
            let is_asked = asked.as_ref().is_none_or(|ids| ids.contains(&attribute.id));
            if !is_visible || !is_asked {
                continue;
            }
            let most = if every { usize::MAX } else { 1 };
            let shown: Vec<_> = found
                .iter()
                .take(most)
                .map(|value| described(&user, &attribute, Some(value), &names, manages))
                .collect();
            if shown.is_empty() && query.include_unset == Some(true) {
                values.push(described(&user, &attribute, None, &names, manages));
            }
            values.extend(shown);
        }
        Ok(values)
    }

    pub(super) async fn set_attribute_value(
        &self,
        cx: &Cx,
        user: &str,
        attribute: &str,
        body: bodies::WriteUserAttributeWithValue,
    ) -> Result<types::UserAttributeWithValue> {
        let (user, attribute) = own_value(cx, user, attribute)?;
        let Patch::Value(value) = body.value else { return Err(Error::missing_field("value")) };
        let manages = manages(cx)?;
        let set = self
            .change(cx, async |tx| {
                let attribute = settable(tx, attribute).await?;
                if !manages && !attribute.user_can_edit {
                    return Err(Error::forbidden().into());
                }
                let value = checked(&attribute.kind, "value", &value)?;
                let user = user::get(tx, user).await?.ok_or_else(Error::not_found)?;
                user_attribute_user_value::set(tx, attribute.id, user.id, &value).await?;
                let name = attribute.name.clone();
                Ok(about((user, attribute, value), [("user_attribute_name", name.into())]))
            })
            .await?;
        let (user, attribute, value) = set.value;
        let value = Candidate { source: Source::User, value };
        Ok(described(&user, &attribute, Some(&value), &HashMap::new(), manages))
    }

    pub(super) async fn delete_attribute_value(&self, cx: &Cx, user: &str, attribute: &str) -> Result<()> {
        let (user, attribute) = own_value(cx, user, attribute)?;
        let manages = manages(cx)?;
        self.change(cx, async |tx| {
            let attribute = settable(tx, attribute).await?;
            if !manages && !attribute.user_can_edit {
                return Err(Error::forbidden().into());
            }
            if user_attribute_user_value::delete(tx, attribute.id, user).await? {
                Ok(())
            } else {
                Err(Error::not_found().into())
            }
        })
        .await
    }
}

/// User and attribute of a value that the caller may change: one's own, or anybody's for those who manage values. All
/// others are refused alike, whether the user exists or not.
fn own_value(cx: &Cx, user: &str, attribute: &str) -> Result<(UserId, UserAttributeId)> {
    let user = user_id(user);
    if !manages(cx)? && user.as_ref().ok() != Some(&caller_id(cx)?) {
        return Err(Error::forbidden());
    }
    Ok((user?, attribute_id(attribute)?))
}

fn manages(cx: &Cx) -> Result<bool> {
    Ok(cx.security()?.may(Permission::ManageUserAttributes.as_str()))
}

/// The names of the groups whose values are among the candidates.
async fn group_names(db: &mut Reader, candidates: &[Candidates]) -> belvedere_store::Result<HashMap<GroupId, String>> {
    let sources = candidates.iter().flat_map(|candidates| &candidates.values).map(|value| value.source);
    let groups: BTreeSet<GroupId> = sources
        .filter_map(|source| match source {
            Source::Group(group, _) => Some(group),
            Source::User | Source::Default => None,
        })
        .collect();
    let groups = group::by_ids(db, &Vec::from_iter(groups)).await?;
    Ok(groups.into_iter().map(|group| (group.id, group.name)).collect())
}

fn described(
    user: &User,
    attribute: &UserAttribute,
    value: Option<&Candidate>,
    groups: &HashMap<GroupId, String>,
    manages: bool,
) -> types::UserAttributeWithValue {
    let rank = match value.map(|value| value.source) {
        Some(Source::Group(_, rank)) => Some(rank),
        _ => None,
    };
    let source = value.map(|value| match value.source {
        Source::User => "User".to_owned(),
        Source::Group(group, _) => format!("Group: {}", groups.get(&group).map_or("", String::as_str)),
        Source::Default => "Default".to_owned(),
    });
    types::UserAttributeWithValue {
        can: can(&[
            ("show_value", !attribute.value_is_hidden),
            ("set_value", !attribute.is_permanent && (manages || attribute.user_can_edit)),
        ]),
        name: Some(attribute.name.clone()),
        label: Some(attribute.label.clone()),
        rank,
        value: value.map(|value| shown_value(attribute, &value.value)),
        user_id: Some(user.id.to_string()),
        user_can_edit: Some(attribute.user_can_edit),
        value_is_hidden: Some(attribute.value_is_hidden),
        user_attribute_id: Some(attribute.id.to_string()),
        source,
        hidden_value_domain_whitelist: attribute.hidden_value_domain_whitelist.clone(),
    }
}
