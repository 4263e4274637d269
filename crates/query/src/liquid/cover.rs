//! Characters that could begin markup, covered: others stand for them while a template renders, and only what is
//! rendered shows them again, as entities. So templates can cut, join and compare values, and none of it becomes markup.

/// The characters, each with its entity.
const SPECIAL: [(char, &str); 5] = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', "&#39;")];

/// The first of the characters that stand for others: the end of the last plane, which is for private use.
const FIRST: u32 = 0x10_FF00;

/// What stands for a character.
pub(super) fn covered(character: char) -> char {
    if SPECIAL.iter().any(|(special, _)| *special == character) {
        return char::from_u32(FIRST + u32::from(character)).unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    // The text itself holds one of ours.
    if original(character).is_some() { char::REPLACEMENT_CHARACTER } else { character }
}

/// The character that another one stands for, with its entity.
pub(super) fn original(character: char) -> Option<(char, &'static str)> {
    let code = u32::from(character).checked_sub(FIRST)?;
    SPECIAL.iter().find(|(special, _)| u32::from(*special) == code).copied()
}

/// A text with its special characters covered.
pub(super) fn cover(text: &str) -> String {
    text.chars().map(covered).collect()
}

/// A text as it was before it was covered.
pub(super) fn uncover(text: &str) -> String {
    text.chars().map(|character| original(character).map_or(character, |(special, _)| special)).collect()
}

/// A text with entities where characters are covered.
pub(super) fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match original(character) {
            Some((_, entity)) => out.push_str(entity),
            None => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{cover, entities, uncover};

    #[test]
    fn a_covered_text_comes_back_or_out_as_entities() {
        let text = "a < b & \"c\" > 'd' é";
        assert_eq!(uncover(&cover(text)), text);
        assert_eq!(entities(&cover(text)), "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39; é");
        assert_eq!(entities("<b>"), "<b>");
    }

    #[test]
    fn a_text_cannot_bring_covered_characters_along() {
        assert_eq!(entities(&cover("\u{10FF3C}")), "\u{FFFD}");
    }
}
