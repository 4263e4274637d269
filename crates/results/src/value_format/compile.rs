//! From the text of a value format to its sections.

use super::excel;
use super::pattern::{Builder, Pattern};
use super::{Condition, Localization, Operator, Section, Sign, TextPart, ValueFormat};
use crate::error::Error;
use crate::number::Exact;

/// Longest format that is compiled, in characters: each cell costs time in proportion.
const LENGTH_LIMIT: usize = 500;

/// A piece of a format: what a character, or a few that belong together, stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Text that is written as it is.
    Literal(String),
    /// `0`, `#` or `?`.
    Digit(char),
    /// `.`
    Point,
    /// `,`
    Comma,
    /// `%`
    Percent,
    /// `E+` (a sign is always written) or `E-`.
    Exponent { always_signed: bool },
    /// `@`
    Value,
    /// `General`: plain digits.
    General,
}

/// A section as written.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) condition: Option<Condition>,
    pub(super) tokens: Vec<Token>,
}

/// The text before the first fault, or what is wrong with it.
type Scan<T> = Result<T, Fault>;

/// What is wrong, and at which character.
struct Fault {
    problem: &'static str,
    position: usize,
}

pub(super) fn compile(format: &str) -> Result<ValueFormat, Error> {
    let fail = |fault: Fault| Error::ValueFormat {
        format: format.chars().take(LENGTH_LIMIT).collect(),
        problem: fault.problem,
        position: fault.position + 1,
    };
    let mut written = Scanner::new(format).and_then(Scanner::sections).map_err(fail)?;
    let excel = excel::code(&written);
    let text = if is_text(&written) { written.pop() } else { None };
    Ok(ValueFormat {
        excel,
        sections: number_sections(written),
        text: text.map(|section| text_parts(section.tokens)),
        localization: Localization::User,
    })
}

/// Whether the last section is the one for text: the fourth, or an earlier one with `@`.
fn is_text(sections: &[Written]) -> bool {
    sections.len() == 4 || sections.last().is_some_and(|last| last.tokens.contains(&Token::Value))
}

/// Sections for numbers, each with the condition that stands for its place: positive, negative, zero.
fn number_sections(written: Vec<Written>) -> Vec<Section> {
    let count = written.len();
    let mut before: Vec<Condition> = Vec::new();
    let mut sections = Vec::with_capacity(count);
    for (index, section) in written.into_iter().enumerate() {
        let by_place = match (index, count) {
            (0, 2) => Some(Operator::GreaterOrEqual),
            (0, 3..) => Some(Operator::Greater),
            (1, 3..) => Some(Operator::Less),
            _ => None,
        };
        let by_place = by_place.map(|operator| Condition { operator, bound: Exact::ZERO });
        let condition = section.condition.or(by_place);
        let only_negative = condition.is_some_and(Condition::implies_negative)
            || before.iter().any(|earlier| earlier.negated().implies_negative());
        before.extend(condition);
        sections.push(Section {
            condition,
            sign: if only_negative { Sign::Implied } else { Sign::Written },
            pattern: pattern(section.tokens, count),
        });
    }
    sections
}

/// A whole format without a token is that of plain digits; an empty section among others hides its values.
fn pattern(tokens: Vec<Token>, count: usize) -> Pattern {
    let tokens = if tokens.is_empty() && count == 1 { vec![Token::General] } else { tokens };
    Builder::default().pattern(tokens)
}

fn text_parts(tokens: Vec<Token>) -> Vec<TextPart> {
    let literal = |text: &str| TextPart::Literal(text.to_owned());
    tokens
        .into_iter()
        .map(|token| match token {
            Token::Value | Token::General => TextPart::Value,
            Token::Literal(text) => TextPart::Literal(text),
            Token::Digit(digit) => TextPart::Literal(digit.to_string()),
            Token::Point => literal("."),
            Token::Comma => literal(","),
            Token::Percent => literal("%"),
            Token::Exponent { always_signed: true } => literal("E+"),
            Token::Exponent { always_signed: false } => literal("E-"),
        })
        .collect()
}

/// Reads a format from left to right.
struct Scanner {
    characters: Vec<char>,
    at: usize,
}

impl Scanner {
    fn new(format: &str) -> Scan<Self> {
        let characters: Vec<char> = format.chars().take(LENGTH_LIMIT + 1).collect();
        if characters.len() > LENGTH_LIMIT {
            return Err(Fault { problem: "it is longer than 500 characters", position: LENGTH_LIMIT });
        }
        Ok(Self { characters, at: 0 })
    }

    fn sections(mut self) -> Scan<Vec<Written>> {
        let mut sections = vec![Written::default()];
        while let Some(&character) = self.characters.get(self.at) {
            let last = sections.len() - 1;
            match character {
                ';' if sections.len() == 4 => return self.fault("it has more than four sections"),
                ';' => {
                    self.at += 1;
                    sections.push(Written::default());
                }
                '[' => {
                    if let Some(condition) = self.bracket()? {
                        sections[last].condition = Some(condition);
                    }
                }
                _ => {
                    let token = self.token(character)?;
                    sections[last].tokens.extend(token);
                }
            }
        }
        Ok(sections)
    }

    /// The token that begins with `character`; `None` for what leaves no trace.
    fn token(&mut self, character: char) -> Scan<Option<Token>> {
        if self.follows("general") {
            self.at += "general".len();
            return Ok(Some(Token::General));
        }
        let token = match character {
            '0' | '#' | '?' => Token::Digit(character),
            '.' => Token::Point,
            ',' => Token::Comma,
            '%' => Token::Percent,
            '@' => Token::Value,
            '"' => return self.quoted().map(Some),
            '\\' => return self.marked("a character must follow `\\`").map(|next| Some(Token::Literal(next.into()))),
            '_' => return self.marked("a character must follow `_`").map(|_| Some(Token::Literal(" ".to_owned()))),
            // Filling has no meaning in a text without a width.
            '*' => return self.marked("a character must follow `*`").map(|_| None),
            'E' | 'e' if matches!(self.characters.get(self.at + 1), Some('+' | '-')) => {
                let always_signed = self.marked("")? == '+';
                return Ok(Some(Token::Exponent { always_signed }));
            }
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => {
                return self.fault("date and time codes are not supported; text belongs in double quotes");
            }
            other => Token::Literal(other.into()),
        };
        self.at += 1;
        Ok(Some(token))
    }

    /// Whether the lower-case `word` comes next, in any case.
    fn follows(&self, word: &str) -> bool {
        let rest = self.characters.get(self.at..).unwrap_or_default();
        rest.len() >= word.len()
            && word.chars().zip(rest).all(|(expected, found)| expected == found.to_ascii_lowercase())
    }

    /// Takes a mark and the character after it, and gives the latter.
    fn marked(&mut self, problem: &'static str) -> Scan<char> {
        let Some(&next) = self.characters.get(self.at + 1) else { return self.fault(problem) };
        self.at += 2;
        Ok(next)
    }

    fn quoted(&mut self) -> Scan<Token> {
        let start = self.at + 1;
        let Some(length) = self.characters[start..].iter().position(|&character| character == '"') else {
            return self.fault("a double quote must be closed");
        };
        self.at = start + length + 1;
        Ok(Token::Literal(self.characters[start..start + length].iter().collect()))
    }

    /// `[>=1000]`; `None` for a colour.
    fn bracket(&mut self) -> Scan<Option<Condition>> {
        let start = self.at + 1;
        let Some(length) = self.characters[start..].iter().position(|&character| character == ']') else {
            return self.fault("a bracket must be closed");
        };
        let inside: String = self.characters[start..start + length].iter().collect();
        let inside = inside.trim();
        let condition = condition(inside);
        if condition.is_none() && !is_color(inside) {
            return self.fault("in brackets only a condition such as `[>=1000]` is supported");
        }
        self.at = start + length + 1;
        Ok(condition)
    }

    fn fault<T>(&self, problem: &'static str) -> Scan<T> {
        Err(Fault { problem, position: self.at })
    }
}

/// Operators, those of two characters first.
const OPERATORS: [(&str, Operator); 6] = [
    ("<>", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("=", Operator::Equal),
];

fn condition(text: &str) -> Option<Condition> {
    let (operator, bound) =
        OPERATORS.iter().find_map(|&(word, operator)| Some((operator, text.strip_prefix(word)?)))?;
    Some(Condition { operator, bound: Exact::parse(bound.trim())? })
}

fn is_color(text: &str) -> bool {
    const NAMES: [&str; 8] = ["black", "blue", "cyan", "green", "magenta", "red", "white", "yellow"];
    let text = text.to_ascii_lowercase();
    let number = text.strip_prefix("color").map(str::trim);
    NAMES.contains(&&*text)
        || number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}
