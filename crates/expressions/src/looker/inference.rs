//! Tests of hypotheses, and intervals of confidence.

use super::distribution::{chi_squared_above, normal_below, normal_inverse, student_inverse, student_tails};
use super::mathematics::doubles;
use super::{Number, Value};

fn number(value: &Value) -> Option<f64> {
    value.as_number().map(Number::to_f64)
}

/// Rows of numbers; one of several columns is a list in each row.
fn table(column: &[Value]) -> Option<Vec<Vec<f64>>> {
    let row = |value: &Value| match value {
        Value::List(items) => items.iter().map(number).collect(),
        one => number(one).map(|number| vec![number]),
    };
    column.iter().map(row).collect()
}

/// Rows less one times columns less one; of a single row or column, its values less one.
fn degrees_of_freedom(rows: usize, columns: usize) -> f64 {
    let degrees = match (rows, columns) {
        (1, count) | (count, 1) => count.saturating_sub(1),
        _ => rows.saturating_sub(1) * columns.saturating_sub(1),
    };
    degrees as f64
}

/// Null unless both tables are of one shape and whole, and no expected value is 0.
pub(super) fn chisq_test(columns: &[Vec<Value>], _: &[Value]) -> Value {
    let probability = || {
        let [actual, expected] = columns else { return None };
        let (actual, expected) = (table(actual)?, table(expected)?);
        let width = actual.first()?.len();
        let is_even = |table: &[Vec<f64>]| table.iter().all(|row| row.len() == width);
        if !is_even(&actual) || !is_even(&expected) || actual.len() != expected.len() {
            return None;
        }
        let degrees = degrees_of_freedom(actual.len(), width);
        let cells = actual.iter().flatten().zip(expected.iter().flatten());
        let statistic: f64 = cells.map(|(actual, expected)| (actual - expected).powi(2) / expected).sum();
        (degrees > 0.0).then(|| chi_squared_above(statistic, degrees))
    };
    probability().map_or(Value::Null, Value::double)
}

struct Sample {
    count: f64,
    mean: f64,
    variance: f64,
}

impl Sample {
    fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self { count, mean, variance: squares / (count - 1.0) }
    }
}

/// Student's statistic and its degrees of freedom.
type Statistic = (f64, f64);

fn paired(first: &[Value], second: &[Value]) -> Statistic {
    let differences: Vec<f64> = first.iter().zip(second).filter_map(|(a, b)| Some(number(a)? - number(b)?)).collect();
    let sample = Sample::of(&differences);
    (sample.mean / (sample.variance / sample.count).sqrt(), sample.count - 1.0)
}

fn of_equal_variance(a: &Sample, b: &Sample) -> Statistic {
    let degrees = a.count + b.count - 2.0;
    let pooled = ((a.count - 1.0) * a.variance + (b.count - 1.0) * b.variance) / degrees;
    ((a.mean - b.mean) / (pooled * (1.0 / a.count + 1.0 / b.count)).sqrt(), degrees)
}

fn of_unequal_variance(a: &Sample, b: &Sample) -> Statistic {
    let (p, q) = (a.variance / a.count, b.variance / b.count);
    let degrees = (p + q).powi(2) / (p * p / (a.count - 1.0) + q * q / (b.count - 1.0));
    ((a.mean - b.mean) / (p + q).sqrt(), degrees)
}

pub(super) fn t_test(columns: &[Vec<Value>], arguments: &[Value]) -> Value {
    let probability = || {
        let ([first, second], [tails, kind]) = (columns, super::mathematics::numbers(arguments)?) else { return None };
        let sample = |column: &[Value]| Sample::of(&column.iter().filter_map(number).collect::<Vec<_>>());
        let (statistic, degrees) = match kind.to_integer()? {
            1 => paired(first, second),
            2 => of_equal_variance(&sample(first), &sample(second)),
            3 => of_unequal_variance(&sample(first), &sample(second)),
            _ => return None,
        };
        let both_tails = (degrees > 0.0).then(|| student_tails(statistic, degrees))?;
        match tails.to_integer()? {
            1 => Some(both_tails / 2.0),
            2 => Some(both_tails),
            _ => None,
        }
    };
    probability().map_or(Value::Null, Value::double)
}

pub(super) fn z_test(columns: &[Vec<Value>], arguments: &[Value]) -> Value {
    let probability = || {
        let data: Vec<f64> = columns.first()?.iter().filter_map(number).collect();
        let [value, stdev] = doubles(arguments)?;
        let count = data.len() as f64;
        let mean = data.iter().sum::<f64>() / count;
        (stdev > 0.0).then(|| normal_below(-(mean - value) / (stdev / count.sqrt())))
    };
    probability().map_or(Value::Null, Value::double)
}

/// Half of the interval that holds the mean with probability 1 - alpha; `quantile` is that of the standard distribution.
fn confidence(arguments: &[Value], quantile: impl Fn(f64, f64) -> f64) -> Value {
    doubles(arguments).map_or(Value::Null, |[alpha, stdev, count]| {
        let count = count.floor();
        if !(0.0 < alpha && alpha < 1.0 && stdev > 0.0 && count >= 1.0) {
            return Value::Null;
        }
        Value::double(quantile(1.0 - alpha / 2.0, count) * stdev / count.sqrt())
    })
}

pub(super) fn confidence_norm(arguments: &[Value]) -> Value {
    confidence(arguments, |share, _| normal_inverse(share))
}

/// Null for a single value, which tells nothing about its deviation.
pub(super) fn confidence_t(arguments: &[Value]) -> Value {
    confidence(arguments, |share, count| if count > 1.0 { student_inverse(share, count - 1.0) } else { f64::NAN })
}
