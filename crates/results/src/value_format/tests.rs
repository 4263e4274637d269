//! Expected texts are worked by hand from the rules of Excel's number formats.

use super::{Localization, ValueFormat};
use crate::error::Error;
use crate::number::Number;
use crate::number_format::NumberFormat;

fn written(format: &ValueFormat, number: Number, user: NumberFormat) -> String {
    let mut out = String::new();
    format.write_number(number, user, &mut Vec::new(), &mut out);
    out
}

/// The number as a double, in the user's default number format.
fn shown(format: &str, number: f64) -> String {
    let format = ValueFormat::compile(format).expect("the format is supported");
    written(&format, Number::Double(number), NumberFormat::CommaPoint)
}

fn check(table: &[(&str, f64, &str)]) {
    for &(format, number, expected) in table {
        assert_eq!(shown(format, number), expected, "{number} as {format}");
    }
}

#[test]
fn the_built_in_formats_show_what_looker_documents() {
    check(&[
        ("#,##0", 1234.5, "1,235"),
        ("#,##0", 0.0, "0"),
        ("#,##0.0", 1234.56, "1,234.6"),
        ("#,##0.00", -1234.5, "-1,234.50"),
        ("#,##0.0000", 0.00005, "0.0001"),
        ("#,##0%", 0.31, "31%"),
        ("#,##0.0%", 0.31, "31.0%"),
        ("#,##0.00%", 12.34567, "1,234.57%"),
        ("$#,##0", 999.5, "$1,000"),
        ("$#,##0.00", -5.0, "-$5.00"),
        ("\"£\"#,##0.00", 1e6, "£1,000,000.00"),
        ("€#,##0", 12.0, "€12"),
        ("0", 1234567.0, "1234567"),
    ]);
}

#[test]
fn forced_optional_and_blank_places_differ_where_there_is_no_digit() {
    check(&[
        ("0000", 42.0, "0042"),
        ("####", 42.0, "42"),
        ("????", 42.0, "  42"),
        ("#", 0.0, ""),
        ("0.00", 1.5, "1.50"),
        ("0.##", 1.5, "1.5"),
        ("0.??", 1.5, "1.5 "),
        ("0.#", 5.0, "5."),
        ("#.##", 0.5, ".5"),
        (".00", 12.5, "12.50"),
        (".00", 0.5, ".50"),
        ("0#", 5.0, "05"),
        ("0.#0", 1.0, "1.00"),
        ("0.0#", 1.0, "1.0"),
        ("0,000", 5.0, "0,005"),
        ("?,???", 5.0, "    5"),
        ("#,###", 1234567.0, "1,234,567"),
        ("0", 1e20, "100000000000000000000"),
        ("#,##0", 1e21, "1,000,000,000,000,000,000,000"),
    ]);
}

#[test]
fn rounding_is_half_away_from_zero_on_the_decimal_text() {
    check(&[
        ("0", 0.5, "1"),
        ("0", 1.5, "2"),
        ("0", 2.5, "3"),
        ("0", -2.5, "-3"),
        ("0.00", 1.005, "1.01"),
        ("0.00", 2.675, "2.68"),
        ("0.0", 0.25, "0.3"),
        ("0.00", 999.995, "1000.00"),
        ("0.00", 5e-324, "0.00"),
    ]);
}

#[test]
fn a_value_that_rounds_to_zero_has_no_sign() {
    check(&[
        ("0", -0.3, "0"),
        ("0.00", -0.004, "0.00"),
        ("0%", -0.001, "0%"),
        ("0.00", -0.0, "0.00"),
        ("0", -0.5, "-1"),
    ]);
}

#[test]
fn trailing_commas_divide_by_a_thousand_each() {
    check(&[
        ("0,", 12_345.0, "12"),
        ("0,,", 12_345_678.0, "12"),
        ("0.0,,\"M\"", 1_250_000.0, "1.3M"),
        ("0.00,\"K\"", 1_234.0, "1.23K"),
        ("#,##0,", 1_234_567_890.0, "1,234,568"),
        ("$#,##0.0,\" K\"", 1_234_560.0, "$1,234.6 K"),
        ("0,.0", 1_250.0, "1.3"),
        ("0,%", 5_000.0, "500%"),
    ]);
}

#[test]
fn sections_are_for_positive_negative_and_zero() {
    check(&[
        ("0;(0)", 5.0, "5"),
        ("0;(0)", -5.0, "(5)"),
        ("0;(0)", 0.0, "0"),
        ("0.0;-0.0;\"none\"", 0.0, "none"),
        ("0.0;-0.0;\"none\"", -1.0, "-1.0"),
        ("#,##0;;\"\"", 1_500.0, "1,500"),
        ("#,##0;;\"\"", -1_500.0, ""),
        ("#,##0;;\"\"", 0.0, ""),
        (";;;", 5.0, ""),
        (";;;", -5.0, ""),
        ("$#,##0.00_);($#,##0.00)", 3.0, "$3.00 "),
        ("$#,##0.00_);($#,##0.00)", -3.0, "($3.00)"),
        ("\"▲\"0;\"▼\"0;\"•\"", -7.0, "▼7"),
        ("0;", -5.0, ""),
    ]);
}

#[test]
fn conditions_choose_the_section() {
    const SCALED: &str = "[>=1000000]0.0,,\"M\";[>=1000]0.0,\"K\";0";
    check(&[
        (SCALED, 2_500_000.0, "2.5M"),
        (SCALED, 1_000_000.0, "1.0M"),
        (SCALED, 999_999.0, "1000.0K"),
        (SCALED, 1_500.0, "1.5K"),
        (SCALED, 999.0, "999"),
        (SCALED, 0.0, "0"),
        (SCALED, -5.0, "-5"),
        (SCALED, -2_500_000.0, "-2500000"),
        ("[<0]\"minus \"0;0", -3.0, "minus 3"),
        ("[<0]\"minus \"0;0", 3.0, "3"),
        ("[<=-1000]-0.0,\"K\";0", -2_000.0, "-2.0K"),
        ("[<=-1000]-0.0,\"K\";0", -5.0, "-5"),
        ("[>=0]0;(0)", -5.0, "(5)"),
        ("[=1]0\" item\";0\" items\"", 1.0, "1 item"),
        ("[=1]0\" item\";0\" items\"", 2.0, "2 items"),
        ("[<>0]0.0;\"zero\"", 0.0, "zero"),
        ("[>1.5]\"high\";[>=0.5]\"mid\";\"low\"", 1.5, "mid"),
        ("[>1.5]\"high\";[>=0.5]\"mid\";\"low\"", 0.25, "low"),
        // No section is for 5: the plain number.
        ("[>=1000000]0.0,,\"M\";[>=1000]0.0,\"K\"", 5.0, "5"),
    ]);
}

#[test]
fn literals_stand_as_they_are() {
    check(&[
        ("0\" days\"", 3.0, "3 days"),
        ("0\\x", 3.0, "3x"),
        ("0\\%", 31.0, "31%"),
        ("0.0\\%", 31.25, "31.3%"),
        ("0\"%\"", 31.0, "31%"),
        ("\"0#.,%\"0", 3.0, "0#.,%3"),
        ("(###) ###-####", 5_551_234_567.0, "(555) 123-4567"),
        ("000-00-0000", 12_345_678.0, "012-34-5678"),
        ("#0:00", 930.0, "9:30"),
        ("$ - + / ( ) : ! ^ & ' ~ { } < > =0", 1.0, "$ - + / ( ) : ! ^ & ' ~ { } < > =1"),
        ("\"n/a\"", 7.0, "n/a"),
        ("0_)", 7.0, "7 "),
        ("* 0", 7.0, "7"),
        ("0x", 7.0, "7x"),
        (",0", 7.0, ",7"),
        ("0.0.0", 1.25, "1.2.5"),
        ("[Red]0", 7.0, "7"),
        ("[Color 12]0", 7.0, "7"),
        ("#,##0 \"€\"", 1234.0, "1,234 €"),
    ]);
}

#[test]
fn exponents_are_written_as_in_excel() {
    check(&[
        ("0.00E+00", 12_345.0, "1.23E+04"),
        ("0.00E+00", 0.00012345, "1.23E-04"),
        ("0.00E-00", 12_345.0, "1.23E04"),
        ("0.0E+0", 9.99, "1.0E+1"),
        ("0E+0", 0.0, "0E+0"),
        ("##0.0E+0", 12_345.0, "12.3E+3"),
        ("##0.0E+0", 999_990.0, "1.0E+6"),
        ("0.00e+00", -1e300, "-1.00E+300"),
        ("0.0E+0", 5e-324, "5.0E-324"),
    ]);
}

#[test]
fn general_and_an_empty_format_are_plain_digits() {
    check(&[
        ("General", 1234.5, "1234.5"),
        ("", 1234.5, "1234.5"),
        ("General\" kg\"", -2.5, "-2.5 kg"),
        ("\"is \"@", 3.0, "3"),
    ]);
}

#[test]
fn decimals_are_formatted_from_their_own_digits() {
    let format = ValueFormat::compile("#,##0.00").expect("the format is supported");
    for (unscaled, scale, expected) in [
        (123_456_789_012_345_678_901_234_567_890_i128, 2, "1,234,567,890,123,456,789,012,345,678.90"),
        (1005, 3, "1.01"),
        (-1005, 3, "-1.01"),
        (1004, 3, "1.00"),
        (i128::MAX, 0, "170,141,183,460,469,231,731,687,303,715,884,105,727.00"),
        (i128::MIN, 38, "-1.70"),
        (5, -3, "5,000.00"),
    ] {
        assert_eq!(written(&format, Number::Decimal { unscaled, scale }, NumberFormat::CommaPoint), expected);
    }
    assert_eq!(written(&format, Number::Integer(i64::MIN), NumberFormat::CommaPoint), "-9,223,372,036,854,775,808.00");
    assert_eq!(written(&format, Number::Unsigned(u64::MAX), NumberFormat::CommaPoint), "18,446,744,073,709,551,615.00");
    assert_eq!(written(&format, Number::Single(0.1), NumberFormat::CommaPoint), "0.10");
}

#[test]
fn the_users_signs_are_used_unless_the_format_is_strict() {
    let format = ValueFormat::compile("$#,##0.00").expect("the format is supported");
    let number = Number::Double(1234.5);
    assert_eq!(written(&format, number, NumberFormat::PointComma), "$1.234,50");
    assert_eq!(written(&format, number, NumberFormat::SpaceComma), "$1 234,50");
    let strict = format.localized(Localization::Strict);
    assert_eq!(written(&strict, number, NumberFormat::PointComma), "$1,234.50");
    let general = ValueFormat::compile("General").expect("the format is supported");
    assert_eq!(written(&general, number, NumberFormat::PointComma), "1234,5");
}

#[test]
fn text_has_its_own_section() {
    let text = |format: &str, value: &str| {
        let mut out = String::new();
        let format = ValueFormat::compile(format).expect("the format is supported");
        format.write_text(value, &mut out).then_some(out)
    };
    assert_eq!(text("0;-0;0;\"<\"@\">\"", "x").as_deref(), Some("<x>"));
    assert_eq!(text("@\" !\"", "x").as_deref(), Some("x !"));
    assert_eq!(text("0;@", "x").as_deref(), Some("x"));
    assert_eq!(text("0;0;0;", "x").as_deref(), Some(""));
    assert_eq!(text("0", "x"), None);
    assert_eq!(shown("0.0;\"text\"@", -3.0), "-3.0");
}

#[test]
fn what_is_not_supported_is_refused_with_its_place() {
    for (format, position) in [
        ("mm/dd/yyyy", 1),
        ("0 \"h\" h", 7),
        ("[h]:mm", 1),
        ("0;[$-409]0", 3),
        ("0\"open", 2),
        ("0\\", 2),
        ("0_", 2),
        ("[>=1000", 1),
        ("[>=x]0", 1),
        ("0;0;0;0;0", 8),
    ] {
        match ValueFormat::compile(format) {
            Err(Error::ValueFormat { position: found, .. }) => assert_eq!(found, position, "{format}"),
            other => panic!("{format} gave {other:?}"),
        }
    }
    assert!(ValueFormat::compile(&"0".repeat(500)).is_ok());
    assert!(ValueFormat::compile(&"0".repeat(501)).is_err());
}

#[test]
fn no_format_and_no_number_panics() {
    let formats =
        ["", "0", "#,##0.0#%", "0.0E+0", "##0,,.??", "?", "[<0]0;;", "@", "General", "0%%%%%%%%,,,", "E+0", ".", ",,"];
    let numbers = [
        Number::Integer(i64::MIN),
        Number::Unsigned(u64::MAX),
        Number::Double(f64::MAX),
        Number::Double(f64::MIN_POSITIVE),
        Number::Double(5e-324),
        Number::Single(f32::MAX),
        Number::Decimal { unscaled: i128::MIN, scale: i8::MAX },
        Number::Decimal { unscaled: i128::MAX, scale: i8::MIN },
    ];
    for format in formats {
        let format = ValueFormat::compile(format).expect("the format is supported");
        for number in numbers {
            for user in [NumberFormat::CommaPoint, NumberFormat::SpaceComma] {
                assert!(written(&format, number, user).len() < 500);
            }
        }
    }
}
