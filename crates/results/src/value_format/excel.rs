//! Value formats in Excel's own grammar, for the cells of workbooks.

use super::compile::{Token, Written};
use super::{Condition, Operator};
use crate::number::Exact;
use std::fmt::Write as _;

/// Longest format that a workbook may hold.
const LENGTH_LIMIT: usize = 255;

/// Conditions that a format may hold there.
const CONDITIONS: usize = 2;

/// The format with its literals in quotes, which are free to stand bare in ours; `None` for what has no form there.
pub(super) fn code(sections: &[Written]) -> Option<String> {
    if sections.iter().filter(|section| section.condition.is_some()).count() > CONDITIONS {
        return None;
    }
    let mut code = String::new();
    for (index, section) in sections.iter().enumerate() {
        if index > 0 {
            code.push(';');
        }
        if let Some(condition) = section.condition {
            write_condition(condition, &mut code)?;
        }
        for run in section.tokens.chunk_by(|one, next| is_literal(one) && is_literal(next)) {
            write_run(run, &mut code);
        }
    }
    (!code.is_empty() && code.len() <= LENGTH_LIMIT).then_some(code)
}

fn write_condition(condition: Condition, code: &mut String) -> Option<()> {
    let operator = match condition.operator {
        Operator::Equal => "=",
        Operator::NotEqual => "<>",
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
    };
    let _ = write!(code, "[{operator}{}]", bound(condition.bound)?);
    Some(())
}

/// The bound in plain digits.
fn bound(bound: Exact) -> Option<String> {
    let sign = if bound.negative { "-" } else { "" };
    let digits = bound.coefficient.to_string();
    Some(match bound.exponent {
        0 => format!("{sign}{digits}"),
        zeros @ 1..=30 => format!("{sign}{digits}{}", "0".repeat(zeros as usize)),
        decimals @ -30..=-1 => {
            let decimals = decimals.unsigned_abs() as usize;
            let padded = format!("{digits:0>width$}", width = decimals + 1);
            let (whole, fraction) = padded.split_at(padded.len() - decimals);
            format!("{sign}{whole}.{fraction}")
        }
        _ => return None,
    })
}

fn is_literal(token: &Token) -> bool {
    matches!(token, Token::Literal(_))
}

/// Writes neighbouring literals as one, or a token that is none.
fn write_run(run: &[Token], code: &mut String) {
    let literal = |token: &Token| match token {
        Token::Literal(text) => Some(text.clone()),
        _ => None,
    };
    match run.iter().map(literal).collect::<Option<String>>() {
        Some(text) => write_literal(&text, code),
        None => run.iter().for_each(|token| write_token(token, code)),
    }
}

fn write_token(token: &Token, code: &mut String) {
    match token {
        Token::Literal(text) => write_literal(text, code),
        Token::Digit(digit) => code.push(*digit),
        Token::Point => code.push('.'),
        Token::Comma => code.push(','),
        Token::Percent => code.push('%'),
        Token::Exponent { always_signed: true } => code.push_str("E+"),
        Token::Exponent { always_signed: false } => code.push_str("E-"),
        Token::Value => code.push('@'),
        Token::General => code.push_str("General"),
    }
}

fn write_literal(text: &str, code: &mut String) {
    for (index, part) in text.split('"').enumerate() {
        if index > 0 {
            code.push_str("\\\"");
        }
        if !part.is_empty() {
            code.push('"');
            code.push_str(part);
            code.push('"');
        }
    }
}
