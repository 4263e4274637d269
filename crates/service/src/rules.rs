//! What values must be, for whoever writes the state by another way than the API.
//!
//! Each gives the value as it is kept, or an error that names the field and says what would be right.

pub use crate::role::{models, permissions};
pub use crate::sign_in::declared::{DeclaredPassword, declared_password as password};
pub use crate::text::{email, line, locale, name};
pub use crate::user_attribute::value::checked as attribute_value;
pub use crate::user_attribute::{attribute_kind, attribute_name};
