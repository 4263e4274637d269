//! PKCE: what ties a code to the program that asked for it.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use belvedere_store::SecretHash;
use sha2::{Digest as _, Sha256};

/// Letters that a verifier may have: at least what RFC 7636 says, so that nobody can try them all.
const VERIFIER_LENGTHS: std::ops::RangeInclusive<usize> = 43..=128;

/// Padded or not; what the last letter says beyond the last byte does not count.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The SHA-256 of a verifier, which the program shows when it uses its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeChallenge(SecretHash);

impl CodeChallenge {
    /// Reads a challenge of the method `S256`. Clients send it as hex, and as base64 in either alphabet, padded or not;
    /// a `+` that was not escaped arrives as a blank.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = match text.len() {
            64 => from_hex(text)?,
            _ => BASE64.decode(text.replace(['+', ' '], "-").replace('/', "_")).ok()?,
        };
        let sha256: [u8; 32] = bytes.try_into().ok()?;
        Some(Self(SecretHash::new(sha256)))
    }

    pub(super) fn of(stored: SecretHash) -> Self {
        Self(stored)
    }

    pub(super) fn hash(self) -> SecretHash {
        self.0
    }

    /// Whether this is the verifier that the challenge was made of.
    pub fn matches(self, verifier: &str) -> bool {
        let hash = SecretHash::new(Sha256::digest(verifier.as_bytes()).into());
        self.0 == hash && VERIFIER_LENGTHS.contains(&verifier.len())
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    text.as_bytes().chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    /// The same bytes as hex.
    const HEX: &str = "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3";

    #[test]
    fn a_challenge_is_read_in_every_form_that_clients_send() {
        let upper = HEX.to_uppercase();
        for challenge in [
            CHALLENGE,
            &format!("{CHALLENGE}="),
            &CHALLENGE.replace('-', "+"),
            &format!("{}=", CHALLENGE.replace('-', "+")),
            &CHALLENGE.replace('-', " "),
            HEX,
            &upper,
        ] {
            let read = CodeChallenge::parse(challenge).unwrap_or_else(|| panic!("{challenge}"));
            assert!(read.matches(VERIFIER), "{challenge}");
            assert!(!read.matches(&VERIFIER.replace('d', "e")), "{challenge}");
        }
    }

    #[test]
    fn what_is_no_sha256_is_no_challenge() {
        let long = HEX.repeat(1000);
        for wrong in [
            "",
            "=",
            &CHALLENGE[1..],
            &format!("{CHALLENGE}A"),
            &HEX[2..],
            &HEX.replace('1', "g"),
            VERIFIER_IN_PLAIN,
            &long,
        ] {
            assert_eq!(CodeChallenge::parse(wrong), None, "{wrong}");
        }
    }

    const VERIFIER_IN_PLAIN: &str = "a-verifier-of-the-method-plain-that-is-longer-than-a-hash";

    #[test]
    fn a_verifier_that_could_be_guessed_matches_nothing() {
        let challenge = |verifier: &str| CodeChallenge(SecretHash::new(Sha256::digest(verifier).into()));
        for verifier in ["", "a", &"a".repeat(42), &"a".repeat(129)] {
            assert!(!challenge(verifier).matches(verifier), "{verifier}");
        }
        assert!(challenge(&"a".repeat(66)).matches(&"a".repeat(66)));
    }
}
