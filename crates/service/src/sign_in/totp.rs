//! Codes that change with time, as RFC 6238 has them and applications on telephones make them: HMAC-SHA-1, six digits,
//! a step of thirty seconds.

use crate::seal::fill;
use crate::secret::hash;
use belvedere_api::Ids;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use ring::hmac;

/// Seconds of a step.
const STEP: i64 = 30;

/// How many steps a clock may be wrong, in either direction.
const WINDOW: i64 = 1;

/// Digits of a code.
const DIGITS: usize = 6;

/// Bytes of what codes are made of: those of SHA-1, as RFC 4226 asks for.
const LENGTH: usize = 20;

/// The name under which applications keep it.
const ISSUER: &str = "Belvedere";

/// What the codes of a user are made of.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct TotpSecret([u8; LENGTH]);

impl TotpSecret {
    pub(super) fn random(ids: &dyn Ids) -> Self {
        let mut bytes = [0; LENGTH];
        fill(&mut bytes, ids);
        Self(bytes)
    }

    /// The one with these bytes, if there are as many as there must be.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As a person types it: base32 of RFC 4648.
    pub(super) fn text(&self) -> String {
        base32(&self.0)
    }

    /// As an application reads it.
    pub(super) fn uri(&self, email: &str) -> String {
        let email = utf8_percent_encode(email, NON_ALPHANUMERIC);
        format!("otpauth://totp/{ISSUER}:{email}?secret={}&issuer={ISSUER}", self.text())
    }

    /// The step whose code is shown, around `now` and later than the one whose code was shown last: none works twice.
    pub(super) fn step_of(&self, shown: &str, now: Timestamp, last: Option<i64>) -> Option<i64> {
        let shown: String = shown.chars().filter(|letter| !letter.is_whitespace()).collect();
        let shown = hash(&shown);
        let present = now.as_second().div_euclid(STEP);
        let steps = present - WINDOW..=present + WINDOW;
        // All are compared, whichever it is.
        let matching = steps.filter(|step| hash(&self.code(*step)) == shown).max();
        matching.filter(|step| last.is_none_or(|last| *step > last))
    }

    fn code(&self, step: i64) -> String {
        let number = number(&self.0, step) % 10_u32.pow(DIGITS as u32);
        format!("{number:0DIGITS$}")
    }
}

/// The number that a code is the end of: RFC 4226, section 5.3.
fn number(key: &[u8], counter: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let tag = hmac::sign(&key, &counter.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag[tag.len() - 1] & 0xf);
    let bytes = [tag[offset], tag[offset + 1], tag[offset + 2], tag[offset + 3]];
    u32::from_be_bytes(bytes) & 0x7fff_ffff
}

/// Base32 of whole groups of five bytes.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let groups = bytes.chunks_exact(5).map(|group| group.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte)));
    let letter = |bits: u64, place: u32| char::from(LETTERS[(bits >> (5 * place) & 31) as usize]);
    groups.flat_map(|bits| (0..8).rev().map(move |place| letter(bits, place))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the examples of both RFCs.
    fn secret() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_examples_of_rfc_4226() {
        let codes =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (counter, code) in codes.into_iter().enumerate() {
            assert_eq!(secret().code(counter as i64), code);
        }
    }

    #[test]
    fn the_examples_of_rfc_6238() {
        // Those of SHA-1, in eight digits as there.
        for (second, code) in [
            (59, 94287082),
            (1111111109, 7081804),
            (1111111111, 14050471),
            (1234567890, 89005924),
            (2000000000, 69279037),
            (20000000000, 65353130),
        ] {
            assert_eq!(number(&secret().0, second / STEP) % 100_000_000, code, "{second}");
        }
        assert_eq!(secret().step_of("287082", at(59), None), Some(1));
        assert_eq!(secret().step_of("081804", at(1111111109), None), Some(1111111109 / 30));
    }

    #[test]
    fn a_code_holds_a_step_longer_and_a_step_earlier() {
        let taken = |second| secret().step_of("359152", at(second), None);
        assert_eq!([29, 30, 89, 90, 119, 120].map(taken), [None, Some(2), Some(2), Some(2), Some(2), None]);
    }

    #[test]
    fn a_code_is_taken_once_and_no_earlier_one_after_it() {
        let taken = |code, last| secret().step_of(code, at(75), Some(last));
        assert_eq!(taken("359152", 1), Some(2));
        assert_eq!(taken("359152", 2), None);
        assert_eq!(taken("287082", 2), None, "that of the step before");
        assert_eq!(taken("969429", 2), Some(3), "that of the step behind");
    }

    #[test]
    fn only_six_digits_are_a_code() {
        let taken = |code: &str| secret().step_of(code, at(59), None);
        assert_eq!((taken(" 287 082 "), taken("287082")), (Some(1), Some(1)));
        for wrong in ["", "0", "287083", "2870820", "0287082", "28708", "94287082", "٢٨٧٠٨٢", &"9".repeat(100_000)]
        {
            assert_eq!(taken(wrong), None);
        }
    }

    #[test]
    fn the_secret_is_written_as_applications_read_it() {
        assert_eq!(base32(b"fooba"), "MZXW6YTB", "an example of RFC 4648");
        assert_eq!(
            secret().uri("ada&co@example.com"),
            "otpauth://totp/Belvedere:ada%26co%40example%2Ecom?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Belvedere"
        );
    }
}
