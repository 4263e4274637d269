//! Numbers of expressions: exact decimals as long as they last, doubles beyond.

use std::cmp::Ordering;
use std::fmt;

/// So many digits behind the point an exact number can have.
const MOST_SCALE: u8 = 38;
/// A quotient is exact when it ends within so many digits behind the point.
const QUOTIENT_DIGITS: u8 = 6;

const POWERS_OF_TEN: [i128; MOST_SCALE as usize + 1] = {
    let mut powers = [1; MOST_SCALE as usize + 1];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// A finite number.
///
/// What comes in as an integer or a decimal stays exact under `+`, `-`, `*` and under `/` where the quotient ends soon;
/// what needs more than 38 digits, and what mathematics makes of it, is a double. Numbers are equal when their values
/// are.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// `unscaled` / 10^`scale`.
    Exact {
        /// The digits with their sign.
        unscaled: i128,
        /// How many of them stand behind the point, at most 38.
        scale: u8,
    },
    /// A finite double.
    Double(f64),
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self::integer(0);
    /// One.
    pub const ONE: Self = Self::integer(1);

    /// A whole number.
    pub const fn integer(value: i64) -> Self {
        Self::Exact { unscaled: value as i128, scale: 0 }
    }

    /// A double; none if it is infinite or not a number.
    pub fn double(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self::Double(value))
    }

    /// `unscaled` / 10^`scale`, as databases hold decimals; a negative scale counts zeros before the point.
    pub fn decimal(unscaled: i128, scale: i8) -> Self {
        match u8::try_from(scale) {
            Ok(scale) if scale <= MOST_SCALE => Self::Exact { unscaled, scale },
            Ok(_) => Self::Double(unscaled as f64 / 10_f64.powi(i32::from(scale))),
            Err(_) => match raised(unscaled, scale.unsigned_abs()) {
                Some(unscaled) => Self::Exact { unscaled, scale: 0 },
                None => Self::Double(unscaled as f64 * 10_f64.powi(-i32::from(scale))),
            },
        }
    }

    /// A count.
    pub fn count(value: usize) -> Self {
        Self::Exact { unscaled: value as i128, scale: 0 }
    }

    /// Reads digits with an optional sign, fraction and exponent: `-12.5`, `.5`, `1e6`. None for any other text, and
    /// for what is beyond the range of a double.
    pub fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let begins_a_number = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.');
        let double: f64 = if begins_a_number { text.parse().ok()? } else { return None };
        if !double.is_finite() {
            return None;
        }
        let exact = Self::parse_exact(text).or_else(|| Self::parse_exact(&double.to_string()));
        Some(exact.unwrap_or(Self::Double(double)))
    }

    fn parse_exact(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let fraction = fraction.trim_end_matches('0');
        let scale = u8::try_from(fraction.len()).ok().filter(|scale| *scale <= MOST_SCALE)?;
        let negative = whole.starts_with('-');
        let mut unscaled = 0_i128;
        for digit in whole.trim_start_matches('-').bytes().chain(fraction.bytes()) {
            let digit = i128::from(digit.is_ascii_digit().then(|| digit - b'0')?);
            unscaled = unscaled.checked_mul(10)?.checked_add(digit)?;
        }
        Some(Self::Exact { unscaled: if negative { -unscaled } else { unscaled }, scale })
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        match self {
            Self::Double(value) => value,
            Self::Exact { unscaled, scale } => {
                let digits = i64::try_from(unscaled).map_or_else(|_| unscaled as f64, |short| short as f64);
                if scale == 0 { digits } else { digits / power_of_ten(scale) as f64 }
            }
        }
    }

    /// The number cut to its whole part; none beyond 64 bits.
    pub fn to_integer(self) -> Option<i64> {
        match self {
            Self::Exact { unscaled, scale } => i64::try_from(unscaled / power_of_ten(scale)).ok(),
            Self::Double(value) if value.abs() < 9.2e18 => Some(value as i64),
            Self::Double(_) => None,
        }
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        match self {
            Self::Exact { unscaled, .. } => unscaled == 0,
            Self::Double(value) => value == 0.0,
        }
    }

    /// -1, 0 or 1.
    pub(crate) fn signum(self) -> i32 {
        match self {
            Self::Exact { unscaled, .. } => unscaled.signum() as i32,
            Self::Double(value) => i32::from(value > 0.0) - i32::from(value < 0.0),
        }
    }

    /// The number with the other sign.
    pub fn negated(self) -> Self {
        match self {
            Self::Exact { unscaled, scale } => match unscaled.checked_neg() {
                Some(unscaled) => Self::Exact { unscaled, scale },
                None => Self::Double(-self.to_f64()),
            },
            Self::Double(value) => Self::Double(-value),
        }
    }

    /// The sum; none beyond the range of a double.
    pub fn plus(self, other: Self) -> Option<Self> {
        match self.aligned(other) {
            Some((a, b, scale)) if a.checked_add(b).is_some() => Some(Self::Exact { unscaled: a + b, scale }),
            _ => Self::double(self.to_f64() + other.to_f64()),
        }
    }

    /// The difference; none beyond the range of a double.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negated())
    }

    /// The product; none beyond the range of a double.
    pub fn times(self, other: Self) -> Option<Self> {
        let exact = self.exact_product(other).or_else(|| self.trimmed().exact_product(other.trimmed()));
        exact.or_else(|| Self::double(self.to_f64() * other.to_f64()))
    }

    fn exact_product(self, other: Self) -> Option<Self> {
        let (Self::Exact { unscaled: a, scale: p }, Self::Exact { unscaled: b, scale: q }) = (self, other) else {
            return None;
        };
        let scale = p.saturating_add(q);
        let unscaled = a.checked_mul(b).filter(|_| scale <= MOST_SCALE)?;
        Some(Self::Exact { unscaled, scale })
    }

    /// The quotient; none when the divisor is zero.
    pub fn over(self, divisor: Self) -> Option<Self> {
        if divisor.is_zero() {
            return None;
        }
        self.exact_quotient(divisor).or_else(|| Self::double(self.to_f64() / divisor.to_f64()))
    }

    fn exact_quotient(self, divisor: Self) -> Option<Self> {
        let (a, b, _) = self.aligned(divisor)?;
        if a.checked_rem(b)? == 0 {
            return Some(Self::Exact { unscaled: a / b, scale: 0 });
        }
        let a = raised(a, QUOTIENT_DIGITS)?;
        (a.checked_rem(b)? == 0).then(|| Self::Exact { unscaled: a / b, scale: QUOTIENT_DIGITS })
    }

    /// The remainder of the division, with the sign of the dividend; none when the divisor is zero.
    pub fn modulo(self, divisor: Self) -> Option<Self> {
        if divisor.is_zero() {
            return None;
        }
        match self.aligned(divisor) {
            Some((a, b, scale)) => Some(Self::Exact { unscaled: a.checked_rem(b)?, scale }),
            None => Self::double(self.to_f64() % divisor.to_f64()),
        }
    }

    /// The number with so many digits behind the point, half away from zero; a negative count rounds before the point.
    pub fn rounded(self, digits: i64) -> Option<Self> {
        let number = self.exact();
        let Self::Exact { unscaled, scale } = number else { return Some(number) };
        let Some(dropped) = u8::try_from(i64::from(scale).saturating_sub(digits).max(0)).ok() else {
            return Some(Self::ZERO);
        };
        if dropped == 0 {
            return Some(number);
        }
        let Some(&unit) = POWERS_OF_TEN.get(usize::from(dropped)) else { return Some(Self::ZERO) };
        let (quotient, rest) = (unscaled / unit, (unscaled % unit).abs());
        let quotient = quotient + if rest >= unit - rest { unscaled.signum() } else { 0 };
        match scale.checked_sub(dropped) {
            Some(scale) => Some(Self::Exact { unscaled: quotient, scale }),
            None => raised(quotient, dropped - scale).map(|unscaled| Self::Exact { unscaled, scale: 0 }),
        }
    }

    /// The greatest whole number that is not greater.
    pub fn floor(self) -> Self {
        match self {
            Self::Exact { unscaled, scale } => {
                Self::Exact { unscaled: unscaled.div_euclid(power_of_ten(scale)), scale: 0 }
            }
            Self::Double(value) => Self::Double(value.floor()),
        }
    }

    /// The least whole number that is not less.
    pub fn ceiling(self) -> Self {
        self.negated().floor().negated()
    }

    /// An exact number with the digits that the double shows when it is printed, if it has so many.
    fn exact(self) -> Self {
        match self {
            Self::Exact { .. } => self,
            Self::Double(value) => Self::parse_exact(&value.to_string()).unwrap_or(self),
        }
    }

    /// Both as integers over one power of ten, if that is exact.
    fn aligned(self, other: Self) -> Option<(i128, i128, u8)> {
        let (Self::Exact { unscaled: a, scale: p }, Self::Exact { unscaled: b, scale: q }) = (self, other) else {
            return None;
        };
        match p.cmp(&q) {
            Ordering::Equal => Some((a, b, p)),
            Ordering::Less => Some((raised(a, q - p)?, b, q)),
            Ordering::Greater => Some((a, raised(b, p - q)?, p)),
        }
    }

    /// Without zeros at the end of the fraction.
    fn trimmed(self) -> Self {
        let Self::Exact { mut unscaled, mut scale } = self else { return self };
        while scale > 0 && unscaled % 10 == 0 {
            unscaled /= 10;
            scale -= 1;
        }
        Self::Exact { unscaled, scale }
    }

    /// Which of two values is less; an exact number is compared with a double as the nearest double.
    pub fn compare(self, other: Self) -> Ordering {
        let (Self::Exact { unscaled: a, scale: p }, Self::Exact { unscaled: b, scale: q }) = (self, other) else {
            return self.to_f64().partial_cmp(&other.to_f64()).unwrap_or(Ordering::Equal);
        };
        match self.aligned(other) {
            Some((a, b, _)) => a.cmp(&b),
            // The number with fewer digits behind the point is too great to be written with more of them.
            None if p < q => a.cmp(&0),
            None => 0.cmp(&b),
        }
    }

    /// A total order by value, for sorting. A double stands before the exact numbers that it is nearest to.
    pub(crate) fn sort_order(self, other: Self) -> Ordering {
        // The same as below, and much faster: among numbers of one scale the nearest doubles are in the same order.
        if let (Self::Exact { unscaled: a, scale: p }, Self::Exact { unscaled: b, scale: q }) = (self, other)
            && p == q
        {
            return a.cmp(&b);
        }
        let by_value = || match (self, other) {
            (Self::Double(_), Self::Double(_)) => Ordering::Equal,
            (Self::Double(_), Self::Exact { .. }) => Ordering::Less,
            (Self::Exact { .. }, Self::Double(_)) => Ordering::Greater,
            (Self::Exact { .. }, Self::Exact { .. }) => self.compare(other),
        };
        self.ranked().total_cmp(&other.ranked()).then_with(by_value)
    }

    /// The nearest double, zero without a sign: equal for equal numbers.
    pub(crate) fn ranked(self) -> f64 {
        self.to_f64() + 0.0
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.compare(*other).is_eq()
    }
}

impl fmt::Display for Number {
    /// Digits without needless zeros: `12.5`, `-3`; a double in as few digits as tell it apart, with an exponent where
    /// it is very great or very small.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.trimmed() {
            Self::Double(value) => {
                let plain = value == 0.0 || (1e-7..1e21).contains(&value.abs());
                if plain { write!(formatter, "{}", value + 0.0) } else { write!(formatter, "{value:e}") }
            }
            Self::Exact { unscaled, scale: 0 } => write!(formatter, "{unscaled}"),
            Self::Exact { unscaled, scale } => {
                let sign = if unscaled < 0 { "-" } else { "" };
                let unit = power_of_ten(scale).unsigned_abs();
                let digits = unscaled.unsigned_abs();
                write!(formatter, "{sign}{}.{:0width$}", digits / unit, digits % unit, width = usize::from(scale))
            }
        }
    }
}

fn raised(unscaled: i128, places: u8) -> Option<i128> {
    unscaled.checked_mul(*POWERS_OF_TEN.get(usize::from(places))?)
}

/// The greatest power for scales beyond the bound.
fn power_of_ten(scale: u8) -> i128 {
    POWERS_OF_TEN[usize::from(scale.min(MOST_SCALE))]
}

#[cfg(test)]
mod tests {
    use super::Number;
    use std::cmp::Ordering;

    fn number(text: &str) -> Number {
        Number::parse(text).expect(text)
    }

    fn text(number: Option<Number>) -> String {
        number.map_or_else(|| "null".to_owned(), |number| number.to_string())
    }

    #[test]
    fn decimals_stay_exact() {
        assert_eq!(text(number("0.1").plus(number("0.2"))), "0.3");
        assert_eq!(text(number("1.10").times(number("1.1"))), "1.21");
        assert_eq!(text(number("0.3").over(number("0.1"))), "3");
        assert_eq!(text(number("1").over(number("8"))), "0.125");
        assert_eq!(text(number("10").minus(number("0.01"))), "9.99");
        assert_eq!(text(number("9007199254740993").plus(number("0"))), "9007199254740993");
        assert_eq!(text(number("5.5").modulo(number("2"))), "1.5");
        assert_eq!(text(number("-5.5").modulo(number("2"))), "-1.5");
    }

    #[test]
    fn what_is_too_long_to_be_exact_becomes_a_double() {
        assert_eq!(text(number("1").over(number("3"))), "0.3333333333333333");
        let great = number("170141183460469231731687303715884105727");
        assert!(matches!(great.plus(great), Some(Number::Double(_))));
        assert!(matches!(great.times(great), Some(Number::Double(_))));
        assert_eq!(Number::double(f64::MAX).and_then(|most| most.times(most)), None);
        assert_eq!(number("1").over(Number::ZERO), None);
        assert_eq!(number("1").modulo(Number::ZERO), None);
        let least = Number::Exact { unscaled: i128::MIN, scale: 0 };
        assert_eq!(text(least.over(number("-1"))), "1.7014118346046923e38");
        assert_eq!(text(Some(least.negated())), "1.7014118346046923e38");
        // -1.7e38 modulo -1 overflows in hardware: no number rather than a panic.
        assert_eq!(least.modulo(number("-1")), None);
    }

    #[test]
    fn rounding_is_half_away_from_zero() {
        let rounded = |from: &str, digits| text(number(from).rounded(digits));
        assert_eq!(rounded("2.5", 0), "3");
        assert_eq!(rounded("-2.5", 0), "-3");
        assert_eq!(rounded("1.005", 2), "1.01");
        assert_eq!(rounded("1234", -2), "1200");
        assert_eq!(rounded("1250", -2), "1300");
        assert_eq!(rounded("12", 5), "12");
        assert_eq!(rounded("12", -5), "0");
        assert_eq!(rounded("12", i64::MIN), "0");
        assert_eq!(rounded("12", i64::MAX), "12");
        assert_eq!(text(Number::Double(1.005).rounded(2)), "1.01");
        assert_eq!(text(Number::Double(1e300).rounded(2)), "1e300");
    }

    #[test]
    fn floor_and_ceiling_go_down_and_up() {
        for (from, floor, ceiling) in [("2.1", "2", "3"), ("-2.1", "-3", "-2"), ("4", "4", "4"), ("-0.5", "-1", "0")] {
            assert_eq!(number(from).floor().to_string(), floor);
            assert_eq!(number(from).ceiling().to_string(), ceiling);
        }
    }

    #[test]
    fn numbers_compare_by_value_however_they_are_held() {
        assert_eq!(number("1.50"), number("1.5"));
        assert_eq!(number("0.5"), Number::Double(0.5));
        assert_eq!(number("-1e38").compare(number("0.00000000000000000001")), Ordering::Less);
        assert_eq!(number("0.00000000000000000001").compare(number("-1e38")), Ordering::Greater);
        assert_ne!(number("9007199254740993"), number("9007199254740992"));
    }

    #[test]
    fn texts_that_are_no_numbers_are_none() {
        for text in ["", "-", ".", "abc", "1,000", "NaN", "inf", "infinity", "1e400", "+5", " 5", "0x10"] {
            assert_eq!(Number::parse(text).map(|number| number.to_string()), None, "{text}");
        }
        assert_eq!(number("1e3").to_string(), "1000");
        assert_eq!(number(".5").to_string(), "0.5");
        assert_eq!(number("-.5").to_string(), "-0.5");
    }
}
