//! Ids that are the same on every run.

use belvedere_api::Ids;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts, and spreads the count over the letters.
#[derive(Debug, Default)]
pub struct SeededIds(AtomicU64);

impl SeededIds {
    fn word(&self, length: usize, letters: &[u8]) -> String {
        let mut state = self.0.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let mut next = || {
            // splitmix64: two ids that follow each other have nothing in common.
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        };
        (0..length).map(|_| char::from(letters[(next() % letters.len() as u64) as usize])).collect()
    }
}

impl Ids for SeededIds {
    fn alphanumeric(&self, length: usize) -> String {
        self.word(length, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    }

    fn hex(&self, length: usize) -> String {
        self.word(length, b"0123456789abcdef")
    }
}
