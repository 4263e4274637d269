//! Functions that SQL calls.

/// True when SQL calls a function that `counts`, other than as a window. It is told by its name in lower case and by the
/// first word of its argument.
pub fn calls(sql: &str, counts: impl Fn(&str, &str) -> bool) -> bool {
    let tokens = tokens(sql);
    let closing = closing_parentheses(&tokens);
    tokens.iter().enumerate().any(|(index, token)| {
        let Token::Word(word) = token else { return false };
        let argument = match tokens.get(index + 2) {
            Some(Token::Word(word)) => *word,
            _ => "",
        };
        if tokens.get(index + 1) != Some(&Token::Open) || !counts(&word.to_ascii_lowercase(), argument) {
            return false;
        }
        let mut after = closing[index + 1];
        // `FILTER (...)` and `WITHIN GROUP (...)` may stand before `OVER`.
        while let Some(Token::Word(word)) = tokens.get(after) {
            match word.to_ascii_lowercase().as_str() {
                "over" => return false,
                "within" | "group" | "filter" => after += 1,
                _ => break,
            }
            if tokens.get(after) == Some(&Token::Open) {
                after = closing[after];
            }
        }
        true
    })
}

/// True when a call of an aggregate function gives another result where rows are repeated: the least and the greatest
/// value, and what is said of different values, stay what they are.
pub fn counts_repetitions(function: &str, argument: &str) -> bool {
    !matches!(function, "min" | "max" | "any_value" | "bool_and" | "bool_or" | "approx_count_distinct")
        && !argument.eq_ignore_ascii_case("distinct")
}

/// Aggregate functions that databases have in common, for SQL whose dialect is not known.
const AGGREGATES: [&str; 12] = [
    "avg",
    "count",
    "count_if",
    "countif",
    "median",
    "percentile_cont",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "sum",
    "variance",
    "var_samp",
];

/// True when SQL of whatever dialect aggregates rows by a call whose result is another one where rows are repeated.
pub fn aggregates_by_hand(sql: &str) -> bool {
    calls(sql, |function, argument| AGGREGATES.contains(&function) && counts_repetitions(function, argument))
}

#[derive(Debug, PartialEq, Eq)]
enum Token<'t> {
    Word(&'t str),
    Open,
    Close,
    Other,
}

/// By token: for an opening parenthesis the index after its closing one.
fn closing_parentheses(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut closing = vec![tokens.len(); tokens.len()];
    let mut open = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Open => open.push(index),
            Token::Close => {
                if let Some(start) = open.pop() {
                    closing[start] = index + 1;
                }
            }
            Token::Word(_) | Token::Other => {}
        }
    }
    closing
}

/// The words and parentheses of SQL outside literals and comments.
fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => {
                tokens.push(Token::Other);
                rest[1..].find(first).map_or(rest.len(), |end| end + 2)
            }
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            c if c.is_whitespace() => c.len_utf8(),
            c if c.is_alphabetic() || c == '_' => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                tokens.push(Token::Word(&rest[..end]));
                end
            }
            c => {
                tokens.push(match c {
                    '(' => Token::Open,
                    ')' => Token::Close,
                    _ => Token::Other,
                });
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::aggregates_by_hand;

    #[test]
    fn calls_that_repeated_rows_change_are_seen() {
        for sql in
            ["SUM(${TABLE}.x) / COUNT(*)", "1.0 * avg (x)", "COALESCE(Sum(x), 0)", "COUNT(CASE WHEN a THEN 1 END)"]
        {
            assert!(aggregates_by_hand(sql), "{sql}");
        }
    }

    #[test]
    fn others_are_not() {
        for sql in [
            "${total} / NULLIF(${count}, 0)",
            "COUNT(DISTINCT x)",
            "MAX(x) - MIN(x)",
            "SUM(${total}) OVER (ORDER BY ${day})",
            "'SUM(x)' -- sum(x)",
            "checksum(x)",
            "sum",
        ] {
            assert!(!aggregates_by_hand(sql), "{sql}");
        }
    }
}
