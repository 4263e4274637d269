//! Days, times and intervals as text, by arithmetic alone.

/// ASCII text in a fixed buffer.
pub(crate) struct Short<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Short<N> {
    const fn new() -> Self {
        Self { bytes: [0; N], len: 0 }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    fn push(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    fn extend(&mut self, bytes: &[u8]) {
        self.bytes[self.len..self.len + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }

    /// A blank between two parts.
    fn separate(&mut self) {
        if self.len > 0 {
            self.push(b' ');
        }
    }

    fn two_digits(&mut self, number: u32) {
        self.extend(&two_digits(number));
    }
}

/// The last two digits of a number.
fn two_digits(number: u32) -> [u8; 2] {
    TWO_DIGITS[number as usize % 100]
}

/// `00` to `99`.
const TWO_DIGITS: [[u8; 2]; 100] = {
    let mut table = [[0; 2]; 100];
    let mut number = 0;
    while number < 100 {
        table[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    table
};

/// Nanoseconds of a second.
const SECOND: i64 = 1_000_000_000;

/// A day since 1970-01-01 as `YYYY-MM-DD`.
///
/// Years before 0 have a sign, years after 9999 more digits. `day` may be any number of days that a timestamp of 64
/// bits can reach (up to 2^63 seconds).
pub(crate) fn date(day: i64) -> Short<24> {
    let (year, month, day) = civil(day);
    let mut out = Short::new();
    let Ok(year @ 0..=9999) = u32::try_from(year) else {
        long_year(year, &mut out);
        out.extend(&month_and_day(month, day));
        return out;
    };
    let mut text = *b"0000-00-00";
    text[..2].copy_from_slice(&two_digits(year / 100));
    text[2..4].copy_from_slice(&two_digits(year));
    text[4..].copy_from_slice(&month_and_day(month, day));
    out.extend(&text);
    out
}

/// `-MM-DD`
fn month_and_day(month: u32, day: u32) -> [u8; 6] {
    let mut text = *b"-00-00";
    text[1..3].copy_from_slice(&two_digits(month));
    text[4..].copy_from_slice(&two_digits(day));
    text
}

#[cold]
fn long_year(year: i64, out: &mut Short<24>) {
    if year < 0 {
        out.push(b'-');
    }
    let mut digits = itoa::Buffer::new();
    let digits = digits.format(year.unsigned_abs());
    for _ in digits.len()..4 {
        out.push(b'0');
    }
    out.extend(digits.as_bytes());
}

/// Year, month and day of a day since 1970-01-01 in the Gregorian calendar without end.
///
/// Counts from 0000-03-01, so that the leap day is the last of its year, in eras of 400 years.
fn civil(day: i64) -> (i64, u32, u32) {
    let shifted = day + 719_468;
    // Almost every day lies after the year 0, where 32 bits are enough.
    let (era, of_era) = match u32::try_from(shifted) {
        Ok(short) => (i64::from(short / 146_097), short % 146_097),
        Err(_) => (shifted.div_euclid(146_097), shifted.rem_euclid(146_097) as u32),
    };
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + i64::from(year_of_era) + next, month, day)
}

/// A time of day as `HH:MM:SS`, with the fraction only when there is one, without trailing zeros.
///
/// `nanoseconds` since midnight; 24:00:00 is a time, and what lies outside of a day keeps counting hours.
pub(crate) fn time(nanoseconds: i64) -> Short<32> {
    let seconds = nanoseconds.unsigned_abs() / SECOND as u64;
    let mut out = Short::new();
    if nanoseconds < 0 {
        out.push(b'-');
    }
    match u32::try_from(seconds / 3600) {
        Ok(hours @ 0..100) => out.two_digits(hours),
        _ => out.extend(itoa::Buffer::new().format(seconds / 3600).as_bytes()),
    }
    out.push(b':');
    out.two_digits((seconds / 60 % 60) as u32);
    out.push(b':');
    out.two_digits((seconds % 60) as u32);
    fraction((nanoseconds.unsigned_abs() % SECOND as u64) as u32, &mut out);
    out
}

fn fraction(nanoseconds: u32, out: &mut Short<32>) {
    if nanoseconds == 0 {
        return;
    }
    let (mut digits, mut width) = (nanoseconds, 9);
    while digits % 10 == 0 {
        digits /= 10;
        width -= 1;
    }
    out.push(b'.');
    let mut place = 10_u32.pow(width);
    while place > 1 {
        place /= 10;
        out.push(b'0' + (digits / place % 10) as u8);
    }
}

/// An interval as DuckDB prints it: `1 year 2 months 3 days 04:05:06.5`; parts that are zero are left out.
pub(crate) fn interval(months: i32, days: i32, nanoseconds: i64) -> Short<96> {
    let mut out = Short::new();
    for (number, unit) in [(months / 12, "year"), (months % 12, "month"), (days, "day")] {
        if number == 0 {
            continue;
        }
        out.separate();
        out.extend(itoa::Buffer::new().format(number).as_bytes());
        out.push(b' ');
        out.extend(unit.as_bytes());
        if number.unsigned_abs() != 1 {
            out.push(b's');
        }
    }
    if nanoseconds != 0 || out.len == 0 {
        out.separate();
        out.extend(time(nanoseconds).as_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{SECOND, date, interval, time};

    fn day(day: i64) -> String {
        String::from_utf8(date(day).as_bytes().to_vec()).expect("it is ASCII")
    }

    fn clock(nanoseconds: i64) -> String {
        String::from_utf8(time(nanoseconds).as_bytes().to_vec()).expect("it is ASCII")
    }

    #[test]
    fn days_follow_the_gregorian_calendar() {
        for (number, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (19_969, "2024-09-03"),
            (11_016, "2000-02-29"),
            (-25_509, "1900-02-28"),
            (-25_508, "1900-03-01"),
            (-719_528, "0000-01-01"),
            (-719_529, "-0001-12-31"),
            (2_932_896, "9999-12-31"),
            (2_932_897, "10000-01-01"),
        ] {
            assert_eq!(day(number), text);
        }
    }

    #[test]
    fn each_day_of_eight_hundred_years_follows_the_one_before() {
        let (mut year, mut month, mut of_month) = (1600, 1, 1);
        for number in -135_140..157_000 {
            assert_eq!(day(number), format!("{year:04}-{month:02}-{of_month:02}"));
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
            of_month += 1;
            if of_month > length {
                (of_month, month) = (1, month + 1);
            }
            if month > 12 {
                (month, year) = (1, year + 1);
            }
        }
    }

    #[test]
    fn the_farthest_days_have_a_text() {
        assert!(day(i64::MAX / 86_400).ends_with("-12-04"));
        assert!(day(i64::MIN / 86_400).starts_with("-29227"));
    }

    #[test]
    fn a_fraction_stands_only_when_there_is_one() {
        assert_eq!(clock(62_100 * SECOND), "17:15:00");
        assert_eq!(clock(62_100 * SECOND + 500_000_000), "17:15:00.5");
        assert_eq!(clock(1), "00:00:00.000000001");
        assert_eq!(clock(86_400 * SECOND), "24:00:00");
        assert_eq!(clock(-SECOND), "-00:00:01");
        assert_eq!(clock(i64::MIN), "-2562047:47:16.854775808");
    }

    #[test]
    fn intervals_name_what_they_hold() {
        let interval = |months, days, nanoseconds| {
            String::from_utf8(interval(months, days, nanoseconds).as_bytes().to_vec()).expect("it is ASCII")
        };
        assert_eq!(interval(14, 3, (4 * 3600 + 5 * 60 + 6) * SECOND), "1 year 2 months 3 days 04:05:06");
        assert_eq!(interval(0, -1, 0), "-1 day");
        assert_eq!(interval(0, 0, 0), "00:00:00");
        assert_eq!(interval(-1, 0, -SECOND), "-1 month -00:00:01");
        assert_eq!(
            interval(i32::MIN, i32::MIN, i64::MIN),
            "-178956970 years -8 months -2147483648 days -2562047:47:16.854775808"
        );
    }
}
