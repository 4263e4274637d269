//! Who does something, from where: what an event tells beside the thing itself.

use super::subject::{Ending, Record, Subject};
use super::table::{self, Deed};
use belvedere_api::{Caller, Client, Cx, Error, Operation, ParameterPlace};
use belvedere_store::event::{self, NewEvent};
use belvedere_store::{JsonObject, Tx, UserId, access};
use jiff::Timestamp;
use serde_json::Value;

/// The most characters that are kept of what a program calls itself.
const LONGEST_NAME: usize = 200;

/// Something that somebody does.
#[derive(Debug)]
pub struct Act<'a> {
    deed: Deed,
    now: Timestamp,
    caller: Option<&'a Caller>,
    client: Option<&'a Client>,
    request_id: Option<&'a str>,
    /// The values of the path's parameters.
    path: &'a [String],
}

impl<'a> Act<'a> {
    /// What a person does with a page, or a program with the endpoint of tokens.
    pub fn of_client(deed: Deed, client: &'a Client, now: Timestamp) -> Self {
        Self { client: Some(client), ..Self::of_operator(deed, now) }
    }

    /// What the operator does on the machine itself.
    pub fn of_operator(deed: Deed, now: Timestamp) -> Self {
        Self { deed, now, caller: None, client: None, request_id: None, path: &[] }
    }

    /// What is to be recorded of this; none when nothing has happened.
    ///
    /// # Errors
    /// 500 when the table of events has no row for it.
    pub fn told(&self, subject: &impl Subject) -> Result<Option<Told>, Error> {
        let row = table::row(self.deed).ok_or_else(|| Error::internal(NoRow(self.deed)))?;
        let mut record = Record::new(self.named());
        subject.tell(&mut record);
        let name = match record.ending() {
            Ending::Nothing => return Ok(None),
            Ending::Done => row.name,
            Ending::Failed => row.failure.unwrap_or(row.name),
        };
        self.tell_origin(&mut record);
        let caller = self.caller.map(|caller| UserId::new(caller.user.get()));
        let (user_id, attributes) = record.into_parts();
        let event = NewEvent {
            name: name.to_owned(),
            category: row.category.to_owned(),
            user_id: caller.or(user_id),
            sudo_user_id: self.caller.and_then(|caller| caller.sudo_user).map(|user| UserId::new(user.get())),
            is_admin: self.caller.is_some_and(|caller| caller.security.is_admin()),
            is_api_call: matches!(self.deed, Deed::Call(_)),
            attributes,
        };
        Ok(Some(Told { event, now: self.now, knows_rights: self.caller.is_some() }))
    }

    /// The things that the path of a call names.
    fn named(&self) -> JsonObject {
        let Deed::Call(operation) = self.deed else { return JsonObject::new() };
        let parameters =
            Operation::of(operation).parameters.iter().filter(|parameter| parameter.place == ParameterPlace::Path);
        // Some paths hold a token; what names a thing tells no secret.
        let names_a_thing = |name: &str| name.ends_with("_id") || matches!(name, "client_guid" | "key");
        let named = parameters.zip(self.path).filter(|(parameter, _)| names_a_thing(parameter.name));
        named.map(|(parameter, value)| (attribute(parameter.name).to_owned(), Value::from(value.as_str()))).collect()
    }

    fn tell_origin(&self, record: &mut Record) {
        let client = self.client;
        let line = |text: &String| text.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
        let program = client.and_then(|client| client.application.as_ref().or(client.user_agent.as_ref()));
        record.optional("ip", client.and_then(|client| client.address).map(|address| address.to_string()));
        record.optional("application", program.map(|text| -> String { line(text) }));
        record.optional("request_id", self.request_id.map(str::to_owned));
    }
}

/// The name of an attribute for a parameter, where the field has another word for it.
fn attribute(parameter: &'static str) -> &'static str {
    if parameter == "client_guid" { "app_client_guid" } else { parameter }
}

impl<'a> From<&'a Cx> for Act<'a> {
    fn from(cx: &'a Cx) -> Self {
        Self {
            deed: Deed::Call(cx.operation),
            now: cx.now,
            caller: cx.caller.as_ref(),
            client: Some(&cx.client),
            request_id: Some(&cx.request_id),
            path: &cx.path,
        }
    }
}

/// What is to be recorded.
#[derive(Debug)]
pub struct Told {
    event: NewEvent,
    now: Timestamp,
    /// Whether it is known already what the user may do.
    knows_rights: bool,
}

impl Told {
    /// Records it, in the transaction of what it tells of.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn record(self, tx: &mut Tx) -> belvedere_store::Result<()> {
        let Self { mut event, now, knows_rights } = self;
        if let (false, Some(user)) = (knows_rights, event.user_id) {
            event.is_admin = access::is_admin(tx, user).await?;
        }
        event::insert(tx, event, now).await.map(drop)
    }
}

/// A change that nobody said how to record: it is not made.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} changes the state and has no row in the table of events")]
struct NoRow(Deed);
