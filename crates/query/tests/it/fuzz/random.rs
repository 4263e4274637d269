//! Texts by chance, the same ones for the same seed.

/// A source of numbers (splitmix64).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// A number below `end`; 0 when there is none.
    fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.next() % end as u64) as usize }
    }

    fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts.get(self.below(texts.len())).copied().unwrap_or_default()
    }

    /// A text: out of pieces, or one of the corpus with mistakes.
    pub fn text(&mut self, corpus: &[String], pieces: &[&str], longest: usize) -> String {
        let is_new = corpus.is_empty() || self.below(3) == 0;
        let mut text = if is_new { self.of_pieces(pieces) } else { corpus[self.below(corpus.len())].clone() };
        for _ in 0..self.below(8) {
            self.spoil(&mut text, corpus, pieces);
        }
        text.truncate(boundary(&text, longest));
        text
    }

    fn of_pieces(&mut self, pieces: &[&str]) -> String {
        let mut text = String::new();
        for _ in 0..self.below(60) {
            text.push_str(self.pick(pieces));
            text.push_str(self.pick(&[" ", " ", "\n", "", "\t", ","]));
        }
        text
    }

    /// Makes one mistake.
    fn spoil(&mut self, text: &mut String, corpus: &[String], pieces: &[&str]) {
        let (from, to) = self.range(text);
        match self.below(7) {
            0 => text.replace_range(from..to, ""),
            1 => text.insert_str(from, self.pick(pieces)),
            2 => text.insert_str(from, self.pick(ODD)),
            3 => {
                let copied = text[from..to].to_owned();
                let at = boundary(text, self.below(text.len() + 1));
                text.insert_str(at, &copied);
            }
            4 => text.replace_range(from..to, self.pick(ODD)),
            5 => {
                let repeated = self.pick(pieces).repeat(1 + self.below(200));
                text.insert_str(from, &repeated);
            }
            _ => {
                let other = corpus.get(self.below(corpus.len())).map_or("", String::as_str);
                let (start, end) = self.range(other);
                text.insert_str(from, &other[start..end]);
            }
        }
    }

    /// A range of a text, on boundaries of characters; a short one more often than not.
    fn range(&mut self, text: &str) -> (usize, usize) {
        let from = boundary(text, self.below(text.len() + 1));
        let most = if self.below(4) == 0 { text.len() } else { 12 };
        let to = boundary(text, (from + self.below(most + 1)).min(text.len()));
        (from, to.max(from))
    }
}

/// What parsers stumble over.
const ODD: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    ";;",
    ";",
    ":",
    "\\",
    "#",
    "$",
    "${",
    "@{",
    "{{",
    "}}",
    "{%",
    "%}",
    "-",
    "+",
    "*",
    "%",
    "^",
    "\0",
    "\u{feff}",
    "é",
    "漢",
    "🦀",
    "\u{202e}",
    "\r",
    "\r\n",
    "\n\n",
    "9999999999999999999999",
    "-0",
    "1e999",
    "..",
    "",
];

/// The boundary of a character at or before a place.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
