//! Dates and times.

use super::{Body, Form, Function, Gives, calculation, everywhere, moment, number, string};
use crate::looker::date as of;
use Body::Cell;
use Gives::{Date, DateTime, Like, Number};

pub(super) static FUNCTIONS: &[Function] = &[
    everywhere("now", &[], DateTime, "the present, in the time zone of the query", Body::Form(Form::Now)),
    everywhere(
        "date",
        &[number("year"), number("month"), number("day")],
        Date,
        "a day; null when no calendar has it",
        Cell(of::date),
    ),
    everywhere(
        "date_time",
        &[number("year"), number("month"), number("day"), number("hours"), number("minutes"), number("seconds")],
        DateTime,
        "a time; null when no calendar has it",
        Cell(of::date_time),
    ),
    everywhere(
        "add_seconds",
        &[number("number"), moment("date")],
        DateTime,
        "so many seconds later",
        Cell(of::add_seconds),
    ),
    everywhere(
        "add_minutes",
        &[number("number"), moment("date")],
        DateTime,
        "so many minutes later",
        Cell(of::add_minutes),
    ),
    everywhere("add_hours", &[number("number"), moment("date")], DateTime, "so many hours later", Cell(of::add_hours)),
    everywhere("add_days", &[number("number"), moment("date")], Like(1), "so many days later", Cell(of::add_days)),
    everywhere(
        "add_months",
        &[number("number"), moment("date")],
        Like(1),
        "so many months later; the last day of a month that has no such day",
        Cell(of::add_months),
    ),
    everywhere(
        "add_years",
        &[number("number"), moment("date")],
        Like(1),
        "so many years later; 28 February where there is no 29",
        Cell(of::add_years),
    ),
    everywhere(
        "diff_seconds",
        &[moment("start_date"), moment("end_date")],
        Number,
        "the whole seconds from one time to another, negative when the end lies before the start",
        Cell(of::diff_seconds),
    ),
    everywhere(
        "diff_minutes",
        &[moment("start_date"), moment("end_date")],
        Number,
        "the whole minutes from one time to another",
        Cell(of::diff_minutes),
    ),
    everywhere(
        "diff_hours",
        &[moment("start_date"), moment("end_date")],
        Number,
        "the whole hours from one time to another",
        Cell(of::diff_hours),
    ),
    everywhere(
        "diff_days",
        &[moment("start_date"), moment("end_date")],
        Number,
        "the whole days from one time to another",
        Cell(of::diff_days),
    ),
    everywhere(
        "diff_months",
        &[moment("start_date"), moment("end_date")],
        Number,
        "the whole months from one time to another",
        Cell(of::diff_months),
    ),
    everywhere(
        "diff_years",
        &[moment("start_date"), moment("end_date")],
        Number,
        "the whole years from one time to another",
        Cell(of::diff_years),
    ),
    everywhere("extract_seconds", &[moment("date")], Number, "the seconds of the time", Cell(of::extract_seconds)),
    everywhere("extract_minutes", &[moment("date")], Number, "the minutes of the time", Cell(of::extract_minutes)),
    everywhere("extract_hours", &[moment("date")], Number, "the hour of the day", Cell(of::extract_hours)),
    everywhere("extract_days", &[moment("date")], Number, "the day of the month", Cell(of::extract_days)),
    everywhere("extract_months", &[moment("date")], Number, "the month of the year", Cell(of::extract_months)),
    everywhere("extract_years", &[moment("date")], Number, "the year", Cell(of::extract_years)),
    everywhere("trunc_minutes", &[moment("date")], DateTime, "the start of the minute", Cell(of::trunc_minutes)),
    everywhere("trunc_hours", &[moment("date")], DateTime, "the start of the hour", Cell(of::trunc_hours)),
    everywhere("trunc_days", &[moment("date")], Date, "the day", Cell(of::trunc_days)),
    everywhere("trunc_months", &[moment("date")], Date, "the first day of the month", Cell(of::trunc_months)),
    everywhere("trunc_years", &[moment("date")], Date, "the first day of the year", Cell(of::trunc_years)),
    calculation(
        "to_date",
        &[string("string")],
        DateTime,
        "the time that the text is: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, `YYYY-MM-DD hh`, `YYYY-MM-DD hh:mm` or \
         `YYYY-MM-DD hh:mm:ss`; null when it is none",
        Cell(of::to_date),
    ),
];
