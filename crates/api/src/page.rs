//! Parts of lists.

use crate::error::{Error, Result};

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The entries of this part.
    pub items: Vec<T>,
    /// Which part it is.
    pub window: Window,
    /// How many entries the whole list has, where that is known.
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// The part of a list that is at hand as a whole.
    pub fn of(items: Vec<T>, window: Window) -> Self {
        let total = Some(items.len() as u64);
        let limit = window.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let offset = usize::try_from(window.offset).unwrap_or(usize::MAX);
        Self { items: items.into_iter().skip(offset).take(limit).collect(), window, total }
    }

    /// The same part with each entry changed.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        let Self { items, window, total } = self;
        Page { items: items.into_iter().map(change).collect(), window, total }
    }
}

/// Which part of a list a caller asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// How many entries at most; none for all that follow.
    pub limit: Option<u64>,
    /// How many entries to pass over.
    pub offset: u64,
}

impl Window {
    /// The part for the parameters of a call. `limit` and `offset` win over `page` and `per_page`; `page` counts
    /// from 1 and means nothing without `per_page`. A limit must be positive, an offset not negative.
    pub fn asked(limit: Option<i64>, offset: Option<i64>, page: Option<i64>, per_page: Option<i64>) -> Result<Self> {
        if limit.is_some() || offset.is_some() {
            let limit = limit.map(|limit| at_least("limit", limit, 1)).transpose()?;
            let offset = at_least("offset", offset.unwrap_or(0), 0)?;
            return Ok(Self { limit, offset });
        }
        let Some(per_page) = per_page else { return Ok(Self::default()) };
        let limit = at_least("per_page", per_page, 1)?;
        let page = at_least("page", page.unwrap_or(1), 1)?;
        Ok(Self { limit: Some(limit), offset: limit.saturating_mul(page - 1) })
    }
}

fn at_least(name: &str, value: i64, least: u64) -> Result<u64> {
    let fits = u64::try_from(value).ok().filter(|value| *value >= least);
    fits.ok_or_else(|| Error::bad_request(format!("`{name}` must be at least {least}, not {value}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(limit: Option<u64>, offset: u64) -> Window {
        Window { limit, offset }
    }

    #[test]
    fn without_parameters_a_caller_gets_all() {
        assert_eq!(Window::asked(None, None, None, None).unwrap(), window(None, 0));
        assert_eq!(Window::asked(None, None, Some(3), None).unwrap(), window(None, 0));
    }

    #[test]
    fn limit_and_offset_win_over_pages() {
        assert_eq!(Window::asked(Some(10), None, Some(3), Some(5)).unwrap(), window(Some(10), 0));
        assert_eq!(Window::asked(None, Some(4), Some(3), Some(5)).unwrap(), window(None, 4));
    }

    #[test]
    fn pages_count_from_one() {
        assert_eq!(Window::asked(None, None, None, Some(5)).unwrap(), window(Some(5), 0));
        assert_eq!(Window::asked(None, None, Some(3), Some(5)).unwrap(), window(Some(5), 10));
        assert_eq!(Window::asked(None, None, Some(i64::MAX), Some(i64::MAX)).unwrap().offset, u64::MAX);
    }

    #[test]
    fn a_part_of_nothing_is_refused() {
        for (limit, offset, page, per_page) in
            [(Some(0), None, None, None), (Some(-1), None, None, None), (None, Some(-1), None, None)]
                .into_iter()
                .chain([(None, None, Some(0), Some(5)), (None, None, None, Some(0))])
        {
            assert!(Window::asked(limit, offset, page, per_page).is_err());
        }
    }

    #[test]
    fn a_part_is_cut_out_of_the_list() {
        let page = Page::of(vec![1, 2, 3, 4, 5], window(Some(2), 3));
        assert_eq!((page.items, page.total), (vec![4, 5], Some(5)));
        assert_eq!(Page::of(vec![1, 2], window(Some(2), 9)).items, Vec::<i32>::new());
        assert_eq!(Page::of(vec![1, 2], window(None, 1)).items, [2]);
    }
}
