//! Functions of the values of one cell: mathematics, logic, lists. What has no answer is null.

use super::{Number, Value};

/// Products of so many factors at most are taken step by step.
const MOST_FACTORS: i64 = 170;

/// The numbers among the arguments, in order; none if one is missing.
pub(super) fn numbers<const N: usize>(arguments: &[Value]) -> Option<[Number; N]> {
    let mut numbers = [Number::ZERO; N];
    for (number, argument) in numbers.iter_mut().zip(arguments) {
        *number = argument.as_number()?;
    }
    (arguments.len() >= N).then_some(numbers)
}

/// The numbers among the arguments as doubles, in order; none if one is missing.
pub(super) fn doubles<const N: usize>(arguments: &[Value]) -> Option<[f64; N]> {
    numbers(arguments).map(|numbers| numbers.map(Number::to_f64))
}

fn exact<const N: usize>(arguments: &[Value], of: impl Fn([Number; N]) -> Option<Number>) -> Value {
    Value::number(numbers(arguments).and_then(of))
}

fn real(arguments: &[Value], of: impl Fn(f64) -> f64) -> Value {
    doubles(arguments).map_or(Value::Null, |[value]| Value::double(of(value)))
}

pub(super) fn abs(arguments: &[Value]) -> Value {
    exact(arguments, |[value]| Some(if value.signum() < 0 { value.negated() } else { value }))
}

pub(super) fn ceiling(arguments: &[Value]) -> Value {
    exact(arguments, |[value]| Some(value.ceiling()))
}

pub(super) fn floor(arguments: &[Value]) -> Value {
    exact(arguments, |[value]| Some(value.floor()))
}

pub(super) fn round(arguments: &[Value]) -> Value {
    exact(arguments, |[value, digits]| value.rounded(digits.to_integer()?))
}

pub(super) fn exp(arguments: &[Value]) -> Value {
    real(arguments, f64::exp)
}

/// The logarithm of 0 is infinite and that of less is no number: null.
pub(super) fn ln(arguments: &[Value]) -> Value {
    real(arguments, f64::ln)
}

pub(super) fn log(arguments: &[Value]) -> Value {
    real(arguments, f64::log10)
}

pub(super) fn modulo(arguments: &[Value]) -> Value {
    exact(arguments, |[value, divisor]| value.modulo(divisor))
}

pub(super) fn power(arguments: &[Value]) -> Value {
    exact(arguments, |[base, exponent]| {
        let whole =
            exponent.to_integer().filter(|whole| Number::integer(*whole) == exponent && (0..=64).contains(whole));
        match whole {
            Some(whole) => (0..whole).try_fold(Number::ONE, |power, _| power.times(base)),
            None => Number::double(base.to_f64().powf(exponent.to_f64())),
        }
    })
}

pub(super) fn sqrt(arguments: &[Value]) -> Value {
    real(arguments, f64::sqrt)
}

pub(super) fn acos(arguments: &[Value]) -> Value {
    real(arguments, f64::acos)
}

pub(super) fn asin(arguments: &[Value]) -> Value {
    real(arguments, f64::asin)
}

pub(super) fn atan(arguments: &[Value]) -> Value {
    real(arguments, f64::atan)
}

pub(super) fn cos(arguments: &[Value]) -> Value {
    real(arguments, f64::cos)
}

pub(super) fn sin(arguments: &[Value]) -> Value {
    real(arguments, f64::sin)
}

pub(super) fn tan(arguments: &[Value]) -> Value {
    real(arguments, f64::tan)
}

pub(super) fn degrees(arguments: &[Value]) -> Value {
    real(arguments, f64::to_degrees)
}

pub(super) fn radians(arguments: &[Value]) -> Value {
    real(arguments, f64::to_radians)
}

pub(super) fn pi(_: &[Value]) -> Value {
    Value::double(std::f64::consts::PI)
}

pub(super) fn fact(arguments: &[Value]) -> Value {
    exact(arguments, |[value]| {
        let whole = value.to_integer().filter(|whole| (0..=MOST_FACTORS).contains(whole))?;
        (2..=whole).try_fold(Number::ONE, |product, factor| product.times(Number::integer(factor)))
    })
}

pub(super) fn combin(arguments: &[Value]) -> Value {
    exact(arguments, |[set, selection]| selections(set.to_integer()?, selection.to_integer()?))
}

/// n! / (k! (n - k)!)
fn selections(set: i64, selection: i64) -> Option<Number> {
    if set < 0 || !(0..=set).contains(&selection) {
        return None;
    }
    let fewer = selection.min(set - selection);
    if fewer > MOST_FACTORS {
        return Number::double(super::distribution::ln_choose(set as f64, fewer as f64).exp());
    }
    (1..=fewer).try_fold(Number::ONE, |product, factor| {
        product.times(Number::integer(set - fewer + factor))?.over(Number::integer(factor))
    })
}

pub(super) fn multinomial(arguments: &[Value]) -> Value {
    let product = || {
        let mut sum = 0_i64;
        let mut product = Number::ONE;
        for argument in arguments {
            let size = argument.as_number()?.to_integer().filter(|size| *size >= 0)?;
            sum = sum.checked_add(size)?;
            product = product.times(selections(sum, size)?)?;
        }
        Some(product)
    };
    Value::number(product())
}

pub(super) fn coalesce(arguments: &[Value]) -> Value {
    arguments.iter().find(|value| !value.is_null()).cloned().unwrap_or_default()
}

pub(super) fn is_null(arguments: &[Value]) -> Value {
    Value::Yesno(arguments.iter().all(Value::is_null))
}

pub(super) fn list(arguments: &[Value]) -> Value {
    Value::List(arguments.into())
}
