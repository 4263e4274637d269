use belvedere_expressions::filter::{Clock, DateFilter, DateRange, DateRanges};
use jiff::civil::{DateTime, Weekday};

/// Friday.
const NOW: DateTime = DateTime::constant(2018, 5, 18, 18, 30, 2, 0);

const CLOCK: Clock = Clock { now: NOW, week_start: Weekday::Monday, fiscal_month_offset: 0 };

/// Ranges as text: `2018-05-01..2018-06-01`, with the time of day only where it is not midnight.
fn show(matched: &DateRanges) -> String {
    let mut parts: Vec<String> = matched.ranges.iter().map(show_range).collect();
    parts.extend(matched.null.then(|| "null".to_owned()));
    parts.extend(matched.not_null.then(|| "not null".to_owned()));
    parts.join(" | ")
}

fn show_range(range: &DateRange) -> String {
    let time = |time: Option<DateTime>| {
        let text = time.map(|time| time.to_string()).unwrap_or_default();
        text.trim_end_matches("T00:00:00").replace('T', " ")
    };
    format!("{}..{}", time(range.start), time(range.end))
}

fn resolve(text: &str, clock: &Clock) -> String {
    let matched = DateFilter::parse(text).and_then(|filter| filter.resolve(clock));
    matched.map_or_else(|error| format!("{text}: {error}"), |matched| show(&matched))
}

fn check_at(clock: &Clock, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(resolve(text, clock), *expected, "{text}");
    }
}

fn check(cases: &[(&str, &str)]) {
    check_at(&CLOCK, cases);
}

fn clock_at(now: &str) -> Clock {
    Clock { now: now.parse().expect(now), ..CLOCK }
}

#[test]
fn this_next_and_last_are_whole_units() {
    check(&[
        ("this second", "2018-05-18 18:30:02..2018-05-18 18:30:03"),
        ("this minute", "2018-05-18 18:30:00..2018-05-18 18:31:00"),
        ("this hour", "2018-05-18 18:00:00..2018-05-18 19:00:00"),
        ("this day", "2018-05-18..2018-05-19"),
        ("this week", "2018-05-14..2018-05-21"),
        ("this month", "2018-05-01..2018-06-01"),
        ("this quarter", "2018-04-01..2018-07-01"),
        ("this fiscal quarter", "2018-04-01..2018-07-01"),
        ("this year", "2018-01-01..2019-01-01"),
        ("this fiscal year", "2018-01-01..2019-01-01"),
        ("next day", "2018-05-19..2018-05-20"),
        ("next week", "2018-05-21..2018-05-28"),
        ("next month", "2018-06-01..2018-07-01"),
        ("next quarter", "2018-07-01..2018-10-01"),
        ("next fiscal quarter", "2018-07-01..2018-10-01"),
        ("next year", "2019-01-01..2020-01-01"),
        ("next fiscal year", "2019-01-01..2020-01-01"),
        ("last second", "2018-05-18 18:30:01..2018-05-18 18:30:02"),
        ("last minute", "2018-05-18 18:29:00..2018-05-18 18:30:00"),
        ("last hour", "2018-05-18 17:00:00..2018-05-18 18:00:00"),
        ("last day", "2018-05-17..2018-05-18"),
        ("last week", "2018-05-07..2018-05-14"),
        ("last month", "2018-04-01..2018-05-01"),
        ("last quarter", "2018-01-01..2018-04-01"),
        ("last year", "2017-01-01..2018-01-01"),
    ]);
}

#[test]
fn the_last_units_include_the_current_one() {
    check(&[
        ("7 days", "2018-05-12..2018-05-19"),
        ("1 day", "2018-05-18..2018-05-19"),
        ("1 month", "2018-05-01..2018-06-01"),
        ("1 year", "2018-01-01..2019-01-01"),
        ("3 days", "2018-05-16..2018-05-19"),
        ("3 day", "2018-05-16..2018-05-19"),
        ("last 3 days", "2018-05-16..2018-05-19"),
        ("last 1 week", "2018-05-14..2018-05-21"),
        ("2 fiscal quarters", "2018-01-01..2018-07-01"),
    ]);
}

#[test]
fn several_seconds_end_before_the_current_one() {
    check(&[
        ("1 second", "2018-05-18 18:30:02..2018-05-18 18:30:03"),
        ("2 seconds", "2018-05-18 18:30:00..2018-05-18 18:30:02"),
        ("60 seconds", "2018-05-18 18:29:02..2018-05-18 18:30:02"),
        ("last 60 seconds", "2018-05-18 18:29:02..2018-05-18 18:30:02"),
        ("60 seconds ago for 1 second", "2018-05-18 18:29:02..2018-05-18 18:29:03"),
    ]);
}

#[test]
fn ago_and_from_now_are_one_unit_or_the_length_given() {
    check(&[
        ("3 days ago", "2018-05-15..2018-05-16"),
        ("1 month ago", "2018-04-01..2018-05-01"),
        ("3 months ago for 2 days", "2018-02-01..2018-02-03"),
        ("3 days ago for 3 days", "2018-05-15..2018-05-18"),
        ("7 days from now", "2018-05-25..2018-05-26"),
        ("2 months from now", "2018-07-01..2018-08-01"),
        ("3 days from now for 2 weeks", "2018-05-21..2018-06-04"),
        ("0 days ago", "2018-05-18..2018-05-19"),
        ("0 months ago", "2018-05-01..2018-06-01"),
        ("0 weeks from now", "2018-05-14..2018-05-21"),
    ]);
}

#[test]
fn before_ends_and_after_starts_at_the_start_of_a_unit() {
    check(&[
        ("before 3 days ago", "..2018-05-15"),
        ("after 3 days ago", "2018-05-15.."),
        ("after 1 month ago", "2018-04-01.."),
        ("before 2 months from now", "..2018-07-01"),
        ("after 2 weeks from now", "2018-05-28.."),
        ("before 2 months", "..2018-03-01"),
        ("after 2 months", "2018-03-01.."),
        ("before this week", "..2018-05-14"),
        ("before last week", "..2018-05-07"),
        ("before next week", "..2018-05-21"),
        ("before this day", "..2018-05-18"),
        ("before next quarter", "..2018-07-01"),
        ("before last month", "..2018-04-01"),
        ("after this week", "2018-05-14.."),
        ("after last year", "2017-01-01.."),
        ("after next month", "2018-06-01.."),
        ("before monday", "..2018-05-14"),
        ("after monday", "2018-05-14.."),
        ("before 0 days ago", "..2018-05-18"),
        ("before today", "..2018-05-18"),
        ("after yesterday", "2018-05-17.."),
        ("before 2 years ago", "..2016-01-01"),
    ]);
}

#[test]
fn this_unit_to_another_goes_from_start_to_start() {
    check(&[
        ("this year to day", "2018-01-01..2018-05-18"),
        ("this year to second", "2018-01-01..2018-05-18 18:30:02"),
        ("this week to day", "2018-05-14..2018-05-18"),
        ("THIS FISCAL YEAR TO Month", "2018-01-01..2018-05-01"),
        ("this day to year", "2018-05-18..2018-01-01"),
    ]);
}

#[test]
fn names_of_days_are_the_most_recent_such_day() {
    check(&[
        ("today", "2018-05-18..2018-05-19"),
        ("yesterday", "2018-05-17..2018-05-18"),
        ("tomorrow", "2018-05-19..2018-05-20"),
        ("monday", "2018-05-14..2018-05-15"),
        ("tuesday", "2018-05-15..2018-05-16"),
        ("wednesday", "2018-05-16..2018-05-17"),
        ("thursday", "2018-05-17..2018-05-18"),
        ("friday", "2018-05-18..2018-05-19"),
        ("saturday", "2018-05-12..2018-05-13"),
        ("Sunday", "2018-05-13..2018-05-14"),
        ("monday for 3 days", "2018-05-14..2018-05-17"),
        ("today for 2 hours", "2018-05-18..2018-05-18 02:00:00"),
    ]);
}

#[test]
fn each_row_of_the_table_of_absolute_dates_means_what_it_says() {
    check(&[
        ("2018/05/29", "2018-05-29..2018-05-30"),
        ("2018-05-29", "2018-05-29..2018-05-30"),
        ("2018/05/10 05:00", "2018-05-10 05:00:00..2018-05-10 05:01:00"),
        ("2018/05/10 05:00:00", "2018-05-10 05:00:00..2018-05-10 05:00:01"),
        ("2018/05/10 for 3 days", "2018-05-10..2018-05-13"),
        ("2018/05/10 05:00 for 5 hours", "2018-05-10 05:00:00..2018-05-10 10:00:00"),
        ("2018-01-01 12:00:00 for 3 days", "2018-01-01 12:00:00..2018-01-04 12:00:00"),
        ("2018/05", "2018-05-01..2018-06-01"),
        ("2016-01", "2016-01-01..2016-02-01"),
        ("2018/05 for 2 months", "2018-05-01..2018-07-01"),
        ("2018", "2018-01-01..2019-01-01"),
        ("2018 for 2 years", "2018-01-01..2020-01-01"),
        ("2018-Q2", "2018-04-01..2018-07-01"),
        ("2018/Q2", "2018-04-01..2018-07-01"),
        ("2018-q4", "2018-10-01..2019-01-01"),
        ("2018/05/10 for 5 months", "2018-05-10..2018-10-10"),
        ("2018-07-01 for 1 quarter", "2018-07-01..2018-10-01"),
        ("before 2018/05/10", "..2018-05-10"),
        ("before 2018-01-01 12:00:00", "..2018-01-01 12:00:00"),
        ("after 2018/05/10", "2018-05-10.."),
        ("after 2018/05/10 05:00", "2018-05-10 05:00:00.."),
        ("after 2018", "2018-01-01.."),
        ("before 2018-05", "..2018-05-01"),
        ("2018-05-18 12:00:00 to 2018-05-18 14:00:00", "2018-05-18 12:00:00..2018-05-18 14:00:00"),
        ("2018/05/01 to 2018/05/08", "2018-05-01..2018-05-08"),
        ("2018/01 to 2018/03", "2018-01-01..2018-03-01"),
        ("NULL", "null"),
        ("null", "null"),
        ("NOT NULL", "not null"),
        ("today, 7 days ago", "2018-05-18..2018-05-19 | 2018-05-11..2018-05-12"),
        ("2018/05/10,NULL", "2018-05-10..2018-05-11 | null"),
    ]);
}

#[test]
fn a_single_digit_after_a_year_counts_years_back() {
    check(&[
        ("2016-1", "2015-01-01..2016-01-01"),
        ("2016-3", "2013-01-01..2014-01-01"),
        ("2016-0", "2016-01-01..2017-01-01"),
        ("after 2016-1", "2015-01-01.."),
    ]);
}

#[test]
fn values_of_timeframes_are_filters_on_them() {
    check(&[
        ("2024-03-05", "2024-03-05..2024-03-06"),
        ("2024-03", "2024-03-01..2024-04-01"),
        ("2024", "2024-01-01..2025-01-01"),
        ("2024-Q1", "2024-01-01..2024-04-01"),
        ("2024-03-04 for 7 days", "2024-03-04..2024-03-11"),
        ("2024-03-05 14", "2024-03-05 14:00:00..2024-03-05 15:00:00"),
        ("2024/03/05 14:00 for 1 hour", "2024-03-05 14:00:00..2024-03-05 15:00:00"),
        ("2024/03/05 14:07 for 1 minute", "2024-03-05 14:07:00..2024-03-05 14:08:00"),
    ]);
}

#[test]
fn the_worked_reference_holds() {
    check(&[
        ("1 minute", "2018-05-18 18:30:00..2018-05-18 18:31:00"),
        ("60 minutes", "2018-05-18 17:31:00..2018-05-18 18:31:00"),
        ("60 minutes ago for 1 minute", "2018-05-18 17:30:00..2018-05-18 17:31:00"),
        ("1 hour", "2018-05-18 18:00:00..2018-05-18 19:00:00"),
        ("24 hours", "2018-05-17 19:00:00..2018-05-18 19:00:00"),
        ("24 hours ago for 1 hour", "2018-05-17 18:00:00..2018-05-17 19:00:00"),
        ("2 days", "2018-05-17..2018-05-19"),
        ("1 day ago", "2018-05-17..2018-05-18"),
        ("7 days ago for 7 days", "2018-05-11..2018-05-18"),
        ("today for 7 days", "2018-05-18..2018-05-25"),
        ("1 week", "2018-05-14..2018-05-21"),
        ("this week", "2018-05-14..2018-05-21"),
        ("2 weeks", "2018-05-07..2018-05-21"),
        ("last week", "2018-05-07..2018-05-14"),
        ("1 week ago", "2018-05-07..2018-05-14"),
        ("next week", "2018-05-21..2018-05-28"),
        ("2 months", "2018-04-01..2018-06-01"),
        ("2 months ago", "2018-03-01..2018-04-01"),
        ("before 2 months ago", "..2018-03-01"),
        ("6 months from now for 3 months", "2018-11-01..2019-02-01"),
        ("2 quarters", "2018-01-01..2018-07-01"),
        ("2 quarters ago", "2017-10-01..2018-01-01"),
        ("2 years", "2017-01-01..2019-01-01"),
    ]);
}

#[test]
fn fiscal_periods_are_shifted_by_the_model() {
    let shifted = |months| Clock { fiscal_month_offset: months, ..CLOCK };
    check_at(
        &shifted(3),
        &[
            ("FY2018", "2018-04-01..2019-04-01"),
            ("FY2018-Q1", "2018-04-01..2018-07-01"),
            ("fy2018/q4", "2019-01-01..2019-04-01"),
            ("FY2018 for 2 fiscal years", "2018-04-01..2020-04-01"),
            ("before FY2018", "..2018-04-01"),
            ("this fiscal year", "2018-04-01..2019-04-01"),
            ("last fiscal year", "2017-04-01..2018-04-01"),
            ("this fiscal quarter", "2018-04-01..2018-07-01"),
            ("this year", "2018-01-01..2019-01-01"),
            ("2018-Q1", "2018-01-01..2018-04-01"),
        ],
    );
    check_at(
        &shifted(1),
        &[
            ("this fiscal quarter", "2018-05-01..2018-08-01"),
            ("last fiscal quarter", "2018-02-01..2018-05-01"),
            ("2 fiscal quarters", "2018-02-01..2018-08-01"),
            ("2 fiscal quarters ago for 1 month", "2017-11-01..2017-12-01"),
            ("this fiscal year to fiscal quarter", "2018-02-01..2018-05-01"),
        ],
    );
    check_at(&shifted(-9), &[("FY2018", "2017-04-01..2018-04-01"), ("this fiscal year", "2018-04-01..2019-04-01")]);
    let january = Clock { fiscal_month_offset: 3, ..clock_at("2018-01-31T12:00") };
    check_at(
        &january,
        &[("this fiscal year", "2017-04-01..2018-04-01"), ("1 fiscal quarter", "2018-01-01..2018-04-01")],
    );
}

#[test]
fn weeks_start_on_the_day_of_the_model() {
    let starting = |week_start| Clock { week_start, ..CLOCK };
    check_at(
        &starting(Weekday::Sunday),
        &[
            ("this week", "2018-05-13..2018-05-20"),
            ("2 weeks", "2018-05-06..2018-05-20"),
            ("after last week", "2018-05-06.."),
            ("monday", "2018-05-14..2018-05-15"),
        ],
    );
    check_at(&starting(Weekday::Friday), &[("this week", "2018-05-18..2018-05-25")]);
    check_at(&starting(Weekday::Saturday), &[("this week", "2018-05-12..2018-05-19")]);
}

#[test]
fn months_of_different_length_keep_to_their_ends() {
    check(&[
        ("2018/01/31 for 1 month", "2018-01-31..2018-02-28"),
        ("2016/01/31 for 1 month", "2016-01-31..2016-02-29"),
        ("2016/02/29 for 1 year", "2016-02-29..2017-02-28"),
        ("2018/12/31 for 2 months", "2018-12-31..2019-02-28"),
        ("2018/08/31 for 1 quarter", "2018-08-31..2018-11-30"),
        ("2018/02", "2018-02-01..2018-03-01"),
        ("2018/02/28", "2018-02-28..2018-03-01"),
        ("2016/02/28", "2016-02-28..2016-02-29"),
        ("2018/12", "2018-12-01..2019-01-01"),
        ("2018/12/31 23:59:59", "2018-12-31 23:59:59..2019-01-01"),
    ]);
    check_at(
        &clock_at("2018-03-31T23:59:59.999"),
        &[
            ("last month", "2018-02-01..2018-03-01"),
            ("1 month ago", "2018-02-01..2018-03-01"),
            ("next month", "2018-04-01..2018-05-01"),
            ("2 months", "2018-02-01..2018-04-01"),
            ("1 second", "2018-03-31 23:59:59..2018-04-01"),
        ],
    );
    check_at(
        &clock_at("2016-02-29T00:00"),
        &[
            ("1 year ago", "2015-01-01..2016-01-01"),
            ("today", "2016-02-29..2016-03-01"),
            ("1 day ago", "2016-02-28..2016-02-29"),
            ("3 days", "2016-02-27..2016-03-01"),
        ],
    );
    check_at(
        &clock_at("2019-01-01T00:00"),
        &[("last quarter", "2018-10-01..2019-01-01"), ("this week", "2018-12-31..2019-01-07")],
    );
}

#[test]
fn words_count_in_any_case_and_with_any_blanks() {
    check(&[
        ("  LAST   Week ", "2018-05-07..2018-05-14"),
        ("3 Months AGO For 2 DAYS", "2018-02-01..2018-02-03"),
        ("Before\t2018/05/10", "..2018-05-10"),
        ("TODAY ,Yesterday", "2018-05-18..2018-05-19 | 2018-05-17..2018-05-18"),
        ("Not Null", "not null"),
        ("2 Fiscal  Quarters Ago", "2017-10-01..2018-01-01"),
    ]);
}

#[test]
fn any_time_matches_null_too() {
    for text in ["", "  ", "any time", "Any Time", "7 days, any time"] {
        let matched = DateFilter::parse(text).and_then(|filter| filter.resolve(&CLOCK));
        assert!(matched.is_ok_and(|matched| matched.is_any()), "{text:?}");
    }
    for text in ["7 days", "null", "not null", "any time, not null"] {
        let matched = DateFilter::parse(text).and_then(|filter| filter.resolve(&CLOCK));
        assert!(matched.is_ok_and(|matched| !matched.is_any()), "{text:?}");
    }
}

#[test]
fn not_null_narrows_what_the_other_terms_match() {
    check(&[
        ("NOT NULL, today", "2018-05-18..2018-05-19"),
        ("today, -NULL, NULL", "2018-05-18..2018-05-19"),
        ("any time, not null", "not null"),
        ("null, not null", "null | not null"),
    ]);
}

#[test]
fn a_term_knows_its_place() {
    let filter = DateFilter::parse(" today , 7 days ago").expect("a filter");
    let spans: Vec<_> = filter.terms.iter().map(|term| term.span.clone()).collect();
    assert_eq!(spans, [1..6, 9..19]);
}

#[test]
fn times_outside_the_calendar_are_an_error_where_they_stand() {
    let cases = [
        ("99999999 years", 0..14),
        ("today, 99999999 years ago", 7..25),
        ("99999999999999 seconds from now", 0..31),
        ("2018 for 9223372036854775807 weeks", 0..34),
        ("before 3000 years", 0..17),
        ("FY0001, 3000 years ago", 8..22),
    ];
    for (text, span) in cases {
        let error = DateFilter::parse(text).expect(text).resolve(&CLOCK).expect_err(text);
        assert_eq!(
            (error.span, error.message.as_str()),
            (span, "the dates of the filter lie outside the years 1 to 9999")
        );
    }
    let too_large = DateFilter::parse("99999999999999999999 days").expect_err("no such number");
    assert_eq!(too_large.message, "`99999999999999999999` is too large a number of units");
}

#[test]
fn the_last_day_of_the_calendar_has_no_end() {
    check(&[
        ("9999-12-31", "9999-12-31.."),
        ("9999", "9999-01-01.."),
        ("before 9999-12-31", "..9999-12-31"),
        ("0001-01-01", "0001-01-01..0001-01-02"),
    ]);
}

#[test]
fn anything_else_is_refused_with_its_place() {
    let a_date =
        "a date such as `2018-05-10` or `2018-05`, a time span such as `7 days`, `last week` or `today`, or `null`";
    let a_unit = "a unit: second, minute, hour, day, week, month, quarter, fiscal quarter, year or fiscal year";
    let cases = [
        ("week", 0..4, format!("expected {a_date}, found `week`")),
        ("month", 0..5, format!("expected {a_date}, found `month`")),
        ("today,", 6..6, format!("expected {a_date}, but the text ends")),
        (",", 0..1, format!("expected {a_date}, found `,`")),
        ("3 apples", 2..8, format!("expected {a_unit}, found `apples`")),
        ("next 3 days", 5..6, format!("expected {a_unit}, found `3`")),
        ("this", 4..4, format!("expected {a_unit}, but the text ends")),
        ("30", 0..2, format!("expected a year of four digits or {a_unit} after `30`")),
        ("2018-5-10", 0..6, "expected a month of two digits, `01` to `12`, after the year".to_owned()),
        ("2018/5", 0..6, "expected a month of two digits, `01` to `12`, after the year".to_owned()),
        ("2018-13", 0..7, "expected a month of two digits, `01` to `12`, after the year".to_owned()),
        ("2018-02-29", 0..10, "expected a day of two digits that this month has".to_owned()),
        ("2018-02-5", 0..9, "expected a day of two digits that this month has".to_owned()),
        ("2018-Q5", 0..7, "expected a quarter from `Q1` to `Q4`".to_owned()),
        (
            "2018-02-05 24:00",
            11..16,
            "expected a time such as `14:00` or `14:00:00`, from `00:00` to `23:59:59`".to_owned(),
        ),
        ("0 days", 0..1, "a length of 0 matches nothing, it must be at least 1".to_owned()),
        ("today for 0 days", 10..11, "a length of 0 matches nothing, it must be at least 1".to_owned()),
        ("today for ever", 10..14, "expected a length such as `3 days` after `for`, found `ever`".to_owned()),
        ("0000-01-01", 0..4, "the year must lie between 0001 and 9999".to_owned()),
        ("0001-5", 0..6, "the year must lie between 0001 and 9999".to_owned()),
        ("3 days ago today", 11..16, "expected `,` or the end, found `today`".to_owned()),
        (
            "before last 3 days",
            12..13,
            "expected one moment after `before` or `after`, such as `3 days ago` or `last week`".to_owned(),
        ),
    ];
    for (text, span, message) in cases {
        let error = DateFilter::parse(text).expect_err(text);
        assert_eq!((error.span, error.message), (span, message), "{text}");
    }
    let others = [
        "nonsense",
        "2018-05-10T05:00",
        "20180510",
        "last month to today",
        "not today",
        "-today",
        "before",
        "5 fiscal days",
        "2018-Quarter2",
    ];
    for text in others {
        assert!(DateFilter::parse(text).is_err(), "{text}");
    }
}
