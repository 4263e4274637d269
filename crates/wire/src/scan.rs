//! Search for the bytes that a format cannot take as they stand.

/// The place of the first byte that is one of `needles`, or `None` when `bytes` can be copied whole.
///
/// Most text has no such byte, so the search looks at 16 bytes at a time. `needles` should be a constant: each step
/// is then a few vector instructions.
///
/// ```
/// assert_eq!(belvedere_wire::find_byte(b"Smith, Ann", [b',', b'"']), Some(5));
/// assert_eq!(belvedere_wire::find_byte(b"Ann", [b',', b'"']), None);
/// ```
#[inline]
#[expect(clippy::needless_bitwise_bool, reason = "branches would keep it from being vectorized")]
pub fn find_byte<const N: usize>(bytes: &[u8], needles: [u8; N]) -> Option<usize> {
    find(bytes, |byte| needles.iter().fold(false, |any, needle| any | (byte == *needle)))
}

/// The place of the first byte that `is_special`, which must be free of branches for the search to be fast.
#[inline]
pub(crate) fn find(bytes: &[u8], is_special: impl Fn(u8) -> bool + Copy) -> Option<usize> {
    let (clean, rest) = skip_clean::<16>(bytes, is_special);
    let (more, rest) = skip_clean::<8>(rest, is_special);
    let at = rest.iter().position(|&byte| is_special(byte))?;
    Some(clean + more + at)
}

/// How many leading bytes lie in whole chunks without a special byte, and what follows them.
#[inline]
fn skip_clean<const N: usize>(bytes: &[u8], is_special: impl Fn(u8) -> bool + Copy) -> (usize, &[u8]) {
    let (chunks, _) = bytes.as_chunks::<N>();
    let is_dirty = |chunk: &[u8; N]| chunk.iter().fold(false, |any, &byte| any | is_special(byte));
    let clean = N * chunks.iter().position(is_dirty).unwrap_or(chunks.len());
    (clean, &bytes[clean..])
}

#[cfg(test)]
mod tests {
    use super::find_byte;

    #[test]
    fn the_first_of_the_needles_is_found_at_every_distance() {
        for length in 0..70 {
            for at in 0..length {
                let mut bytes = vec![b'x'; length];
                bytes[length - 1] = b',';
                bytes[at] = b'"';
                assert_eq!(find_byte(&bytes, [b',', b'"']), Some(at), "{length} {at}");
            }
            assert_eq!(find_byte(&vec![b'x'; length], [b',', b'"']), None, "{length}");
        }
    }
}
