//! The user's number format: which signs group digits and mark the decimals.

/// A user's `number_format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum NumberFormat {
    /// `1,234.56`, the default.
    #[default]
    CommaPoint,
    /// `1.234,56`
    PointComma,
    /// `1 234,56`
    SpaceComma,
}

impl NumberFormat {
    /// The format that is written as this example; `None` for any other text.
    pub fn parse(example: &str) -> Option<Self> {
        [Self::CommaPoint, Self::PointComma, Self::SpaceComma].into_iter().find(|format| format.as_str() == example)
    }

    /// The example that stands for it in settings and results.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CommaPoint => "1,234.56",
            Self::PointComma => "1.234,56",
            Self::SpaceComma => "1 234,56",
        }
    }

    /// The sign between groups of three digits.
    pub(crate) const fn group(self) -> char {
        match self {
            Self::CommaPoint => ',',
            Self::PointComma => '.',
            Self::SpaceComma => ' ',
        }
    }

    /// The sign before the decimals.
    pub(crate) const fn point(self) -> char {
        match self {
            Self::CommaPoint => '.',
            Self::PointComma | Self::SpaceComma => ',',
        }
    }

    /// False when [`Self::write`] would leave `plain` as it is for certain, which saves the work for small numbers.
    #[inline]
    pub(crate) fn may_change(self, plain: &str) -> bool {
        match plain.find('.') {
            Some(point) => point > 3 || self.point() != '.',
            None => plain.len() > 3,
        }
    }

    /// Writes the plain text of a number (`-1234.5`) with this format's signs (`-1,234.5`). Texts with an exponent
    /// are not grouped.
    pub(crate) fn write(self, plain: &str, out: &mut String) {
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |digits| ("-", digits));
        let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
        out.push_str(sign);
        if whole.contains('e') {
            out.push_str(whole);
        } else {
            self.write_grouped(whole, out);
        }
        if let Some(decimals) = decimals {
            out.push(self.point());
            out.push_str(decimals);
        }
    }

    /// Writes ASCII digits in groups of three.
    fn write_grouped(self, digits: &str, out: &mut String) {
        let first = match digits.len() % 3 {
            0 => digits.len().min(3),
            short => short,
        };
        let (mut group, mut rest) = digits.split_at(first);
        loop {
            out.push_str(group);
            if rest.is_empty() {
                return;
            }
            out.push(self.group());
            (group, rest) = rest.split_at(3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NumberFormat;

    fn written(format: NumberFormat, plain: &str) -> String {
        let mut out = String::new();
        format.write(plain, &mut out);
        out
    }

    #[test]
    fn digits_are_grouped_by_three() {
        for (plain, grouped) in [
            ("0", "0"),
            ("962", "962"),
            ("1062", "1,062"),
            ("-12345", "-12,345"),
            ("123456", "123,456"),
            ("1234567.125", "1,234,567.125"),
            ("-0.5", "-0.5"),
            ("1e300", "1e300"),
            ("1.5e300", "1.5e300"),
        ] {
            assert_eq!(written(NumberFormat::CommaPoint, plain), grouped);
        }
    }

    #[test]
    fn each_format_writes_its_own_example() {
        for example in ["1,234.56", "1.234,56", "1 234,56"] {
            let format = NumberFormat::parse(example).expect("it is one of the three");
            assert_eq!(written(format, "1234.56"), example);
        }
        assert_eq!(NumberFormat::parse("1'234.56"), None);
    }
}
