//! What searches have in common: criteria, sorts, pages, and lists of ids.

use belvedere_api::{Error, Result, Window};
use belvedere_store::{AnyColumn, Column, Filter, Pattern, Search, Sort, Text};
use std::collections::BTreeSet;
use std::str::FromStr;

/// The most texts of a list each of which is looked for by itself.
const MOST_TEXTS: usize = 100;

/// The criteria of one search.
#[derive(Debug)]
pub(crate) struct Criteria<N>(Vec<Filter<N>>);

/// The words for rows without a value, and for those with one.
const IS_NULL: &str = "is null";
const NOT_NULL: &str = "not null";

impl<N> Criteria<N> {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    /// With a criterion, if one is asked for.
    pub(crate) fn with(mut self, criterion: Option<Filter<N>>) -> Self {
        self.0.extend(criterion);
        self
    }

    /// One id or several, separated by commas. What is no id names nothing.
    pub(crate) fn ids<Id: FromStr>(self, asked: Option<&str>, found: impl FnOnce(Vec<Id>) -> Filter<N>) -> Self {
        self.with(asked.map(|asked| found(ids(asked.split(',')))))
    }

    /// A text with wildcards, `IS NULL` or `NOT NULL`.
    pub(crate) fn text<V: Text>(self, asked: Option<&str>, column: Column<N, V>) -> Result<Self> {
        let Some(asked) = asked else { return Ok(self) };
        let criterion = match asked.trim().to_ascii_lowercase().as_str() {
            IS_NULL => column.is_null(),
            NOT_NULL => column.is_not_null(),
            _ => column.matches(&pattern(asked)?),
        };
        Ok(self.with(Some(criterion)))
    }

    /// A text with wildcards that something else than one column is compared with.
    pub(crate) fn pattern(self, asked: Option<&str>, found: impl FnOnce(&Pattern) -> Filter<N>) -> Result<Self> {
        let pattern = asked.map(pattern).transpose()?;
        Ok(self.with(pattern.as_ref().map(found)))
    }

    /// Something that every row either is or is not, whatever is asked.
    pub(crate) fn constant(self, asked: Option<bool>, is: bool) -> Self {
        self.with(asked.map(|asked| if asked == is { Filter::everything() } else { Filter::nothing() }))
    }

    /// Rows that pass every criterion, or any with `filter_or`; all rows when there is none.
    pub(crate) fn filter(self, filter_or: Option<bool>) -> Filter<N> {
        if filter_or == Some(true) && !self.0.is_empty() { Filter::any_of(self.0) } else { Filter::all_of(self.0) }
    }
}

/// A search text.
pub(crate) fn pattern(text: &str) -> Result<Pattern> {
    Pattern::new(text).map_err(|error| Error::bad_request(error.to_string()))
}

/// The texts of a list that is written with commas, each once. What is blank is none.
///
/// # Errors
/// 400 when there are more than can be looked for.
pub(crate) fn texts<'a>(field: &str, list: &'a str) -> Result<BTreeSet<&'a str>> {
    let texts: BTreeSet<&str> = list.split(',').map(str::trim).filter(|text| !text.is_empty()).collect();
    if texts.len() > MOST_TEXTS {
        return Err(Error::bad_request(format!("`{field}` may have at most {MOST_TEXTS} texts")));
    }
    Ok(texts)
}

/// The ids among these texts, each once; what is no id names nothing.
pub(crate) fn ids<'a, Id: FromStr>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Id> {
    let texts: BTreeSet<&str> = texts.into_iter().map(str::trim).collect();
    texts.into_iter().filter_map(|id| id.parse().ok()).collect()
}

/// The ids in the body of a call, each of which must be one.
pub(crate) fn known_ids<Id: FromStr>(field: &str, texts: &[String]) -> Result<Vec<Id>> {
    let id = |text: &String| text.trim().parse().map_err(|_| Error::invalid(field, format!("`{text}` is no id")));
    texts.iter().map(id).collect()
}

/// `sorts`: names, each with `asc` or `desc`. A name that cannot be sorted by is passed over, as clients send such; so is
/// one that rows are sorted by already.
pub(crate) fn sorts<N>(text: Option<&str>, sortable: &[AnyColumn<N>]) -> Result<Vec<Sort<N>>> {
    let mut sorts = Vec::new();
    let mut known = BTreeSet::new();
    for sort in text.unwrap_or_default().split(',').map(str::trim).filter(|sort| !sort.is_empty()) {
        let (name, direction) = sort.split_once(char::is_whitespace).unwrap_or((sort, "asc"));
        let Some(column) = sortable.iter().find(|column| column.name() == name) else { continue };
        if !known.insert(name) {
            continue;
        }
        match direction.trim().to_ascii_lowercase().as_str() {
            "asc" => sorts.push(column.asc()),
            "desc" => sorts.push(column.desc()),
            _ => return Err(Error::bad_request(format!("`sorts`: `{sort}` must end with `asc` or `desc`"))),
        }
    }
    Ok(sorts)
}

/// The rows that pass a filter, in an order, as far as a window shows them.
pub(crate) fn page<N>(filter: Filter<N>, sorts: Vec<Sort<N>>, window: Window) -> Search<N> {
    Search { sorts, limit: window.limit, offset: window.offset, ..Search::by(filter) }
}

#[cfg(test)]
mod tests {
    use super::{ids, known_ids, sorts, texts};
    use belvedere_store::{UserId, user};

    #[test]
    fn what_is_no_id_names_nothing() {
        assert_eq!(ids::<UserId>("1, 7,x,,-1,007".split(',')), [UserId::new(1), UserId::new(7)]);
    }

    #[test]
    fn a_list_is_as_long_as_what_it_names() {
        assert_eq!(ids::<UserId>("7,".repeat(10_000).split(',')), [UserId::new(7)]);
        assert_eq!(sorts(Some(&"id desc,first_name,".repeat(10_000)), user::SORTABLE).unwrap().len(), 2);
        assert_eq!(Vec::from_iter(texts("emails", &"b, a,,b,".repeat(10_000)).unwrap()), ["a", "b"]);
        let many: Vec<String> = (0..101).map(|number| number.to_string()).collect();
        assert!(texts("emails", &many[1..].join(",")).is_ok());
        assert_eq!(texts("emails", &many.join(",")).unwrap_err().status(), 400);
    }

    #[test]
    fn a_body_names_ids_only() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(known_ids::<UserId>("body", &texts(&["1", " 7"])).unwrap(), [UserId::new(1), UserId::new(7)]);
        assert_eq!(known_ids::<UserId>("body", &texts(&["1", "x"])).unwrap_err().status(), 422);
    }
}
