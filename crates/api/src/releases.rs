//! The releases of the product that the contract follows. 4.0 grows with each.

use belvedere_contract::Release;

use crate::generated::releases::RELEASES;

/// The newest release that the contract describes.
pub const NEWEST: Release = Release::new(26, 22);

/// Every release that the contract knows, oldest first. Others have no document.
pub fn known() -> impl DoubleEndedIterator<Item = Release> {
    RELEASES.iter().map(|(release, _)| *release)
}

/// The known release that is nearest to this one: itself, if it is known.
pub fn nearest(asked: Release) -> Release {
    let number = |release: Release| i32::from(release.year()) * 100 + i32::from(release.number());
    known().min_by_key(|release| (number(*release) - number(asked)).abs()).unwrap_or(NEWEST)
}

/// The day on which the document of this release was first published, `2026-07-13`, where that is known.
pub fn day(release: Release) -> Option<&'static str> {
    RELEASES.iter().find(|(known, _)| *known == release).and_then(|(_, day)| *day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_that_nobody_knows_has_a_nearest_one() {
        let nearest = |text: &str| nearest(text.parse().unwrap()).to_string();
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
        assert!(known().is_sorted());
        assert_eq!(known().next_back(), Some(NEWEST));
        assert_eq!(day(Release::new(26, 12)), Some("2026-07-13"));
    }
}
