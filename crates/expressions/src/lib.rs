//! The small languages: filter expressions, as text and as ranges of values.
