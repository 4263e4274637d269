use belvedere_expressions::filter::{Pattern, PatternPiece, StringFilter, StringMatch};

/// A filter of what it includes and excludes.
pub fn filter(include: &[StringMatch], exclude: &[StringMatch]) -> StringFilter {
    StringFilter { include: include.to_vec(), exclude: exclude.to_vec() }
}

pub fn equals(text: &str) -> StringMatch {
    StringMatch::Equals(text.to_owned())
}

/// A pattern from its pieces, `%` and `_` being the wildcards.
pub fn like(pieces: &[&str]) -> StringMatch {
    let piece = |piece: &&str| match *piece {
        "%" => PatternPiece::AnyRun,
        "_" => PatternPiece::AnyOne,
        literal => PatternPiece::Literal(literal.to_owned()),
    };
    StringMatch::Pattern(Pattern(pieces.iter().map(piece).collect()))
}

const EMPTY: StringMatch = StringMatch::Empty;
const NULL: StringMatch = StringMatch::Null;

fn check(cases: &[(&str, StringFilter)]) {
    for (text, expected) in cases {
        assert_eq!(StringFilter::parse(text).as_ref(), Ok(expected), "{text:?}");
    }
}

#[test]
fn each_row_of_the_table_of_text_filters_means_what_it_says() {
    check(&[
        ("FOO", filter(&[equals("FOO")], &[])),
        ("FOO,BAR", filter(&[equals("FOO"), equals("BAR")], &[])),
        ("%FOO%", filter(&[like(&["%", "FOO", "%"])], &[])),
        ("FOO%", filter(&[like(&["FOO", "%"])], &[])),
        ("%FOO", filter(&[like(&["%", "FOO"])], &[])),
        ("F%OD", filter(&[like(&["F", "%", "OD"])], &[])),
        ("_UF", filter(&[like(&["_", "UF"])], &[])),
        ("EMPTY", filter(&[EMPTY], &[])),
        ("NULL", filter(&[NULL], &[])),
        ("-FOO", filter(&[], &[equals("FOO")])),
        ("-FOO,-BAR", filter(&[], &[equals("FOO"), equals("BAR")])),
        ("-%FOO%", filter(&[], &[like(&["%", "FOO", "%"])])),
        ("-FOO%", filter(&[], &[like(&["FOO", "%"])])),
        ("-%FOO", filter(&[], &[like(&["%", "FOO"])])),
        ("-EMPTY", filter(&[], &[EMPTY])),
        ("-NULL", filter(&[], &[NULL])),
        ("FOO%,BAR", filter(&[like(&["FOO", "%"]), equals("BAR")], &[])),
        ("FOO%,-FOOD", filter(&[like(&["FOO", "%"])], &[equals("FOOD")])),
        ("-FOO,-NULL", filter(&[], &[equals("FOO"), NULL])),
        ("FOO,NULL", filter(&[equals("FOO"), NULL], &[])),
        ("", filter(&[], &[])),
    ]);
}

#[test]
fn blank_text_matches_anything() {
    for text in ["", "   ", "\t\r\n"] {
        assert!(StringFilter::parse(text).is_ok_and(|filter| filter.is_any()), "{text:?}");
    }
    assert!(!StringFilter::parse("%").is_ok_and(|filter| filter.is_any()), "null matches no pattern");
    check(&[("%, NULL", filter(&[like(&["%"]), NULL], &[]))]);
}

#[test]
fn keywords_count_in_one_case_and_without_quotes_only() {
    check(&[
        ("empty", filter(&[EMPTY], &[])),
        ("null", filter(&[NULL], &[])),
        ("-empty", filter(&[], &[EMPTY])),
        ("-null", filter(&[], &[NULL])),
        (" NULL , EMPTY ", filter(&[NULL, EMPTY], &[])),
        ("Null,Empty", filter(&[equals("Null"), equals("Empty")], &[])),
        ("\"null\",\"EMPTY\"", filter(&[equals("null"), equals("EMPTY")], &[])),
        ("NULLABLE", filter(&[equals("NULLABLE")], &[])),
        ("NULL%", filter(&[like(&["NULL", "%"])], &[])),
    ]);
}

#[test]
fn not_null_is_read_as_the_model_author_meant_it() {
    check(&[
        ("NOT NULL", filter(&[], &[NULL])),
        ("not null", filter(&[], &[NULL])),
        ("FOO,NOT NULL", filter(&[equals("FOO")], &[NULL])),
        ("\"NOT NULL\"", filter(&[equals("NOT NULL")], &[])),
        ("NOT FOO", filter(&[equals("NOT FOO")], &[])),
    ]);
}

#[test]
fn quotes_take_the_meaning_of_everything_between_them() {
    check(&[
        ("\"a,b\"", filter(&[equals("a,b")], &[])),
        ("\"100% _^-,\"", filter(&[equals("100% _^-,")], &[])),
        ("-\"-5\"", filter(&[], &[equals("-5")])),
        (r#""say \"hi\"""#, filter(&[equals("say \"hi\"")], &[])),
        (r#""\"DANCE\" Socks,T1418""#, filter(&[equals("\"DANCE\" Socks,T1418")], &[])),
        (r#""C:\temp,x""#, filter(&[equals("C:\\temp,x")], &[])),
        (r#""\\server""#, filter(&[equals("\\\\server")], &[])),
        ("\" a \" , b", filter(&[equals(" a "), equals("b")], &[])),
        ("\"\"", filter(&[equals("")], &[])),
        ("\"10% off\"%", filter(&[like(&["10% off", "%"])], &[])),
        ("\"a\"b", filter(&[equals("ab")], &[])),
    ]);
}

#[test]
fn a_quote_that_opens_nothing_is_a_character() {
    check(&[
        ("5\" pipe,6\" pipe", filter(&[equals("5\" pipe"), equals("6\" pipe")], &[])),
        ("\"open,end", filter(&[equals("\"open"), equals("end")], &[])),
        ("^\"a,b^\"", filter(&[equals("\"a"), equals("b\"")], &[])),
    ]);
}

#[test]
fn escaped_characters_lose_their_meaning() {
    check(&[
        ("^%^_^,^^^-^\"", filter(&[equals("%_,^-\"")], &[])),
        ("^-5", filter(&[equals("-5")], &[])),
        ("-^-5", filter(&[], &[equals("-5")])),
        ("t-shirt", filter(&[equals("t-shirt")], &[])),
        (r"a\,b\%\_\-\^", filter(&[equals("a,b%_-^")], &[])),
        (r"C:\temp", filter(&[equals("C:\\temp")], &[])),
        (r"a^\,b", filter(&[equals("a\\"), equals("b")], &[])),
        ("q^_ml^_%", filter(&[like(&["q_ml_", "%"])], &[])),
        ("%100^%^_^^ FOO%", filter(&[like(&["%", "100%_^ FOO", "%"])], &[])),
        ("^NULL", filter(&[equals("^NULL")], &[])),
        ("end^", filter(&[equals("end^")], &[])),
    ]);
}

#[test]
fn blanks_around_a_term_count_only_when_escaped() {
    check(&[
        (" FOO , BAR BAZ ", filter(&[equals("FOO"), equals("BAR BAZ")], &[])),
        ("^ a^ ^ ", filter(&[equals(" a ")], &[])),
        ("^ a^ ^ ,b", filter(&[equals(" a "), equals("b")], &[])),
        ("hello^ ", filter(&[equals("hello ")], &[])),
        ("^ ^ hello^ ^ ^ ", filter(&[equals("  hello  ")], &[])),
        ("^ ", filter(&[equals(" ")], &[])),
        (" % foo % ", filter(&[like(&["%", " foo ", "%"])], &[])),
        ("- FOO", filter(&[], &[equals("FOO")])),
        ("\u{a0}FOO", filter(&[equals("\u{a0}FOO")], &[])),
    ]);
}

#[test]
fn a_lone_dash_is_a_value() {
    check(&[
        ("-", filter(&[equals("-")], &[])),
        ("- , a", filter(&[equals("-"), equals("a")], &[])),
        ("--", filter(&[], &[equals("-")])),
    ]);
}

#[test]
fn wildcards_side_by_side_are_one() {
    check(&[
        ("%%%", filter(&[like(&["%"])], &[])),
        ("a%%_%b", filter(&[like(&["a", "%", "_", "%", "b"])], &[])),
        ("__", filter(&[like(&["_", "_"])], &[])),
    ]);
}

#[test]
fn an_empty_term_is_passed_over_but_commas_alone_do_not_turn_the_filter_off() {
    check(&[("FOO,", filter(&[equals("FOO")], &[])), (",,-FOO, ,", filter(&[], &[equals("FOO")]))]);
    for text in [",", " , ,"] {
        let error = StringFilter::parse(text).expect_err(text);
        assert_eq!(error.span, 0..text.len());
        assert!(error.message.contains("expected a value between the commas"), "{error}");
    }
}

#[test]
fn words_of_sql_are_values_like_any_other() {
    check(&[
        ("x' OR 1=1; --", filter(&[equals("x' OR 1=1; --")], &[])),
        ("日本%", filter(&[like(&["日本", "%"])], &[])),
        ("🦀,-é", filter(&[equals("🦀")], &[equals("é")])),
    ]);
}
