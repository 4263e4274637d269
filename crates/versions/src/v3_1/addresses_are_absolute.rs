//! Addresses of objects are those of the version, and absolute.

use crate::change::Change;
use crate::edit::{Edit, Is, properties};

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: EDITS,
    ..Change::new(
        "addresses_are_absolute",
        "Properties that hold the address of an object lead to the object in 3.1. The document calls addresses `uri`, \
         4.0 calls them `uri-reference`.",
    )
};

/// An address of 4.0, and that of the same object in 3.1.
const HERE: Is = Is::Address(&[
    ("/api/4.0/board_items/", "/api/3.1/homepage_items/"),
    ("/api/4.0/board_sections/", "/api/3.1/homepage_sections/"),
    ("/api/4.0/boards/", "/api/3.1/homepages/"),
    ("/api/4.0/", "/api/3.1/"),
]);

const EDITS: &[Edit] = &[
    properties("BackupConfiguration", HERE, &["url"]),
    properties("CredentialsApi3", HERE, &["url"]),
    properties("CredentialsEmail", HERE, &["url", "user_url"]),
    properties("CredentialsEmbed", HERE, &["url"]),
    properties("CredentialsGoogle", HERE, &["url"]),
    properties("CredentialsLDAP", HERE, &["url"]),
    properties("CredentialsLookerOpenid", HERE, &["url", "user_url"]),
    properties("CredentialsOIDC", HERE, &["url"]),
    properties("CredentialsSaml", HERE, &["url"]),
    properties("CredentialsTotp", HERE, &["url"]),
    properties("LDAPConfig", HERE, &["url"]),
    properties("LDAPConfigTestResult", HERE, &["url"]),
    properties("LDAPGroupRead", HERE, &["url"]),
    properties("LDAPGroupWrite", HERE, &["url"]),
    properties("LDAPUser", HERE, &["url"]),
    properties("LDAPUserAttributeRead", HERE, &["url"]),
    properties("LDAPUserAttributeWrite", HERE, &["url"]),
    properties("ModelSet", HERE, &["url"]),
    properties("OIDCConfig", HERE, &["url"]),
    properties("PermissionSet", HERE, &["url"]),
    properties("Role", HERE, &["url", "users_url"]),
    properties("SamlConfig", HERE, &["url"]),
    properties("SamlGroupRead", HERE, &["url"]),
    properties("SamlGroupWrite", HERE, &["url"]),
    properties("SamlUserAttributeRead", HERE, &["url"]),
    properties("SamlUserAttributeWrite", HERE, &["url"]),
    properties("Session", HERE, &["url"]),
    properties("User", HERE, &["url"]),
    properties("UserPublic", HERE, &["url"]),
    // These lead elsewhere.
    properties("ApiVersionElement", Is::Uri, &["swagger_url"]),
    properties("Dashboard", Is::Uri, &["edit_uri"]),
    properties("DashboardElement", Is::Uri, &["edit_uri"]),
    properties("EmbedSsoParams", Is::Uri, &["target_url"]),
    properties("Error", Is::Uri, &["documentation_url"]),
    properties("OIDCConfig", Is::Uri, &["authorization_endpoint", "userinfo_endpoint"]),
    properties("User", Is::Uri, &["avatar_url", "avatar_url_without_sizing"]),
    properties("UserPublic", Is::Uri, &["avatar_url"]),
    properties("ValidationError", Is::Uri, &["documentation_url"]),
    properties("ValidationErrorDetail", Is::Uri, &["documentation_url"]),
];
