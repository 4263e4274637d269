//! Dates and times.

use super::check_each;

#[test]
fn dates_are_made() {
    check_each(&[
        ("date(2024, 2, 29)", "2024-02-29"),
        ("date(2023, 2, 29)", "null"),
        ("date(2024, 13, 1)", "null"),
        ("date(0, 1, 1)", "null"),
        ("date(2024, null, 1)", "null"),
        ("date_time(2024, 2, 29, 23, 59, 59)", "2024-02-29 23:59:59"),
        ("date_time(2024, 2, 29, 24, 0, 0)", "null"),
        ("now()", "2024-03-05 14:30:15"),
        ("to_date(\"2024\")", "2024-01-01"),
        ("to_date(\"2024-03\")", "2024-03-01"),
        ("to_date(\"2024-03-05\")", "2024-03-05"),
        ("to_date(\"2024-03-05 14\")", "2024-03-05 14:00:00"),
        ("to_date(\"2024-03-05 14:30\")", "2024-03-05 14:30:00"),
        ("to_date(\"2024-03-05 14:30:15\")", "2024-03-05 14:30:15"),
        ("to_date(\"2024-03-05 14:30:15.250\")", "2024-03-05 14:30:15.25"),
        ("to_date(\"2024-3-5\")", "null"),
        ("to_date(\"2024-13-01\")", "null"),
        ("to_date(\"2024-03 14\")", "null"),
        ("to_date(\"yesterday\")", "null"),
        ("to_date(null)", "null"),
    ]);
}

#[test]
fn dates_are_moved() {
    check_each(&[
        ("add_seconds(90, date_time(2024, 3, 5, 23, 59, 0))", "2024-03-06 00:00:30"),
        ("add_minutes(-1, date_time(2024, 3, 5, 0, 0, 0))", "2024-03-04 23:59:00"),
        ("add_hours(25, date(2024, 3, 5))", "2024-03-06 01:00:00"),
        ("add_days(30, date(2024, 2, 1))", "2024-03-02"),
        ("add_days(-1, date(2024, 3, 1))", "2024-02-29"),
        ("add_days(1.9, date(2024, 3, 1))", "2024-03-02"),
        ("add_days(1, date_time(2024, 3, 5, 12, 0, 0))", "2024-03-06 12:00:00"),
        ("add_months(1, date(2024, 1, 31))", "2024-02-29"),
        ("add_months(-13, date(2024, 3, 31))", "2023-02-28"),
        ("add_years(1, date(2024, 2, 29))", "2025-02-28"),
        ("add_years(9000, date(2024, 1, 1))", "null"),
        ("add_days(null, date(2024, 1, 1))", "null"),
        ("add_days(1, null)", "null"),
    ]);
}

#[test]
fn differences_are_whole_units_cut_towards_zero() {
    check_each(&[
        ("diff_seconds(date_time(2024, 3, 5, 0, 0, 0), date_time(2024, 3, 5, 0, 1, 5))", "65"),
        ("diff_minutes(date_time(2024, 3, 5, 0, 0, 0), date_time(2024, 3, 5, 0, 1, 59))", "1"),
        ("diff_hours(date(2024, 3, 5), date(2024, 3, 6))", "24"),
        ("diff_days(date(2024, 2, 28), date(2024, 3, 1))", "2"),
        ("diff_days(date_time(2024, 3, 5, 12, 0, 0), date_time(2024, 3, 6, 11, 0, 0))", "0"),
        ("diff_days(date_time(2024, 3, 6, 11, 0, 0), date_time(2024, 3, 5, 12, 0, 0))", "0"),
        ("diff_days(date(2024, 3, 5), date(2024, 3, 1))", "-4"),
        ("diff_months(date(2024, 9, 26), date(2024, 10, 25))", "0"),
        ("diff_months(date(2024, 9, 26), date(2024, 10, 26))", "1"),
        ("diff_months(date(2024, 10, 25), date(2024, 9, 26))", "0"),
        ("diff_months(date(2024, 10, 26), date(2024, 9, 26))", "-1"),
        ("diff_months(date(2023, 12, 31), date(2024, 1, 1))", "0"),
        ("diff_years(date(2020, 2, 29), date(2024, 2, 28))", "3"),
        ("diff_years(date(2020, 2, 29), date(2024, 2, 29))", "4"),
        ("diff_days(null, date(2024, 3, 1))", "null"),
    ]);
}

#[test]
fn parts_are_extracted_and_cut() {
    check_each(&[
        ("extract_seconds(now())", "15"),
        ("extract_minutes(now())", "30"),
        ("extract_hours(now())", "14"),
        ("extract_days(now())", "5"),
        ("extract_months(now())", "3"),
        ("extract_years(now())", "2024"),
        ("extract_hours(date(2024, 3, 5))", "0"),
        ("extract_years(null)", "null"),
        ("trunc_minutes(now())", "2024-03-05 14:30:00"),
        ("trunc_hours(now())", "2024-03-05 14:00:00"),
        ("trunc_days(now())", "2024-03-05"),
        ("trunc_months(now())", "2024-03-01"),
        ("trunc_years(now())", "2024-01-01"),
        ("trunc_months(null)", "null"),
    ]);
}
