//! Functions of whole columns and lists. Nulls do not count. Sums and counts of nothing are 0, every other answer is null.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::value::Key;
use super::{Number, Value};

fn present(columns: &[Vec<Value>]) -> impl Iterator<Item = &Value> {
    columns.first().into_iter().flatten().filter(|value| !value.is_null())
}

fn doubles(columns: &[Vec<Value>]) -> Vec<f64> {
    present(columns).filter_map(Value::as_number).map(Number::to_f64).collect()
}

/// The sum and the count of values, nulls left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Summary {
    /// The sum of those that are numbers, exact as long as it can be; none beyond the range of a double.
    sum: Option<Number>,
    count: usize,
}

impl Default for Summary {
    fn default() -> Self {
        Self { sum: Some(Number::ZERO), count: 0 }
    }
}

impl Summary {
    pub(super) fn add(&mut self, value: &Value) {
        if let Value::Number(number) = value {
            self.sum = self.sum.and_then(|sum| sum.plus(*number));
        }
        self.count += usize::from(!value.is_null());
    }

    /// Whether all that was added can be taken away again without loss.
    pub(super) fn is_exact(&self) -> bool {
        matches!(self.sum, Some(Number::Exact { .. }))
    }

    /// What was added behind another one.
    pub(super) fn without(&self, first: &Self) -> Self {
        let sum = self.sum.zip(first.sum).and_then(|(sum, first)| sum.minus(first));
        Self { sum, count: self.count.saturating_sub(first.count) }
    }
}

impl<'v> FromIterator<&'v Value> for Summary {
    fn from_iter<I: IntoIterator<Item = &'v Value>>(values: I) -> Self {
        let mut summary = Self::default();
        for value in values {
            summary.add(value);
        }
        summary
    }
}

pub(super) fn sum(summary: &Summary) -> Value {
    Value::number(summary.sum)
}

pub(super) fn mean(summary: &Summary) -> Value {
    Value::number(summary.sum.and_then(|sum| sum.over(Number::count(summary.count))))
}

pub(super) fn count(summary: &Summary) -> Value {
    Value::Number(Number::count(summary.count))
}

pub(super) fn product(columns: &[Vec<Value>], _: &[Value]) -> Value {
    let numbers = present(columns).filter_map(Value::as_number);
    Value::number(numbers.map(Some).reduce(|product, factor| product?.times(factor?)).flatten())
}

pub(super) fn mode(columns: &[Vec<Value>], _: &[Value]) -> Value {
    let mut counts: HashMap<Key, (usize, usize)> = HashMap::new();
    for (at, value) in present(columns).enumerate() {
        counts.entry(Key(value.clone())).or_insert((0, at)).0 += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, (count, first))| (*count, std::cmp::Reverse(*first)));
    most.map_or(Value::Null, |(key, _)| key.0)
}

pub(super) fn min(columns: &[Vec<Value>], _: &[Value]) -> Value {
    extreme(columns, Ordering::Less)
}

pub(super) fn max(columns: &[Vec<Value>], _: &[Value]) -> Value {
    extreme(columns, Ordering::Greater)
}

fn extreme(columns: &[Vec<Value>], wanted: Ordering) -> Value {
    let better = |best: &'_ Value, value: &'_ Value| value.sort_order(best) == wanted;
    let best = present(columns).reduce(|best, value| if better(best, value) { value } else { best });
    best.cloned().unwrap_or_default()
}

pub(super) fn count_distinct(columns: &[Vec<Value>], _: &[Value]) -> Value {
    let different: HashSet<Key> = present(columns).cloned().map(Key).collect();
    Value::Number(Number::count(different.len()))
}

pub(super) fn geomean(columns: &[Vec<Value>], _: &[Value]) -> Value {
    let values = doubles(columns);
    if values.is_empty() || values.iter().any(|value| *value <= 0.0) {
        return Value::Null;
    }
    Value::double((values.iter().map(|value| value.ln()).sum::<f64>() / values.len() as f64).exp())
}

/// How a sample lies around its mean.
struct Spread {
    count: f64,
    mean: f64,
    /// The sum of squared distances from the mean.
    squares: f64,
}

impl Spread {
    fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        Self { count, mean, squares: values.iter().map(|value| (value - mean).powi(2)).sum() }
    }

    fn stddev_samp(&self) -> f64 {
        (self.squares / (self.count - 1.0)).sqrt()
    }

    /// The sum of so great powers of distances from the mean, in standard deviations.
    fn moment(&self, values: &[f64], power: i32) -> f64 {
        let stddev = self.stddev_samp();
        values.iter().map(|value| ((value - self.mean) / stddev).powi(power)).sum()
    }
}

pub(super) fn kurtosis(columns: &[Vec<Value>], _: &[Value]) -> Value {
    let values = doubles(columns);
    if values.len() < 4 {
        return Value::Null;
    }
    let spread = Spread::of(&values);
    let n = spread.count;
    let share = n * (n + 1.0) / ((n - 1.0) * (n - 2.0) * (n - 3.0));
    let normal = 3.0 * (n - 1.0).powi(2) / ((n - 2.0) * (n - 3.0));
    Value::double(share * spread.moment(&values, 4) - normal)
}

pub(super) fn skew(columns: &[Vec<Value>], _: &[Value]) -> Value {
    let values = doubles(columns);
    if values.len() < 3 {
        return Value::Null;
    }
    let spread = Spread::of(&values);
    let n = spread.count;
    Value::double(n / ((n - 1.0) * (n - 2.0)) * spread.moment(&values, 3))
}

pub(super) fn var_pop(columns: &[Vec<Value>], _: &[Value]) -> Value {
    let spread = Spread::of(&doubles(columns));
    Value::double(spread.squares / spread.count)
}

pub(super) fn var_samp(columns: &[Vec<Value>], _: &[Value]) -> Value {
    let spread = Spread::of(&doubles(columns));
    Value::double(spread.squares / (spread.count - 1.0))
}

pub(super) fn stddev_pop(columns: &[Vec<Value>], _: &[Value]) -> Value {
    let spread = Spread::of(&doubles(columns));
    Value::double((spread.squares / spread.count).sqrt())
}

pub(super) fn stddev_samp(columns: &[Vec<Value>], _: &[Value]) -> Value {
    Value::double(Spread::of(&doubles(columns)).stddev_samp())
}

/// Two columns, as far as both have a value.
struct Pairs {
    count: f64,
    /// Sums of squared distances from the mean, of the first, the second, and of their products.
    first_squares: f64,
    second_squares: f64,
    products: f64,
    first_mean: f64,
    second_mean: f64,
}

impl Pairs {
    fn of(columns: &[Vec<Value>]) -> Option<Self> {
        let [first, second] = columns else { return None };
        let number = |value: &Value| value.as_number().map(Number::to_f64);
        let pairs: Vec<(f64, f64)> =
            first.iter().zip(second).filter_map(|(a, b)| Some((number(a)?, number(b)?))).collect();
        let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
        let (a, b) = (Spread::of(&a), Spread::of(&b));
        let products = pairs.iter().map(|(x, y)| (x - a.mean) * (y - b.mean)).sum();
        Some(Self {
            count: a.count,
            first_squares: a.squares,
            second_squares: b.squares,
            products,
            first_mean: a.mean,
            second_mean: b.mean,
        })
    }
}

fn of_pairs(columns: &[Vec<Value>], of: impl Fn(Pairs) -> f64) -> Value {
    Pairs::of(columns).map_or(Value::Null, |pairs| Value::double(of(pairs)))
}

pub(super) fn correl(columns: &[Vec<Value>], _: &[Value]) -> Value {
    of_pairs(columns, |pairs| pairs.products / (pairs.first_squares * pairs.second_squares).sqrt())
}

pub(super) fn covar_pop(columns: &[Vec<Value>], _: &[Value]) -> Value {
    of_pairs(columns, |pairs| pairs.products / pairs.count)
}

pub(super) fn covar_samp(columns: &[Vec<Value>], _: &[Value]) -> Value {
    of_pairs(columns, |pairs| pairs.products / (pairs.count - 1.0))
}

/// The first column is y, the second x.
pub(super) fn slope(columns: &[Vec<Value>], _: &[Value]) -> Value {
    of_pairs(columns, |pairs| pairs.products / pairs.second_squares)
}

pub(super) fn intercept(columns: &[Vec<Value>], _: &[Value]) -> Value {
    of_pairs(columns, |pairs| pairs.first_mean - pairs.products / pairs.second_squares * pairs.second_mean)
}
