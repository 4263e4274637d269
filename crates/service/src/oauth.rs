//! OAuth: how a program without a secret signs a user in, by an authorization code and PKCE.
//!
//! The program sends the browser to the server with what it asks ([`AuthorizationRequest`]). When the user is signed in
//! and consents, the browser takes a code back to the program ([`crate::Service::authorize_app`]), which exchanges it for
//! tokens ([`crate::Service::grant_token`]). The rules are those of RFC 6749 and RFC 7636, and where these leave a choice,
//! of RFC 9700.

mod authorization;
mod challenge;
mod grant;
mod redirect_uri;
mod refusal;

pub use authorization::{AuthorizationRequest, Authorized, Consent, Declined};
pub use challenge::CodeChallenge;
pub use grant::{NoToken, TokenRequest};
pub use redirect_uri::{EXPLORER_PATH, NoRedirectUri, RedirectUri};
pub use refusal::{Reason, Refusal};

use belvedere_store::{ClientGuid, OauthClientApp, Reader, SecretHash, UserId};
use belvedere_store::{access, authorization_code, oauth_client_app, oauth_client_app_user, user};

/// Whether a program may act as a user: it is enabled, the user may sign in, and is in the group that the program is for.
async fn admits(db: &mut Reader, app: &OauthClientApp, user: UserId) -> belvedere_store::Result<bool> {
    if !app.enabled || user::get(db, user).await?.is_none_or(|user| user.is_disabled) {
        return Ok(false);
    }
    match app.group_id {
        Some(group) => Ok(access::groups_of(db, user).await?.contains(&group)),
        None => Ok(true),
    }
}

/// Whether a program may still act as the user who gave it this code.
pub(crate) async fn still_admits(db: &mut Reader, code: &SecretHash) -> belvedere_store::Result<bool> {
    let Some(code) = authorization_code::get(db, code).await? else { return Ok(false) };
    match oauth_client_app::get(db, &code.client_guid).await? {
        Some(app) => admits(db, &app, code.user_id).await,
        None => Ok(false),
    }
}

/// Whether a program may act as a user who has consented to it.
async fn admits_consenting(db: &mut Reader, app: &OauthClientApp, user: UserId) -> belvedere_store::Result<bool> {
    Ok(admits(db, app, user).await? && has_consent(db, &app.client_guid, user).await?)
}

async fn has_consent(db: &mut Reader, app: &ClientGuid, user: UserId) -> belvedere_store::Result<bool> {
    oauth_client_app_user::contains(db, app, user).await
}
