//! Names of the contract as names of Rust.

/// `run_inline_query` as `RunInlineQuery`; a name that is in that form already stays as it is.
pub fn pascal(name: &str) -> String {
    let mut text = String::new();
    for part in name.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        let mut letters = part.chars();
        if let Some(first) = letters.next() {
            text.push(first.to_ascii_uppercase());
            text.push_str(letters.as_str());
        }
    }
    text
}

/// A name of the wire as a field: `exampleQueries` as `example_queries`, `type` as `r#type`.
pub fn field(name: &str) -> String {
    let mut text = String::new();
    let mut before = '_';
    for letter in name.chars() {
        let letter = if letter.is_ascii_alphanumeric() { letter } else { '_' };
        if letter.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
        before = letter;
    }
    if KEYWORDS.contains(&text.as_str()) { format!("r#{text}") } else { text }
}

/// A word of an enumeration as a variant: `json_detail` as `JsonDetail`, `0` as `N0`.
pub fn variant(word: &str) -> String {
    let capitals = word.bytes().all(|byte| !byte.is_ascii_lowercase());
    let name = if capitals { pascal(&word.to_ascii_lowercase()) } else { pascal(word) };
    match name.chars().next() {
        None => "Empty".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("N{name}"),
        Some(_) if name == "Self" => "SelfWord".to_owned(),
        Some(_) => name,
    }
}

const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_names_a_type() {
        assert_eq!(pascal("run_inline_query"), "RunInlineQuery");
        assert_eq!(pascal("all_user_credentials_api3s"), "AllUserCredentialsApi3s");
        assert_eq!(pascal("DBConnection"), "DBConnection");
    }

    #[test]
    fn a_property_names_a_field() {
        assert_eq!(field("type"), "r#type");
        assert_eq!(field("exampleQueries"), "example_queries");
        assert_eq!(field("credentials_api3"), "credentials_api3");
        assert_eq!(field("sqlURL"), "sql_url");
    }

    #[test]
    fn a_word_names_a_variant() {
        assert_eq!(variant("json_detail"), "JsonDetail");
        assert_eq!(variant("ACTION_HUB"), "ActionHub");
        assert_eq!(variant("TLSv1_1"), "TLSv11");
        assert_eq!(variant("off"), "Off");
    }
}
