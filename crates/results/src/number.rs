//! Numbers as the engine gives them, their plain text, and their exact decimal value.

use std::cmp::Ordering;

/// A number of a cell.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Number {
    /// Any integer that fits.
    Integer(i64),
    /// An integer without sign.
    Unsigned(u64),
    /// A finite single.
    Single(f32),
    /// A finite double.
    Double(f64),
    /// `unscaled` / 10^`scale`.
    Decimal { unscaled: i128, scale: i8 },
}

impl Number {
    /// Gives the plain text: shortest digits that read back as the same value, no fraction when it is whole, no
    /// zeros at the end of a fraction. It is a JSON number.
    #[inline]
    pub(crate) fn with_text<R>(self, take: impl FnOnce(&str) -> R) -> R {
        match self {
            Self::Integer(number) => take(itoa::Buffer::new().format(number)),
            Self::Unsigned(number) => take(itoa::Buffer::new().format(number)),
            Self::Double(number) if is_small_whole(number) => take(itoa::Buffer::new().format(number as i64)),
            Self::Double(number) => take(without_fraction(zmij::Buffer::new().format_finite(number))),
            Self::Single(number) if is_small_whole(f64::from(number)) => {
                take(itoa::Buffer::new().format(number as i64))
            }
            Self::Single(number) => take(without_fraction(zmij::Buffer::new().format_finite(number))),
            Self::Decimal { unscaled, scale: 0 } => match i64::try_from(unscaled) {
                Ok(short) => take(itoa::Buffer::new().format(short)),
                Err(_) => take(itoa::Buffer::new().format(unscaled)),
            },
            Self::Decimal { unscaled, scale } => take(DecimalText::new(unscaled, scale).as_str()),
        }
    }

    /// The exact decimal value; of a double that of its shortest text.
    pub(crate) fn exact(self) -> Exact {
        match self {
            Self::Integer(number) => Exact::new(number < 0, u128::from(number.unsigned_abs()), 0),
            Self::Unsigned(number) => Exact::new(false, u128::from(number), 0),
            Self::Decimal { unscaled, scale } => Exact::new(unscaled < 0, unscaled.unsigned_abs(), -i32::from(scale)),
            Self::Single(_) | Self::Double(_) => self.with_text(Exact::parse).unwrap_or(Exact::ZERO),
        }
    }

    /// True for types whose values may have a fraction.
    pub(crate) const fn may_have_fraction(self) -> bool {
        match self {
            Self::Integer(_) | Self::Unsigned(_) => false,
            Self::Single(_) | Self::Double(_) => true,
            Self::Decimal { scale, .. } => scale > 0,
        }
    }
}

/// Whole and small enough for every digit to count; minus zero keeps its sign and so is not among them.
#[inline]
fn is_small_whole(number: f64) -> bool {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    number.abs() <= EXACT && ((number as i64) as f64).to_bits() == number.to_bits()
}

fn without_fraction(text: &str) -> &str {
    text.strip_suffix(".0").unwrap_or(text)
}

/// Text of a decimal. The digits are laid from the end of the buffer, as they come out of the division.
struct DecimalText {
    bytes: [u8; Self::SIZE],
    start: usize,
    end: usize,
}

impl DecimalText {
    /// Sign, 39 digits, point, and as many zeros as a scale of 8 bits can ask for.
    const SIZE: usize = 176;

    fn new(unscaled: i128, scale: i8) -> Self {
        let mut text = Self { bytes: [b'0'; Self::SIZE], start: Self::SIZE, end: Self::SIZE };
        if unscaled == 0 || scale <= 0 {
            text.whole(unscaled.unsigned_abs(), scale);
        } else {
            text.with_point(unscaled.unsigned_abs(), usize::from(scale.unsigned_abs()));
        }
        if unscaled < 0 {
            text.push(b'-');
        }
        text
    }

    fn whole(&mut self, unscaled: u128, scale: i8) {
        let zeros = if unscaled == 0 { 0 } else { usize::from(scale.unsigned_abs()) };
        self.start -= zeros;
        self.push_all(itoa::Buffer::new().format(unscaled));
    }

    fn with_point(&mut self, unscaled: u128, scale: usize) {
        let mut buffer = itoa::Buffer::new();
        let digits = match u64::try_from(unscaled) {
            Ok(short) => buffer.format(short),
            Err(_) => buffer.format(unscaled),
        };
        let (whole, decimals) = digits.split_at(digits.len().saturating_sub(scale));
        let significant = decimals.trim_end_matches('0');
        if !significant.is_empty() {
            self.push_all(significant);
            self.start -= scale - decimals.len();
            self.push(b'.');
        }
        self.push_all(if whole.is_empty() { "0" } else { whole });
    }

    fn push(&mut self, byte: u8) {
        self.start -= 1;
        self.bytes[self.start] = byte;
    }

    fn push_all(&mut self, digits: &str) {
        self.start -= digits.len();
        self.bytes[self.start..self.start + digits.len()].copy_from_slice(digits.as_bytes());
    }

    fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes[self.start..self.end]).unwrap_or_default()
    }
}

/// A decimal number without loss: sign, `coefficient` * 10^`exponent`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exact {
    /// Below zero. Zero itself has no sign.
    pub(crate) negative: bool,
    /// The digits.
    pub(crate) coefficient: u128,
    /// The power of ten.
    pub(crate) exponent: i32,
}

impl Exact {
    pub(crate) const ZERO: Self = Self { negative: false, coefficient: 0, exponent: 0 };

    pub(crate) const fn new(negative: bool, coefficient: u128, exponent: i32) -> Self {
        if coefficient == 0 { Self::ZERO } else { Self { negative, coefficient, exponent } }
    }

    /// Reads `-12.5e3`: at most 38 digits, an exponent of at most four. `None` for anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) if exponent.len() <= 5 => (mantissa, exponent.parse::<i32>().ok()?),
            Some(_) => return None,
            None => (rest, 0),
        };
        let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.len() + decimals.len() > 38 || (whole.is_empty() && decimals.is_empty()) {
            return None;
        }
        let mut coefficient = 0_u128;
        for digit in whole.bytes().chain(decimals.bytes()) {
            coefficient = coefficient * 10 + u128::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
        Some(Self::new(negative, coefficient, exponent - decimals.len() as i32))
    }

    /// The number of digits of the coefficient; 0 for zero.
    pub(crate) fn digits(self) -> i32 {
        self.coefficient.checked_ilog10().map_or(0, |log| log as i32 + 1)
    }

    /// The digits that count: those of the coefficient without the zeros at its end.
    pub(crate) fn significant_digits(self) -> i32 {
        let mut coefficient = self.coefficient;
        while coefficient >= 10_u128.pow(15) && coefficient.is_multiple_of(10) {
            coefficient /= 10;
        }
        coefficient.checked_ilog10().map_or(0, |log| log as i32 + 1)
    }

    /// The value times 10^`places`.
    pub(crate) const fn shifted(self, places: i32) -> Self {
        Self { exponent: if self.coefficient == 0 { 0 } else { self.exponent + places }, ..self }
    }

    /// The value cut to `decimals` digits after the point, half away from zero.
    pub(crate) fn rounded(self, decimals: i32) -> Self {
        let dropped = -self.exponent - decimals;
        if dropped <= 0 {
            return self;
        }
        let coefficient = match 10_u128.checked_pow(dropped.unsigned_abs()) {
            Some(unit) => divided_half_up(self.coefficient, unit),
            None => 0,
        };
        Self::new(self.negative, coefficient, -decimals)
    }

    /// Which of two values is less.
    pub(crate) fn compared(self, other: Self) -> Ordering {
        match (self.negative, other.negative) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self.compared_size(other),
            (true, true) => other.compared_size(self),
        }
    }

    fn compared_size(self, other: Self) -> Ordering {
        if self.coefficient == 0 || other.coefficient == 0 {
            return self.coefficient.cmp(&other.coefficient);
        }
        let highest = (self.digits() + self.exponent).cmp(&(other.digits() + other.exponent));
        // The leading digits stand at the same place, so the difference of exponents is one of digits, at most 38.
        highest.then_with(|| match self.exponent.cmp(&other.exponent) {
            Ordering::Greater => aligned(self.coefficient, self.exponent - other.exponent, other.coefficient),
            Ordering::Equal => self.coefficient.cmp(&other.coefficient),
            Ordering::Less => aligned(other.coefficient, other.exponent - self.exponent, self.coefficient).reverse(),
        })
    }
}

/// Compares `short` * 10^`places` with `long`.
fn aligned(short: u128, places: i32, long: u128) -> Ordering {
    let scaled = 10_u128.checked_pow(places.unsigned_abs()).and_then(|unit| short.checked_mul(unit));
    scaled.map_or(Ordering::Greater, |scaled| scaled.cmp(&long))
}

/// `number` / `unit`, half up.
fn divided_half_up(number: u128, unit: u128) -> u128 {
    // Division of 64 bits is many times faster than that of 128.
    if let (Ok(number), Ok(unit)) = (u64::try_from(number), u64::try_from(unit)) {
        let rest = number % unit;
        return u128::from(number / unit + u64::from(rest >= unit - rest));
    }
    let rest = number % unit;
    number / unit + u128::from(rest >= unit - rest)
}

#[cfg(test)]
mod tests {
    use super::{Exact, Number};
    use std::cmp::Ordering;

    fn text(number: Number) -> String {
        number.with_text(str::to_owned)
    }

    #[test]
    fn whole_doubles_have_no_fraction() {
        for (number, expected) in [
            (107.0, "107"),
            (0.0, "0"),
            (-0.0, "-0"),
            (12.5, "12.5"),
            (0.1, "0.1"),
            (9_007_199_254_740_992.0, "9007199254740992"),
            (-3.0, "-3"),
            (1e300, "1e+300"),
        ] {
            assert_eq!(text(Number::Double(number)), expected);
        }
        assert_eq!(text(Number::Single(0.1)), "0.1");
        assert_eq!(text(Number::Single(16.0)), "16");
    }

    #[test]
    fn doubles_read_back_bit_for_bit() {
        for number in [0.1, 1.0 / 3.0, 5e-324, f64::MAX, -0.0, 123456.789, 1e21, 1e15, 1e16, 1e17, 4e15 + 0.5] {
            assert_eq!(text(Number::Double(number)).parse::<f64>().map(f64::to_bits), Ok(number.to_bits()));
        }
    }

    #[test]
    fn decimals_lose_no_digit_and_end_without_zeros() {
        for (unscaled, scale, expected) in [
            (1250, 2, "12.5"),
            (1200, 2, "12"),
            (-5, 2, "-0.05"),
            (0, 2, "0"),
            (0, -3, "0"),
            (7, -3, "7000"),
            (7, 0, "7"),
            (i128::MAX, 0, "170141183460469231731687303715884105727"),
            (i128::MIN, 38, "-1.70141183460469231731687303715884105728"),
            (i128::MAX, 10, "17014118346046923173168730371.5884105727"),
        ] {
            assert_eq!(text(Number::Decimal { unscaled, scale }), expected);
        }
    }

    #[test]
    fn no_scale_overflows_the_buffer() {
        for scale in i8::MIN..=i8::MAX {
            for unscaled in [i128::MIN, -1, 0, 1, i128::MAX] {
                assert!(!text(Number::Decimal { unscaled, scale }).is_empty());
            }
        }
    }

    #[test]
    fn rounding_is_half_away_from_zero() {
        let rounded = |number: &str, decimals| {
            let exact = Exact::parse(number).expect("it is a number").rounded(decimals);
            (exact.negative, exact.coefficient, exact.exponent)
        };
        assert_eq!(rounded("2.5", 0), (false, 3, 0));
        assert_eq!(rounded("-2.5", 0), (true, 3, 0));
        assert_eq!(rounded("2.4999", 0), (false, 2, 0));
        assert_eq!(rounded("1.005", 2), (false, 101, -2));
        assert_eq!(rounded("-0.004", 2), (false, 0, 0));
        assert_eq!(rounded("1e-300", 2), (false, 0, 0));
        assert_eq!(rounded("12", 2), (false, 12, 0));
        assert_eq!(rounded("99999999999999999999.5", 0), (false, 100_000_000_000_000_000_000, 0));
    }

    #[test]
    fn values_compare_by_size_whatever_their_exponents() {
        let compared = |a: &str, b: &str| {
            let [a, b] = [a, b].map(|text| Exact::parse(text).expect("it is a number"));
            assert_eq!(b.compared(a), a.compared(b).reverse());
            a.compared(b)
        };
        assert_eq!(compared("1000", "1e3"), Ordering::Equal);
        assert_eq!(compared("999.99", "1e3"), Ordering::Less);
        assert_eq!(compared("-5", "3"), Ordering::Less);
        assert_eq!(compared("-5", "-3"), Ordering::Less);
        assert_eq!(compared("0", "0.000"), Ordering::Equal);
        assert_eq!(compared("0", "-1e-300"), Ordering::Greater);
        assert_eq!(compared("1e300", "99999999999999999999999999999999999999"), Ordering::Greater);
        assert_eq!(compared("99999999999999999999999999999999999999", "9.9e37"), Ordering::Greater);
    }
}
