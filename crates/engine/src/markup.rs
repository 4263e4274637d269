//! What stands in cells beside their values: the output of `html`, and the menu of `link`s and drills.
//!
//! Everything that does not depend on the row is made once, before the first one: templates are parsed, addresses are
//! written as far as they go. What the reader may not see is in none of it.

mod drill;
mod row;

use crate::prepare::Prepared;
use crate::run::RunOptions;
use crate::shape::{PivotKey, Table};
use crate::wording::{Asked, Wording};
use belvedere_lookml::model::{Category, Explore};
use belvedere_query::{Access, ColumnField, Medium, Role, TextTemplate};
use belvedere_results::{Column, Format, Mark, MarkedRow, Marker, Markup};
use belvedere_wire::{Object, write_string};
use drill::{Drilling, Drills};
use jiff::Zoned;
use row::RowOfCell;
use std::collections::HashMap;
use std::sync::Arc;

/// `generate_drill_links`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Links {
    /// Cells have no `links`.
    #[default]
    Omitted,
    /// Cells have the links of their field, and the ways to drill into them.
    Shown,
}

/// The cells of one result.
#[derive(Debug)]
struct CellMarker {
    /// By shown column.
    columns: Vec<Option<MarkedColumn>>,
    facts: Facts,
}

/// What is the same for every row.
#[derive(Debug)]
struct Facts {
    /// The readable columns of a field, by its name: one, or one for each pivot column.
    readable: HashMap<String, Vec<(Option<usize>, usize)>>,
    /// The pivot columns.
    pivots: Vec<PivotKey>,
    /// The pivot fields, in the order of the values of each pivot column.
    pivot_fields: Vec<String>,
    explore: Arc<Explore>,
    access: Access,
    /// The present, in the time zone of the query.
    now: Zoned,
    asked: Arc<Asked>,
}

/// A column whose cells may have marks.
#[derive(Debug)]
struct MarkedColumn {
    /// Full name of the field.
    name: String,
    /// The alias of its view.
    view: String,
    /// Its place among the readable columns.
    at: usize,
    pivot: Option<usize>,
    html: Option<TextTemplate>,
    links: Vec<LinkTemplate>,
    drills: Drills,
}

/// A `link` of LookML.
#[derive(Debug)]
struct LinkTemplate {
    label: TextTemplate,
    url: TextTemplate,
    icon_url: Option<TextTemplate>,
}

/// The marks of a result in the format that is wanted; `None` when no cell has any.
pub(crate) fn markup(prepared: &Prepared, table: &Table, options: &RunOptions) -> Option<Markup> {
    let (html, links) = match options.format {
        Format::JsonDetail | Format::JsonFe => (true, options.links),
        Format::JsonBi => (false, options.links),
        Format::Html => (options.apply_formatting, Links::Omitted),
        _ => return None,
    };
    if !html && links == Links::Omitted {
        return None;
    }
    let drilling = options.drill_prefix.as_deref().map(|prefix| Drilling::new(prepared, table, prefix));
    let shown = table.layout.columns.iter();
    let columns: Vec<Option<MarkedColumn>> = shown
        .map(|column| {
            let at = table.readable.iter().position(|readable| readable.source == column.source)?;
            let field = &prepared.columns.iter().find(|known| known.name == column.name)?.field;
            let marked = MarkedColumn::new(column, field, at, (html, links), drilling.as_ref());
            (marked.html.is_some() || links == Links::Shown && marked.has_links()).then_some(marked)
        })
        .collect();
    if columns.iter().all(Option::is_none) {
        return None;
    }
    let marker = CellMarker { columns, facts: Facts::of(prepared, table) };
    Some(Markup { columns: table.readable.clone(), marker: Arc::new(marker) })
}

impl MarkedColumn {
    fn new(
        column: &Column,
        field: &ColumnField,
        at: usize,
        (html, links): (bool, Links),
        drilling: Option<&Drilling<'_>>,
    ) -> Self {
        let of = &field.field;
        // What is wrong with a template is the validator's to tell; the cell then has its value alone.
        let html = of.html.as_ref().filter(|_| html);
        let html = html.and_then(|sql| TextTemplate::parse(sql.text.trim(), Medium::Html).ok());
        let wanted = of.links.iter().filter(|_| links == Links::Shown);
        Self {
            name: column.name.clone(),
            view: field.alias.to_string(),
            at,
            pivot: column.pivot,
            links: wanted.filter_map(LinkTemplate::parse).collect(),
            // The output of `html` may name the address of a drill.
            drills: drilling
                .filter(|_| html.is_some() || links == Links::Shown)
                .map_or_else(Drills::default, |drilling| drilling.of(field)),
            html,
        }
    }

    fn has_links(&self) -> bool {
        !self.links.is_empty() || !self.drills.is_empty()
    }
}

impl LinkTemplate {
    fn parse(link: &belvedere_lookml::model::Link) -> Option<Self> {
        let parse = |text: &str| TextTemplate::parse(text.trim(), Medium::Text).ok();
        let icon_url = link.icon_url.as_deref().and_then(parse);
        Some(Self { label: parse(&link.label)?, url: parse(&link.url)?, icon_url })
    }
}

impl Facts {
    fn of(prepared: &Prepared, table: &Table) -> Self {
        let mut readable: HashMap<String, Vec<(Option<usize>, usize)>> = HashMap::new();
        for (at, column) in table.readable.iter().enumerate() {
            readable.entry(column.name.clone()).or_default().push((column.pivot, at));
        }
        let pivot_fields = prepared.plan.shape.pivot.iter().flat_map(|pivot| &pivot.columns);
        Self {
            readable,
            pivots: table.pivots.clone(),
            pivot_fields: pivot_fields.map(|&index| prepared.columns[index].name.clone()).collect(),
            explore: Arc::clone(&prepared.explore),
            access: prepared.access.clone(),
            now: prepared.now.clone(),
            asked: Arc::clone(&prepared.asked),
        }
    }

    fn wording(&self) -> Wording<'_> {
        Wording { explore: &self.explore, access: &self.access, now: &self.now, asked: Some(&self.asked) }
    }

    /// The readable column of a field, as a cell in a pivot column sees it.
    fn column(&self, name: &str, pivot: Option<usize>) -> Option<usize> {
        let places = self.readable.get(name)?;
        let place = places.iter().find(|(of, _)| *of == pivot).or_else(|| places.iter().find(|(of, _)| of.is_none()));
        place.map(|&(_, at)| at)
    }
}

impl Marker for CellMarker {
    fn mark(&self, column: usize, row: &mut MarkedRow<'_, '_>) -> Mark {
        let Some(Some(column)) = self.columns.get(column) else { return Mark::default() };
        let cell = RowOfCell::new(&self.facts, column, row);
        let html = column.html.as_ref().and_then(|template| template.render(&cell));
        let links = column.has_links().then(|| cell.links()).filter(|links| !links.is_empty());
        Mark { html, links: links.map(|links| menu(&links)) }
    }
}

/// An entry of the menu of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Link {
    kind: LinkKind,
    url: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum LinkKind {
    /// The rows behind a measure, with its formatted value.
    ShowAll(String),
    /// A dimension by another one: the label of that, and the formatted value that is drilled into.
    By(String, String),
    /// A `link` of LookML.
    Written { label: String, icon_url: Option<String> },
}

/// The menu of a cell as JSON.
fn menu(links: &[Link]) -> Vec<u8> {
    let mut out = vec![b'['];
    for (index, link) in links.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let mut object = Object::open(&mut out);
        let mut parts = |key: &str, prefix: &str, value: &str| {
            write_string(&format!("{prefix} {value}"), object.key(key));
            write_string(prefix, object.key(&format!("{key}_prefix")));
            write_string(value, object.key(&format!("{key}_value")));
        };
        let kind = match &link.kind {
            LinkKind::ShowAll(value) => {
                parts("label", "Show All", value);
                "measure_default"
            }
            LinkKind::By(label, value) => {
                parts("label", "by", label);
                parts("type_label", "Drill into", value);
                "drill"
            }
            LinkKind::Written { label, icon_url } => {
                write_string(label, object.key("label"));
                if let Some(icon_url) = icon_url {
                    write_string(icon_url, object.key("icon_url"));
                }
                "url"
            }
        };
        write_string(&link.url, object.key("url"));
        write_string(kind, object.key("type"));
        object.close();
    }
    out.push(b']');
    out
}

/// Whether an address is one that a link may lead to: a value must not become a program.
fn is_safe(url: &str) -> bool {
    // Browsers skip blanks and control characters before and within the scheme.
    let bare: String = url.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(16).collect();
    let Some((scheme, _)) = bare.split_once(':') else { return true };
    !["javascript", "data", "vbscript"].iter().any(|program| scheme.eq_ignore_ascii_case(program))
}

/// Whether a column of the statement is a dimension of the result's rows.
fn is_dimension(column: &belvedere_query::Column) -> bool {
    column.role == Role::Dimension && column.field.field.category == Category::Dimension
}

#[cfg(test)]
mod tests {
    use super::{Link, LinkKind, is_safe, menu};

    #[test]
    fn a_menu_tells_labels_whole_and_in_parts() {
        let show = Link { kind: LinkKind::ShowAll("1,062".into()), url: "/explore/a/b?x".into() };
        let by = Link { kind: LinkKind::By("Created Time".into(), "2022-06-06".into()), url: "/y".into() };
        let written =
            Link { kind: LinkKind::Written { label: "L".into(), icon_url: Some("/i".into()) }, url: "/z".into() };
        let text = String::from_utf8(menu(&[show, by, written])).expect("text");
        assert_eq!(
            text,
            r#"[{"label":"Show All 1,062","label_prefix":"Show All","label_value":"1,062","url":"/explore/a/b?x","type":"measure_default"},"#
                .to_owned()
                + r#"{"label":"by Created Time","label_prefix":"by","label_value":"Created Time","type_label":"Drill into 2022-06-06","#
                + r#""type_label_prefix":"Drill into","type_label_value":"2022-06-06","url":"/y","type":"drill"},"#
                + r#"{"label":"L","icon_url":"/i","url":"/z","type":"url"}]"#
        );
    }

    #[test]
    fn an_address_that_runs_is_no_link() {
        for url in ["javascript:alert(1)", " JavaScript:x", "java\nscript:x", "data:text/html,x", "\u{1}vbscript:x"] {
            assert!(!is_safe(url), "{url}");
        }
        for url in ["https://a.example/b?c=d", "/explore/a/b?f[x]=javascript%3A", "mailto:a@b.example", "page?t=1:2"] {
            assert!(is_safe(url), "{url}");
        }
    }
}
