//! Random ids and secrets.

use belvedere_api::Ids;
use rand::Rng as _;
use rand::distr::{Alphanumeric, SampleString as _};

/// Ids that nobody can guess, from the system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RandomIds;

impl Ids for RandomIds {
    fn alphanumeric(&self, length: usize) -> String {
        Alphanumeric.sample_string(&mut rand::rng(), length)
    }

    fn hex(&self, length: usize) -> String {
        let mut generator = rand::rng();
        (0..length).map(|_| char::from_digit(generator.random_range(0..16), 16).unwrap_or('0')).collect()
    }
}
