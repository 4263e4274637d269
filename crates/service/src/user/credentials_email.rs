//! Sign-in by e-mail address.

use super::describe::user_url;
use crate::audit::{Record, Subject};
use crate::change::{unless_taken, unless_unknown};
use crate::criteria::{Criteria, page, pattern, sorts, texts};
use crate::{Service, can, stored, text};
use belvedere_api::{Cx, Error, FieldCode, Page, Patch, Result, bodies, parameters, time, types};
use belvedere_store::credentials_email::{self, COLUMNS};
use belvedere_store::{CredentialsEmail, Filter, PasswordReset, Reader, UserId, password_reset, user};
use std::collections::HashMap;

impl Service {
    pub(super) async fn find_credentials_email(
        &self,
        cx: &Cx,
        query: parameters::SearchCredentialsEmailQuery,
    ) -> Result<Page<types::CredentialsEmailSearch>> {
        let window = query.window()?;
        let emails = query.emails.as_deref().map(one_of_emails).transpose()?;
        let criteria = Criteria::new()
            .ids(query.id.as_deref(), |ids| COLUMNS.user_id.one_of(ids))
            .text(query.email.as_deref(), COLUMNS.email)?
            .with(emails);
        let sorts = sorts(query.sorts.as_deref(), credentials_email::SORTABLE)?;
        let search = page(criteria.filter(query.filter_or), sorts, window);
        let read = self.store.read(async |db| {
            let found = credentials_email::search(db, search).await?;
            let users: Vec<UserId> = found.rows.iter().map(|row| row.user_id).collect();
            Ok((found, password_reset::of_users(db, &users).await?))
        });
        let (found, resets) = stored(read.await)?;
        let resets: HashMap<UserId, PasswordReset> = resets.into_iter().map(|reset| (reset.user_id, reset)).collect();
        let items = found.rows.iter().map(|row| {
            let email = described(cx, row, resets.get(&row.user_id));
            types::CredentialsEmailSearch {
                can: email.can,
                created_at: email.created_at,
                email: email.email,
                forced_password_reset_at_next_login: email.forced_password_reset_at_next_login,
                user_id: email.user_id,
                is_disabled: email.is_disabled,
                logged_in_at: email.logged_in_at,
                password_reset_url: email.password_reset_url,
                account_setup_url: email.account_setup_url,
                password_reset_url_expired: email.password_reset_url_expired,
                account_setup_url_expired: email.account_setup_url_expired,
                r#type: email.r#type,
                url: email.url,
                user_url: email.user_url,
            }
        });
        Ok(Page { items: items.collect(), window, total: Some(found.total) })
    }

    pub(super) async fn email_credentials(&self, cx: &Cx, user: &str) -> Result<types::CredentialsEmail> {
        let user = self.own_or_administered(cx, user).await?;
        let (found, resets) = stored(self.store.read(async |db| with_reset(db, user.id).await).await)?;
        Ok(described(cx, &found.ok_or_else(Error::not_found)?, resets.first()))
    }

    pub(super) async fn make_email_credentials(
        &self,
        cx: &Cx,
        user_id: UserId,
        body: bodies::WriteCredentialsEmail,
    ) -> Result<types::CredentialsEmail> {
        let email = text::email("email", &body.email.value().unwrap_or_default())?;
        let forced = body.forced_password_reset_at_next_login;
        let made = self.change(cx, async |tx| {
            let user = user::get(tx, user_id).await?.ok_or_else(Error::not_found)?;
            if user.service_account_name.is_some() {
                return Err(
                    Error::invalid("user_id", "is a service account, which signs in with API keys alone").into()
                );
            }
            if credentials_email::of_user(tx, user_id).await?.is_some() {
                return Err(Error::already_exists().into());
            }
            let made = unless_taken(credentials_email::insert(tx, user_id, &email, cx.now).await, email_taken)?;
            let Some(forced) = forced else { return Ok(made) };
            let sets = vec![COLUMNS.forced_password_reset_at_next_login.set(forced)];
            Ok(credentials_email::update(tx, user_id, sets, cx.now).await?.ok_or_else(Error::not_found)?)
        });
        Ok(described(cx, &made.await?, None))
    }

    pub(super) async fn change_email_credentials(
        &self,
        cx: &Cx,
        user_id: UserId,
        body: bodies::WriteCredentialsEmail,
    ) -> Result<types::CredentialsEmail> {
        let mut sets = Vec::new();
        match body.email {
            Patch::Absent => {}
            Patch::Null => return Err(Error::missing_field("email")),
            Patch::Value(email) => sets.push(COLUMNS.email.set(text::email("email", &email)?)),
        }
        let forced = body.forced_password_reset_at_next_login;
        sets.extend(forced.map(|flag| COLUMNS.forced_password_reset_at_next_login.set(flag)));
        let changed = self.change(cx, async |tx| {
            let changed = credentials_email::update(tx, user_id, sets, cx.now).await;
            let changed = unless_taken(changed, email_taken)?.ok_or_else(Error::not_found)?;
            let resets = password_reset::of_users(tx, &[user_id]).await?;
            Ok(Changed { credentials: changed, resets })
        });
        let Changed { credentials: changed, resets } = changed.await?;
        Ok(described(cx, &changed, resets.first()))
    }

    pub(super) async fn remove_email_credentials(&self, cx: &Cx, user_id: UserId) -> Result<()> {
        let deleted = self.change(cx, async |tx| {
            unless_unknown(credentials_email::delete(tx, user_id, cx.now).await, Error::not_found)
        });
        if deleted.await? { Ok(()) } else { Err(Error::not_found()) }
    }
}

/// Credentials after a change, and the ways to a new password.
struct Changed {
    credentials: CredentialsEmail,
    resets: Vec<PasswordReset>,
}

impl Subject for Changed {
    fn tell(&self, record: &mut Record) {
        self.credentials.tell(record);
    }
}

/// The credentials of a user, and the way to a new password if there is one.
async fn with_reset(
    db: &mut Reader,
    user: UserId,
) -> belvedere_store::Result<(Option<CredentialsEmail>, Vec<PasswordReset>)> {
    Ok((credentials_email::of_user(db, user).await?, password_reset::of_users(db, &[user]).await?))
}

/// Credentials with one of these addresses, which are separated by commas.
fn one_of_emails(list: &str) -> Result<Filter<CredentialsEmail>> {
    let emails = texts("emails", list)?.into_iter().map(|text| Ok(COLUMNS.email.matches(&pattern(text)?)));
    Ok(Filter::any_of(emails.collect::<Result<Vec<_>>>()?))
}

fn email_taken() -> Error {
    Error::field("email", FieldCode::AlreadyExists, "another user has this address")
}

/// E-mail credentials as the API shows them. The address where a password is set is told once, when it is made: what is
/// kept of it is a hash.
pub(super) fn described(cx: &Cx, email: &CredentialsEmail, reset: Option<&PasswordReset>) -> types::CredentialsEmail {
    let user_url = user_url(cx, email.user_id);
    let has_expired = reset.and_then(|reset| reset.expires_at).is_some_and(|end| end <= cx.now);
    types::CredentialsEmail {
        can: can(&[("show_password_reset_url", cx.security().is_ok_and(|security| security.is_admin()))]),
        created_at: Some(time::text(email.created_at)),
        email: Some(email.email.clone()),
        forced_password_reset_at_next_login: Some(email.forced_password_reset_at_next_login),
        user_id: Some(email.user_id.to_string()),
        is_disabled: Some(email.is_disabled),
        logged_in_at: email.logged_in_at.map(time::text),
        password_reset_url: None,
        account_setup_url: None,
        password_reset_url_expired: Some(has_expired),
        account_setup_url_expired: Some(has_expired && email.password_hash.is_none()),
        r#type: Some("email".to_owned()),
        url: Some(format!("{user_url}/credentials_email")),
        user_url: Some(user_url),
    }
}
