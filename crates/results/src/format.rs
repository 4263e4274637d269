//! The words for result formats.

/// A result format that is written from rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `json`: an array of row objects keyed by field name.
    Json,
    /// `json_label`: as `json`, keyed by label.
    JsonLabel,
    /// `json_detail`: rows of cell objects among all that is known of the run.
    JsonDetail,
    /// `json_bi`: rows of cell objects after lean metadata.
    JsonBi,
    /// `csv`: comma-separated, a header of labels.
    Csv,
    /// `txt`: tab-separated, a header of labels.
    Txt,
    /// `md`: a Markdown table.
    Md,
    /// `html`: an HTML table.
    Html,
}

/// Each word of a request with its format; `inline_json` is `json` in the body of a schedule.
const WORDS: [(&str, Format); 9] = [
    ("json", Format::Json),
    ("json_label", Format::JsonLabel),
    ("json_detail", Format::JsonDetail),
    ("json_bi", Format::JsonBi),
    ("csv", Format::Csv),
    ("txt", Format::Txt),
    ("md", Format::Md),
    ("html", Format::Html),
    ("inline_json", Format::Json),
];

impl Format {
    /// The format that `word` names in a request; `None` for a word that names none of these.
    pub fn parse(word: &str) -> Option<Self> {
        WORDS.iter().find(|(name, _)| *name == word).map(|&(_, format)| format)
    }

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::JsonLabel => "json_label",
            Self::JsonDetail => "json_detail",
            Self::JsonBi => "json_bi",
            Self::Csv => "csv",
            Self::Txt => "txt",
            Self::Md => "md",
            Self::Html => "html",
        }
    }

    /// `Content-Type` of a body in this format.
    ///
    /// JSON is UTF-8 by definition. The text formats say so, because clients (Python's among them) read `text/*`
    /// without a charset as Latin-1.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json | Self::JsonLabel | Self::JsonDetail | Self::JsonBi => "application/json",
            Self::Csv => "text/csv;charset=utf-8",
            Self::Txt | Self::Md => "text/plain;charset=utf-8",
            Self::Html => "text/html;charset=utf-8",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, WORDS};

    #[test]
    fn each_word_reads_back() {
        for (word, format) in WORDS {
            assert_eq!(Format::parse(word), Some(format));
            assert_eq!(Format::parse(format.as_str()), Some(format));
        }
        assert_eq!(Format::parse("JSON"), None);
        assert_eq!(Format::parse("xlsx"), None);
    }
}
