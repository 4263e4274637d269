//! The rules of the syntax, for the catalogue.

use super::mistakes::Rule;
use crate::rules::Rule as Entry;

/// Every rule of the syntax.
pub fn rules() -> impl Iterator<Item = &'static Entry> {
    RULES.iter()
}

static RULES: [Entry; 28] = [
    Rule::UNEXPECTED
        .says("the text", "Nothing stands between parameters, and nothing but words, strings and pairs in lists."),
    Rule::MISSING_COLON.says("the key", "A colon stands behind a key."),
    Rule::DOUBLED_COLON.says("the second colon", "One colon stands behind a key."),
    Rule::MISSING_VALUE.says("the key", "A key has a value."),
    Rule::QUOTED_KEY.says("the key", "A key stands without quotes."),
    Rule::QUOTED_NAME.says("the name", "A name before a block stands without quotes."),
    Rule::NAME_WITH_BLANK.says("the name", "A name is one word."),
    Rule::SINGLE_QUOTES.says("the text", "A string stands in double quotes."),
    Rule::UNQUOTED_REFERENCE.says("the reference", "References and Liquid stand in strings and bodies only."),
    Rule::SINGLE_SEMICOLON.says("the semicolon", "No single semicolon stands outside of bodies."),
    Rule::STRAY_SEMICOLONS.says("the semicolons", "`;;` ends a body and nothing else."),
    Rule::STRAY_COMMA.says("the comma", "No comma stands between parameters."),
    Rule::MISSING_COMMA.says("the element", "A comma stands between the elements of a list."),
    Rule::DOUBLED_COMMA.says("the second comma", "An element stands between two commas of a list."),
    Rule::EXTRA_BRACKET.says("the bracket", "`]` closes a list."),
    Rule::EXTRA_BRACE.says("the brace", "`}` closes a block."),
    Rule::UNCLOSED_BLOCK.says("the block", "A block is closed."),
    Rule::UNCLOSED_LIST.says("the list", "A list is closed."),
    Rule::UNTERMINATED_STRING.says("the string", "A string has a closing quote."),
    Rule::UNTERMINATED_BODY.says("the key", "A body ends with `;;`."),
    Rule::TOO_DEEP.says("the block", "Blocks and lists nest at most a hundred deep."),
    Rule::YAML.says("the beginning of the file", "Models and views are not written in YAML."),
    Rule::NOT_UTF8.says("the first wrong byte", "A file is UTF-8."),
    Rule::TOO_LARGE.says("the beginning of the file", "A file is smaller than 256 MiB."),
    Rule::BLOCK_EXPECTED.says("the key and name", "A named object has a block."),
    Rule::REPEATED_PARAMETER
        .says("the later one", "A parameter that counts once stands once; of several the last counts."),
    Rule::POSSIBLE_MISSING_TERMINATOR.says("the swallowed parameter", "No line of a body looks like a parameter."),
    Rule::MORE_MISTAKES.says("the next mistake", "After a hundred mistakes of one file the others are not told."),
];
