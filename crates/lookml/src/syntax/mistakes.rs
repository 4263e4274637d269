//! What can be wrong with the text of a file: one row per rule, and how a broken rule becomes a diagnostic.

use super::document::Document;
use crate::diagnostic::{Diagnostic, Severity, Span};

/// So many mistakes of one file are told, and as many warnings; more would help nobody.
const LIMIT: usize = 100;

/// So much of the text is repeated in a message.
const NEAR_LENGTH: usize = 40;

/// A rule of the syntax: what is said when it is broken. `{}` stands for the text that the mistake is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    id: &'static str,
    severity: Severity,
    message: &'static str,
    help: &'static str,
}

const fn fatal(id: &'static str, message: &'static str, help: &'static str) -> Rule {
    Rule { id, severity: Severity::Fatal, message, help }
}

const fn error(id: &'static str, message: &'static str, help: &'static str) -> Rule {
    Rule { id, severity: Severity::Error, message, help }
}

const fn warning(id: &'static str, message: &'static str, help: &'static str) -> Rule {
    Rule { id, severity: Severity::Warning, message, help }
}

impl Rule {
    /// The rule as the catalogue has it.
    pub const fn says(self, place: &'static str, text: &'static str) -> crate::rules::Rule {
        crate::rules::Rule { id: self.id, severity: self.severity, place, text }
    }

    pub const UNEXPECTED: Self = fatal(
        "unexpected-text",
        "Invalid LookML syntax near \"{}\"",
        "a parameter is written `key: value`, `key: name { ... }` or `key: [ ... ]`",
    );
    pub const UNEXPECTED_IN_LIST: Self = fatal(
        "unexpected-text",
        "Invalid LookML syntax near \"{}\" in a list",
        "a list holds words, strings or `field: \"value\"` pairs with commas between them",
    );
    pub const UNQUOTED_TEXT: Self = fatal(
        "unexpected-text",
        "Invalid LookML syntax near \"{}\": a text of several words stands in quotes",
        "write all of it in double quotes; two parameters have a colon each",
    );
    pub const FOREIGN_COMMENT: Self = fatal(
        "unexpected-text",
        "Invalid LookML syntax near \"{}\"",
        "a comment begins with `#` and ends with its line",
    );
    pub const MISSING_COLON: Self =
        fatal("missing-colon", "Invalid LookML syntax near \"{}\": a colon is missing behind it", "write `{}:`");
    pub const DOUBLED_COLON: Self = warning(
        "doubled-colon",
        "a key is followed by one colon, the second one is passed over",
        "remove the second colon",
    );
    pub const MISSING_VALUE: Self = fatal(
        "missing-value",
        "Invalid LookML syntax near \"{}\": it has no value",
        "write the value behind `{}:`, or remove the parameter",
    );
    pub const QUOTED_KEY: Self =
        fatal("quoted-key", "Invalid LookML syntax near \"{}\": a key stands without quotes", "write `{}:`");
    pub const QUOTED_NAME: Self = fatal(
        "quoted-name",
        "Invalid LookML syntax near \"{}\": a name stands without quotes",
        "write `{} {` without the quotes",
    );
    pub const NAME_WITH_BLANK: Self = fatal(
        "name-with-blank",
        "Invalid LookML syntax near \"{}\": a name is one word",
        "put `_` in the place of the blank, and the blank into a `label`",
    );
    pub const SINGLE_QUOTES: Self = fatal(
        "single-quotes",
        "Invalid LookML syntax near \"{}\": single quotes do not make a string",
        "use double quotes",
    );
    pub const UNQUOTED_REFERENCE: Self = fatal(
        "unquoted-reference",
        "Invalid LookML syntax near \"{}\": it stands outside of quotes and SQL",
        "`@{...}` belongs into double quotes or text that ends with `;;`, `${...}` into the latter",
    );
    pub const SINGLE_SEMICOLON: Self = fatal(
        "single-semicolon",
        "Invalid LookML syntax near \";\"",
        "SQL, HTML and expressions end with `;;`, other values with nothing",
    );
    pub const STRAY_SEMICOLONS: Self = fatal(
        "stray-semicolons",
        "Invalid LookML syntax near \";;\": no SQL, HTML or expression ends here",
        "remove `;;`: it only ends `html`, `expression` and keys that begin with `sql`",
    );
    pub const STRAY_COMMA: Self = fatal(
        "stray-comma",
        "Invalid LookML syntax near \",\": parameters stand without commas between them",
        "remove the comma; several values belong into `[ ... ]`",
    );
    pub const MISSING_COMMA: Self = fatal(
        "missing-comma",
        "Invalid LookML syntax near \"{}\": a comma is missing before it",
        "write a comma between the elements of a list",
    );
    pub const DOUBLED_COMMA: Self = fatal(
        "doubled-comma",
        "Invalid LookML syntax near \",\": an element is missing before it",
        "remove one of the commas",
    );
    pub const EXTRA_BRACKET: Self =
        fatal("extra-closing-bracket", "Invalid LookML syntax near \"]\": no list is open here", "remove the bracket");
    pub const EXTRA_BRACE: Self = fatal(
        "extra-closing-brace",
        "Invalid LookML syntax near \"}\": no block is open here",
        "remove the brace, or find the one above that closes a block too early",
    );
    pub const UNCLOSED_BLOCK: Self = fatal(
        "unclosed-block",
        "Invalid LookML syntax near \"{}\": the block is never closed",
        "write `}` where the block ends",
    );
    pub const UNCLOSED_LIST: Self = fatal(
        "unclosed-list",
        "Invalid LookML syntax near \"{}\": the list is never closed",
        "write `]` where the list ends",
    );
    pub const UNTERMINATED_STRING: Self = fatal(
        "unterminated-string",
        "Invalid LookML syntax near \"{}\": the string that begins here has no closing quote",
        "write `\"` where the string ends, and `\\\"` for a quote inside it",
    );
    pub const UNTERMINATED_BODY: Self = fatal(
        "unterminated-body",
        "Invalid LookML syntax near \"{}\": its text has no `;;`",
        "write `;;` where the text of `{}` ends",
    );
    pub const TOO_DEEP: Self = fatal(
        "nested-too-deeply",
        "blocks and lists are nested more than 100 deep",
        "the content of this one is ignored; LookML needs fewer than ten levels",
    );
    pub const YAML: Self = fatal(
        "yaml-lookml",
        "Invalid LookML syntax near \"{}\": this is YAML",
        "a dashboard belongs into a file that ends with `.dashboard.lookml`; the YAML form of models and views is no \
         longer read, write `view: name { ... }`",
    );
    pub const NOT_UTF8: Self =
        fatal("not-utf-8", "the file is not UTF-8 from here on", "save the file with the encoding UTF-8");
    pub const UTF16: Self =
        fatal("not-utf-8", "the file is UTF-16, not UTF-8", "save the file with the encoding UTF-8");
    pub const TOO_LARGE: Self = fatal("file-too-large", "the file is 256 MiB or larger", "divide it and use `include`");
    pub const BLOCK_EXPECTED: Self = error(
        "block-expected",
        "\"{}\" has no block",
        "write `{} { ... }`, with empty braces if there is nothing to say",
    );
    pub const REPEATED_PARAMETER: Self =
        warning("repeated-parameter", "\"{}\" stands more than once here: the last one counts", "remove all but one");
    pub const POSSIBLE_MISSING_TERMINATOR: Self = warning(
        "possible-missing-terminator",
        "the parameter \"{}\" is part of the text above it: is `;;` missing?",
        "write `;;` before this line, unless it really belongs to the text",
    );
    pub const MORE_MISTAKES: Self =
        warning("more-mistakes", "the file has more mistakes like these", "correct the first ones");
}

/// A broken rule with its place.
#[derive(Debug)]
pub(super) struct Mistake {
    pub rule: Rule,
    pub span: Span,
    pub related: Vec<(Span, &'static str)>,
}

impl Mistake {
    pub fn at(rule: Rule, span: Span) -> Self {
        Self { rule, span, related: Vec::new() }
    }

    /// Adds another place that explains the mistake.
    pub fn related(mut self, span: Span, note: &'static str) -> Self {
        self.related.push((span, note));
        self
    }

    fn into_diagnostic(self, document: &Document) -> Diagnostic {
        let rule = self.rule;
        let near = near(document.slice(self.span));
        let text = |template: &str| template.replace("{}", &near);
        let diagnostic = Diagnostic::new(rule.id, rule.severity, document.location(self.span), text(rule.message));
        self.related.into_iter().fold(diagnostic.help(text(rule.help)), |diagnostic, (span, note)| {
            diagnostic.related(document.location(span), note)
        })
    }
}

/// The beginning of `text` on one line and without its quotes, control characters escaped.
fn near(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim_matches('"');
    let mut near = String::new();
    for (count, character) in line.chars().enumerate() {
        if count == NEAR_LENGTH {
            near.push('…');
            break;
        }
        if character.is_control() {
            near.extend(character.escape_default());
        } else {
            near.push(character);
        }
    }
    near
}

/// The mistakes of one file.
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    fatal: Vec<Mistake>,
    other: Vec<Mistake>,
}

impl Mistakes {
    pub fn add(&mut self, mistake: Mistake) {
        let list = if mistake.rule.severity == Severity::Fatal { &mut self.fatal } else { &mut self.other };
        match list.len() {
            0..LIMIT => list.push(mistake),
            LIMIT => list.push(Mistake::at(Rule::MORE_MISTAKES, mistake.span)),
            _ => {}
        }
    }

    pub fn any_fatal(&self) -> bool {
        !self.fatal.is_empty()
    }

    /// The first mistake that a brace too few or too many makes.
    pub fn unbalanced(&mut self) -> Option<&mut Mistake> {
        self.fatal.iter_mut().find(|mistake| [Rule::UNCLOSED_BLOCK.id, Rule::EXTRA_BRACE.id].contains(&mistake.rule.id))
    }

    /// The diagnostics in the order of the text.
    pub fn into_diagnostics(mut self, document: &Document) -> Vec<Diagnostic> {
        self.fatal.append(&mut self.other);
        self.fatal.sort_by_key(|mistake| mistake.span.start);
        self.fatal.into_iter().map(|mistake| mistake.into_diagnostic(document)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_repeats_one_short_line() {
        assert_eq!(near("\"abc\ndef\""), "abc");
        assert_eq!(near(&"ü".repeat(50)), format!("{}…", "ü".repeat(40)));
        assert_eq!(near("\u{0}\u{1b}[31m"), "\\u{0}\\u{1b}[31m");
    }
}
