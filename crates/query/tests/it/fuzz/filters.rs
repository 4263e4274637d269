//! Filter expressions of any kind: each grammar reads them or says why not, with its place.

use super::fuzz;
use belvedere_expressions::filter::{
    Clock, DateFilter, FilterError, LocationFilter, NumberFilter, StringFilter, YesnoFilter,
};
use jiff::civil::{Weekday, date};

const PIECES: &[&str] = &[
    "not",
    "NOT",
    "null",
    "EMPTY",
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
    "from now",
    "for",
    "today",
    "yesterday",
    "monday",
    "day",
    "weeks",
    "fiscal quarter",
    "years",
    "seconds",
    "FY2018-Q1",
    "2018",
    "2018-05",
    "2018/05/31",
    "2018-05-31 05:00",
    "9999-12-31",
    "0001-01-01",
    "99999999 years ago",
    "3 months ago for 2 days",
    "any",
    "any time",
    "yes",
    "No",
    "(1,",
    "[1,",
    "5]",
    "inf)",
    ">=1",
    "<>",
    "!=",
    "1.5",
    "-2",
    ".5",
    "%",
    "_",
    "^",
    "^,",
    "-",
    "\"",
    "\"a, b\"",
    "%x%",
    "-%x",
    "40 miles from 36.97, -122.03",
    "inside box from 72.33, -173.14 to 14.39, -61.70",
    "kilometers",
    "in",
    "week",
    "until",
    "within",
    "1 to 5",
    "0 to 10",
];

fn try_text(text: &str) {
    let noon = date(2026, 1, 15).at(12, 0, 0, 0);
    let clock = Clock { now: noon, week_start: Weekday::Monday, fiscal_month_offset: 3 };
    let dates = DateFilter::parse(text).and_then(|filter| filter.resolve(&clock).map(drop));
    let errors: [Option<FilterError>; 5] = [
        StringFilter::parse(text).err(),
        NumberFilter::parse(text).err(),
        YesnoFilter::parse(text).err(),
        LocationFilter::parse(text).err(),
        dates.err(),
    ];
    for error in errors.into_iter().flatten() {
        assert!(!error.to_string().is_empty());
    }
}

#[test]
fn filters_of_any_kind() {
    fuzz(&[], PIECES, try_text);
}
