//! Expressions that are right, made by chance: from the table of functions, as types ask for them.

use belvedere_expressions::looker::{Availability, Function, Gives, Kind, Parameter, Takes, functions};

/// Numbers by chance; all of them used up, the first.
struct Dice {
    numbers: Vec<u16>,
    next: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Number,
    Text,
    Date,
    Yesno,
    List,
}

const SCALARS: [Wanted; 4] = [Wanted::Number, Wanted::Text, Wanted::Date, Wanted::Yesno];
/// Calls within calls.
const MOST_DEPTH: usize = 6;

/// An expression of some type for the sheet of the properties.
pub(super) fn expression(numbers: Vec<u16>) -> String {
    let mut dice = Dice { numbers, next: 0 };
    let wanted = *dice.one_of(&[Wanted::Number, Wanted::Text, Wanted::Date, Wanted::Yesno, Wanted::List]);
    dice.expression(wanted, 0)
}

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.next += 1;
        usize::from(self.numbers.get(self.next - 1).copied().unwrap_or_default()) % limit
    }

    fn one_of<'o, T>(&mut self, options: &'o [T]) -> &'o T {
        &options[self.below(options.len())]
    }

    fn expression(&mut self, wanted: Wanted, depth: usize) -> String {
        if depth >= MOST_DEPTH || self.next >= self.numbers.len() {
            return self.leaf(wanted);
        }
        match self.below(4) {
            0 => self.leaf(wanted),
            1 => self.operation(wanted, depth + 1),
            _ => self.call(wanted, depth + 1),
        }
    }

    fn leaf(&mut self, wanted: Wanted) -> String {
        let leaves: &[&str] = match wanted {
            Wanted::Number => &[
                "${t.n}",
                "${t.n}",
                "${t.n:total}",
                "${t.n:row_total}",
                "${t.n:total:row_total}",
                "0",
                "1",
                "3",
                "0.5",
                "-2.5",
                "1000000000000",
                "99999999999999999999999999999999999999",
                "1000000000000000000000000000000000000000000000000000000",
                "null",
                "row()",
                "pivot_column()",
            ],
            Wanted::Text => {
                &["${t.s}", "${t.p}", "\"\"", "\"a\"", "\"é b\"", "\"2024-02-29 10:00\"", "\"-1.5\"", "null"]
            }
            Wanted::Date => &["${t.d}", "now()", "date(1, 1, 1)", "date(9999, 12, 31)", "null"],
            Wanted::Yesno => &["${t.y}", "yes", "no", "null"],
            Wanted::List => &["list(1, null, 3)", "pivot_row(${t.n})", "offset_list(${t.n}, -1, 3)"],
        };
        (*self.one_of(leaves)).to_owned()
    }

    fn operation(&mut self, wanted: Wanted, depth: usize) -> String {
        let pair = |dice: &mut Self, wanted, operators: &[&str]| {
            let left = dice.expression(wanted, depth);
            format!("({left} {} {})", dice.one_of(operators), dice.expression(wanted, depth))
        };
        match wanted {
            Wanted::Number => pair(self, Wanted::Number, &["+", "-", "*", "/"]),
            Wanted::Yesno => match self.below(3) {
                0 => pair(self, Wanted::Yesno, &["AND", "OR"]),
                1 => format!("(NOT {})", self.expression(Wanted::Yesno, depth)),
                _ => {
                    let of = *self.one_of(&SCALARS);
                    pair(self, of, &["=", "!="])
                }
            },
            Wanted::Text | Wanted::Date => {
                let condition = self.expression(Wanted::Yesno, depth);
                let otherwise = self.expression(wanted, depth);
                let value = self.expression(wanted, depth);
                format!("case(when({condition}, {value}), {otherwise})")
            }
            Wanted::List => self.leaf(wanted),
        }
    }

    fn call(&mut self, wanted: Wanted, depth: usize) -> String {
        let fitting: Vec<&Function> = functions().filter(|function| fits(function, wanted)).collect();
        let function = *self.one_of(&fitting);
        // What stands where the result gets its type from.
        let of = match function.gives {
            Gives::Like(_) | Gives::Alike if wanted != Wanted::List => wanted,
            Gives::ListLike(_) | Gives::ListAlike => Wanted::Number,
            _ => *self.one_of(&SCALARS),
        };
        let typed = match function.gives {
            Gives::Like(at) | Gives::ListLike(at) => Some(at),
            _ => None,
        };
        let arguments: Vec<String> = function
            .parameters
            .iter()
            .enumerate()
            .map(|(at, parameter)| self.argument(parameter, of, typed == Some(at), depth))
            .collect();
        format!("{}({})", function.name, arguments.join(", "))
    }

    fn argument(&mut self, parameter: &Parameter, of: Wanted, is_typed: bool, depth: usize) -> String {
        let (kind, takes_list) = match parameter.takes {
            Takes::One(kind) | Takes::Column(kind) => (kind, false),
            Takes::Series(kind) => (kind, true),
            Takes::Table => (Kind::Number, true),
            Takes::Constant(_) => return (*self.one_of(&["1", "2", "3", "0.5"])).to_owned(),
            Takes::When | Takes::Field | Takes::Filter => unreachable!("these functions are not called"),
        };
        let wanted = match kind {
            Kind::Number => Wanted::Number,
            Kind::String => Wanted::Text,
            Kind::Date => Wanted::Date,
            Kind::Yesno => Wanted::Yesno,
            Kind::Alike => of,
            Kind::Ordered | Kind::Any if is_typed => of,
            Kind::Ordered => Wanted::Number,
            Kind::Any => *self.one_of(&SCALARS),
        };
        let is_list = takes_list && wanted == Wanted::Number && self.below(2) == 0;
        self.expression(if is_list { Wanted::List } else { wanted }, depth)
    }
}

/// Whether a function can give such values in a calculation, called in the plain way.
fn fits(function: &Function, wanted: Wanted) -> bool {
    let is_plain = !matches!(function.name, "case" | "when") && function.availability != Availability::Translated;
    let takes_ordered = |at: usize| {
        let takes = function.parameters[at].takes;
        matches!(takes, Takes::One(Kind::Ordered) | Takes::Series(Kind::Ordered))
    };
    let takes_dates = |at: usize| matches!(function.parameters[at].takes, Takes::One(Kind::Date));
    is_plain
        && match function.gives {
            Gives::Number => wanted == Wanted::Number,
            Gives::String => wanted == Wanted::Text,
            Gives::Yesno => wanted == Wanted::Yesno,
            Gives::Date | Gives::DateTime => wanted == Wanted::Date,
            Gives::Alike => wanted != Wanted::List,
            Gives::Like(at) if takes_dates(at) => wanted == Wanted::Date,
            Gives::Like(at) if takes_ordered(at) => matches!(wanted, Wanted::Number | Wanted::Date),
            Gives::Like(_) => wanted != Wanted::List,
            Gives::ListLike(_) | Gives::ListAlike => wanted == Wanted::List,
            Gives::Texts => false,
        }
}
