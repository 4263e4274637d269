//! Releases of the product that the contract follows.

use std::fmt;
use std::str::FromStr;

/// A release, `26.22`: the year and a number within it. 4.0 grows with each release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    year: u16,
    number: u16,
}

impl Release {
    /// The newest release that the contract describes.
    pub const NEWEST: Self = Self::new(26, 22);

    /// The release with this number in this year (two digits).
    pub const fn new(year: u16, number: u16) -> Self {
        Self { year, number }
    }

    /// Year, number and patch, as `looker_release_version` and the documents have it: `26.22.0`.
    pub fn full(self) -> String {
        format!("{self}.0")
    }
}

impl Default for Release {
    fn default() -> Self {
        Self::NEWEST
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.year, self.number)
    }
}

/// A text that is not a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidRelease;

impl fmt::Display for InvalidRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a release is a year and a number, such as 26.12")
    }
}

impl std::error::Error for InvalidRelease {}

impl FromStr for Release {
    type Err = InvalidRelease;

    /// Reads `26.12`; a patch number after it is passed over.
    fn from_str(text: &str) -> Result<Self, InvalidRelease> {
        let mut parts = text.split('.');
        let mut number = || {
            let part = parts.next().ok_or(InvalidRelease)?;
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse::<u16>().ok()).flatten().ok_or(InvalidRelease)
        };
        let release = Self::new(number()?, number()?);
        match parts.next() {
            None => Ok(release),
            Some(patch) if parts.next().is_none() && patch.parse::<u16>().is_ok() => Ok(release),
            Some(_) => Err(InvalidRelease),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_ordered_by_year_and_number() {
        let release = |text: &str| text.parse::<Release>().unwrap();
        assert!(release("26.8") < release("26.12"));
        assert!(release("25.20") < release("26.0"));
        assert_eq!(release("26.12.3"), Release::new(26, 12));
        assert_eq!(release("26.12").to_string(), "26.12");
    }

    #[test]
    fn what_is_not_a_release_is_refused() {
        for text in ["", "26", "26.", "26.x", "26.12.", "26.12.3.4", "-1.2", "99999.1", "26 .12"] {
            assert_eq!(text.parse::<Release>(), Err(InvalidRelease), "{text:?}");
        }
    }
}
