//! The text of a date filter.

use jiff::civil::{Date, DateTime, Time, Weekday};

use super::{DateCondition, DateFilter, DateTerm, Length, Moment, Period, Unit};
use crate::filter::FilterError;
use crate::filter::scan::{Scanner, excerpt};

const UNITS: [(&str, Unit); 8] = [
    ("second", Unit::Second),
    ("minute", Unit::Minute),
    ("hour", Unit::Hour),
    ("day", Unit::Day),
    ("week", Unit::Week),
    ("month", Unit::Month),
    ("quarter", Unit::Quarter),
    ("year", Unit::Year),
];

const DAYS: [(&str, Moment); 10] = [
    ("today", Moment::Relative { unit: Unit::Day, offset: 0 }),
    ("yesterday", Moment::Relative { unit: Unit::Day, offset: -1 }),
    ("tomorrow", Moment::Relative { unit: Unit::Day, offset: 1 }),
    ("monday", Moment::Weekday(Weekday::Monday)),
    ("tuesday", Moment::Weekday(Weekday::Tuesday)),
    ("wednesday", Moment::Weekday(Weekday::Wednesday)),
    ("thursday", Moment::Weekday(Weekday::Thursday)),
    ("friday", Moment::Weekday(Weekday::Friday)),
    ("saturday", Moment::Weekday(Weekday::Saturday)),
    ("sunday", Moment::Weekday(Weekday::Sunday)),
];

/// Words before a unit, and where the unit lies from the current one.
const NEIGHBOURS: [(&str, i64); 3] = [("this", 0), ("last", -1), ("next", 1)];

const A_DATE: &str =
    "a date such as `2018-05-10` or `2018-05`, a time span such as `7 days`, `last week` or `today`, or `null`";
const A_UNIT: &str = "a unit: second, minute, hour, day, week, month, quarter, fiscal quarter, year or fiscal year";

pub(super) fn parse(text: &str) -> Result<DateFilter, FilterError> {
    let mut scanner = Scanner::new(text);
    let mut filter = DateFilter::default();
    if scanner.at_end() {
        return Ok(filter);
    }
    filter.terms.push(term(&mut scanner)?);
    while !scanner.at_end() {
        if !scanner.eat(",") {
            return Err(scanner.expected("`,` or the end"));
        }
        filter.terms.push(term(&mut scanner)?);
    }
    Ok(filter)
}

fn term(scanner: &mut Scanner<'_>) -> Result<DateTerm, FilterError> {
    scanner.skip_blanks();
    let start = scanner.position();
    let condition = condition(scanner)?;
    Ok(DateTerm { condition, span: scanner.span_since(start) })
}

fn condition(scanner: &mut Scanner<'_>) -> Result<DateCondition, FilterError> {
    if scanner.eat_words(&["any", "time"]) {
        return Ok(DateCondition::AnyTime);
    }
    if scanner.eat_word("null") {
        return Ok(DateCondition::Null);
    }
    if scanner.eat_words(&["not", "null"]) || scanner.eat_word("-null") {
        return Ok(DateCondition::NotNull);
    }
    if scanner.eat_word("before") {
        return edge(scanner).map(DateCondition::Before);
    }
    if scanner.eat_word("after") {
        return edge(scanner).map(DateCondition::After);
    }
    period(scanner).map(DateCondition::Within)
}

/// What stands after `before` or `after`.
fn edge(scanner: &mut Scanner<'_>) -> Result<Moment, FilterError> {
    match opening(scanner)? {
        Opening::Moment(moment) => Ok(moment),
        Opening::This(unit) => Ok(Moment::Relative { unit, offset: 0 }),
        Opening::Absolute(moment) => Ok(moment),
        Opening::Units(units) => Ok(units.ago()),
        Opening::LastUnits(units) => Err(FilterError::new(
            units.span,
            "expected one moment after `before` or `after`, such as `3 days ago` or `last week`",
        )),
    }
}

fn period(scanner: &mut Scanner<'_>) -> Result<Period, FilterError> {
    let moment = match opening(scanner)? {
        Opening::Units(units) | Opening::LastUnits(units) => return units.length().map(Period::Last),
        Opening::This(unit) => {
            let moment = Moment::Relative { unit, offset: 0 };
            if scanner.eat_word("to") {
                return Ok(Period::Between(moment, Moment::Relative { unit: self::unit(scanner)?, offset: 0 }));
            }
            moment
        }
        Opening::Absolute(moment) => {
            if scanner.eat_word("to") {
                scanner.skip_blanks();
                return Ok(Period::Between(moment, absolute(scanner)?));
            }
            moment
        }
        Opening::Moment(moment) => moment,
    };
    if !scanner.eat_word("for") {
        return Ok(Period::Of(moment));
    }
    let length = match units(scanner)? {
        Some(units) => units.length()?,
        None => return Err(scanner.expected("a length such as `3 days` after `for`")),
    };
    Ok(Period::Starting(moment, length))
}

/// How a term starts, apart from `before` and `after`.
enum Opening {
    /// `this week`
    This(Unit),
    /// `last 3 days`
    LastUnits(Units),
    /// `3 days`
    Units(Units),
    /// `2018-05-10`
    Absolute(Moment),
    /// The rest: `3 days ago`, `next week`, `today`.
    Moment(Moment),
}

fn opening(scanner: &mut Scanner<'_>) -> Result<Opening, FilterError> {
    for (word, offset) in NEIGHBOURS {
        if scanner.eat_word(word) {
            return neighbour(scanner, offset);
        }
    }
    if let Some((_, moment)) = DAYS.iter().find(|(word, _)| scanner.eat_word(word)) {
        return Ok(Opening::Moment(moment.clone()));
    }
    let Some(units) = units(scanner)? else {
        return absolute(scanner).map(Opening::Absolute);
    };
    if scanner.eat_word("ago") {
        return Ok(Opening::Moment(units.ago()));
    }
    if scanner.eat_words(&["from", "now"]) {
        return Ok(Opening::Moment(Moment::Relative { unit: units.unit, offset: units.count }));
    }
    Ok(Opening::Units(units))
}

/// What stands after `this`, `last` or `next`.
fn neighbour(scanner: &mut Scanner<'_>, offset: i64) -> Result<Opening, FilterError> {
    if offset < 0
        && let Some(units) = units(scanner)?
    {
        return Ok(Opening::LastUnits(units));
    }
    let unit = unit(scanner)?;
    Ok(if offset == 0 { Opening::This(unit) } else { Opening::Moment(Moment::Relative { unit, offset }) })
}

/// A number and a unit, with the place of the number.
struct Units {
    count: i64,
    unit: Unit,
    span: std::ops::Range<usize>,
}

impl Units {
    fn ago(&self) -> Moment {
        Moment::Relative { unit: self.unit, offset: -self.count }
    }

    /// Fails on `0 days`.
    fn length(&self) -> Result<Length, FilterError> {
        if self.count == 0 {
            return Err(FilterError::new(self.span.clone(), "a length of 0 matches nothing, it must be at least 1"));
        }
        Ok(Length { count: self.count, unit: self.unit })
    }
}

/// Steps over a number with a unit after it, if they stand here. A number with something else after it stays: it is
/// the year of a date.
fn units(scanner: &mut Scanner<'_>) -> Result<Option<Units>, FilterError> {
    scanner.skip_blanks();
    let start = scanner.position();
    let digits = scanner.digits();
    let span = scanner.span_since(start);
    scanner.skip_blanks();
    let is_number = !digits.is_empty();
    let starts_word = scanner.peek().is_some_and(|byte| byte.is_ascii_alphabetic());
    if !is_number || !starts_word {
        scanner.return_to(start);
        return Ok(None);
    }
    let Some(unit) = try_unit(scanner) else {
        let is_year = digits.len() == 4;
        if !is_year {
            return Err(scanner.expected(A_UNIT));
        }
        scanner.return_to(start);
        return Ok(None);
    };
    let Ok(count) = digits.parse() else {
        return Err(FilterError::new(span, format!("`{}` is too large a number of units", excerpt(digits))));
    };
    Ok(Some(Units { count, unit, span }))
}

fn unit(scanner: &mut Scanner<'_>) -> Result<Unit, FilterError> {
    try_unit(scanner).ok_or_else(|| scanner.expected(A_UNIT))
}

fn try_unit(scanner: &mut Scanner<'_>) -> Option<Unit> {
    let start = scanner.position();
    let fiscal = scanner.eat_word("fiscal");
    let word = scanner.letters();
    let named = UNITS.iter().find(|(name, _)| is_singular_or_plural(word, name)).map(|(_, unit)| *unit);
    let unit = match (fiscal, named) {
        (false, named) => named,
        (true, Some(Unit::Quarter)) => Some(Unit::FiscalQuarter),
        (true, Some(Unit::Year)) => Some(Unit::FiscalYear),
        (true, _) => None,
    };
    if unit.is_none() {
        scanner.return_to(start);
    }
    unit
}

fn is_singular_or_plural(word: &str, name: &str) -> bool {
    let singular = word.strip_suffix(['s', 'S']).unwrap_or(word);
    singular.eq_ignore_ascii_case(name)
}

/// A date or time of the calendar, or a fiscal period.
fn absolute(scanner: &mut Scanner<'_>) -> Result<Moment, FilterError> {
    scanner.skip_blanks();
    let start = scanner.position();
    let fiscal = scanner.eat_fiscal_prefix();
    let year = scanner.digits();
    if year.is_empty() {
        scanner.return_to(start);
        return Err(scanner.expected(A_DATE));
    }
    let (Ok(year), 4) = (year.parse::<i16>(), year.len()) else {
        let message = format!("expected a year of four digits or {A_UNIT} after `{}`", excerpt(year));
        return Err(FilterError::new(scanner.span_since(start), message));
    };
    if year == 0 {
        return Err(FilterError::new(scanner.span_since(start), "the year must lie between 0001 and 9999"));
    }
    if let Some(quarter) = quarter(scanner, start)? {
        let unit = if fiscal { Unit::FiscalQuarter } else { Unit::Quarter };
        return Ok(Moment::At { start: first_of(year, quarter * 3 - 2), unit });
    }
    if fiscal {
        return Ok(Moment::At { start: first_of(year, 1), unit: Unit::FiscalYear });
    }
    if !is_separator(scanner.peek()) {
        return Ok(Moment::At { start: first_of(year, 1), unit: Unit::Year });
    }
    month_or_day(scanner, start, year)
}

impl Scanner<'_> {
    fn eat_fiscal_prefix(&mut self) -> bool {
        let start = self.position();
        let found = self.letters().eq_ignore_ascii_case("fy");
        if !found {
            self.return_to(start);
        }
        found
    }
}

/// What stands after the year: `-05`, `-05-10`, `-05-10 14:00`, or `-1` for the year before.
fn month_or_day(scanner: &mut Scanner<'_>, start: usize, year: i16) -> Result<Moment, FilterError> {
    let counts_back = scanner.peek() == Some(b'-');
    skip_separator(scanner);
    let month = scanner.digits();
    if counts_back && month.len() == 1 && !is_separator(scanner.peek()) {
        let year = year - month.parse::<i16>().expect("one digit is a number");
        if year < 1 {
            return Err(FilterError::new(scanner.span_since(start), "the year must lie between 0001 and 9999"));
        }
        return Ok(Moment::At { start: first_of(year, 1), unit: Unit::Year });
    }
    let not_a_month = "expected a month of two digits, `01` to `12`, after the year";
    let month = two_digits(month).filter(|month| (1..=12).contains(month));
    let month = month.ok_or_else(|| FilterError::new(scanner.span_since(start), not_a_month))?;
    if !is_separator(scanner.peek()) {
        return Ok(Moment::At { start: first_of(year, month), unit: Unit::Month });
    }
    skip_separator(scanner);
    let not_a_day = "expected a day of two digits that this month has";
    let day = two_digits(scanner.digits()).and_then(|day| Date::new(year, month, day).ok());
    let day = day.ok_or_else(|| FilterError::new(scanner.span_since(start), not_a_day))?;
    time(scanner, day)
}

/// What stands after a day: nothing, `14`, `14:00` or `14:00:00`.
fn time(scanner: &mut Scanner<'_>, day: Date) -> Result<Moment, FilterError> {
    let after_day = scanner.position();
    scanner.skip_blanks();
    let start = scanner.position();
    if start == after_day || !scanner.peek().is_some_and(|byte| byte.is_ascii_digit()) {
        scanner.return_to(after_day);
        return Ok(Moment::At { start: day.to_datetime(Time::midnight()), unit: Unit::Day });
    }
    let mut parts = [0_i8; 3];
    let mut given = 0;
    for part in &mut parts {
        if given > 0 && !scanner.eat_here(b':') {
            break;
        }
        *part = two_digits(scanner.digits()).unwrap_or(i8::MAX);
        given += 1;
    }
    let [hour, minute, second] = parts;
    let Ok(time) = Time::new(hour, minute, second, 0) else {
        let message = "expected a time such as `14:00` or `14:00:00`, from `00:00` to `23:59:59`";
        return Err(FilterError::new(scanner.span_since(start), message));
    };
    let unit = [Unit::Hour, Unit::Minute, Unit::Second][given - 1];
    Ok(Moment::At { start: day.to_datetime(time), unit })
}

/// Steps over `-Q2`, if it stands here, and gives the number.
fn quarter(scanner: &mut Scanner<'_>, start: usize) -> Result<Option<i8>, FilterError> {
    if !is_separator(scanner.peek()) || !matches!(scanner.peek_at(1), Some(b'q' | b'Q')) {
        return Ok(None);
    }
    skip_separator(scanner);
    let _marker = scanner.eat_here(b'q') || scanner.eat_here(b'Q');
    match scanner.digits() {
        "1" => Ok(Some(1)),
        "2" => Ok(Some(2)),
        "3" => Ok(Some(3)),
        "4" => Ok(Some(4)),
        _ => Err(FilterError::new(scanner.span_since(start), "expected a quarter from `Q1` to `Q4`")),
    }
}

fn is_separator(byte: Option<u8>) -> bool {
    matches!(byte, Some(b'-' | b'/'))
}

fn skip_separator(scanner: &mut Scanner<'_>) {
    let _separator = scanner.eat_here(b'-') || scanner.eat_here(b'/');
}

fn two_digits(digits: &str) -> Option<i8> {
    if digits.len() == 2 { digits.parse().ok() } else { None }
}

fn first_of(year: i16, month: i8) -> DateTime {
    jiff::civil::date(year, month, 1).to_datetime(Time::midnight())
}
