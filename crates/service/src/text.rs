//! Texts that people give to things: names, addresses, languages.

use belvedere_api::{Error, Patch, Result};

/// The most characters of a name.
const LONGEST_NAME: usize = 255;

/// The most bytes of an e-mail address.
const LONGEST_EMAIL: usize = 254;

/// A name that must be there: not blank, not too long, and on one line.
pub fn name(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::missing_field(field));
    }
    line(field, text)
}

/// The name of a thing that is made.
pub(crate) fn new_name(field: &str, text: Patch<String>) -> Result<String> {
    name(field, &text.value().unwrap_or_default())
}

/// The name of a thing that is changed: none when it stays.
pub(crate) fn changed_name(field: &str, text: Patch<String>) -> Result<Option<String>> {
    match text {
        Patch::Absent => Ok(None),
        Patch::Null => Err(Error::missing_field(field)),
        Patch::Value(text) => name(field, &text).map(Some),
    }
}

/// A text that may be left out: not too long, and on one line.
pub(crate) fn optional_line(field: &str, text: Patch<String>) -> Result<Patch<String>> {
    Ok(match text {
        Patch::Value(text) => Patch::Value(line(field, &text)?),
        other => other,
    })
}

/// A text that may be blank: not too long, and on one line.
pub fn line(field: &str, text: &str) -> Result<String> {
    if text.chars().count() > LONGEST_NAME {
        return Err(Error::invalid(field, format!("must have at most {LONGEST_NAME} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(field, "must be one line without control characters"));
    }
    Ok(text.to_owned())
}

/// An e-mail address. Only ASCII is taken, so that no two addresses look alike; other domains have their `xn--` form.
pub fn email(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::missing_field(field));
    }
    let is_address = text.len() <= LONGEST_EMAIL
        && text.rsplit_once('@').is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain));
    if is_address {
        Ok(text.to_owned())
    } else {
        Err(Error::invalid(field, "must be an address such as ada@example.com"))
    }
}

fn is_local_part(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
    !text.is_empty() && text.len() <= 64 && text.bytes().all(is_plain)
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    !text.is_empty() && text.split('.').all(is_label)
}

/// A language and region such as `en` or `de_DE`.
pub fn locale(field: &str, text: &str) -> Result<String> {
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if text.len() > 35 || !text.split(['_', '-']).all(is_part) {
        return Err(Error::invalid(field, "must be a language such as `en` or `de_DE`"));
    }
    Ok(text.to_owned())
}

/// A language that may be left out.
pub(crate) fn optional_locale(field: &str, text: Patch<String>) -> Result<Patch<String>> {
    Ok(match text {
        Patch::Value(text) => Patch::Value(locale(field, &text)?),
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::{email, name};

    #[test]
    fn a_name_is_one_line_that_says_something() {
        assert_eq!(name("name", "  Sales \u{1f980} ").unwrap(), "Sales \u{1f980}");
        assert!(name("name", &"ä".repeat(255)).is_ok());
        for wrong in ["", " ", "a\nb", "a\0", "a\r\nSet-Cookie: x", &"ä".repeat(256)] {
            assert_eq!(name("name", wrong).unwrap_err().status(), 422, "{wrong:?}");
        }
    }

    #[test]
    fn an_address_has_a_local_part_and_a_domain() {
        for right in ["ada@example.com", "a.b+c@x-y.co", "o'hara@localhost", " Ada@Example.COM "] {
            assert_eq!(email("email", right).unwrap(), right.trim(), "{right}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        for wrong in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@.com",
            "a b@x.com",
            "ada@x.com\r\nBcc: eve@x.com",
            "\"a\"@x.com",
            "аda@example.com",
            "ada@exämple.com",
            "ada@x..com",
            "ada@-x.com",
            "<ada@x.com>",
            "a,b@x.com",
            &long,
        ] {
            assert_eq!(email("email", wrong).unwrap_err().status(), 422, "{wrong:?}");
        }
    }
}
