//! "Did you mean": the known name that is nearest to a mistyped one.

/// The candidate nearest to `name`, when it is near enough to be what was meant: at most one letter in three differs
/// (inserted, left out, replaced, or swapped with its neighbour) and never more than four, and at least one is right.
/// Of equally near ones the first.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.len();
    let mut limit = length.div_ceil(3).min(length.saturating_sub(1)).min(MOST_EDITS);
    if length > LONGEST {
        return None;
    }
    let letters = letters(name);
    let mut rows = Rows::default();
    let mut best = None;
    for candidate in candidates {
        if limit == 0 {
            break;
        }
        if candidate.len().abs_diff(length) > limit || differing(letters, self::letters(candidate)) > limit {
            continue;
        }
        if let Some(distance) = rows.distance(name.as_bytes(), candidate.as_bytes(), limit)
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
