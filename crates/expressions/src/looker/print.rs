//! The text of a tree.

use std::fmt;

use super::Number;
use super::tree::{Level, Node, NodeKind, Reference};

impl fmt::Display for Node {
    /// The text of the expression, with the parentheses that it needs and no others. Read again it gives an equal tree,
    /// if nothing in it is missing.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            // Without an exponent, which numbers do not have here.
            NodeKind::Number(Number::Double(value)) => write!(formatter, "{value}"),
            NodeKind::Number(number) => number.fmt(formatter),
            NodeKind::Text(text) => quoted(text, '"', formatter),
            NodeKind::Filter(filter) => write!(formatter, "`{filter}`"),
            NodeKind::Yesno(value) => formatter.write_str(if *value { "yes" } else { "no" }),
            NodeKind::Null => formatter.write_str("null"),
            NodeKind::Reference(reference) => reference.fmt(formatter),
            NodeKind::Call { name, arguments } => call(&name.text, arguments, formatter),
            NodeKind::Negative(operand) => {
                formatter.write_str("-")?;
                within(operand, Level::Negative, formatter)
            }
            NodeKind::Not(operand) => {
                formatter.write_str("NOT ")?;
                within(operand, Level::Not, formatter)
            }
            NodeKind::Chain { first, rest } => {
                let tighter = self.level().tighter();
                within(first, tighter, formatter)?;
                rest.iter().try_for_each(|link| {
                    write!(formatter, " {} ", link.operator.symbol())?;
                    within(&link.operand, tighter, formatter)
                })
            }
            NodeKind::Missing => Ok(()),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "${{{}{}}}", self.name, self.part.suffix())
    }
}

/// An operand, in parentheses if it binds less tightly than its place asks for.
fn within(operand: &Node, loosest: Level, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    if operand.level() < loosest { write!(formatter, "({operand})") } else { write!(formatter, "{operand}") }
}

fn call(name: &str, arguments: &[Node], formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(formatter, "{name}(")?;
    arguments.iter().enumerate().try_for_each(|(at, argument)| {
        let comma = if at == 0 { "" } else { ", " };
        write!(formatter, "{comma}{argument}")
    })?;
    formatter.write_str(")")
}

fn quoted(text: &str, quote: char, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    use fmt::Write as _;
    formatter.write_char(quote)?;
    text.chars().try_for_each(|character| {
        if character == quote || character == '\\' {
            formatter.write_char('\\')?;
        }
        formatter.write_char(character)
    })?;
    formatter.write_char(quote)
}
