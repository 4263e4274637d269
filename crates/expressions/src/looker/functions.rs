//! All functions of the language: the one table behind the checker, the evaluator, the documentation and the
//! suggestions for mistyped names.

mod aggregate;
mod date;
mod distribution;
mod logic;
mod math;
mod position;
mod text;

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use super::Value;
use super::order::Sorted;
use super::statistics::Summary;

/// A function of the language.
pub struct Function {
    /// As it is called.
    pub name: &'static str,
    /// What it takes, in order.
    pub parameters: &'static [Parameter],
    /// The type of what it gives.
    pub gives: Gives,
    /// What it gives, as a fragment.
    pub meaning: &'static str,
    /// Where it may be called.
    pub availability: Availability,
    pub(crate) body: Body,
}

/// What a function takes at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// What the argument is called in messages and documentation.
    pub name: &'static str,
    /// Which arguments are taken.
    pub takes: Takes,
    /// Whether it may be given several times; only the last one may, or the `when` of `case`.
    pub repeats: bool,
}

/// Which arguments a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A value of the same row.
    One(Kind),
    /// A value that is the same in every row.
    Constant(Kind),
    /// The values of all rows.
    Column(Kind),
    /// The values of all rows or, where the argument is a list, those of the list in the same row.
    Series(Kind),
    /// The numbers of all rows, or lists of numbers in all rows.
    Table,
    /// `when(condition, value)`.
    When,
    /// A field: nothing computed.
    Field,
    /// A filter expression in backticks.
    Filter,
}

/// Which values an argument has. Null is among each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Numbers.
    Number,
    /// Text.
    String,
    /// Dates and times.
    Date,
    /// `yes` and `no`.
    Yesno,
    /// Numbers, or dates and times.
    Ordered,
    /// Any but lists.
    Any,
    /// Any but lists, and all such arguments of a call of one type.
    Alike,
}

/// The type of what a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// Always numbers.
    Number,
    /// Always text.
    String,
    /// Always `yes` or `no`.
    Yesno,
    /// Always days.
    Date,
    /// Always times.
    DateTime,
    /// Lists of texts.
    Texts,
    /// The type that its arguments of [`Kind::Alike`] have in common.
    Alike,
    /// Lists of that type.
    ListAlike,
    /// The type of the argument with this index; of a list that of its items.
    Like(usize),
    /// Lists of that type.
    ListLike(usize),
}

/// Where a function may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// In every expression. What may be called in custom fields and filters is translated to SQL.
    Everywhere,
    /// In table calculations and data tests.
    Calculations,
    /// In custom fields and custom filters.
    Translated,
}

/// What a function looks at besides the values of its own cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing.
    Cell,
    /// All rows of a column, or all items of a list.
    Column,
    /// Other rows, by their place.
    Rows,
    /// Other pivot columns, so that the query has to have some.
    Pivots,
}

/// How a function is computed.
pub(crate) enum Body {
    /// From the values of one cell, in the order of the arguments.
    Cell(fn(&[Value]) -> Value),
    /// From the sum and the count of a column or list.
    Summary(fn(&Summary) -> Value),
    /// From whole columns, nulls included, and the values of the other arguments.
    Columns(fn(&[Vec<Value>], &[Value]) -> Value),
    /// From the values of one column in ascending order, nulls left out, and those of the other arguments in the same
    /// cell.
    Sorted(fn(&Sorted, &[Value]) -> Value),
    /// By the evaluator.
    Form(Form),
}

/// Functions that need more than values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Now,
    Rand,
    If,
    Case,
    When,
    MatchesFilter,
    Row,
    Offset,
    OffsetList,
    Index,
    Lookup,
    Match,
    RunningTotal,
    RunningProduct,
    PivotColumn,
    PivotIndex,
    PivotOffset,
    PivotOffsetList,
    PivotRow,
    PivotWhere,
}

/// Functions of one subject.
pub struct Family {
    /// What they are about.
    pub title: &'static str,
    /// The functions, in the order of their documentation.
    pub functions: &'static [Function],
}

/// All functions, by subject.
pub static FAMILIES: [Family; 7] = [
    Family { title: "Mathematics", functions: math::FUNCTIONS },
    Family { title: "Columns and lists", functions: aggregate::FUNCTIONS },
    Family { title: "Distributions", functions: distribution::FUNCTIONS },
    Family { title: "Text", functions: text::FUNCTIONS },
    Family { title: "Dates and times", functions: date::FUNCTIONS },
    Family { title: "Logic", functions: logic::FUNCTIONS },
    Family { title: "Rows and pivots", functions: position::FUNCTIONS },
];

static BY_NAME: LazyLock<HashMap<&'static str, &'static Function>> =
    LazyLock::new(|| functions().map(|function| (function.name, function)).collect());

/// What other languages call it, and what does it here.
const FOREIGN_NAMES: [(&str, &str); 32] = [
    ("average", "mean(column)"),
    ("avg", "mean(column)"),
    ("ceil", "ceiling(value)"),
    ("char_length", "length(string)"),
    ("countif", "count(if(condition, value, null))"),
    ("dateadd", "add_days(number, date)"),
    ("date_add", "add_days(number, date)"),
    ("datediff", "diff_days(start, end)"),
    ("date_diff", "diff_days(start, end)"),
    ("date_trunc", "trunc_months(date)"),
    ("day", "extract_days(date)"),
    ("find", "position(string, search_string)"),
    ("hour", "extract_hours(date)"),
    ("ifnull", "coalesce(value_1, value_2)"),
    ("iff", "if(condition, then, else)"),
    ("isnull", "is_null(value)"),
    ("left", "substring(string, 1, length)"),
    ("len", "length(string)"),
    ("log10", "log(value)"),
    ("minute", "extract_minutes(date)"),
    ("month", "extract_months(date)"),
    ("nvl", "coalesce(value_1, value_2)"),
    ("pow", "power(base, exponent)"),
    ("row_number", "row()"),
    ("second", "extract_seconds(date)"),
    ("stddev", "stddev_samp(column)"),
    ("strpos", "position(string, search_string)"),
    ("substr", "substring(string, start_position, length)"),
    ("sumif", "sum(if(condition, value, null))"),
    ("today", "trunc_days(now())"),
    ("variance", "var_samp(column)"),
    ("year", "extract_years(date)"),
];

/// All functions, in the order of their documentation.
pub fn functions() -> impl Iterator<Item = &'static Function> {
    FAMILIES.iter().flat_map(|family| family.functions)
}

/// The function of a name, in lower case.
pub fn function(name: &str) -> Option<&'static Function> {
    BY_NAME.get(name).copied()
}

/// What may have been meant by a name that is no function: a call, as help for a message.
pub(crate) fn suggestion(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let foreign = FOREIGN_NAMES.iter().find(|(foreign, _)| *foreign == lower).map(|(_, call)| (*call).to_owned());
    let call = foreign.or_else(|| function(&lower).map(Function::call)).or_else(|| {
        let nearest = crate::suggest::suggest(&lower, functions().map(|function| function.name));
        nearest.and_then(function).map(Function::call)
    });
    call.map(|call| format!("did you mean `{call}`?"))
}

impl Function {
    /// How it is called: `round(value, num_decimals)`.
    pub fn call(&self) -> String {
        let mut names = Vec::new();
        for parameter in self.parameters {
            names.push(parameter.name);
            if parameter.repeats {
                names.push("...");
            }
        }
        format!("{}({})", self.name, names.join(", "))
    }

    /// Whether it is translated to SQL: whether custom fields and custom filters may call it.
    pub const fn is_translated(&self) -> bool {
        !matches!(self.availability, Availability::Calculations)
    }

    /// What it looks at besides the values of its own cell.
    pub const fn reach(&self) -> Reach {
        match &self.body {
            Body::Cell(_) => Reach::Cell,
            Body::Summary(_) | Body::Columns(_) | Body::Sorted(_) => Reach::Column,
            Body::Form(form) => match form {
                Form::Now | Form::Rand | Form::If | Form::Case | Form::When | Form::MatchesFilter => Reach::Cell,
                Form::Index | Form::Lookup | Form::Match => Reach::Column,
                Form::Row | Form::Offset | Form::OffsetList | Form::RunningTotal | Form::RunningProduct => Reach::Rows,
                Form::PivotColumn
                | Form::PivotIndex
                | Form::PivotOffset
                | Form::PivotOffsetList
                | Form::PivotRow
                | Form::PivotWhere => Reach::Pivots,
            },
        }
    }

    /// How many arguments it takes at least, and whether it takes more.
    pub(crate) fn arity(&self) -> (usize, bool) {
        (self.parameters.len(), self.parameters.iter().any(|parameter| parameter.repeats))
    }

    /// The parameter of the argument with this index.
    pub(crate) fn parameter(&self, argument: usize) -> Option<&'static Parameter> {
        self.parameters.get(argument).or_else(|| self.parameters.last().filter(|last| last.repeats))
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// A row of a table: a function of every expression.
const fn everywhere(
    name: &'static str,
    parameters: &'static [Parameter],
    gives: Gives,
    meaning: &'static str,
    body: Body,
) -> Function {
    Function { name, parameters, gives, meaning, availability: Availability::Everywhere, body }
}

/// A row of a table: a function of table calculations.
const fn calculation(
    name: &'static str,
    parameters: &'static [Parameter],
    gives: Gives,
    meaning: &'static str,
    body: Body,
) -> Function {
    Function { name, parameters, gives, meaning, availability: Availability::Calculations, body }
}

const fn parameter(name: &'static str, takes: Takes) -> Parameter {
    Parameter { name, takes, repeats: false }
}

const fn number(name: &'static str) -> Parameter {
    parameter(name, Takes::One(Kind::Number))
}

const fn string(name: &'static str) -> Parameter {
    parameter(name, Takes::One(Kind::String))
}

const fn moment(name: &'static str) -> Parameter {
    parameter(name, Takes::One(Kind::Date))
}

const fn yesno(name: &'static str) -> Parameter {
    parameter(name, Takes::One(Kind::Yesno))
}

const fn any(name: &'static str) -> Parameter {
    parameter(name, Takes::One(Kind::Any))
}

const fn alike(name: &'static str) -> Parameter {
    parameter(name, Takes::One(Kind::Alike))
}

const fn constant(name: &'static str) -> Parameter {
    parameter(name, Takes::Constant(Kind::Number))
}

const fn column(name: &'static str, kind: Kind) -> Parameter {
    parameter(name, Takes::Column(kind))
}

const fn series(name: &'static str, kind: Kind) -> Parameter {
    parameter(name, Takes::Series(kind))
}

const fn repeated(parameter: Parameter) -> Parameter {
    Parameter { repeats: true, ..parameter }
}

#[cfg(test)]
mod tests {
    use super::{FOREIGN_NAMES, Gives, Kind, Takes, function, functions, suggestion};
    use std::collections::HashSet;

    #[test]
    fn each_function_stands_in_the_table_once() {
        let mut names = HashSet::new();
        for function in functions() {
            assert!(names.insert(function.name), "{}", function.name);
            assert!(!function.meaning.is_empty() && !function.meaning.ends_with('.'), "{}", function.name);
        }
    }

    #[test]
    fn results_are_typed_by_arguments_that_there_are() {
        for function in functions() {
            match function.gives {
                Gives::Like(argument) | Gives::ListLike(argument) => {
                    assert!(argument < function.parameters.len(), "{}", function.name);
                }
                Gives::Alike | Gives::ListAlike => {
                    let is_alike = |takes| matches!(takes, Takes::One(Kind::Alike) | Takes::When);
                    assert!(function.parameters.iter().any(|parameter| is_alike(parameter.takes)), "{}", function.name);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn names_of_other_languages_lead_to_functions_that_there_are() {
        for (foreign, call) in FOREIGN_NAMES {
            assert!(function(foreign).is_none(), "{foreign}");
            let name = call.split('(').next().unwrap_or_default();
            assert!(function(name).is_some(), "{call}");
        }
        assert_eq!(suggestion("AVG").as_deref(), Some("did you mean `mean(column)`?"));
        assert_eq!(suggestion("Round").as_deref(), Some("did you mean `round(value, num_decimals)`?"));
        assert_eq!(suggestion("runing_total").as_deref(), Some("did you mean `running_total(value_column)`?"));
        assert_eq!(suggestion("frobnicate"), None);
    }
}
