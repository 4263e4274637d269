//! A number as the text that names it.

use std::cmp::Ordering;
use std::fmt;

use super::FilterError;
use super::scan::Scanner;

/// An exponent of more digits names no number that a database could compare with.
const MOST_EXPONENT_DIGITS: usize = 3;

/// A finite number as canonical text: `-12.5`, `0.5`, `1e6`.
///
/// The text is an optional `-`, digits without needless zeros, an optional fraction, an optional exponent, and nothing
/// else, so that it is a numeric literal in any SQL. No digit is lost by going through a double.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal(String);

impl Decimal {
    /// Reads a text that is one number from end to end, blanks around it aside: `5`, `-.5`, `1E+06`.
    ///
    /// Fails on anything else and on a number beyond the range of a double.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let mut scanner = Scanner::new(text);
        scanner.skip_blanks();
        match Self::scan(&mut scanner)? {
            Some(number) if scanner.at_end() => Ok(number),
            _ => Err(scanner.expected("a number such as `5`, `-2.5` or `1e6`")),
        }
    }

    /// Steps over a number that stands right here, if one does.
    pub(super) fn scan(scanner: &mut Scanner<'_>) -> Result<Option<Self>, FilterError> {
        let start = scanner.position();
        let negative = scanner.eat_here(b'-');
        let whole = scanner.digits();
        let has_fraction = scanner.peek() == Some(b'.') && scanner.peek_at(1).is_some_and(|byte| byte.is_ascii_digit());
        let fraction = if has_fraction {
            scanner.eat_here(b'.');
            scanner.digits()
        } else {
            ""
        };
        if whole.is_empty() && fraction.is_empty() {
            scanner.return_to(start);
            return Ok(None);
        }
        let exponent = scan_exponent(scanner);
        let text = canonical_text(negative, whole, fraction, exponent);
        let in_range = exponent.digits.len() <= MOST_EXPONENT_DIGITS && text.parse::<f64>().is_ok_and(f64::is_finite);
        if !in_range {
            return Err(FilterError::new(
                scanner.span_since(start),
                "the number is out of range, it must lie between -1.7e308 and 1.7e308",
            ));
        }
        Ok(Some(Self(text)))
    }

    /// The canonical text, a numeric literal.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest double.
    pub fn to_f64(&self) -> f64 {
        self.0.parse().expect("the text was read as a finite number")
    }

    /// Compares the numbers, exactly; `1e1` and `10` are equal here though their texts differ.
    pub fn compare(&self, other: &Self) -> Ordering {
        let (this, that) = (Magnitude::of(self), Magnitude::of(other));
        let signs = this.signum(self).cmp(&that.signum(other));
        signs.then_with(|| if self.is_negative() { that.compare(&this) } else { this.compare(&that) })
    }

    /// Whether the number lies below zero.
    pub fn is_negative(&self) -> bool {
        self.0.starts_with('-')
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The exponent of a number, its digits without leading zeros.
#[derive(Clone, Copy, Default)]
struct Exponent<'t> {
    negative: bool,
    digits: &'t str,
}

fn scan_exponent<'t>(scanner: &mut Scanner<'t>) -> Exponent<'t> {
    let signed = matches!(scanner.peek_at(1), Some(b'+' | b'-'));
    let is_exponent = matches!(scanner.peek(), Some(b'e' | b'E'))
        && scanner.peek_at(1 + usize::from(signed)).is_some_and(|byte| byte.is_ascii_digit());
    if !is_exponent {
        return Exponent::default();
    }
    let negative = scanner.peek_at(1) == Some(b'-');
    let _marker = scanner.eat_here(b'e') || scanner.eat_here(b'E');
    let _sign = scanner.eat_here(b'-') || scanner.eat_here(b'+');
    Exponent { negative, digits: scanner.digits().trim_start_matches('0') }
}

fn canonical_text(negative: bool, whole: &str, fraction: &str, exponent: Exponent<'_>) -> String {
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    if whole.is_empty() && fraction.is_empty() {
        return "0".to_owned();
    }
    let mut text = String::with_capacity(whole.len() + fraction.len() + exponent.digits.len() + 4);
    text.push_str(if negative { "-" } else { "" });
    text.push_str(if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    if !exponent.digits.is_empty() {
        text.push_str(if exponent.negative { "e-" } else { "e" });
        text.push_str(exponent.digits);
    }
    text
}

/// A number without its sign: its digits, and the power of ten that the first of them counts.
struct Magnitude<'d> {
    power: i64,
    digits: (&'d str, &'d str),
}

impl<'d> Magnitude<'d> {
    fn of(number: &'d Decimal) -> Self {
        let text = number.0.trim_start_matches('-');
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let exponent: i64 = exponent.parse().expect("an exponent has at most three digits");
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole != "0" {
            return Self { power: exponent + whole.len() as i64 - 1, digits: (whole, fraction) };
        }
        let significant = fraction.trim_start_matches('0');
        let zeros = fraction.len() - significant.len();
        Self { power: exponent - zeros as i64 - 1, digits: ("", significant) }
    }

    fn signum(&self, number: &Decimal) -> i8 {
        match (self.digits, number.is_negative()) {
            (("", ""), _) => 0,
            (_, true) => -1,
            (_, false) => 1,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let by_digits = || {
            let (mut these, mut those) = (self.digits(), other.digits());
            loop {
                let order = match (these.next(), those.next()) {
                    (None, None) => return Ordering::Equal,
                    (this, that) => this.unwrap_or(b'0').cmp(&that.unwrap_or(b'0')),
                };
                if order.is_ne() {
                    return order;
                }
            }
        };
        self.power.cmp(&other.power).then_with(by_digits)
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        self.digits.0.bytes().chain(self.digits.1.bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;
    use std::cmp::Ordering;

    #[test]
    fn a_number_has_one_text_for_each_way_to_write_it() {
        let cases = [
            ("5", "5"),
            (" -12.50 ", "-12.5"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("007", "7"),
            ("1E+06", "1e6"),
            ("1e-06", "1e-6"),
            ("1e0", "1"),
            ("-0.00", "0"),
            ("0e9", "0"),
            ("123456789012345678901234567890.1", "123456789012345678901234567890.1"),
        ];
        for (text, canonical) in cases {
            assert_eq!(Decimal::parse(text).expect(text).as_str(), canonical, "{text}");
        }
    }

    #[test]
    fn what_is_not_one_finite_number_is_refused() {
        for text in [
            "",
            "-",
            ".",
            "5.",
            "1,000",
            "1e",
            "1e400",
            "1e99999999999999999999",
            "NaN",
            "inf",
            "0x10",
            "+5",
            "5 5",
            "1;--",
        ] {
            assert!(Decimal::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_compare_by_value_and_not_by_text() {
        let ascending =
            ["-1e300", "-100", "-99.9", "-0.01", "0", "1e-300", "0.05", "0.5", "9", "10", "1e2", "100.5", "1e300"];
        let numbers: Vec<Decimal> = ascending.iter().map(|text| Decimal::parse(text).expect(text)).collect();
        for (i, a) in numbers.iter().enumerate() {
            for (j, b) in numbers.iter().enumerate() {
                assert_eq!(a.compare(b), i.cmp(&j), "{a} and {b}");
            }
        }
        let equal =
            |a: &str, b: &str| Decimal::parse(a).expect(a).compare(&Decimal::parse(b).expect(b)) == Ordering::Equal;
        assert!(equal("1e2", "100") && equal("0.01e2", "1") && equal("-12e-1", "-1.2") && equal("0", "0e5"));
        assert!(!equal("9007199254740993", "9007199254740992"));
    }
}
