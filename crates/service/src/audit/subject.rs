//! What an event is about: said by what a change gives.

use belvedere_store::access::HeldRole;
use belvedere_store::{
    CredentialsApi3, CredentialsEmail, CredentialsTotp, Group, JsonObject, ModelSet, OauthClientApp, PermissionSet,
    User, UserAttribute, UserId,
};
use serde::Serialize;
use serde_json::Value;
use std::fmt::Display;

/// What a change gives, as far as its event tells of it. It tells what decides on access, and no secret.
pub trait Subject {
    /// Tells it.
    fn tell(&self, record: &mut Record);
}

/// What is told of a change.
#[derive(Debug)]
pub struct Record {
    attributes: JsonObject,
    user: Option<UserId>,
    ending: Ending,
}

/// How a change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Done,
    Failed,
    Nothing,
}

impl Record {
    pub(super) fn new(attributes: JsonObject) -> Self {
        Self { attributes, user: None, ending: Ending::Done }
    }

    /// Tells an attribute. What was told before under its name stays.
    pub fn attribute(&mut self, name: &str, value: impl Into<Value>) {
        self.attributes.entry(name).or_insert_with(|| value.into());
    }

    /// Tells an attribute that may have no value.
    pub fn optional(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.attribute(name, value);
        }
    }

    /// Tells each property of an object.
    pub(crate) fn object(&mut self, object: &impl Serialize) {
        if let Ok(Value::Object(properties)) = serde_json::to_value(object) {
            for (name, value) in properties {
                self.attribute(&name, value);
            }
        }
    }

    /// Tells as whom it was done, where that turned out on the way.
    pub fn user(&mut self, user: Option<UserId>) {
        self.user = user;
    }

    /// Tells that it was refused, and why.
    pub fn failed(&mut self, reason: &str) {
        self.ending = Ending::Failed;
        self.attribute("reason", reason);
    }

    /// Nothing has happened, and nothing is recorded.
    pub fn nothing(&mut self) {
        self.ending = Ending::Nothing;
    }

    pub(super) fn ending(&self) -> Ending {
        self.ending
    }

    pub(super) fn into_parts(self) -> (Option<UserId>, JsonObject) {
        (self.user, self.attributes)
    }
}

/// What a change gives, with attributes of its event beside it.
#[derive(Debug)]
pub struct About<T> {
    /// What the change gives.
    pub value: T,
    attributes: Vec<(&'static str, Value)>,
}

/// What a change gives, and attributes of its event.
pub fn about<T, const N: usize>(value: T, attributes: [(&'static str, Value); N]) -> About<T> {
    About { value, attributes: attributes.into() }
}

impl<T> Subject for About<T> {
    fn tell(&self, record: &mut Record) {
        for (name, value) in self.attributes.iter().filter(|(_, value)| !value.is_null()) {
            record.attribute(name, value.clone());
        }
    }
}

/// What is done by somebody who turns out to be this user on the way.
#[derive(Debug)]
pub struct By<T>(pub UserId, pub T);

impl<T: Subject> Subject for By<T> {
    fn tell(&self, record: &mut Record) {
        record.user(Some(self.0));
        self.1.tell(record);
    }
}

/// Ids as the API writes them, for an attribute.
pub(crate) fn texts<'a>(ids: impl IntoIterator<Item = &'a (impl Display + 'a)>) -> Value {
    ids.into_iter().map(ToString::to_string).collect()
}

/// All is told by what the path names.
impl Subject for () {
    fn tell(&self, _: &mut Record) {}
}

/// Whether anything has changed.
impl Subject for bool {
    fn tell(&self, record: &mut Record) {
        if !self {
            record.nothing();
        }
    }
}

/// None when nothing has changed.
impl<T: Subject> Subject for Option<T> {
    fn tell(&self, record: &mut Record) {
        match self {
            Some(subject) => subject.tell(record),
            None => record.nothing(),
        }
    }
}

impl Subject for User {
    fn tell(&self, record: &mut Record) {
        record.attribute("user_id", self.id.to_string());
        record.attribute("is_disabled", self.is_disabled);
        record.attribute("can_manage_api3_creds", self.can_manage_api3_creds);
        record.optional("service_account_name", self.service_account_name.clone());
    }
}

impl Subject for CredentialsApi3 {
    fn tell(&self, record: &mut Record) {
        record.attribute("user_id", self.user_id.to_string());
        record.attribute("credentials_api3_id", self.id.to_string());
        record.attribute("client_id", self.client_id.as_str());
        record.attribute("is_disabled", self.is_disabled);
    }
}

impl Subject for CredentialsEmail {
    fn tell(&self, record: &mut Record) {
        record.attribute("user_id", self.user_id.to_string());
        record.attribute("email", self.email.as_str());
        record.attribute("is_disabled", self.is_disabled);
        record.attribute("forced_password_reset_at_next_login", self.forced_password_reset_at_next_login);
    }
}

impl Subject for CredentialsTotp {
    fn tell(&self, record: &mut Record) {
        record.attribute("user_id", self.user_id.to_string());
    }
}

impl Subject for Group {
    fn tell(&self, record: &mut Record) {
        record.attribute("group_id", self.id.to_string());
        record.attribute("group_name", self.name.as_str());
    }
}

impl Subject for HeldRole {
    fn tell(&self, record: &mut Record) {
        record.attribute("role_id", self.role.id.to_string());
        record.attribute("role_name", self.role.name.as_str());
        record.attribute("permission_set_id", self.permission_set.id.to_string());
        record.attribute("model_set_id", self.model_set.id.to_string());
    }
}

impl Subject for PermissionSet {
    fn tell(&self, record: &mut Record) {
        record.attribute("permission_set_id", self.id.to_string());
        record.attribute("permission_set_name", self.name.as_str());
        record.attribute("permissions", self.permissions.clone());
    }
}

impl Subject for ModelSet {
    fn tell(&self, record: &mut Record) {
        record.attribute("model_set_id", self.id.to_string());
        record.attribute("model_set_name", self.name.as_str());
        record.attribute("models", self.models.clone());
    }
}

/// The definition, without its value.
impl Subject for UserAttribute {
    fn tell(&self, record: &mut Record) {
        record.attribute("user_attribute_id", self.id.to_string());
        record.attribute("user_attribute_name", self.name.as_str());
        record.attribute("value_is_hidden", self.value_is_hidden);
        record.attribute("user_can_view", self.user_can_view);
        record.attribute("user_can_edit", self.user_can_edit);
    }
}

impl Subject for OauthClientApp {
    fn tell(&self, record: &mut Record) {
        record.attribute("app_client_guid", self.client_guid.as_str());
        record.attribute("app_display_name", self.display_name.as_str());
        record.attribute("redirect_uris", self.redirect_uris.clone());
        record.attribute("enabled", self.enabled);
        record.optional("group_id", self.group_id.map(|group| group.to_string()));
    }
}
