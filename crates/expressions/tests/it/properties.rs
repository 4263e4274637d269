//! What holds for any text at all.

use belvedere_expressions::filter::{
    Clock, DateFilter, FilterError, LocationFilter, NumberFilter, StringFilter, YesnoFilter,
};
use jiff::civil::{DateTime, Weekday, date};
use proptest::prelude::*;

/// Reads a text as each kind of filter and gives what was wrong with it.
fn parse_as_everything(text: &str, clock: &Clock) -> Vec<FilterError> {
    let dates = DateFilter::parse(text).and_then(|filter| filter.resolve(clock));
    let errors = [
        StringFilter::parse(text).err(),
        NumberFilter::parse(text).err(),
        YesnoFilter::parse(text).err(),
        LocationFilter::parse(text).err(),
        dates.err(),
    ];
    errors.into_iter().flatten().collect()
}

/// Texts made of words of the grammars, so that most get further than their first character.
fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        prop::sample::select(vec![
            "not",
            "null",
            "or",
            "and",
            "to",
            "inf",
            "-inf",
            "before",
            "after",
            "this",
            "last",
            "next",
            "ago",
            "from",
            "now",
            "for",
            "today",
            "monday",
            "day",
            "weeks",
            "fiscal",
            "quarter",
            "years",
            "seconds",
            "FY2018",
            "-Q1",
            "2018",
            "2018-05",
            "2018/05/31",
            "05:00",
            "9999-12-31",
            "0001",
            "99999999",
            "any",
            "time",
            "inside",
            "box",
            "miles",
            "yes",
            "EMPTY",
            "\"",
            "^",
            "\\",
            "%",
            "_",
            "-",
            "--",
        ])
        .prop_map(str::to_owned),
        "[<>=!,()\\[\\]^%\" ]{1,3}",
        "-?[0-9]{1,20}(\\.[0-9]{1,3})?(e-?[0-9]{1,4})?",
    ];
    prop::collection::vec((word, prop::sample::select(vec!["", " ", ","])), 0..12)
        .prop_map(|words| words.into_iter().map(|(word, gap)| word + gap).collect())
}

fn clock() -> impl Strategy<Value = Clock> {
    let now = (1_i16..=9999, 1_i8..=12, 1_i8..=31, 0_i8..24, 0_i8..60).prop_map(|(year, month, day, hour, minute)| {
        let day = day.min(date(year, month, 1).days_in_month());
        date(year, month, day).at(hour, minute, 59, 999_999_999)
    });
    let week_start = (1_i8..=7).prop_map(|day| Weekday::from_monday_one_offset(day).expect("a day of the week"));
    (now, week_start, any::<i8>()).prop_map(|(now, week_start, fiscal_month_offset)| Clock {
        now,
        week_start,
        fiscal_month_offset,
    })
}

fn check_spans(text: &str, clock: &Clock) -> Result<(), TestCaseError> {
    for error in parse_as_everything(text, clock) {
        prop_assert!(text.get(error.span.clone()).is_some(), "{error:?} lies in {text:?}");
        prop_assert!(error.message.len() < 300, "{error:?} is short");
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_a_filter_or_an_error_with_a_place_in_it(text in any::<String>(), clock in clock()) {
        check_spans(&text, &clock)?;
    }

    #[test]
    fn any_words_of_the_grammars_are_a_filter_or_an_error_with_a_place_in_them(text in words(), clock in clock()) {
        check_spans(&text, &clock)?;
    }

    #[test]
    fn resolved_times_lie_in_the_years_that_any_database_writes(text in words(), clock in clock()) {
        if let Ok(ranges) = DateFilter::parse(&text).and_then(|filter| filter.resolve(&clock)) {
            let times = ranges.ranges.iter().flat_map(|range| [range.start, range.end]).flatten();
            for time in times {
                prop_assert!((1..=9999).contains(&time.year()), "{time}");
            }
        }
    }
}

/// A quadratic reader would take hours for these.
#[test]
fn a_long_text_of_anything_is_read_in_one_pass() {
    let clock = Clock {
        now: DateTime::constant(2018, 5, 18, 18, 30, 2, 0),
        week_start: Weekday::Monday,
        fiscal_month_offset: 0,
    };
    let pieces = [
        " ",
        ",",
        "1,",
        "not 1,",
        "not <1 or ",
        "not <1 or >2 and <3,",
        "\"",
        "\"a,",
        "\\\"",
        "^ ",
        "-",
        "- ",
        "- ,",
        "%",
        "_%",
        "a",
        "1",
        "9",
        "(",
        "[1,2],",
        "1 or ",
        "null,",
        "not null,",
        "today,",
        "7 days,",
        "from ",
        "7 days from ,",
        "2018-01-01,",
        "any ",
        "yes,",
        "1 miles from 0,0,",
        "to ",
        "é",
        "not >1,<2,",
    ];
    for piece in pieces {
        let text = piece.repeat(200_000 / piece.len());
        parse_as_everything(&text, &clock);
        parse_as_everything(&format!("7 days from{text}"), &clock);
        parse_as_everything(&format!("1,{text}x"), &clock);
    }
}
