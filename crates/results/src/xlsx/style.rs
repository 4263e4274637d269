//! The number formats of a workbook.

use super::text::write_attribute;
use crate::layout::{Column, Layout, Options, Rendering};
use arrow_schema::{DataType, Schema};
use std::fmt::Write as _;

/// An index into the cell formats of the workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style(usize);

impl Style {
    /// Whatever fits the value.
    pub(super) const GENERAL: Self = Self(0);
    /// Bold.
    pub(super) const HEADER: Self = Self(1);
    /// `2024-09-03`
    pub(super) const DAY: Self = Self(2);
    /// `2024-09-03 17:15:00`
    pub(super) const TIME: Self = Self(3);

    /// Writes ` s="2"`, or nothing for what needs no format.
    pub(super) fn write(self, out: &mut String) {
        if self != Self::GENERAL {
            // Writing to a string cannot fail.
            let _ = write!(out, " s=\"{}\"", self.0);
        }
    }
}

/// Cell formats before those of columns.
const FIXED: usize = 4;
/// Numbers below are those of formats that every workbook has.
const FIRST_OWN: usize = 164;
const DAY_FORMAT: &str = "yyyy\\-mm\\-dd";
const TIME_FORMAT: &str = "yyyy\\-mm\\-dd\\ hh:mm:ss";
const WHOLE_FORMAT: &str = "#,##0";

/// The formats of a workbook: the fixed ones, then those of columns.
pub(super) struct Styles {
    codes: Vec<String>,
}

impl Styles {
    /// The formats of a result, and the style of the numbers in each column.
    ///
    /// Columns have their formats only when they are asked for; days and times always look like what they are.
    pub(super) fn new(layout: &Layout, options: Options, schema: &Schema) -> (Self, Vec<Style>) {
        let mut codes: Vec<String> = Vec::new();
        let styles = layout.columns.iter().map(|column| {
            let code =
                if options.apply_formatting { code(column, schema.field(column.source).data_type()) } else { None };
            let Some(code) = code else { return Style::GENERAL };
            let index = codes.iter().position(|known| known == code).unwrap_or_else(|| {
                codes.push(code.to_owned());
                codes.len() - 1
            });
            Style(FIXED + index)
        });
        let styles = styles.collect();
        (Self { codes }, styles)
    }

    /// `xl/styles.xml`.
    pub(super) fn xml(&self) -> String {
        let mut xml = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
             <styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">",
        );
        let codes = [DAY_FORMAT, TIME_FORMAT].into_iter().chain(self.codes.iter().map(String::as_str));
        let count = 2 + self.codes.len();
        let _ = write!(xml, "<numFmts count=\"{count}\">");
        for (index, code) in codes.enumerate() {
            let _ = write!(xml, "<numFmt numFmtId=\"{}\" formatCode=\"", FIRST_OWN + index);
            write_attribute(code, &mut xml);
            xml.push_str("\"/>");
        }
        xml.push_str(
            "</numFmts>\
             <fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>\
             <font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
             <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
             <fill><patternFill patternType=\"gray125\"/></fill></fills>\
             <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
             <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>",
        );
        let _ = write!(xml, "<cellXfs count=\"{}\">", FIXED + self.codes.len());
        write_format(0, 0, &mut xml);
        write_format(0, 1, &mut xml);
        for index in 0..count {
            write_format(FIRST_OWN + index, 0, &mut xml);
        }
        xml.push_str(
            "</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>\
             </styleSheet>",
        );
        xml
    }
}

fn write_format(number_format: usize, font: usize, xml: &mut String) {
    let _ = write!(
        xml,
        "<xf numFmtId=\"{number_format}\" fontId=\"{font}\" fillId=\"0\" borderId=\"0\" xfId=\"0\" \
         applyNumberFormat=\"1\" applyFont=\"1\"/>"
    );
}

/// The format of a column's numbers, in Excel's grammar.
fn code<'a>(column: &'a Column, data_type: &DataType) -> Option<&'a str> {
    match &column.format {
        Some(format) => format.excel(),
        // Digits behind the point have no format that shows as many as there are, and no point without them.
        None if column.rendering == Rendering::Number && is_whole(data_type) => Some(WHOLE_FORMAT),
        None => None,
    }
}

fn is_whole(data_type: &DataType) -> bool {
    match data_type {
        DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) | DataType::Decimal128(_, scale) => *scale <= 0,
        other => other.is_integer(),
    }
}
