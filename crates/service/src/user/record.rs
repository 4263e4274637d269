//! Making, changing and deleting users.

use super::{caller_id, user_id};
use crate::change::{Undone, unless_taken};
use crate::role::keep_an_administrator;
use crate::{Service, text};
use belvedere_api::{Cx, Error, FieldCode, Patch, Result, bodies, types};
use belvedere_store::user::{self, COLUMNS, NewUser};
use belvedere_store::{JsonObject, Set, Tx, User, UserId, credentials_email};
use serde_json::Value;

/// The most bytes of what the web pages remember for a user.
const LARGEST_UI_STATE: usize = 100_000;

impl Service {
    pub(super) async fn make_user(&self, cx: &Cx, body: bodies::WriteUser) -> Result<types::User> {
        let email = body.credentials_email.clone().value().and_then(|credentials| credentials.email.value());
        let email = email.map(|email| text::email("credentials_email.email", &email)).transpose()?;
        let mut rest = JsonObject::new();
        remember(&mut rest, &body)?;
        let new = NewUser {
            first_name: text::optional_line("first_name", body.first_name)?.value(),
            last_name: text::optional_line("last_name", body.last_name)?.value(),
            is_disabled: body.is_disabled.unwrap_or(false),
            locale: text::optional_locale("locale", body.locale)?.value(),
            can_manage_api3_creds: body.can_manage_api3_creds.unwrap_or(false),
            rest,
            ..NewUser::default()
        };
        let made = self.change(cx, async |tx| {
            let user = user::insert(tx, new, cx.now).await?;
            if let Some(email) = &email {
                unless_taken(credentials_email::insert(tx, user.id, email, cx.now).await, email_taken)?;
            }
            Ok(user)
        });
        let made = made.await?.id;
        self.one_user(cx, made).await
    }

    pub(super) async fn change_user(&self, cx: &Cx, id: &str, body: bodies::WriteUser) -> Result<types::User> {
        let before = self.own_or_administered(cx, id).await?;
        let is_admin = cx.security()?.is_admin();
        let sets = changes(&before, body, is_admin)?;
        let id = before.id;
        self.change(cx, async |tx| {
            let after = user::update(tx, id, sets, cx.now).await?.ok_or_else(Error::not_found)?;
            if after.is_disabled && !before.is_disabled {
                disabled(tx, id).await?;
            }
            Ok(after)
        })
        .await?;
        self.one_user(cx, id).await
    }

    /// Deletes an account: not one's own, and not that of the last administrator.
    pub(super) async fn remove_account(&self, cx: &Cx, id: UserId) -> Result<()> {
        if id == caller_id(cx)? || cx.caller()?.sudo_user.is_some_and(|admin| admin.get() == id.get()) {
            return Err(Error::forbidden());
        }
        self.change(cx, async |tx| {
            if !user::delete(tx, id).await? {
                return Err(Error::not_found().into());
            }
            keep_an_administrator(tx).await
        })
        .await
    }

    pub(super) async fn overwrite_emails(&self, cx: &Cx, id: UserId, email: &str) -> Result<types::User> {
        let email = text::email("email", email)?;
        self.change(cx, async |tx| {
            let user = user::get(tx, id).await?.ok_or_else(Error::not_found)?;
            if !user.is_disabled {
                return Err(Error::invalid("user_id", "must be a user who is disabled").into());
            }
            let sets = vec![credentials_email::COLUMNS.email.set(email)];
            unless_taken(credentials_email::update(tx, id, sets, cx.now).await, Error::already_exists)?;
            Ok(())
        })
        .await?;
        self.one_user(cx, id).await
    }

    /// The user of a path parameter, for whoever administers users.
    pub(super) async fn administered(&self, id: &str) -> Result<User> {
        let id = user_id(id)?;
        let found = crate::stored(self.store.read(async |db| user::get(db, id).await).await)?;
        found.ok_or_else(Error::not_found)
    }
}

/// What follows when a user may no longer sign in.
pub(super) async fn disabled(tx: &mut Tx, id: UserId) -> Result<(), Undone> {
    user::sign_out(tx, id).await?;
    keep_an_administrator(tx).await
}

fn email_taken() -> Error {
    Error::field("credentials_email.email", FieldCode::AlreadyExists, "another user has this address")
}

/// What of a user a body changes. Everybody may change what is personal; the rest is for administrators, but clients
/// send whole objects back, so what stays as it is may be there.
fn changes(before: &User, body: bodies::WriteUser, is_admin: bool) -> Result<Vec<Set<User>>> {
    let disables = body.is_disabled.filter(|flag| *flag != before.is_disabled);
    let keys = body.can_manage_api3_creds.filter(|flag| *flag != before.can_manage_api3_creds);
    if !is_admin && (disables.is_some() || keys.is_some()) {
        return Err(Error::forbidden());
    }
    let mut rest = before.rest.clone();
    remember(&mut rest, &body)?;
    let mut sets = vec![COLUMNS.rest.set(rest)];
    sets.extend(text::optional_line("first_name", body.first_name)?.change().map(|name| COLUMNS.first_name.set(name)));
    sets.extend(text::optional_line("last_name", body.last_name)?.change().map(|name| COLUMNS.last_name.set(name)));
    sets.extend(text::optional_locale("locale", body.locale)?.change().map(|locale| COLUMNS.locale.set(locale)));
    sets.extend(disables.map(|flag| COLUMNS.is_disabled.set(flag)));
    sets.extend(keys.map(|flag| COLUMNS.can_manage_api3_creds.set(flag)));
    Ok(sets)
}

/// Keeps what of a user is neither searched nor sorted by.
fn remember(rest: &mut JsonObject, body: &bodies::WriteUser) -> Result<()> {
    let ui_state = body
        .ui_state
        .as_ref()
        .map(|state| Value::Object(state.iter().map(|(key, value)| (key.clone(), value.clone())).collect()));
    if let Patch::Value(state) = &ui_state
        && state.to_string().len() > LARGEST_UI_STATE
    {
        return Err(Error::invalid("ui_state", format!("must have at most {LARGEST_UI_STATE} bytes")));
    }
    let home = text::optional_line("home_folder_id", body.home_folder_id.clone())?.map(Value::from);
    let validated = body.models_dir_validated.map(Value::from);
    for (key, value) in [("ui_state", ui_state), ("home_folder_id", home), ("models_dir_validated", validated)] {
        match value {
            Patch::Absent => {}
            Patch::Null => {
                rest.shift_remove(key);
            }
            Patch::Value(value) => {
                rest.insert(key.to_owned(), value);
            }
        }
    }
    Ok(())
}
