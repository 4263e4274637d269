//! "Did you mean": the known name that is nearest to a mistyped one.

/// The candidate nearest to `name`, when it is near enough to be what was meant: of the letters of the longer one at
/// most a third differ (inserted, left out, replaced, or swapped with their neighbour), one in shorter names, and never
/// more than four. Of `orders.count` each part must be near by itself. Of equally near ones the first.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let asked = Asked::new(name);
    let mut limit = MOST_EDITS;
    let mut rows = Rows::default();
    let mut best = None;
    for candidate in candidates {
        if limit == 0 {
            break;
        }
        if let Some(distance) = asked.distance(candidate, limit, &mut rows)
            && distance > 0
        {
            best = Some(candidate);
            limit = distance - 1;
        }
    }
    best
}

/// The help for a mistyped name: ``did you mean `orders`?``
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    suggest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// Nobody mistypes more than this in one name.
const MOST_EDITS: usize = 4;
/// Longer names are not compared.
const LONGEST: usize = 200;

/// The name that something like it is looked for.
struct Asked<'n> {
    name: &'n str,
    letters: u64,
    parts: Option<(&'n str, &'n str)>,
}

impl<'n> Asked<'n> {
    fn new(name: &'n str) -> Self {
        Self { name, letters: letters(name), parts: name.split_once('.') }
    }

    /// How many edits lie between the name and `candidate`, if they are near and it is at most `limit`.
    fn distance(&self, candidate: &str, limit: usize, rows: &mut Rows) -> Option<usize> {
        let limit = limit.min(most_edits(self.name, candidate));
        if candidate.len().abs_diff(self.name.len()) > limit || differing(self.letters, letters(candidate)) > limit {
            return None;
        }
        let Some(((view, field), (other_view, other_field))) = self.parts.zip(candidate.split_once('.')) else {
            return rows.distance(self.name.as_bytes(), candidate.as_bytes(), limit);
        };
        let mut near = |a: &str, b: &str| {
            if a == b { Some(0) } else { rows.distance(a.as_bytes(), b.as_bytes(), limit.min(most_edits(a, b))) }
        };
        let distance = near(view, other_view)? + near(field, other_field)?;
        (distance <= limit).then_some(distance)
    }
}

/// The most edits that lie between two names of which one was meant by the other.
fn most_edits(a: &str, b: &str) -> usize {
    let (longer, shorter) = (a.len().max(b.len()), a.len().min(b.len()));
    (longer / 3).max(1).min(shorter.saturating_sub(1)).min(MOST_EDITS)
}

/// The letters that a name holds, one bit for each (letters that share a bit count as one).
fn letters(name: &str) -> u64 {
    name.bytes().fold(0, |letters, byte| letters | 1 << (byte & 63))
}

/// At least so many edits lie between names with these letters.
fn differing(a: u64, b: u64) -> usize {
    (a & !b).count_ones().max((b & !a).count_ones()) as usize
}

/// Three rows of the table of distances, used again for each candidate.
#[derive(Default)]
struct Rows {
    before: Vec<usize>,
    above: Vec<usize>,
    row: Vec<usize>,
}

impl Rows {
    /// Optimal string alignment distance of two names, if it is at most `limit`. Only the cells near the diagonal are
    /// looked at, so that it costs the length of the name times the limit.
    fn distance(&mut self, a: &[u8], b: &[u8], limit: usize) -> Option<usize> {
        if a.len().abs_diff(b.len()) > limit {
            return None;
        }
        let far = limit + 1;
        for row in [&mut self.before, &mut self.above, &mut self.row] {
            row.clear();
            row.resize(b.len() + 1, far);
        }
        self.above.iter_mut().enumerate().take(far).for_each(|(j, cell)| *cell = j);
        for i in 1..=a.len() {
            let (from, to) = (i.saturating_sub(limit).max(1), (i + limit).min(b.len()));
            self.row[from - 1] = if from == 1 { i.min(far) } else { far };
            let mut least = self.row[from - 1];
            for j in from..=to {
                let replaced = self.above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut cell = replaced.min(self.above[j] + 1).min(self.row[j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    cell = cell.min(self.before[j - 2] + 1);
                }
                self.row[j] = cell.min(far);
                least = least.min(cell);
            }
            if let Some(beyond) = self.row.get_mut(to + 1) {
                *beyond = far;
            }
            if least > limit {
                return None;
            }
            std::mem::swap(&mut self.before, &mut self.above);
            std::mem::swap(&mut self.above, &mut self.row);
        }
        Some(self.above[b.len()]).filter(|distance| *distance <= limit)
    }
}

#[cfg(test)]
mod tests {
    use super::{Rows, suggest};

    #[test]
    fn the_nearest_name_is_suggested() {
        let names = ["orders", "order_items", "users", "products"];
        assert_eq!(suggest("order", names), Some("orders"));
        assert_eq!(suggest("odrers", names), Some("orders"));
        assert_eq!(suggest("order_itmes", names), Some("order_items"));
        assert_eq!(suggest("inventory", names), None);
        assert_eq!(suggest("numba", ["string", "number"]), Some("number"));
    }

    #[test]
    fn a_name_is_never_its_own_suggestion() {
        assert_eq!(suggest("users", ["users"]), None);
    }

    #[test]
    fn short_names_need_a_close_match() {
        assert_eq!(suggest("id", ["ip", "name"]), Some("ip"));
        assert_eq!(suggest("ab", ["xy"]), None);
        assert_eq!(suggest("a", ["b"]), None);
        assert_eq!(suggest("", ["b"]), None);
    }

    #[test]
    fn a_field_is_near_when_its_view_and_its_name_are() {
        let names = ["orders.id", "orders.count", "users.count", "order_items.count"];
        assert_eq!(suggest("orders.cuont", names), Some("orders.count"));
        assert_eq!(suggest("order.count", names), Some("orders.count"));
        assert_eq!(suggest("order_item.cont", names), Some("order_items.count"));
        assert_eq!(suggest("orders.nope", names), None);
        assert_eq!(suggest("shops.count", names), None);
        assert_eq!(suggest("orders_count", names), Some("orders.count"));
    }

    #[test]
    fn half_of_a_short_name_is_too_much() {
        assert_eq!(suggest("nope", ["name", "notes", "open"]), None);
        assert_eq!(suggest("nam", ["name"]), Some("name"));
    }

    #[test]
    fn long_names_may_differ_in_four_letters_and_no_more() {
        let name = "a_very_long_name_of_a_view";
        assert_eq!(suggest(name, ["a_vry_lng_nme_of_a_vew"]), Some("a_vry_lng_nme_of_a_vew"));
        assert_eq!(suggest(name, ["a_vry_lng_nme_f_a_vew"]), None);
        assert_eq!(suggest(name, ["xx_a_very_long_name_of_a_view"]), Some("xx_a_very_long_name_of_a_view"));
    }

    #[test]
    fn the_band_around_the_diagonal_gives_the_same_as_the_whole_table() {
        // Every pair of words of up to five letters out of two.
        let words: Vec<String> = (0..6usize)
            .flat_map(|length| (0..1 << length).map(move |bits| (length, bits)))
            .map(|(length, bits): (usize, usize)| {
                (0..length).map(|at| if bits >> at & 1 == 1 { 'b' } else { 'a' }).collect()
            })
            .collect();
        let mut rows = Rows::default();
        for a in &words {
            for b in &words {
                let whole = rows.distance(a.as_bytes(), b.as_bytes(), 10);
                for limit in 0..5 {
                    let near = rows.distance(a.as_bytes(), b.as_bytes(), limit);
                    assert_eq!(near, whole.filter(|distance| *distance <= limit), "{a} {b} {limit}");
                }
            }
        }
    }

    #[test]
    fn endless_names_are_not_compared() {
        let long = "x".repeat(100_000);
        assert_eq!(suggest(&long, [long.as_str(), "x"]), None);
        assert_eq!(suggest("xx", [long.as_str()]), None);
    }
}
