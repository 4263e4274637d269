//! Ways from a cell into the rows behind it: queries, written as addresses.

use super::is_dimension;
use crate::address::form_encoded;
use crate::names::in_view;
use crate::prepare::Prepared;
use crate::shape::Table;
use belvedere_lookml::model::{Category, Explore, ExploreView, Field, FieldKind, Timeframe};
use belvedere_query::{ColumnField, Role};
use belvedere_results::{MarkedRow, RowKind};
use indexmap::IndexMap;
use std::collections::HashSet;

/// Rows that a drill shows.
const LIMIT: &str = "500";

/// What the drills of all columns of a result have in common.
pub(super) struct Drilling<'p> {
    prepared: &'p Prepared,
    /// `<prefix>/explore/<model>/<explore>?fields=`
    start: String,
    /// Everything behind the filters.
    end: String,
    /// The filters of the query that a drill keeps: those on rows.
    filters: IndexMap<String, String>,
    /// The dimensions of a row, with their places among the readable columns.
    dimensions: Vec<(String, usize)>,
    pivot_fields: Vec<String>,
}

/// The drills of one column.
#[derive(Debug, Default)]
pub(super) struct Drills {
    /// The rows behind a measure.
    show_all: Option<Address>,
    /// A dimension by other ones, each with its label.
    by: Vec<(String, Address)>,
}

/// A query, but for what the row filters by.
#[derive(Debug)]
struct Address {
    start: String,
    /// Filters that stand for every row, unless the row itself filters by their field.
    filters: IndexMap<String, String>,
    /// The fields whose values filter, with their places among the readable columns.
    by_row: Vec<(String, usize)>,
    /// The pivot fields whose values filter, each with its place among the values of a pivot column.
    by_pivot: Vec<(String, usize)>,
    end: String,
}

/// The values of the pivot fields of one pivot column, as filters.
pub(super) type PivotFilters<'a> = &'a [Option<String>];

impl Drills {
    pub(super) fn is_empty(&self) -> bool {
        self.show_all.is_none() && self.by.is_empty()
    }

    /// The address of the rows behind a measure.
    pub(super) fn show_all(&self, row: &mut MarkedRow<'_, '_>, pivot: PivotFilters<'_>) -> Option<String> {
        Some(self.show_all.as_ref()?.of(row, pivot))
    }

    /// The label and address of each dimension that another one is seen by.
    pub(super) fn by(&self, row: &mut MarkedRow<'_, '_>) -> Vec<(String, String)> {
        self.by.iter().map(|(label, address)| (label.clone(), address.of(row, &[]))).collect()
    }
}

impl Address {
    fn of(&self, row: &mut MarkedRow<'_, '_>, pivot: PivotFilters<'_>) -> String {
        let mut url = self.start.clone();
        let mut said = HashSet::new();
        let filter = |url: &mut String, field: &str, value: &str| push(url, &format!("f[{field}]"), value);
        if row.kind() == RowKind::Data {
            for (field, at) in &self.by_row {
                if let Some(value) = row.filter(*at) {
                    filter(&mut url, field, &value);
                    said.insert(field.as_str());
                }
            }
        }
        for (field, at) in &self.by_pivot {
            if let Some(Some(value)) = pivot.get(*at) {
                filter(&mut url, field, value);
                said.insert(field.as_str());
            }
        }
        for (field, value) in self.filters.iter().filter(|(field, _)| !said.contains(field.as_str())) {
            filter(&mut url, field, value);
        }
        url.push_str(&self.end);
        url
    }
}

impl<'p> Drilling<'p> {
    pub(super) fn new(prepared: &'p Prepared, table: &Table, prefix: &str) -> Self {
        let explore = &prepared.explore;
        let start =
            format!("{prefix}/explore/{}/{}?fields=", form_encoded(&explore.model), form_encoded(&explore.name));
        let mut end = String::new();
        push(&mut end, "query_timezone", &prepared.timezone);
        let more = [("filter_expression", &prepared.filter_expression), ("dynamic_fields", &prepared.dynamic_fields)];
        for (key, value) in more {
            if let Some(value) = value.as_deref().filter(|value| !value.trim().is_empty()) {
                push(&mut end, key, value);
            }
        }
        push(&mut end, "limit", LIMIT);
        // A condition on groups means nothing to the rows behind one.
        let on_rows = prepared.plan.filters.iter();
        let on_rows = on_rows.filter(|(_, filter)| filter.field.field.category != Category::Measure);
        let pivots = prepared.plan.shape.pivot.iter().flat_map(|pivot| &pivot.columns);
        let pivot_fields: Vec<String> = pivots.map(|&index| prepared.columns[index].name.clone()).collect();
        let dimensions = prepared.columns.iter().filter(|column| is_dimension(column));
        let dimensions = dimensions.filter(|column| !column.field.field.skip_drill_filter).filter_map(|column| {
            let at = table.readable.iter().position(|readable| readable.name == column.name)?;
            Some((column.name.clone(), at))
        });
        Self {
            start,
            end,
            filters: on_rows.map(|(name, filter)| (name.clone(), filter.value.clone())).collect(),
            dimensions: dimensions.collect(),
            pivot_fields,
            prepared,
        }
    }

    /// The drills of a field.
    pub(super) fn of(&self, field: &ColumnField) -> Drills {
        let explore = &*self.prepared.explore;
        let Some(view) = explore.view(&field.alias) else { return Drills::default() };
        match field.field.category {
            Category::Measure => Drills { show_all: self.behind(explore, view, &field.field), by: Vec::new() },
            Category::Dimension => Drills { show_all: None, by: self.beside(explore, view, field) },
            Category::Filter | Category::Parameter => Drills::default(),
        }
    }

    /// The fields that the reader may see, out of those that a field drills into.
    fn visible(&self, explore: &Explore, view: &ExploreView, field: &Field) -> Vec<String> {
        let names = explore.drill_fields(view, field).into_iter().map(|name| name.to_string());
        names.filter(|name| self.prepared.sees(name)).collect()
    }

    /// The rows behind a measure. There is no way to them when a filter of the measure is on a field that the reader may
    /// not see, or on one that is filtered otherwise: the drill would show other rows than those that count.
    fn behind(&self, explore: &Explore, view: &ExploreView, measure: &Field) -> Option<Address> {
        let fields = self.visible(explore, view, measure);
        if fields.is_empty() {
            return None;
        }
        let mut filters = self.filters.clone();
        for filter in &measure.filters {
            let name = in_view(&view.alias, &filter.field);
            let of_row = self.dimensions.iter().any(|(dimension, _)| *dimension == name);
            if of_row || self.pivot_fields.contains(&name) || !self.prepared.sees(&name) {
                return None;
            }
            let other = filters.insert(name, filter.value.clone());
            if other.is_some_and(|other| !other.trim().is_empty() && other != filter.value) {
                return None;
            }
        }
        let by_pivot = self.pivot_fields.iter().cloned().zip(0..);
        Some(Address {
            start: format!("{}{}", self.start, form_encoded(&fields.join(","))),
            filters,
            by_row: self.dimensions.clone(),
            by_pivot: by_pivot.collect(),
            end: self.end.clone(),
        })
    }

    /// A dimension by each that it drills into: the same query, for its value alone, with that one in its place.
    fn beside(&self, explore: &Explore, view: &ExploreView, field: &ColumnField) -> Vec<(String, Address)> {
        let name = format!("{}.{}", view.alias, field.field.name);
        let Some(own) = self.dimensions.iter().find(|(dimension, _)| *dimension == name) else { return Vec::new() };
        let mut into = self.visible(explore, view, &field.field);
        if into.is_empty() {
            into = finer(view, &field.field).filter(|finer| self.prepared.sees(finer)).collect();
        }
        into.into_iter()
            .filter_map(|into| {
                let (into_view, into_field) = explore.field(&into)?;
                let words = self.prepared.wording().of(into_view, into_field);
                let is_beside = *into_view.alias == *view.alias;
                let label = if is_beside { words.label().into_owned() } else { words.full_label() };
                Some((label, self.with_another(&name, own.1, &into)))
            })
            .collect()
    }

    fn with_another(&self, dimension: &str, at: usize, other: &str) -> Address {
        let shown = self.prepared.columns.iter().filter(|column| column.role != Role::SortHelper);
        let mut fields: Vec<&str> = Vec::new();
        for name in shown.map(|column| if column.name == dimension { other } else { &*column.name }) {
            if !fields.contains(&name) {
                fields.push(name);
            }
        }
        let mut start = format!("{}{}", self.start, form_encoded(&fields.join(",")));
        if !self.pivot_fields.is_empty() {
            push(&mut start, "pivots", &self.pivot_fields.join(","));
        }
        Address {
            start,
            filters: self.filters.clone(),
            by_row: vec![(dimension.to_owned(), at)],
            by_pivot: Vec::new(),
            end: self.end.clone(),
        }
    }
}

/// Adds a parameter to an address.
fn push(url: &mut String, key: &str, value: &str) {
    url.push('&');
    url.push_str(&form_encoded(key));
    url.push('=');
    url.push_str(&form_encoded(value));
}

/// The timeframes of the same group that are finer than a calendar one, coarsest first.
fn finer<'v>(view: &'v ExploreView, field: &'v Field) -> impl Iterator<Item = String> + 'v {
    let own = field.group.as_ref().and_then(|_| grain(field));
    let mut finer: Vec<(u8, String)> = view
        .view
        .fields
        .values()
        .filter(|other| other.group.is_some() && other.group == field.group && own.is_some())
        .filter_map(|other| Some((grain(other)?, format!("{}.{}", view.alias, other.name))))
        .filter(|(grain, _)| own.is_some_and(|own| *grain > own))
        .collect();
    finer.sort_by_key(|(grain, _)| *grain);
    finer.into_iter().map(|(_, name)| name)
}

/// How fine a calendar timeframe is; `None` for other fields.
fn grain(field: &Field) -> Option<u8> {
    let FieldKind::Time(time) = field.kind else { return None };
    Some(match time.timeframe {
        Timeframe::Year | Timeframe::FiscalYear => 0,
        Timeframe::Quarter | Timeframe::FiscalQuarter => 1,
        Timeframe::Month => 2,
        Timeframe::Week => 3,
        Timeframe::Date => 4,
        Timeframe::Hour(_) => 5,
        Timeframe::Minute(_) => 6,
        Timeframe::Time | Timeframe::Second => 7,
        _ => return None,
    })
}
