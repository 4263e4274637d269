//! When things happen: growth over the years, seasons, the rhythm of week and day.
//!
//! All weights are integers, so that every machine comes to the same second.

use crate::options::Options;
use crate::random::{Random, Stream};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// Seconds of a minute.
pub(crate) const MINUTE: i64 = 60;
/// Seconds of an hour.
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// Seconds of a day.
pub(crate) const DAY: i64 = 24 * HOUR;

/// Percent of an average month, January first: the year ends with presents.
const MONTHS: [u64; 12] = [86, 82, 93, 97, 101, 96, 90, 97, 100, 104, 126, 131];
/// Percent of an average day, Monday first.
const WEEKDAYS: [u64; 7] = [97, 93, 94, 97, 104, 113, 109];
/// Weight of each hour of the day.
const HOURS: [u64; 24] = [14, 8, 5, 3, 3, 5, 11, 20, 31, 40, 46, 50, 54, 51, 48, 47, 49, 54, 61, 68, 72, 66, 48, 28];

/// The days of the shop's history, each with its weight.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    /// Midnight of the first day, in seconds since 1970.
    start: i64,
    /// What the days before each day weigh together; one entry more than days.
    before: Vec<u64>,
    /// Month of each day, 1 to 12.
    months: Vec<i8>,
}

impl Calendar {
    /// Days weighed by how much is bought on them. Nothing is on the first day, when there is no one to buy.
    pub(crate) fn of_orders(options: &Options) -> Self {
        Self::new(options, |day, index, days| {
            let noise = 92 + Random::new(options.seed, Stream::DayNoise, index).below(17);
            if index == 0 { 0 } else { growth(index, days, 3) * season(day) * noise }
        })
    }

    /// Days weighed by how many sign up on them.
    pub(crate) fn of_signups(options: &Options) -> Self {
        Self::new(options, |day, index, days| growth(index, days, 2) * season(day) * 100)
    }

    fn new(options: &Options, weight: impl Fn(Date, u64, u64) -> u64) -> Self {
        let end = options.end();
        let first = end.saturating_sub(4.years());
        let days: Vec<Date> = first.series(1.day()).take_while(|&day| day < end).collect();
        let mut before = vec![0];
        let mut total = 0;
        for (index, &day) in days.iter().enumerate() {
            total += weight(day, index as u64, days.len() as u64);
            before.push(total);
        }
        let months = days.iter().map(|day| day.month()).collect();
        Self { start: first.duration_since(date(1970, 1, 1)).as_secs(), before, months }
    }

    /// Midnight of the first day, in seconds since 1970.
    pub(crate) fn start(&self) -> i64 {
        self.start
    }

    /// Midnight behind the last day.
    pub(crate) fn end(&self) -> i64 {
        self.start + self.months.len() as i64 * DAY
    }

    /// Month (1 to 12) of a time within the calendar.
    pub(crate) fn month(&self, time: i64) -> i8 {
        self.months[((time - self.start) / DAY) as usize]
    }

    /// How much of the history lies before `time`, in thousandths.
    pub(crate) fn progress(&self, time: i64) -> u64 {
        ((time - self.start) * 1000 / (self.end() - self.start)) as u64
    }

    /// The number of the first of `count` arrivals that falls on `day` or later.
    fn first_on(&self, day: usize, count: u64) -> u64 {
        let total = self.before[self.before.len() - 1];
        (u128::from(self.before[day]) * u128::from(count) / u128::from(total)) as u64
    }
}

/// Weight of a day `index` of `days` when the last is `factor` times the first.
fn growth(index: u64, days: u64, factor: u64) -> u64 {
    1000 + 1000 * (factor - 1) * index / days
}

fn season(day: Date) -> u64 {
    let month = MONTHS[(day.month() - 1) as usize];
    let weekday = WEEKDAYS[day.weekday().to_monday_zero_offset() as usize];
    month * weekday * occasion(day)
}

/// Percent on days that are unlike others: the days after the fourth Thursday of November, and Christmas.
fn occasion(day: Date) -> u64 {
    match (day.month(), day.day(), day.weekday()) {
        (11, 23..=29, Weekday::Friday) => 230,
        (11, 26..=30, Weekday::Monday) | (12, 1..=2, Weekday::Monday) => 210,
        (12, 24..=25, _) => 45,
        _ => 100,
    }
}

/// `count` moments in ascending order, spread as a calendar says, in seconds since 1970.
#[derive(Debug, Clone)]
pub(crate) struct Arrivals {
    calendar: Calendar,
    seed: u64,
    stream: Stream,
    count: u64,
    next: u64,
    day: usize,
    /// Numbers of the arrivals of `day`.
    on_day: std::ops::Range<u64>,
}

impl Arrivals {
    pub(crate) fn new(calendar: Calendar, count: u64, seed: u64, stream: Stream) -> Self {
        let on_day = 0..calendar.first_on(1, count);
        Self { calendar, seed, stream, count, next: 0, day: 0, on_day }
    }
}

impl Iterator for Arrivals {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        if self.next == self.count {
            return None;
        }
        while self.next >= self.on_day.end {
            self.day += 1;
            self.on_day = self.on_day.end..self.calendar.first_on(self.day + 1, self.count);
        }
        let jitter = u128::from(Random::new(self.seed, self.stream, self.next).bits() >> 32);
        let place = (u128::from(self.next - self.on_day.start) << 32) + jitter;
        let share = (place / u128::from(self.on_day.end - self.on_day.start)) as u64;
        self.next += 1;
        Some(self.calendar.start + self.day as i64 * DAY + second_of_day(share))
    }
}

/// The second at which a share of the day's business (in 2^-32) is done.
fn second_of_day(share: u64) -> i64 {
    let mut left = share * HOURS.iter().sum::<u64>();
    let mut second = 0;
    for weight in HOURS {
        let hour = weight << 32;
        if left < hour {
            return second + ((left / weight * HOUR as u64) >> 32) as i64;
        }
        left -= hour;
        second += HOUR;
    }
    unreachable!("a share is below one")
}

#[cfg(test)]
mod tests {
    use super::{Arrivals, Calendar, DAY, second_of_day};
    use crate::options::Options;
    use crate::random::Stream;
    use jiff::civil::date;

    #[test]
    fn arrivals_ascend_within_the_four_years_before_the_anchor() {
        for (anchor, count) in [(date(2026, 1, 15), 5000), (date(2024, 2, 29), 3), (date(-9000, 1, 1), 1)] {
            let calendar = Calendar::of_orders(&Options::new(anchor));
            let (start, end) = (calendar.start(), calendar.end());
            assert!((1460..=1461).contains(&((end - start) / DAY)));
            let times: Vec<i64> = Arrivals::new(calendar, count, 1, Stream::OrderTime).collect();
            assert_eq!(times.len() as u64, count);
            assert!(times.is_sorted());
            assert!(times[0] >= start + DAY && times[times.len() - 1] < end);
        }
    }

    #[test]
    fn the_shop_grows() {
        let calendar = Calendar::of_orders(&Options::new(date(2026, 1, 15)));
        let middle = i64::midpoint(calendar.start(), calendar.end());
        let late = Arrivals::new(calendar, 1000, 1, Stream::OrderTime).filter(|&time| time >= middle).count();
        assert!((600..700).contains(&late), "{late}");
    }

    #[test]
    fn the_day_runs_from_midnight_to_its_last_second() {
        assert_eq!(second_of_day(0), 0);
        assert_eq!(second_of_day((1 << 32) - 1), DAY - 1);
    }
}
