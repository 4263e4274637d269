use belvedere_expressions::filter::YesnoFilter::{self, Any, No, Yes};

#[test]
fn each_answer_is_read_in_any_case() {
    let cases = [
        ("yes", Yes),
        ("Yes", Yes),
        ("YES", Yes),
        ("no", No),
        ("No", No),
        ("NO", No),
        ("TRUE", Yes),
        ("FALSE", No),
        ("true", Yes),
        ("false", No),
        (" yes ", Yes),
        ("no,no", No),
        ("yes,no", Any),
        ("No, Yes", Any),
        ("yes,no,yes", Any),
        ("", Any),
        ("  ", Any),
    ];
    for (text, expected) in cases {
        assert_eq!(YesnoFilter::parse(text), Ok(expected), "{text:?}");
    }
}

#[test]
fn anything_else_is_refused_with_its_place() {
    let cases = [
        ("maybe", 0..5, "expected `Yes` or `No`, found `maybe`"),
        ("yes,", 4..4, "expected `Yes` or `No`, but the text ends"),
        ("yes no", 4..6, "expected `,` or the end, found `no`"),
        ("yesterday", 0..9, "expected `Yes` or `No`, found `yesterday`"),
        (",", 0..1, "expected `Yes` or `No`, found `,`"),
    ];
    for (text, span, message) in cases {
        let error = YesnoFilter::parse(text).expect_err(text);
        assert_eq!((error.span, error.message.as_str()), (span, message), "{text}");
    }
}
