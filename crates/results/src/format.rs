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
    /// `json_fe`: `json_detail` with what browser charts want besides.
    JsonFe,
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
    /// `gsxml`: the rows of an XML document, for Google Sheets.
    Gsxml,
    /// `xlsx`: a workbook.
    Xlsx,
    /// `ndjson`: a row object in each line. Not one of Looker's.
    Ndjson,
    /// `arrow`: an Arrow IPC stream. Not one of Looker's.
    Arrow,
    /// `parquet`: a Parquet file. Not one of Looker's.
    Parquet,
}

/// How a run that fails is told to a reader of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// In the body: a row or a member for it.
    InBody,
    /// The format has no place for it: a status before the first row, a broken connection after it.
    Refused,
}

/// Each word of a request with its format; `inline_json` is `json` in the body of a schedule.
const WORDS: [(&str, Format); 15] = [
    ("json", Format::Json),
    ("json_label", Format::JsonLabel),
    ("json_detail", Format::JsonDetail),
    ("json_fe", Format::JsonFe),
    ("json_bi", Format::JsonBi),
    ("csv", Format::Csv),
    ("txt", Format::Txt),
    ("md", Format::Md),
    ("html", Format::Html),
    ("gsxml", Format::Gsxml),
    ("xlsx", Format::Xlsx),
    ("ndjson", Format::Ndjson),
    ("arrow", Format::Arrow),
    ("parquet", Format::Parquet),
    ("inline_json", Format::Json),
];

impl Format {
    /// The format that `word` names in a request; `None` for a word that names none of these.
    pub fn parse(word: &str) -> Option<Self> {
        WORDS.iter().find(|(name, _)| *name == word).map(|&(_, format)| format)
    }

    /// The words of a request, in the order in which they are told to people.
    pub fn words() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|&(word, _)| word)
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        WORDS.iter().find(|&&(_, format)| format == self).map_or("", |&(word, _)| word)
    }

    /// `Content-Type` of a body in this format.
    ///
    /// JSON is UTF-8 by definition. The text formats say so, because clients (Python's among them) read `text/*`
    /// without a charset as Latin-1. Binary formats must not: a charset makes clients take them for text.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json | Self::JsonLabel | Self::JsonDetail | Self::JsonFe | Self::JsonBi => "application/json",
            Self::Csv => "text/csv;charset=utf-8",
            Self::Txt | Self::Md => "text/plain;charset=utf-8",
            Self::Html => "text/html;charset=utf-8",
            Self::Gsxml => "text/xml;charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ndjson => "application/x-ndjson",
            Self::Arrow => "application/vnd.apache.arrow.stream",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// Whether people keep a body in this format as a file of its own.
    pub const fn is_file(self) -> bool {
        match self {
            Self::Csv | Self::Txt | Self::Xlsx | Self::Ndjson | Self::Arrow | Self::Parquet => true,
            Self::Json
            | Self::JsonLabel
            | Self::JsonDetail
            | Self::JsonFe
            | Self::JsonBi
            | Self::Md
            | Self::Html
            | Self::Gsxml => false,
        }
    }

    /// How a run that fails is told.
    pub const fn failing(self) -> Failing {
        match self {
            Self::Json | Self::JsonLabel | Self::JsonDetail | Self::JsonFe | Self::JsonBi | Self::Ndjson => {
                Failing::InBody
            }
            Self::Csv | Self::Txt | Self::Md | Self::Html | Self::Gsxml | Self::Xlsx | Self::Arrow | Self::Parquet => {
                Failing::Refused
            }
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
        assert_eq!(Format::parse("png"), None);
    }

    #[test]
    fn only_text_names_a_charset() {
        for (word, format) in WORDS {
            let content_type = format.content_type();
            assert_eq!(content_type.starts_with("text/"), content_type.contains("charset"), "{word}");
        }
    }
}
