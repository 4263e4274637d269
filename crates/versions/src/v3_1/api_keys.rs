//! A new API key is shown like any other.

use crate::change::Change;
use crate::edit::{Edit, no_properties};

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: &[
        Edit::Body { operation: "create_user_credentials_api3", schema: "CredentialsApi3", required: false },
        Edit::Answers { operation: "create_user_credentials_api3", schema: "CredentialsApi3", values: &[] },
        no_properties("CreateCredentialsApi3", &["client_secret"]),
    ],
    ..Change::new(
        "new_keys_hide_their_secret",
        "A new API key is answered without its secret, and may be made with a body, which is passed over. 4.0 tells \
         the secret of a new key once.",
    )
};
