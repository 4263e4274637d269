//! The tags and outputs of a template, before the library reads it.

/// Tags that compare and put nothing into the text.
const COMPARING: [&str; 5] = ["if", "elsif", "unless", "case", "when"];

/// A tag or an output.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'t> {
    /// The text between the piece before and this one.
    pub(super) before: &'t str,
    /// With its braces.
    pub(super) whole: &'t str,
    /// What it says.
    pub(super) inside: &'t str,
    /// Whether it is a tag: `{% %}`.
    pub(super) is_tag: bool,
}

impl<'t> Piece<'t> {
    /// Its names and words.
    pub(super) fn words(self) -> impl Iterator<Item = &'t str> {
        self.inside.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
    }

    /// Whether it compares.
    pub(super) fn compares(self) -> bool {
        self.is_tag && self.words().next().is_some_and(|word| COMPARING.contains(&word))
    }
}

/// The pieces of a template in their order, in one reading. They end where one is not closed.
#[derive(Debug)]
pub(super) struct Pieces<'t>(&'t str);

impl<'t> Pieces<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self(text)
    }

    /// The text behind the last piece.
    pub(super) fn rest(&self) -> &'t str {
        self.0
    }

    /// What closes the piece that the rest begins, if it begins one.
    pub(super) fn missing(&self) -> Option<&'static str> {
        opening(self.0).map(|start| closing(&self.0[start..]))
    }
}

impl<'t> Iterator for Pieces<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        let start = opening(self.0)?;
        let closing = closing(&self.0[start..]);
        let length = 4 + self.0[start + 2..].find(closing)?;
        let (before, behind) = self.0.split_at(start);
        let (whole, rest) = behind.split_at(length);
        self.0 = rest;
        let inside = whole[2..length - 2].trim_matches('-').trim();
        Some(Piece { before, whole, inside, is_tag: closing == "%}" })
    }
}

/// In one search: a text without one of the two would be read to its end at each piece.
fn opening(text: &str) -> Option<usize> {
    text.as_bytes().windows(2).position(|pair| matches!(pair, b"{{" | b"{%"))
}

fn closing(piece: &str) -> &'static str {
    if piece.starts_with("{%") { "%}" } else { "}}" }
}

#[cfg(test)]
mod tests {
    use super::Pieces;

    #[test]
    fn a_template_is_cut_into_tags_and_outputs() {
        let text = "a{%- if b.c_d == '%' -%}{{ e }}{ f }{% when%}g{{ h";
        let mut pieces = Pieces::of(text);
        let all: Vec<_> = pieces.by_ref().map(|piece| (piece.before, piece.inside, piece.compares())).collect();
        assert_eq!(all, [("a", "if b.c_d == '%'", true), ("", "e", false), ("{ f }", "when", true)]);
        assert_eq!((pieces.rest(), pieces.missing()), ("g{{ h", Some("}}")));
        let together: String = Pieces::of(text).map(|piece| [piece.before, piece.whole].concat()).collect();
        assert_eq!(together + "g{{ h", text);
        let words: Vec<&str> = Pieces::of(text).next().expect("a tag").words().collect();
        assert_eq!(words, ["if", "b", "c_d"]);
        assert_eq!(Pieces::of("{ a }").missing(), None);
    }
}
