//! What a telephone reads off the screen.

use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;

/// Points that stay white on every side, as the standard asks for.
const MARGIN: i32 = 4;

/// A text as a QR code; nothing when it is longer than one holds.
pub(super) fn code(text: &str) -> Markup {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return Markup::default() };
    let side = code.size() + 2 * MARGIN;
    html! {
        svg.qr viewBox={ "0 0 " (side) " " (side) } role="img" aria-label="QR code of the key" shape-rendering="crispEdges" {
            path d=(outline(&code)) {}
        }
    }
}

/// A square for each dark point.
fn outline(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{},{}h1v1h-1z", x + MARGIN, y + MARGIN);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_drawn_with_a_margin_and_nothing_that_a_policy_forbids() {
        let drawn = code("otpauth://totp/Belvedere:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").into_string();
        // The corner of the first finder pattern is dark.
        assert!(drawn.contains("d=\"M4,4h1v1h-1z"), "{drawn}");
        assert!(!drawn.contains("style") && !drawn.contains("href"));
    }

    #[test]
    fn a_text_that_is_too_long_is_not_drawn() {
        assert_eq!(code(&"x".repeat(10_000)).into_string(), "");
    }
}
