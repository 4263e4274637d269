//! Programs that sign users in by OAuth: their registration, and who has consented to them.

use crate::change::{Undone, unless_taken, unless_unknown};
use crate::oauth::RedirectUri;
use crate::user::public_user;
use crate::{Service, abilities, stored, text};
use belvedere_api::{Cx, Error, FieldCode, Patch, Result, bodies, types};
use belvedere_store::oauth_client_app::{self, COLUMNS};
use belvedere_store::{ClientGuid, GroupId, OauthClientApp, Set, Tx, User, UserId};
use belvedere_store::{group, oauth_client_app_user, user};
use std::collections::HashMap;

/// The most characters of a description.
const LONGEST_DESCRIPTION: usize = 4000;

/// The most addresses of one program.
const MOST_ADDRESSES: usize = 100;

impl Service {
    pub(super) async fn list_apps(&self, cx: &Cx) -> Result<Vec<types::OauthClientApp>> {
        let apps = stored(self.store.read(async |db| oauth_client_app::all(db).await).await)?;
        self.described_apps(cx, apps).await
    }

    pub(super) async fn one_app(&self, cx: &Cx, guid: &str) -> Result<types::OauthClientApp> {
        let guid = client_guid(guid)?;
        let app = stored(self.store.read(async |db| oauth_client_app::get(db, &guid).await).await)?;
        self.one_described_app(cx, app.ok_or_else(Error::not_found)?).await
    }

    pub(super) async fn register_app(
        &self,
        cx: &Cx,
        guid: &str,
        body: bodies::WriteOauthClientApp,
    ) -> Result<types::OauthClientApp> {
        let wrong_name = || {
            let most = ClientGuid::MAX_LENGTH;
            Error::invalid("client_guid", format!("must be one line of at most {most} characters"))
        };
        let guid: ClientGuid = guid.parse().map_err(|_| wrong_name())?;
        let redirect_uris = addresses(&[], body.redirect_uri, body.redirect_uris)?;
        let group_id = body.group_id.value();
        let new = OauthClientApp {
            client_guid: guid,
            redirect_uris: redirect_uris.ok_or_else(|| Error::missing_field("redirect_uri"))?,
            display_name: text::name("display_name", &body.display_name.unwrap_or_default())?,
            description: description(body.description.unwrap_or_default())?,
            enabled: body.enabled.unwrap_or(true),
            group_id: None,
            tokens_invalid_before: cx.now,
        };
        let made = self.change(cx, async |tx| {
            let group_id = known_group(tx, group_id).await?;
            let new = OauthClientApp { group_id, ..new };
            unless_taken(oauth_client_app::insert(tx, new).await, Error::already_exists)
        });
        let made = made.await?;
        self.one_described_app(cx, made).await
    }

    pub(super) async fn change_app(
        &self,
        cx: &Cx,
        guid: &str,
        body: bodies::WriteOauthClientApp,
    ) -> Result<types::OauthClientApp> {
        let guid = client_guid(guid)?;
        let changed = self.change(cx, async |tx| {
            let before = oauth_client_app::get(tx, &guid).await?.ok_or_else(Error::not_found)?;
            let sets = changes(tx, &before, body).await?;
            let after = oauth_client_app::update(tx, &guid, sets, cx.now).await?;
            Ok(after.ok_or_else(Error::not_found)?)
        });
        let changed = changed.await?;
        self.one_described_app(cx, changed).await
    }

    /// Deletes a program. That there was none is no mistake.
    pub(super) async fn remove_app(&self, cx: &Cx, guid: &str) -> Result<()> {
        if let Ok(guid) = client_guid(guid) {
            self.change(cx, async |tx| Ok(oauth_client_app::delete(tx, &guid).await?)).await?;
        }
        Ok(())
    }

    pub(super) async fn end_tokens_of_app(&self, cx: &Cx, guid: &str) -> Result<()> {
        let guid = client_guid(guid)?;
        let ended = self.change(cx, async |tx| Ok(oauth_client_app::invalidate_tokens(tx, &guid, cx.now).await?));
        ended.await?.map(drop).ok_or_else(Error::not_found)
    }

    pub(super) async fn note_consent(&self, cx: &Cx, guid: &str, user: &str) -> Result<()> {
        let (guid, user) = (client_guid(guid)?, consenting_user(cx, user)?);
        self.change(cx, async |tx| {
            unless_unknown(oauth_client_app_user::insert(tx, &guid, user, cx.now).await, Error::not_found)
        })
        .await
        .map(drop)
    }

    /// Takes a consent back. That there was none is no mistake.
    pub(super) async fn take_consent_back(&self, cx: &Cx, guid: &str, user: &str) -> Result<()> {
        let user = consenting_user(cx, user)?;
        if let Ok(guid) = client_guid(guid) {
            self.change(cx, async |tx| Ok(oauth_client_app_user::delete(tx, &guid, user).await?)).await?;
        }
        Ok(())
    }

    async fn one_described_app(&self, cx: &Cx, app: OauthClientApp) -> Result<types::OauthClientApp> {
        self.described_apps(cx, vec![app]).await?.pop().ok_or_else(Error::not_found)
    }

    async fn described_apps(&self, cx: &Cx, apps: Vec<OauthClientApp>) -> Result<Vec<types::OauthClientApp>> {
        let mut activated =
            if cx.shape.wants("activated_users") { self.activated_users(&apps).await? } else { HashMap::new() };
        let described = apps.into_iter().map(|app| {
            let users = activated.remove(&app.client_guid).unwrap_or_default();
            types::OauthClientApp {
                can: abilities(&["show", "index", "create", "update", "delete"]),
                client_guid: Some(app.client_guid.to_string()),
                redirect_uri: app.redirect_uris.first().cloned(),
                display_name: Some(app.display_name),
                description: Some(app.description),
                enabled: Some(app.enabled),
                group_id: app.group_id.map(|group| group.to_string()),
                tokens_invalid_before: Some(app.tokens_invalid_before),
                activated_users: Some(users.iter().map(|user| public_user(cx, user)).collect()),
                redirect_uris: Some(app.redirect_uris),
            }
        });
        Ok(described.collect())
    }

    /// Who has consented to each of these programs.
    async fn activated_users(&self, apps: &[OauthClientApp]) -> Result<HashMap<ClientGuid, Vec<User>>> {
        let guids: Vec<ClientGuid> = apps.iter().map(|app| app.client_guid.clone()).collect();
        let read = self.store.read(async |db| {
            let consents = oauth_client_app_user::of_apps(db, &guids).await?;
            let ids: Vec<UserId> = consents.iter().map(|consent| consent.user_id).collect();
            Ok((consents, user::by_ids(db, &ids).await?))
        });
        let (consents, users) = stored(read.await)?;
        let users: HashMap<UserId, User> = users.into_iter().map(|user| (user.id, user)).collect();
        let mut activated: HashMap<ClientGuid, Vec<User>> = HashMap::new();
        for consent in consents {
            let user = users.get(&consent.user_id).cloned();
            activated.entry(consent.client_guid).or_default().extend(user);
        }
        Ok(activated)
    }
}

fn client_guid(text: &str) -> Result<ClientGuid> {
    text.parse().map_err(|_| Error::not_found())
}

/// The user whose consent a call is about: the caller, or anybody for an administrator. Others are told of nobody.
fn consenting_user(cx: &Cx, id: &str) -> Result<UserId> {
    let caller = cx.caller()?;
    let id: UserId = id.parse().map_err(|_| Error::not_found())?;
    let allowed = id.get() == caller.user.get() || caller.security.is_admin();
    if allowed { Ok(id) } else { Err(Error::not_found()) }
}

async fn changes(
    tx: &mut Tx,
    before: &OauthClientApp,
    body: bodies::WriteOauthClientApp,
) -> Result<Vec<Set<OauthClientApp>>, Undone> {
    let mut sets = Vec::new();
    let redirect_uris = addresses(&before.redirect_uris, body.redirect_uri, body.redirect_uris)?;
    sets.extend(redirect_uris.map(|addresses| COLUMNS.redirect_uris.set(addresses)));
    if let Some(name) = body.display_name {
        sets.push(COLUMNS.display_name.set(text::name("display_name", &name)?));
    }
    if let Some(text) = body.description {
        sets.push(COLUMNS.description.set(description(text)?));
    }
    sets.extend(body.enabled.map(|enabled| COLUMNS.enabled.set(enabled)));
    match body.group_id {
        Patch::Absent => {}
        // The group may be gone by now; a client that sends the whole object back changes nothing.
        Patch::Value(id) if before.group_id.is_some_and(|group| group.to_string() == id) => {}
        other => sets.push(COLUMNS.group_id.set(known_group(tx, other.value()).await?)),
    }
    Ok(sets)
}

/// The group of this id, which must be there; an empty text names none.
async fn known_group(tx: &mut Tx, id: Option<String>) -> Result<Option<GroupId>, Undone> {
    let Some(id) = id.filter(|id| !id.is_empty()) else { return Ok(None) };
    let unknown = || Error::field("group_id", FieldCode::Missing, "there is no such group");
    let id: GroupId = id.parse().map_err(|_| unknown())?;
    group::get(tx, id).await?.ok_or_else(unknown)?;
    Ok(Some(id))
}

/// The addresses after a change, the one first that clients of one address know; none when they stay.
///
/// `redirect_uris` names all of them, and `redirect_uri` the first, whether or not the others are named.
fn addresses(before: &[String], first: Option<String>, all: Patch<Vec<String>>) -> Result<Option<Vec<String>>> {
    if first.is_none() && all.is_absent() {
        return Ok(None);
    }
    // A client that sends the whole object back says what the first one is twice.
    let mut addresses = match all {
        Patch::Absent => before.get(1..).unwrap_or_default().to_vec(),
        Patch::Null => Vec::new(),
        Patch::Value(all) => all,
    };
    if let Some(first) = first.or_else(|| if addresses.is_empty() { before.first().cloned() } else { None }) {
        addresses.retain(|address| *address != first);
        addresses.insert(0, first);
    }
    if addresses.is_empty() {
        return Err(Error::missing_field("redirect_uri"));
    }
    if addresses.len() > MOST_ADDRESSES {
        return Err(Error::invalid("redirect_uris", format!("must be at most {MOST_ADDRESSES} addresses")));
    }
    for (index, address) in addresses.iter().enumerate() {
        let field = if index == 0 { "redirect_uri".to_owned() } else { format!("redirect_uris[{index}]") };
        RedirectUri::parse(address).map_err(|wrong| Error::invalid(field, wrong.to_string()))?;
    }
    Ok(Some(addresses))
}

fn description(text: String) -> Result<String> {
    if text.chars().count() > LONGEST_DESCRIPTION {
        return Err(Error::invalid("description", format!("must have at most {LONGEST_DESCRIPTION} characters")));
    }
    if text.chars().any(|letter| letter.is_control() && letter != '\n') {
        return Err(Error::invalid("description", "must be without control characters"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(before: &[&str], first: Option<&str>, all: Patch<&[&str]>) -> Option<Vec<String>> {
        let owned =
            |texts: &[&str]| texts.iter().map(|text| format!("https://{text}.example.com/")).collect::<Vec<_>>();
        let first = first.map(|first| owned(&[first]).remove(0));
        addresses(&owned(before), first, all.map(owned)).unwrap()
    }

    #[test]
    fn the_one_address_is_the_first_of_all() {
        let hosts = |addresses: Option<Vec<String>>| {
            let addresses = addresses.unwrap_or_default();
            let hosts =
                addresses.iter().map(|address| address["https://".len()..].split('.').next().unwrap().to_owned());
            hosts.collect::<Vec<_>>().join(" ")
        };
        for (before, first, all, expected) in [
            (&[][..], Some("a"), Patch::Absent, "a"),
            (&[], None, Patch::Value(&["a", "b"][..]), "a b"),
            (&[], Some("b"), Patch::Value(&["a", "b"]), "b a"),
            (&["a", "b"], Some("c"), Patch::Absent, "c b"),
            (&["a", "b"], None, Patch::Value(&["c"]), "c"),
            (&["a", "b"], None, Patch::Null, "a"),
            (&["a", "b"], None, Patch::Value(&[]), "a"),
            (&["a", "b"], Some("a"), Patch::Value(&["a", "b"]), "a b"),
        ] {
            assert_eq!(hosts(after(before, first, all)), expected, "{before:?}");
        }
        assert_eq!(after(&["a"], None, Patch::Absent), None);
    }

    #[test]
    fn an_address_that_is_wrong_is_named() {
        let all = Patch::Value(vec!["https://a.example.com/".to_owned(), "javascript:alert(1)".to_owned()]);
        let error = addresses(&[], None, all).unwrap_err();
        assert_eq!(error.fields()[0].field, "redirect_uris[1]");
        assert_eq!(addresses(&[], None, Patch::Value(Vec::new())).unwrap_err().fields()[0].field, "redirect_uri");
    }
}
