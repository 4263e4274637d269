//! Distributions. With `cumulative` they give the probability of a value or a lesser one, without it the density at the
//! value; null for parameters that the distribution does not have.

use super::{Body, Function, Gives, calculation, number, yesno};
use crate::looker::distribution as of;
use Body::Cell;
use Gives::Number;

pub(super) static FUNCTIONS: &[Function] = &[
    calculation(
        "beta_dist",
        &[number("value"), number("alpha"), number("beta"), yesno("cumulative")],
        Number,
        "the beta distribution",
        Cell(of::beta_dist),
    ),
    calculation(
        "beta_inv",
        &[number("probability"), number("alpha"), number("beta")],
        Number,
        "the value of the beta distribution with a cumulative probability",
        Cell(of::beta_inv),
    ),
    calculation(
        "binom_dist",
        &[number("num_successes"), number("num_tests"), number("probability"), yesno("cumulative")],
        Number,
        "the probability of so many successes in so many tests",
        Cell(of::binom_dist),
    ),
    calculation(
        "binom_inv",
        &[number("num_tests"), number("test_probability"), number("target_probability")],
        Number,
        "the least number of successes whose cumulative probability reaches the target",
        Cell(of::binom_inv),
    ),
    calculation(
        "chisq_dist",
        &[number("value"), number("dof"), yesno("cumulative")],
        Number,
        "the chi-squared distribution with degrees of freedom",
        Cell(of::chisq_dist),
    ),
    calculation(
        "chisq_inv",
        &[number("probability"), number("dof")],
        Number,
        "the value of the chi-squared distribution with a cumulative probability",
        Cell(of::chisq_inv),
    ),
    calculation(
        "expon_dist",
        &[number("value"), number("lambda"), yesno("cumulative")],
        Number,
        "the exponential distribution",
        Cell(of::expon_dist),
    ),
    calculation(
        "f_dist",
        &[number("value"), number("dof_1"), number("dof_2"), yesno("cumulative")],
        Number,
        "the F distribution with degrees of freedom of numerator and denominator",
        Cell(of::f_dist),
    ),
    calculation(
        "f_inv",
        &[number("probability"), number("dof_1"), number("dof_2")],
        Number,
        "the value of the F distribution with a cumulative probability",
        Cell(of::f_inv),
    ),
    calculation(
        "gamma_dist",
        &[number("value"), number("alpha"), number("beta"), yesno("cumulative")],
        Number,
        "the gamma distribution with shape alpha and scale beta",
        Cell(of::gamma_dist),
    ),
    calculation(
        "gamma_inv",
        &[number("probability"), number("alpha"), number("beta")],
        Number,
        "the value of the gamma distribution with a cumulative probability",
        Cell(of::gamma_inv),
    ),
    calculation(
        "hypgeom_dist",
        &[
            number("sample_successes"),
            number("sample_size"),
            number("population_successes"),
            number("population_size"),
            yesno("cumulative"),
        ],
        Number,
        "the probability of so many successes in a sample that is not put back",
        Cell(of::hypgeom_dist),
    ),
    calculation(
        "negbinom_dist",
        &[number("num_failures"), number("num_successes"), number("probability"), yesno("cumulative")],
        Number,
        "the probability of so many failures before so many successes",
        Cell(of::negbinom_dist),
    ),
    calculation(
        "norm_dist",
        &[number("value"), number("mean"), number("stdev"), yesno("cumulative")],
        Number,
        "the normal distribution",
        Cell(of::norm_dist),
    ),
    calculation(
        "norm_inv",
        &[number("probability"), number("mean"), number("stdev")],
        Number,
        "the value of the normal distribution with a cumulative probability",
        Cell(of::norm_inv),
    ),
    calculation(
        "norm_s_dist",
        &[number("value"), yesno("cumulative")],
        Number,
        "the normal distribution of mean 0 and standard deviation 1",
        Cell(of::norm_s_dist),
    ),
    calculation(
        "norm_s_inv",
        &[number("probability")],
        Number,
        "the value of that distribution with a cumulative probability",
        Cell(of::norm_s_inv),
    ),
    calculation(
        "poisson_dist",
        &[number("value"), number("lambda"), yesno("cumulative")],
        Number,
        "the Poisson distribution",
        Cell(of::poisson_dist),
    ),
    calculation(
        "t_dist",
        &[number("value"), number("dof"), yesno("cumulative")],
        Number,
        "Student's distribution with degrees of freedom",
        Cell(of::t_dist),
    ),
    calculation(
        "t_inv",
        &[number("probability"), number("dof")],
        Number,
        "the value of Student's distribution with a cumulative probability",
        Cell(of::t_inv),
    ),
    calculation(
        "weibull_dist",
        &[number("value"), number("shape"), number("scale"), yesno("cumulative")],
        Number,
        "the Weibull distribution",
        Cell(of::weibull_dist),
    ),
];
