//! Random numbers that depend on nothing but the seed, what is drawn, and its number.

/// What is drawn; each has numbers of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    Product = 1,
    User,
    Signup,
    OrderTime,
    Order,
    Visit,
    DayNoise,
}

/// A sequence of random numbers (splitmix64), the same on every machine.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The sequence for the `number`th thing of `stream`.
    pub(crate) fn new(seed: u64, stream: Stream, number: u64) -> Self {
        let stream = mix(seed.wrapping_add((stream as u64).wrapping_mul(GOLDEN)));
        Self(mix(stream ^ number.wrapping_mul(GOLDEN)))
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A number in `0..bound`, 0 when `bound` is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// A number in `from..=to`.
    pub(crate) fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from + 1) as u64) as i64
    }

    /// A number in `0..bound`, the small ones more often: the density falls like 1 / sqrt.
    pub(crate) fn skewed(&mut self, bound: u64) -> u64 {
        let unit = u128::from(self.bits() >> 32);
        ((unit * unit * u128::from(bound)) >> 64) as u64
    }

    /// A number in `0..bound`, the small ones more often, but the others often too.
    pub(crate) fn favouring(&mut self, bound: u64) -> u64 {
        if self.chance(500) { self.skewed(bound) } else { self.below(bound) }
    }

    /// True in `per_mille` of 1,000 cases.
    pub(crate) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// One of `items`, which must not be empty.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }

    /// One of `items`, each as often as its weight says. The weights must not all be 0.
    pub(crate) fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> u64) -> &'a T {
        let mut left = self.below(items.iter().map(&weight).sum());
        for item in items {
            match left.checked_sub(weight(item)) {
                Some(rest) => left = rest,
                None => return item,
            }
        }
        unreachable!("the number drawn is below the sum of the weights")
    }
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Random, Stream};

    #[test]
    fn the_same_thing_has_the_same_numbers_and_another_has_others() {
        let draw = |seed, stream, number| Random::new(seed, stream, number).bits();
        assert_eq!(draw(1, Stream::User, 7), draw(1, Stream::User, 7));
        assert_ne!(draw(1, Stream::User, 7), draw(2, Stream::User, 7));
        assert_ne!(draw(1, Stream::User, 7), draw(1, Stream::Order, 7));
        assert_ne!(draw(1, Stream::User, 7), draw(1, Stream::User, 8));
    }

    #[test]
    fn numbers_stay_within_their_bounds_and_reach_them() {
        let mut random = Random::new(1, Stream::User, 0);
        let drawn: Vec<i64> = (0..1000).map(|_| random.between(-2, 2)).collect();
        assert_eq!(drawn.iter().min(), Some(&-2));
        assert_eq!(drawn.iter().max(), Some(&2));
        assert_eq!(random.below(0), 0);
        assert!((0..1000).all(|_| random.skewed(3) < 3));
        assert!((0..1000).all(|_| *random.weighted(&[0, 5, 0], |&weight| weight) == 5));
    }
}
