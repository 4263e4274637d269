use belvedere_expressions::filter::{StringFilter, StringMatch, quote_string};
use proptest::prelude::*;

#[test]
fn plain_values_stay_and_others_are_quoted_as_clients_do() {
    let cases = [
        ("FOO", "FOO"),
        ("t-shirt", "t-shirt"),
        ("two words", "two words"),
        ("Null", "Null"),
        ("日本", "日本"),
        ("", "\"\""),
        ("-5", "\"-5\""),
        ("-", "\"-\""),
        ("a,b", "\"a,b\""),
        ("100%", "\"100%\""),
        ("a_b", "\"a_b\""),
        ("O'Neil", "\"O'Neil\""),
        ("say \"hi\"", r#""say \"hi\"""#),
        (" a ", "\" a \""),
        ("null", "\"null\""),
        ("EMPTY", "\"EMPTY\""),
        ("NOT NULL", "\"NOT NULL\""),
        ("x^y", "\"x^y\""),
        (r"C:\temp", r#""C:\temp""#),
        (r"C:\", r#""C:"^\"#),
        ("\\", r#"""^\"#),
    ];
    for (value, expected) in cases {
        assert_eq!(quote_string(value), expected, "{value:?}");
    }
}

/// Values of the characters that mean something, and of any others.
fn value() -> impl Strategy<Value = String> {
    prop_oneof!["[ab\"'%_,^\\\\ \t-]{0,12}", "(NOT )?(NULL|null|EMPTY|empty)", any::<String>()]
}

proptest! {
    #[test]
    fn a_quoted_value_matches_that_value_alone(value in value()) {
        let filter = StringFilter::parse(&quote_string(&value));
        prop_assert_eq!(filter, Ok(StringFilter { include: vec![StringMatch::Equals(value)], exclude: vec![] }));
    }

    #[test]
    fn quoted_values_can_be_listed_and_excluded(values in prop::collection::vec((any::<bool>(), value()), 1..6)) {
        let term = |(excluded, value): &(bool, String)| {
            format!("{}{}", if *excluded { "-" } else { "" }, quote_string(value))
        };
        let text = values.iter().map(term).collect::<Vec<_>>().join(",");
        let matches = |side: bool| {
            let of_side = values.iter().filter(move |(excluded, _)| *excluded == side);
            of_side.map(|(_, value)| StringMatch::Equals(value.clone())).collect::<Vec<_>>()
        };
        let expected = StringFilter { include: matches(false), exclude: matches(true) };
        prop_assert_eq!(StringFilter::parse(&text), Ok(expected), "{}", text);
    }
}
