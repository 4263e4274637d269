//! Names of rows: numbers of a sequence, random words, and hashes of what they name.

use std::fmt;
use std::str::FromStr;

use crate::cell::Cell;

/// A text that is not written as an id of this kind is. Such an id names nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind")]
pub struct InvalidId;

macro_rules! sequence_ids {
    ($($(#[$doc:meta])* $Id:ident)*) => {$(
        $(#[$doc])*
        ///
        /// A number of a sequence, from 1, served as its decimal text.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $Id(i64);

        impl $Id {
            /// The id with this number.
            pub const fn new(number: i64) -> Self {
                $Id(number)
            }

            /// The number.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $Id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $Id {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                sequence_number(text).map($Id)
            }
        }

        impl Cell for $Id {
            type Stored = i64;

            fn into_stored(self) -> i64 {
                self.0
            }

            fn from_stored(stored: i64) -> Result<Self, String> {
                Ok($Id(stored))
            }
        }
    )*};
}

sequence_ids! {
    /// Which user.
    UserId
    /// Which API key.
    CredentialsApi3Id
    /// Which query.
    QueryId
    /// Which merge query.
    MergeQueryId
    /// Which permission set.
    PermissionSetId
    /// Which model set.
    ModelSetId
    /// Which role.
    RoleId
    /// Which group.
    GroupId
    /// Which user attribute.
    UserAttributeId
    /// Which value of a user for an attribute.
    UserAttributeUserValueId
    /// Which value of a group for an attribute.
    UserAttributeGroupValueId
    /// Which embed credentials.
    CredentialsEmbedId
    /// Which session of a browser.
    UserSessionId
    /// Which registration of a mobile device.
    MobileTokenId
    /// Which event.
    EventId
    /// Which run of a query.
    HistoryId
}

/// Reads a number exactly as it is served, so that no two texts name the same row.
fn sequence_number(text: &str) -> Result<i64, InvalidId> {
    let canonical = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    if !canonical {
        return Err(InvalidId);
    }
    text.parse().map_err(|_| InvalidId)
}

/// A word of exactly `N` letters and digits (ASCII, case kept), drawn at random by whoever makes the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Alphanumeric<const N: usize>([u8; N]);

/// What the share address of a query ends with.
pub type QuerySlug = Alphanumeric<32>;
/// The name that a client gives a query, the `qid` of explore addresses.
pub type QueryClientId = Alphanumeric<22>;
/// What stands for a statement of SQL Runner in addresses.
pub type SqlQuerySlug = Alphanumeric<20>;
/// The public half of an API key.
pub type ApiClientId = Alphanumeric<20>;

impl<const N: usize> Alphanumeric<N> {
    /// The word.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("letters and digits are UTF-8")
    }
}

impl<const N: usize> fmt::Display for Alphanumeric<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<const N: usize> FromStr for Alphanumeric<N> {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let bytes: [u8; N] = text.as_bytes().try_into().map_err(|_| InvalidId)?;
        let valid = bytes.iter().all(u8::is_ascii_alphanumeric);
        valid.then_some(Alphanumeric(bytes)).ok_or(InvalidId)
    }
}

impl<const N: usize> Cell for Alphanumeric<N> {
    type Stored = String;

    fn into_stored(self) -> String {
        self.as_str().to_owned()
    }

    fn from_stored(stored: String) -> Result<Self, String> {
        stored.parse().map_err(|_| format!("not {N} letters and digits"))
    }
}

/// The name of a program that signs users in by OAuth: free text of one line, as its registration gave it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientGuid(String);

impl ClientGuid {
    /// The most characters of a name.
    pub const MAX_LENGTH: usize = 255;

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientGuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ClientGuid {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let is_line = !text.trim().is_empty() && !text.chars().any(char::is_control);
        let valid = is_line && text.chars().count() <= Self::MAX_LENGTH;
        valid.then(|| ClientGuid(text.to_owned())).ok_or(InvalidId)
    }
}

impl Cell for ClientGuid {
    type Stored = String;

    fn into_stored(self) -> String {
        self.0
    }

    fn from_stored(stored: String) -> Result<Self, String> {
        stored.parse().map_err(|_| "not one line of text".to_owned())
    }
}

/// Which query task: 128 random bits, served as 32 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryTaskId(u128);

impl QueryTaskId {
    /// The id with these bits.
    pub const fn new(bits: u128) -> Self {
        QueryTaskId(bits)
    }
}

impl fmt::Display for QueryTaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for QueryTaskId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let canonical = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !canonical {
            return Err(InvalidId);
        }
        u128::from_str_radix(text, 16).map(QueryTaskId).map_err(|_| InvalidId)
    }
}

impl Cell for QueryTaskId {
    type Stored = String;

    fn into_stored(self) -> String {
        self.to_string()
    }

    fn from_stored(stored: String) -> Result<Self, String> {
        stored.parse().map_err(|_| "not 32 hex digits".to_owned())
    }
}

/// The SHA-256 of a query's canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryHash(pub [u8; 32]);

impl Cell for QueryHash {
    type Stored = Vec<u8>;

    fn into_stored(self) -> Vec<u8> {
        self.0.to_vec()
    }

    fn from_stored(stored: Vec<u8>) -> Result<Self, String> {
        crate::cell::sha256(&stored).map(QueryHash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_only_as_it_is_served() {
        assert_eq!("17".parse(), Ok(UserId::new(17)));
        assert_eq!("9223372036854775807".parse(), Ok(UserId::new(i64::MAX)));
        for text in ["", "0", "01", "+1", "-1", " 1", "1 ", "1.0", "1e3", "٣", "9223372036854775808"] {
            assert_eq!(text.parse::<UserId>(), Err(InvalidId), "{text:?}");
        }
    }

    #[test]
    fn a_word_has_exactly_its_length_in_ascii_letters_and_digits() {
        assert_eq!("abcXYZ0123456789abcd".parse::<ApiClientId>().unwrap().as_str(), "abcXYZ0123456789abcd");
        for text in ["", "abcXYZ0123456789abc", "abcXYZ0123456789abcde", "abcXYZ0123456789abc-", "abcXYZ0123456789abcé"]
        {
            assert_eq!(text.parse::<ApiClientId>(), Err(InvalidId), "{text:?}");
        }
    }

    #[test]
    fn a_program_is_named_by_one_line_of_text() {
        for text in ["com.looker.cli", "looker.api-explorer", "Zoë's app / 2"] {
            assert_eq!(text.parse::<ClientGuid>().unwrap().as_str(), text);
        }
        for text in ["", "  ", "a\nb", "a\0", &"ä".repeat(256)] {
            assert_eq!(text.parse::<ClientGuid>(), Err(InvalidId), "{text:?}");
        }
    }

    #[test]
    fn a_task_is_named_by_thirty_two_lower_case_hex_digits() {
        let id = QueryTaskId::new(0xab);
        assert_eq!(id.to_string(), "000000000000000000000000000000ab");
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in ["", "ab", "000000000000000000000000000000AB", "+00000000000000000000000000000ab"] {
            assert_eq!(text.parse::<QueryTaskId>(), Err(InvalidId), "{text:?}");
        }
    }
}
