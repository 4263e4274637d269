//! "Did you mean": the known name that is nearest to a mistyped one.

/// The candidate nearest to `name`, when it is near enough to be what was meant: at most one letter in three differs
/// (inserted, left out, replaced, or swapped with its neighbour), and at least one is right. Of equally near ones the
/// first.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name: Vec<char> = name.chars().take(LONGEST).collect();
    let allowed = name.len().div_ceil(3).min(name.len().saturating_sub(1));
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        let limit = best.map_or(allowed, |(distance, _)| distance.saturating_sub(1));
        let letters: Vec<char> = candidate.chars().take(LONGEST + 1).collect();
        if letters.len() > LONGEST || letters.len().abs_diff(name.len()) > limit {
            continue;
        }
        let distance = distance(&name, &letters);
        if distance > 0 && distance <= limit {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The help for a mistyped name: ``did you mean `orders`?``
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    suggest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// Names longer than this are not compared: the cost is the product of the lengths.
const LONGEST: usize = 64;

/// Optimal string alignment distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut row = above.clone();
    for i in 1..=a.len() {
        row[0] = i;
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::suggest;

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
    fn endless_names_are_not_compared() {
        let long = "x".repeat(100_000);
        assert_eq!(suggest(&long, [long.as_str(), "x"]), None);
    }
}
