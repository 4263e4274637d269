//! Functions of values in order.

use std::cell::OnceCell;

use super::{Number, Value};

/// Values in ascending order, nulls left out.
pub(crate) struct Sorted {
    values: Vec<Value>,
    /// The nearest double of each number: what searches look at, since it takes a quarter of the memory.
    keys: OnceCell<Vec<f64>>,
}

/// How many of the values lie on each side of a number.
struct Sides {
    less: usize,
    equal: usize,
    greater: usize,
}

impl Sorted {
    /// Puts values into order.
    pub(crate) fn new(mut values: Vec<Value>) -> Self {
        values.retain(|value| !value.is_null());
        values.sort_unstable_by(Value::sort_order);
        Self { values, keys: OnceCell::new() }
    }

    fn number(&self, at: usize) -> Option<Number> {
        self.values.get(at)?.as_number()
    }

    fn last(&self) -> Option<usize> {
        self.values.len().checked_sub(1)
    }

    fn sides(&self, number: Number) -> Sides {
        let keys = self.keys.get_or_init(|| {
            let key = |value: &Value| value.as_number().map_or(f64::NAN, Number::ranked);
            self.values.iter().map(key).collect()
        });
        let key = number.ranked();
        let start = keys.partition_point(|other| *other < key);
        let run = &self.values[start..start + leading(&keys[start..], |other| *other <= key)];
        // Among numbers with one nearest double the doubles come first, and are equal to all of them.
        let doubles = run.partition_point(|value| matches!(value, Value::Number(Number::Double(_))));
        let order = |value: &Value| value.as_number().map(|other| other.compare(number));
        let less = run[doubles..].partition_point(|value| order(value).is_some_and(std::cmp::Ordering::is_lt));
        let equal = leading(&run[doubles + less..], |value| order(value).is_some_and(std::cmp::Ordering::is_eq));
        let (less, equal) = (start + less, doubles + equal);
        Sides { less, equal, greater: self.values.len() - less - equal }
    }
}

/// How many items at the begin are such, if all of these stand before the others. Costs the logarithm of the answer.
fn leading<T>(items: &[T], is_such: impl Fn(&T) -> bool) -> usize {
    let mut reach = 1;
    while reach < items.len() && is_such(&items[reach - 1]) {
        reach *= 2;
    }
    let (from, to) = (reach / 2, reach.min(items.len()));
    from + items[from..to].partition_point(is_such)
}

pub(super) fn median(sorted: &Sorted, _: &[Value]) -> Value {
    let number = || {
        let last = sorted.last()?;
        between(sorted.number(last / 2)?, sorted.number(last.div_ceil(2))?, Number::decimal(5, 1))
    };
    Value::number(number())
}

/// The number so far on the way from one number to another.
fn between(from: Number, to: Number, share: Number) -> Option<Number> {
    from.plus(to.minus(from)?.times(share)?)
}

pub(super) fn small(sorted: &Sorted, arguments: &[Value]) -> Value {
    place(arguments).and_then(|k| sorted.values.get(k)).cloned().unwrap_or_default()
}

pub(super) fn large(sorted: &Sorted, arguments: &[Value]) -> Value {
    let at = || sorted.last()?.checked_sub(place(arguments)?);
    at().and_then(|at| sorted.values.get(at)).cloned().unwrap_or_default()
}

/// The place that the argument counts from 1, counted from 0.
fn place(arguments: &[Value]) -> Option<usize> {
    let k = arguments.first()?.as_number()?.to_integer()?;
    usize::try_from(k.checked_sub(1)?).ok()
}

pub(super) fn percentile(sorted: &Sorted, arguments: &[Value]) -> Value {
    let number = || {
        let share = arguments.first()?.as_number()?;
        let in_range = share.signum() >= 0 && share.compare(Number::ONE).is_le();
        let last = sorted.last().filter(|_| in_range)?;
        let place = share.times(Number::count(last))?;
        let below = usize::try_from(place.to_integer()?).ok()?;
        between(sorted.number(below)?, sorted.number((below + 1).min(last))?, place.minus(place.floor())?)
    };
    Value::number(number())
}

pub(super) fn percent_rank(sorted: &Sorted, arguments: &[Value]) -> Value {
    let number = || {
        let number = arguments.first()?.as_number()?;
        let last = sorted.last()?;
        let Sides { less, equal, .. } = sorted.sides(number);
        if last == 0 {
            return (equal == 1).then_some(Number::ONE);
        }
        if equal > 0 {
            return Number::count(less).over(Number::count(last));
        }
        let (before, behind) = (sorted.number(less.checked_sub(1)?)?, sorted.number(less)?);
        let way = number.minus(before)?.over(behind.minus(before)?)?;
        Number::count(less - 1).plus(way)?.over(Number::count(last))
    };
    Value::number(number())
}

pub(super) fn rank(sorted: &Sorted, arguments: &[Value]) -> Value {
    let number = || Some(Number::count(sorted.sides(arguments.first()?.as_number()?).greater + 1));
    Value::number(number())
}

pub(super) fn rank_avg(sorted: &Sorted, arguments: &[Value]) -> Value {
    let number = || {
        let Sides { equal, greater, .. } = sorted.sides(arguments.first()?.as_number()?);
        // Equal values have the places from greater + 1 to greater + equal.
        Number::count(2 * greater + equal.max(1) + 1).over(Number::integer(2))
    };
    Value::number(number())
}

#[cfg(test)]
mod tests {
    use super::{Sides, Sorted, leading};
    use crate::looker::{Number, Value};

    #[test]
    fn what_stands_at_the_begin_is_counted() {
        for length in 0..20 {
            for count in 0..=length {
                let items: Vec<bool> = (0..length).map(|at| at < count).collect();
                assert_eq!(leading(&items, |item| *item), count, "{count} of {length}");
            }
        }
    }

    #[test]
    fn numbers_with_one_nearest_double_are_told_apart() {
        let number = |text: &str| Number::parse(text).expect(text);
        let texts = ["9007199254740994", "9007199254740993", "9007199254740992", "1", "null"];
        let mut values: Vec<Value> = texts.iter().map(|text| Value::number(Number::parse(text))).collect();
        values.push(Value::double(9_007_199_254_740_992.0));
        let sorted = Sorted::new(values);
        let sides = |text: &str| {
            let Sides { less, equal, greater } = sorted.sides(number(text));
            (less, equal, greater)
        };
        // The double is equal to all that it is the nearest to.
        assert_eq!(sides("9007199254740993"), (2, 2, 1));
        assert_eq!(sides("9007199254740992"), (1, 2, 2));
        assert_eq!(sides("0"), (0, 0, 5));
        assert_eq!(sides("1"), (0, 1, 4));
        assert_eq!(sides("9007199254740994"), (4, 1, 0));
    }
}
