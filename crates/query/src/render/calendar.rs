//! The periods of a calendar of one's own, and from each the way to the one that it is compared with.

use super::{Table, aliased, indented, items, push_conditions, push_list};
use crate::plan::{CalendarSteps, Span};

/// The periods of the calendar.
const CALENDAR: &str = "z__calendar";
/// The period of a group.
const PRESENT: &str = "z__present";
/// The period that it is compared with.
const BEFORE: &str = "z__before";

const YEAR: &str = "z__year";
const ORDINAL: &str = "z__ordinal";
/// What orders the longer period that a period lies in.
const SPAN: &str = "z__span";
/// How many longer periods, or periods, came before.
const NUMBER: &str = "z__number";
/// Where in the longer one a period lies.
const PLACE: &str = "z__place";

/// How the groups of a statement meet those with the earlier values.
pub(super) struct Meeting {
    /// Joins behind the groups.
    pub(super) joins: String,
    /// Conditions on the earlier groups.
    pub(super) conditions: Vec<String>,
}

/// Adds the table of the periods. `name` tells names of several comparisons apart, `present` and `earlier` are columns of
/// the two statements.
pub(super) fn meeting(
    steps: &CalendarSteps,
    name: impl Fn(&str) -> String,
    present: impl Fn(usize) -> String,
    earlier: impl Fn(&str) -> String,
    tables: &mut Vec<Table>,
) -> Meeting {
    let [calendar, this, before] = [CALENDAR, PRESENT, BEFORE].map(&name);
    tables.push(Table::new(&*calendar, periods(steps)));
    let keys = || steps.year.iter().map(|year| (YEAR, year)).chain([(ORDINAL, &steps.period)]);
    let found = keys().map(|(key, ordinal)| format!("{this}.{key} = {}", present(ordinal.column)));
    let conditions = keys().map(|(key, ordinal)| format!("{} = {before}.{key}", earlier(ordinal.earlier))).collect();
    let joins = format!(
        "\nLEFT JOIN {calendar} AS {this} ON {}\nLEFT JOIN {calendar} AS {before} ON {before}.{NUMBER} = {this}.{NUMBER} - 1\
         \n    AND {before}.{PLACE} = {this}.{PLACE}",
        found.collect::<Vec<_>>().join("\n    AND ")
    );
    Meeting { joins, conditions }
}

/// One row for each period. One that reaches into a second longer period lies in the first.
fn periods(steps: &CalendarSteps) -> String {
    let longer = match &steps.span {
        Span::Longer(sql) => Some(sql),
        Span::One | Span::Year => None,
    };
    let keys: Vec<(&str, &str)> =
        steps.year.iter().map(|year| (YEAR, year.sql.as_str())).chain([(ORDINAL, steps.period.sql.as_str())]).collect();
    let mut columns: Vec<String> = keys.iter().map(|(name, sql)| aliased(sql, name)).collect();
    columns.extend(longer.map(|sql| aliased(&format!("MIN({sql})"), SPAN)));
    let ordered = keys.iter().map(|(_, sql)| *sql).chain(longer.map(String::as_str));
    let ordered: Vec<String> = ordered.map(|sql| format!("{} IS NOT NULL", crate::dialect::operand(sql))).collect();
    let mut days = format!("SELECT\n{}\nFROM {}", items(&columns), aliased(&steps.table, &steps.alias));
    push_conditions(&mut days, "WHERE", &ordered);
    push_list(&mut days, "GROUP BY", &(1..=keys.len()).map(|key| key.to_string()).collect::<Vec<_>>());

    let of_year = steps.year.as_ref().map(|_| YEAR);
    let within = |key: &'static str| of_year.into_iter().chain([key]).collect::<Vec<_>>().join(", ");
    let (order, place) = match steps.span {
        Span::One => (within(ORDINAL), "0".to_owned()),
        Span::Year => (YEAR.to_owned(), ORDINAL.to_owned()),
        Span::Longer(_) => {
            let first = format!("MIN({ORDINAL}) OVER (PARTITION BY {})", within(SPAN));
            (within(SPAN), format!("{ORDINAL} - {first}"))
        }
    };
    let mut columns: Vec<String> = keys.iter().map(|(name, _)| (*name).to_owned()).collect();
    columns.push(format!("DENSE_RANK() OVER (ORDER BY {order}) AS {NUMBER}"));
    columns.push(format!("{place} AS {PLACE}"));
    format!("SELECT\n{}\nFROM (\n{}\n) AS z__days", items(&columns), indented(&days))
}
