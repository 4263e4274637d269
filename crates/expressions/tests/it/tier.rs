use crate::string::{equals, filter, like};
use belvedere_expressions::filter::TierFilter;

#[test]
fn labels_of_tiers_are_listed_quoted_negated_and_matched_with_wildcards() {
    let cases = [
        ("\"[10.0,20.0)\"", filter(&[equals("[10.0,20.0)")], &[])),
        ("\"80 or Above\"", filter(&[equals("80 or Above")], &[])),
        ("80 or Above", filter(&[equals("80 or Above")], &[])),
        ("-Undefined", filter(&[], &[equals("Undefined")])),
        ("\"10 to 19\",\"20 to 29\"", filter(&[equals("10 to 19"), equals("20 to 29")], &[])),
        ("10 to 19, 20 to 29", filter(&[equals("10 to 19"), equals("20 to 29")], &[])),
        ("\"[10.0,20.0)\",-Undefined", filter(&[equals("[10.0,20.0)")], &[equals("Undefined")])),
        ("-%inf)", filter(&[], &[like(&["%", "inf)"])])),
        ("", filter(&[], &[])),
    ];
    for (text, expected) in cases {
        assert_eq!(TierFilter::parse(text), Ok(expected), "{text}");
    }
}
