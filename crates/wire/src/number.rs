//! Numbers as JSON text.

/// Writes an integer.
pub fn write_i64(number: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Writes an integer without sign.
pub fn write_u64(number: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Writes the shortest text that reads back as the same double: `1.5`, `3.0`, `1e+300`.
///
/// JSON has no text for infinities and NaN; they are written as `null`.
pub fn write_f64(number: f64, out: &mut Vec<u8>) {
    if number.is_finite() {
        out.extend_from_slice(zmij::Buffer::new().format_finite(number).as_bytes());
    } else {
        out.extend_from_slice(b"null");
    }
}

#[cfg(test)]
mod tests {
    use super::write_f64;

    fn text(number: f64) -> String {
        let mut out = Vec::new();
        write_f64(number, &mut out);
        String::from_utf8(out).expect("digits are ASCII")
    }

    #[test]
    fn a_double_is_written_with_the_fewest_digits_that_read_back() {
        for number in [0.1, 1.0 / 3.0, 5e-324, f64::MAX, -0.0, 123456.789, 1e21] {
            assert_eq!(text(number).parse::<f64>().map(f64::to_bits), Ok(number.to_bits()));
        }
        assert_eq!(text(0.1), "0.1");
    }

    #[test]
    fn what_json_cannot_say_is_null() {
        assert_eq!(text(f64::NAN), "null");
        assert_eq!(text(f64::INFINITY), "null");
    }
}
