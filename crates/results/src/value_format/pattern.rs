//! A section for numbers: places for digits among text.

use super::Sign;
use super::compile::Token;
use crate::number::{Exact, Number};

/// A section, ready to be filled with digits.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    parts: Vec<Part>,
    /// Places before the point.
    whole: usize,
    /// Places after the point.
    decimals: usize,
    grouping: Grouping,
    /// Power of ten that the value is multiplied with: 2 for each `%`, -3 for each scaling comma.
    shift: i32,
    notation: Notation,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    /// A place before the point.
    Whole(Place),
    Point,
    /// A place after the point.
    Decimal(Place),
    /// `E+` with its places.
    Exponent {
        always_signed: bool,
        places: Vec<Place>,
    },
    /// The value as plain digits.
    General,
}

/// What stands in a place when there is no digit for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// `0`: a zero.
    Zero,
    /// `#`: nothing.
    Nothing,
    /// `?`: a blank.
    Blank,
}

impl Place {
    const fn of(mark: char) -> Self {
        match mark {
            '0' => Self::Zero,
            '?' => Self::Blank,
            _ => Self::Nothing,
        }
    }

    fn write(self, out: &mut String) {
        match self {
            Self::Zero => out.push('0'),
            Self::Blank => out.push(' '),
            Self::Nothing => {}
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grouping {
    None,
    Thousands,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notation {
    Fixed,
    Scientific,
}

/// The signs inside of a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Separators {
    pub(super) group: char,
    pub(super) point: char,
}

/// Gathers a pattern from tokens.
#[derive(Debug, Default)]
pub(super) struct Builder {
    parts: Vec<Part>,
    stage: Stage,
    /// Commas since the last digit place: they group when a place before the point follows, and scale otherwise.
    commas: i32,
    /// A place for a digit has been seen.
    seen_digit: bool,
    grouped: bool,
    shift: i32,
}

/// Which part of the number the next digit place belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    Whole,
    Decimals,
    Exponent,
}

impl Builder {
    pub(super) fn pattern(mut self, tokens: Vec<Token>) -> Pattern {
        for token in tokens {
            self.add(token);
        }
        self.end_commas();
        let mut parts = self.parts;
        let is_whole = |part: &Part| matches!(part, Part::Whole(_));
        let point = parts.iter().position(|part| *part == Part::Point);
        if let Some(point) = point.filter(|_| !parts.iter().any(is_whole)) {
            // `.00` shows the digits before the point all the same.
            parts.insert(point, Part::Whole(Place::Nothing));
        }
        fill_zeros(parts.iter_mut().filter_map(Part::whole_place));
        fill_zeros(parts.iter_mut().rev().filter_map(Part::decimal_place));
        let scientific = parts.iter().any(|part| matches!(part, Part::Exponent { .. }));
        Pattern {
            whole: parts.iter().filter(|part| is_whole(part)).count(),
            decimals: parts.iter().filter(|part| matches!(part, Part::Decimal(_))).count(),
            grouping: if self.grouped { Grouping::Thousands } else { Grouping::None },
            shift: self.shift,
            notation: if scientific { Notation::Scientific } else { Notation::Fixed },
            parts,
        }
    }

    fn add(&mut self, token: Token) {
        match token {
            Token::Digit(mark) => self.add_place(Place::of(mark)),
            Token::Comma if self.seen_digit && self.stage != Stage::Exponent => self.commas += 1,
            Token::Comma => self.parts.push(Part::Literal(",".to_owned())),
            Token::Point if self.stage == Stage::Whole => {
                self.end_commas();
                self.stage = Stage::Decimals;
                self.parts.push(Part::Point);
            }
            Token::Point => self.parts.push(Part::Literal(".".to_owned())),
            Token::Percent => {
                self.shift += 2;
                self.parts.push(Part::Literal("%".to_owned()));
            }
            Token::Exponent { always_signed } if self.seen_digit && self.stage != Stage::Exponent => {
                self.end_commas();
                self.stage = Stage::Exponent;
                self.parts.push(Part::Exponent { always_signed, places: Vec::new() });
            }
            Token::Exponent { always_signed } => {
                self.parts.push(Part::Literal(if always_signed { "E+" } else { "E-" }.to_owned()));
            }
            Token::Literal(text) => self.parts.push(Part::Literal(text)),
            Token::Value | Token::General => self.parts.push(Part::General),
        }
    }

    fn add_place(&mut self, place: Place) {
        self.seen_digit = true;
        match self.stage {
            Stage::Whole => {
                self.grouped |= self.commas > 0;
                self.commas = 0;
                self.parts.push(Part::Whole(place));
            }
            Stage::Decimals => {
                self.commas = 0;
                self.parts.push(Part::Decimal(place));
            }
            Stage::Exponent => {
                if let Some(Part::Exponent { places, .. }) =
                    self.parts.iter_mut().find(|part| matches!(part, Part::Exponent { .. }))
                {
                    places.push(place);
                }
            }
        }
    }

    /// Commas that no digit place followed.
    fn end_commas(&mut self) {
        self.shift -= 3 * self.commas;
        self.commas = 0;
    }
}

impl Part {
    fn whole_place(&mut self) -> Option<&mut Place> {
        match self {
            Self::Whole(place) => Some(place),
            _ => None,
        }
    }

    fn decimal_place(&mut self) -> Option<&mut Place> {
        match self {
            Self::Decimal(place) => Some(place),
            _ => None,
        }
    }
}

/// Between a forced zero and the point every place shows a digit.
fn fill_zeros<'a>(places: impl Iterator<Item = &'a mut Place>) {
    let mut forced = false;
    for place in places {
        forced |= *place == Place::Zero;
        if forced {
            *place = Place::Zero;
        }
    }
}

/// The digits that a value has for the places of a pattern.
struct Digits<'a> {
    /// Before the point, without leading zeros.
    whole: &'a [u8],
    /// After the point, without trailing zeros; missing leading ones are counted in `leading_zeros`.
    decimals: &'a [u8],
    /// Zeros between the point and `decimals`.
    leading_zeros: usize,
}

impl<'a> Digits<'a> {
    /// Lays out the digits of a value that is rounded to what the pattern shows.
    fn new(value: Exact, buffer: &'a mut Vec<u8>) -> Self {
        buffer.clear();
        if value.coefficient == 0 {
            return Self { whole: &[], decimals: &[], leading_zeros: 0 };
        }
        match u64::try_from(value.coefficient) {
            Ok(short) => buffer.extend_from_slice(itoa::Buffer::new().format(short).as_bytes()),
            Err(_) => buffer.extend_from_slice(itoa::Buffer::new().format(value.coefficient).as_bytes()),
        }
        if value.exponent >= 0 {
            buffer.resize(buffer.len() + value.exponent as usize, b'0');
        }
        let point = buffer.len() as i64 + i64::from(value.exponent.min(0));
        let (whole, decimals) = buffer.split_at(point.max(0) as usize);
        let significant = decimals.iter().rposition(|&digit| digit != b'0').map_or(0, |last| last + 1);
        Self { whole, decimals: &decimals[..significant], leading_zeros: (-point).max(0) as usize }
    }

    fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.decimals.is_empty()
    }

    /// The digit `index` places behind the point.
    fn decimal(&self, index: usize) -> Option<u8> {
        match index.checked_sub(self.leading_zeros) {
            Some(index) => self.decimals.get(index).copied(),
            None => (!self.decimals.is_empty()).then_some(b'0'),
        }
    }
}

impl Pattern {
    /// Appends the value in this pattern, after a minus where `sign` asks for one.
    pub(super) fn write(
        &self,
        number: Number,
        value: Exact,
        sign: Sign,
        separators: Separators,
        buffer: &mut Vec<u8>,
        out: &mut String,
    ) {
        let shifted = value.shifted(self.shift);
        let (mantissa, exponent) = match self.notation {
            Notation::Fixed => (shifted.rounded(self.decimals as i32), 0),
            Notation::Scientific => self.scientific(shifted),
        };
        let digits = Digits::new(mantissa, buffer);
        let shows_digits = self.whole + self.decimals > 0;
        let shows_nothing = self.parts.is_empty() || (shows_digits && digits.is_zero());
        if value.negative && sign == Sign::Written && !shows_nothing {
            out.push('-');
        }
        let (mut whole_at, mut decimal_at) = (0, 0);
        for part in &self.parts {
            match part {
                Part::Literal(text) => out.push_str(text),
                Part::Whole(place) => {
                    self.write_whole(whole_at, *place, digits.whole, separators.group, out);
                    whole_at += 1;
                }
                Part::Point => out.push(separators.point),
                Part::Decimal(place) => {
                    match digits.decimal(decimal_at) {
                        Some(digit) => out.push(digit.into()),
                        None => place.write(out),
                    }
                    decimal_at += 1;
                }
                Part::Exponent { always_signed, places } => write_exponent(exponent, *always_signed, places, out),
                Part::General => write_general(number, separators.point, out),
            }
        }
    }

    /// Fills the place number `index` from the left; the first one takes all digits that have no place of their own.
    fn write_whole(&self, index: usize, place: Place, digits: &[u8], group: char, out: &mut String) {
        let grouped = self.grouping == Grouping::Thousands;
        let position = self.whole - 1 - index;
        let highest = if index == 0 { digits.len().max(position + 1) - 1 } else { position };
        for position in (position..=highest).rev() {
            match digits.len().checked_sub(position + 1) {
                Some(at) => out.push(digits[at].into()),
                None => place.write(out),
            }
            if grouped && position > 0 && position % 3 == 0 {
                match place {
                    _ if position < digits.len() => out.push(group),
                    Place::Zero => out.push(group),
                    Place::Blank => out.push(' '),
                    Place::Nothing => {}
                }
            }
        }
    }

    /// Mantissa and exponent: with several places before the point the exponent is a multiple of their number.
    fn scientific(&self, value: Exact) -> (Exact, i32) {
        if value.coefficient == 0 {
            return (value, 0);
        }
        let period = self.whole.max(1) as i32;
        let mut exponent = (value.digits() + value.exponent - 1).div_euclid(period) * period;
        let mut mantissa = value.shifted(-exponent).rounded(self.decimals as i32);
        if mantissa.digits() + mantissa.exponent > period {
            // 9.99 became 10.0.
            exponent += period;
            mantissa = value.shifted(-exponent).rounded(self.decimals as i32);
        }
        (mantissa, exponent)
    }
}

fn write_exponent(exponent: i32, always_signed: bool, places: &[Place], out: &mut String) {
    out.push('E');
    match exponent {
        ..0 => out.push('-'),
        0.. if always_signed => out.push('+'),
        0.. => {}
    }
    let mut digits = itoa::Buffer::new();
    let digits = if exponent == 0 { "" } else { digits.format(exponent.unsigned_abs()) };
    for place in &places[..places.len().saturating_sub(digits.len())] {
        place.write(out);
    }
    out.push_str(digits);
}

fn write_general(number: Number, point: char, out: &mut String) {
    number.with_text(|text| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        out.extend(digits.chars().map(|character| if character == '.' { point } else { character }));
    });
}
