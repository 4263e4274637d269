//! Filters on yesno fields.

use super::FilterError;
use super::scan::Scanner;

/// A filter on a `yesno` field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum YesnoFilter {
    /// Anything.
    #[default]
    Any,
    /// True.
    Yes,
    /// False or null.
    No,
}

const WORDS: [(&str, YesnoFilter); 4] =
    [("yes", YesnoFilter::Yes), ("no", YesnoFilter::No), ("true", YesnoFilter::Yes), ("false", YesnoFilter::No)];

impl YesnoFilter {
    /// Reads `yes`, `no`, `true` or `false` in any case, or several of them between commas.
    ///
    /// Blank text and both answers match anything. Fails on any other text.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let mut scanner = Scanner::new(text);
        if scanner.at_end() {
            return Ok(Self::Any);
        }
        let mut filter = word(&mut scanner)?;
        while !scanner.at_end() {
            if !scanner.eat(",") {
                return Err(scanner.expected("`,` or the end"));
            }
            let next = word(&mut scanner)?;
            filter = if next == filter { filter } else { Self::Any };
        }
        Ok(filter)
    }
}

fn word(scanner: &mut Scanner<'_>) -> Result<YesnoFilter, FilterError> {
    let found = WORDS.iter().find(|(word, _)| scanner.eat_word(word));
    found.map(|(_, filter)| *filter).ok_or_else(|| scanner.expected("`Yes` or `No`"))
}
