//! Distributions of probability. Parameters that a distribution does not have give null, as do those so great that the
//! answer does not converge.

use std::f64::consts::{PI, SQRT_2};

use super::Value;
use super::mathematics::doubles;

/// Series and continued fractions are given up after so many steps.
const MOST_STEPS: usize = 5_000;
/// Smaller terms of a sum change nothing.
const NEGLIGIBLE: f64 = 1e-17;
/// A population of the hypergeometric distribution may have so many members.
const MOST_MEMBERS: f64 = 1e7;
/// The inverse of the binomial distribution takes so many tests.
const MOST_TESTS: f64 = 1e9;
/// A cumulative probability that is less than another one by no more than rounding reaches it.
const ROUNDING: f64 = 1e-12;

/// The natural logarithm of the gamma function of a positive number.
pub(super) fn ln_gamma(x: f64) -> f64 {
    /// From here on the series is exact to the last digit.
    const FAR: f64 = 15.0;
    /// Factorials up to here are doubles.
    const WHOLE: f64 = 171.0;
    const SERIES: [f64; 6] = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0];
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    if x <= WHOLE && x.fract() == 0.0 {
        return (2..x as u32).map(f64::from).product::<f64>().ln();
    }
    let (mut far, mut product) = (x, 1.0);
    while far < FAR {
        product *= far;
        far += 1.0;
    }
    let square = far * far;
    let tail = SERIES.iter().rev().fold(0.0, |sum, term| sum / square + term) / far;
    (far - 0.5) * far.ln() - far + 0.5 * (2.0 * PI).ln() + tail - f64::ln(product)
}

/// The natural logarithm of n! / (k! (n - k)!).
pub(super) fn ln_choose(n: f64, k: f64) -> f64 {
    ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0)
}

fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// Both parts of the incomplete gamma function, each a share of the whole: up to `x`, and from `x` on.
fn gamma_parts(a: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x.is_infinite() {
        return (1.0, 0.0);
    }
    let scale = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        let lower = scale * gamma_series(a, x);
        (lower, 1.0 - lower)
    } else {
        let upper = scale * gamma_fraction(a, x);
        (1.0 - upper, upper)
    }
}

fn gamma_series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0 / a, 1.0 / a);
    for step in 1..MOST_STEPS {
        term *= x / (a + step as f64);
        sum += term;
        if term.abs() < sum.abs() * NEGLIGIBLE {
            return sum;
        }
    }
    f64::NAN
}

/// A continued fraction by Lentz's method: `terms` gives numerator and denominator of each step.
fn continued_fraction(first: f64, terms: impl Fn(f64) -> (f64, f64)) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut fraction = away_from_zero(first);
    let (mut c, mut d) = (fraction, 0.0);
    for step in 1..MOST_STEPS {
        let (numerator, denominator) = terms(step as f64);
        d = 1.0 / away_from_zero(denominator + numerator * d);
        c = away_from_zero(denominator + numerator / c);
        fraction *= c * d;
        if (c * d - 1.0).abs() < f64::EPSILON {
            return fraction;
        }
    }
    f64::NAN
}

fn gamma_fraction(a: f64, x: f64) -> f64 {
    1.0 / continued_fraction(x + 1.0 - a, |step| (-step * (step - a), x + 2.0 * step + 1.0 - a))
}

/// The incomplete beta function as a share of the whole.
fn beta_part(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let scale = (a * x.ln() + b * (-x).ln_1p() - ln_beta(a, b)).exp();
    // The fraction converges fast on this side of the mean only.
    if x < (a + 1.0) / (a + b + 2.0) {
        scale * beta_fraction(a, b, x) / a
    } else {
        1.0 - scale * beta_fraction(b, a, 1.0 - x) / b
    }
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let terms = |step: f64| {
        let m = (step / 2.0).floor();
        let numerator = if step % 2.0 == 0.0 {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        (numerator, 1.0)
    };
    1.0 / continued_fraction(1.0, terms)
}

/// The share of the normal distribution below `z`.
pub(super) fn normal_below(z: f64) -> f64 {
    let (inner, outer) = gamma_parts(0.5, z * z / 2.0);
    if z < 0.0 { outer / 2.0 } else { f64::midpoint(1.0, inner) }
}

fn normal_density(z: f64) -> f64 {
    (-z * z / 2.0).exp() / (SQRT_2 * PI.sqrt())
}

/// Where so great a share of the normal distribution lies below, for a share between 0 and 1.
pub(super) fn normal_inverse(share: f64) -> f64 {
    /// No share that a double can hold lies further out.
    const FARTHEST: f64 = 40.0;
    inverse(share, -FARTHEST, FARTHEST, normal_below)
}

/// The share of Student's distribution below `t`.
pub(super) fn student_below(t: f64, dof: f64) -> f64 {
    let tails = student_tails(t, dof);
    if t < 0.0 { tails / 2.0 } else { 1.0 - tails / 2.0 }
}

/// The share of Student's distribution that is further out than `t`, on both sides.
pub(super) fn student_tails(t: f64, dof: f64) -> f64 {
    beta_part(dof / 2.0, 0.5, dof / (dof + t * t))
}

/// Where so great a share of Student's distribution lies below.
pub(super) fn student_inverse(share: f64, dof: f64) -> f64 {
    if share < 0.5 {
        return -student_inverse(1.0 - share, dof);
    }
    inverse_from(share, 0.0, |t| student_below(t, dof))
}

/// The share of the chi-squared distribution above `x`.
pub(super) fn chi_squared_above(x: f64, dof: f64) -> f64 {
    gamma_parts(dof / 2.0, x / 2.0).1
}

/// Where a growing function reaches a value, between two places.
fn inverse(value: f64, mut low: f64, mut high: f64, function: impl Fn(f64) -> f64) -> f64 {
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return middle;
        }
        let there = function(middle);
        if there.is_nan() {
            return f64::NAN;
        }
        if there < value { low = middle } else { high = middle }
    }
}

/// Where a growing function reaches a value, from a place on.
fn inverse_from(value: f64, low: f64, function: impl Fn(f64) -> f64) -> f64 {
    let mut high = low + 1.0;
    while function(high) < value {
        high *= 2.0;
        if high.is_infinite() {
            return f64::NAN;
        }
    }
    inverse(value, low, high, function)
}

/// The arguments as doubles, the last one of which tells whether the distribution is cumulative.
fn with_cumulative<const N: usize>(arguments: &[Value], of: impl Fn([f64; N], bool) -> f64) -> Value {
    match (doubles(arguments), arguments.get(N)) {
        (Some(numbers), Some(Value::Yesno(cumulative))) => Value::double(of(numbers, *cumulative)),
        _ => Value::Null,
    }
}

fn with_numbers<const N: usize>(arguments: &[Value], of: impl Fn([f64; N]) -> f64) -> Value {
    doubles(arguments).map_or(Value::Null, |numbers| Value::double(of(numbers)))
}

/// What a distribution gives whose parameters it has, and nothing otherwise.
fn given(holds: bool, of: impl FnOnce() -> f64) -> f64 {
    if holds { of() } else { f64::NAN }
}

/// Probabilities whose inverse is finite.
fn is_inside(probability: f64) -> bool {
    0.0 < probability && probability < 1.0
}

fn is_probability(value: f64) -> bool {
    (0.0..=1.0).contains(&value)
}

/// x ln y, where nothing times anything is nothing.
fn times_ln(x: f64, y: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x * y.ln() }
}

pub(super) fn beta_dist(arguments: &[Value]) -> Value {
    with_cumulative(arguments, |[x, a, b], cumulative| {
        given(is_probability(x) && a > 0.0 && b > 0.0, || {
            if cumulative {
                beta_part(a, b, x)
            } else {
                (times_ln(a - 1.0, x) + times_ln(b - 1.0, 1.0 - x) - ln_beta(a, b)).exp()
            }
        })
    })
}

pub(super) fn beta_inv(arguments: &[Value]) -> Value {
    with_numbers(arguments, |[p, a, b]| {
        given(is_probability(p) && a > 0.0 && b > 0.0, || inverse(p, 0.0, 1.0, |x| beta_part(a, b, x)))
    })
}

fn binomial(successes: f64, tests: f64, probability: f64) -> f64 {
    let failures = tests - successes;
    (ln_choose(tests, successes) + times_ln(successes, probability) + times_ln(failures, 1.0 - probability)).exp()
}

fn binomial_below(successes: f64, tests: f64, probability: f64) -> f64 {
    if successes >= tests { 1.0 } else { beta_part(tests - successes, successes + 1.0, 1.0 - probability) }
}

pub(super) fn binom_dist(arguments: &[Value]) -> Value {
    with_cumulative(arguments, |[successes, tests, probability], cumulative| {
        let (successes, tests) = (successes.floor(), tests.floor());
        given((0.0..=tests).contains(&successes) && is_probability(probability), || {
            if cumulative {
                binomial_below(successes, tests, probability)
            } else {
                binomial(successes, tests, probability)
            }
        })
    })
}

pub(super) fn binom_inv(arguments: &[Value]) -> Value {
    with_numbers(arguments, |[tests, probability, target]| {
        let tests = tests.floor();
        given((0.0..=MOST_TESTS).contains(&tests) && is_probability(probability) && is_probability(target), || {
            let reaches = |successes: f64| binomial_below(successes, tests, probability) >= target * (1.0 - ROUNDING);
            // Somewhere behind `low`, at `high` or before it.
            let (mut low, mut high) = (-1.0, tests);
            while high - low > 1.0 {
                let middle = f64::midpoint(low, high).floor();
                if reaches(middle) { high = middle } else { low = middle }
            }
            high
        })
    })
}

pub(super) fn chisq_dist(arguments: &[Value]) -> Value {
    with_cumulative(arguments, |[x, dof], cumulative| gamma(x, dof / 2.0, 2.0, cumulative))
}

pub(super) fn chisq_inv(arguments: &[Value]) -> Value {
    with_numbers(arguments, |[p, dof]| gamma_inverse(p, dof / 2.0, 2.0))
}

pub(super) fn expon_dist(arguments: &[Value]) -> Value {
    with_cumulative(arguments, |[x, lambda], cumulative| {
        given(
            x >= 0.0 && lambda > 0.0,
            || {
                if cumulative { -(-lambda * x).exp_m1() } else { lambda * (-lambda * x).exp() }
            },
        )
    })
}

fn f_below(x: f64, dof_1: f64, dof_2: f64) -> f64 {
    beta_part(dof_1 / 2.0, dof_2 / 2.0, dof_1 * x / (dof_1 * x + dof_2))
}

pub(super) fn f_dist(arguments: &[Value]) -> Value {
    with_cumulative(arguments, |[x, dof_1, dof_2], cumulative| {
        given(x >= 0.0 && dof_1 > 0.0 && dof_2 > 0.0, || {
            if cumulative {
                return f_below(x, dof_1, dof_2);
            }
            let (a, b) = (dof_1 / 2.0, dof_2 / 2.0);
            let ratio = dof_1 / dof_2;
            (times_ln(a, ratio) + times_ln(a - 1.0, x) - (a + b) * (ratio * x).ln_1p() - ln_beta(a, b)).exp()
        })
    })
}

pub(super) fn f_inv(arguments: &[Value]) -> Value {
    with_numbers(arguments, |[p, dof_1, dof_2]| {
        given((0.0..1.0).contains(&p) && dof_1 > 0.0 && dof_2 > 0.0, || {
            inverse_from(p, 0.0, |x| f_below(x, dof_1, dof_2))
        })
    })
}

fn gamma(x: f64, shape: f64, scale: f64, cumulative: bool) -> f64 {
    given(x >= 0.0 && shape > 0.0 && scale > 0.0, || {
        let x = x / scale;
        if cumulative {
            gamma_parts(shape, x).0
        } else {
            (times_ln(shape - 1.0, x) - x - ln_gamma(shape)).exp() / scale
        }
    })
}

fn gamma_inverse(p: f64, shape: f64, scale: f64) -> f64 {
    given((0.0..1.0).contains(&p) && shape > 0.0 && scale > 0.0, || {
        scale * inverse_from(p, 0.0, |x| gamma_parts(shape, x).0)
    })
}

pub(super) fn gamma_dist(arguments: &[Value]) -> Value {
    with_cumulative(arguments, |[x, shape, scale], cumulative| gamma(x, shape, scale, cumulative))
}

pub(super) fn gamma_inv(arguments: &[Value]) -> Value {
    with_numbers(arguments, |[p, shape, scale]| gamma_inverse(p, shape, scale))
}

/// Successes drawn from a population.
struct Draw {
    sample: f64,
    successes: f64,
    members: f64,
}

impl Draw {
    fn is_possible(&self) -> bool {
        let inside = 0.0..=self.members;
        inside.contains(&self.sample) && inside.contains(&self.successes) && self.members <= MOST_MEMBERS
    }

    fn least(&self) -> f64 {
        (self.sample + self.successes - self.members).max(0.0)
    }

    fn most(&self) -> f64 {
        self.sample.min(self.successes)
    }

    fn probability(&self, drawn: f64) -> f64 {
        if !(self.least()..=self.most()).contains(&drawn) {
            return 0.0;
        }
        let others = ln_choose(self.members - self.successes, self.sample - drawn);
        (ln_choose(self.successes, drawn) + others - ln_choose(self.members, self.sample)).exp()
    }

    /// How much more probable one success less is.
    fn ratio_below(&self, drawn: f64) -> f64 {
        let others = self.members - self.successes - self.sample + drawn;
        drawn * others / ((self.successes - drawn + 1.0) * (self.sample - drawn + 1.0))
    }

    /// The terms fall off on both sides of the mean: the side that holds `drawn` is summed up away from the mean.
    fn below(&self, drawn: f64) -> f64 {
        let mean = self.sample * self.successes / self.members.max(1.0);
        if drawn <= mean {
            self.sum_from(drawn, self.least(), |at, term| term * self.ratio_below(at), -1.0)
        } else {
            1.0 - self.sum_from(drawn + 1.0, self.most(), |at, term| term / self.ratio_below(at + 1.0), 1.0)
        }
    }

    fn sum_from(&self, start: f64, end: f64, next: impl Fn(f64, f64) -> f64, step: f64) -> f64 {
        let (mut at, mut term, mut sum) = (start, self.probability(start), 0.0);
        while (end - at) * step >= 0.0 && term > sum * NEGLIGIBLE {
            sum += term;
            term = next(at, term);
            at += step;
        }
        sum
    }
}

pub(super) fn hypgeom_dist(arguments: &[Value]) -> Value {
    with_cumulative(arguments, |[drawn, sample, successes, members], cumulative| {
        let draw = Draw { sample: sample.floor(), successes: successes.floor(), members: members.floor() };
        let drawn = drawn.floor();
        given(draw.is_possible() && drawn >= 0.0, || {
            if cumulative { draw.below(drawn.min(draw.most())) } else { draw.probability(drawn) }
        })
    })
}

pub(super) fn negbinom_dist(arguments: &[Value]) -> Value {
    with_cumulative(arguments, |[failures, successes, probability], cumulative| {
        let (failures, successes) = (failures.floor(), successes.floor());
        given(failures >= 0.0 && successes >= 1.0 && is_probability(probability), || {
            if cumulative {
                return beta_part(successes, failures + 1.0, probability);
            }
            let orders = ln_choose(failures + successes - 1.0, successes - 1.0);
            (orders + times_ln(successes, probability) + times_ln(failures, 1.0 - probability)).exp()
        })
    })
}

fn normal(z: f64, stdev: f64, cumulative: bool) -> f64 {
    if cumulative { normal_below(z) } else { normal_density(z) / stdev }
}

pub(super) fn norm_dist(arguments: &[Value]) -> Value {
    with_cumulative(arguments, |[x, mean, stdev], cumulative| {
        given(stdev > 0.0, || normal((x - mean) / stdev, stdev, cumulative))
    })
}

pub(super) fn norm_inv(arguments: &[Value]) -> Value {
    with_numbers(arguments, |[p, mean, stdev]| given(is_inside(p) && stdev > 0.0, || mean + stdev * normal_inverse(p)))
}

pub(super) fn norm_s_dist(arguments: &[Value]) -> Value {
    with_cumulative(arguments, |[z], cumulative| normal(z, 1.0, cumulative))
}

pub(super) fn norm_s_inv(arguments: &[Value]) -> Value {
    with_numbers(arguments, |[p]| given(is_inside(p), || normal_inverse(p)))
}

pub(super) fn poisson_dist(arguments: &[Value]) -> Value {
    with_cumulative(arguments, |[count, lambda], cumulative| {
        let count = count.floor();
        given(count >= 0.0 && lambda >= 0.0, || {
            if cumulative {
                gamma_parts(count + 1.0, lambda).1
            } else {
                (times_ln(count, lambda) - lambda - ln_gamma(count + 1.0)).exp()
            }
        })
    })
}

pub(super) fn t_dist(arguments: &[Value]) -> Value {
    with_cumulative(arguments, |[t, dof], cumulative| {
        given(dof > 0.0, || {
            if cumulative {
                return student_below(t, dof);
            }
            let scale = 0.5 * dof.ln() + ln_beta(dof / 2.0, 0.5);
            (-(dof + 1.0) / 2.0 * (t * t / dof).ln_1p() - scale).exp()
        })
    })
}

pub(super) fn t_inv(arguments: &[Value]) -> Value {
    with_numbers(arguments, |[p, dof]| given(is_inside(p) && dof > 0.0, || student_inverse(p, dof)))
}

pub(super) fn weibull_dist(arguments: &[Value]) -> Value {
    with_cumulative(arguments, |[x, shape, scale], cumulative| {
        given(x >= 0.0 && shape > 0.0 && scale > 0.0, || {
            let ratio = x / scale;
            let power = ratio.powf(shape);
            if cumulative { -(-power).exp_m1() } else { shape / scale * ratio.powf(shape - 1.0) * (-power).exp() }
        })
    })
}
