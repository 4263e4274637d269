//! Releases of the product that the contract follows.

use std::fmt;
use std::str::FromStr;

use crate::generated::releases::RELEASES;

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

    /// Every release that the contract knows, oldest first. Others have no document.
    pub fn known() -> impl DoubleEndedIterator<Item = Self> {
        RELEASES.iter().map(|(release, _)| *release)
    }

    /// The known release that is nearest to this one: itself, if it is known.
    pub fn nearest(self) -> Self {
        let number = |release: Self| i32::from(release.year) * 100 + i32::from(release.number);
        let distance = |release: &Self| (number(*release) - number(self)).abs();
        Self::known().min_by_key(distance).unwrap_or_default()
    }

    /// The day on which the document of this release was first published, `2026-07-13`, where that is known.
    pub fn date(self) -> Option<&'static str> {
        RELEASES.iter().find(|(release, _)| *release == self).and_then(|(_, date)| *date)
    }

    /// The year, two digits.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The number within the year.
    pub const fn number(self) -> u16 {
        self.number
    }

    /// Whether a part that came with `since` and was gone with `until` stands in this release.
    pub(crate) fn is_within(self, since: Option<Self>, until: Option<Self>) -> bool {
        since.is_none_or(|since| since <= self) && until.is_none_or(|until| self < until)
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
    fn a_release_that_nobody_knows_has_a_nearest_one() {
        let nearest = |text: &str| text.parse::<Release>().unwrap().nearest().to_string();
        for (asked, known) in [
            ("26.12", "26.12"),
            ("26.13", "26.12"),
            ("26.21", "26.22"),
            ("25.22", "25.20"),
            ("1.0", "7.14"),
            ("65535.65535", "26.22"),
        ] {
            assert_eq!(nearest(asked), known);
        }
    }

    #[test]
    fn releases_are_known_in_order_up_to_the_newest() {
        assert!(Release::known().is_sorted());
        assert_eq!(Release::known().next_back(), Some(Release::NEWEST));
        assert_eq!(Release::new(26, 12).date(), Some("2026-07-13"));
    }

    #[test]
    fn what_is_not_a_release_is_refused() {
        for text in ["", "26", "26.", "26.x", "26.12.", "26.12.3.4", "-1.2", "99999.1", "26 .12"] {
            assert_eq!(text.parse::<Release>(), Err(InvalidRelease), "{text:?}");
        }
    }
}
