//! Words of one version in the place of those of another.

use serde_json::{Map, Value};

/// The text with each word replaced. A word in lower case must begin where no letter stands before it: `board` is not
/// in `dashboard`. One that begins with a capital may stand within a name: `Folder` is in `CreateFolder`.
pub(crate) fn replaced(text: &str, words: &[(&str, &str)]) -> String {
    words.iter().fold(text.to_owned(), |text, (word, other)| replace(&text, word, other))
}

fn replace(text: &str, word: &str, other: &str) -> String {
    let within_names = word.starts_with(|letter: char| letter.is_ascii_uppercase());
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let follows_a_letter = rest[..at].ends_with(|letter: char| letter.is_alphabetic());
        out.push_str(&rest[..at]);
        out.push_str(if within_names || !follows_a_letter { other } else { word });
        rest = &rest[at + word.len()..];
    }
    out.push_str(rest);
    out
}

/// Replaces the words in every text of a value, names of properties included.
pub(crate) fn replace_in(value: &mut Value, words: &[(&str, &str)]) {
    match value {
        Value::String(text) => *text = replaced(text, words),
        Value::Array(items) => items.iter_mut().for_each(|item| replace_in(item, words)),
        Value::Object(entries) => {
            let all = std::mem::take(entries).into_iter();
            *entries = all
                .map(|(key, mut entry)| {
                    replace_in(&mut entry, words);
                    (key, entry)
                })
                .collect::<Map<_, _>>();
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn words_are_replaced_and_parts_of_words_are_not() {
        let words = [("Board", "Homepage"), ("board", "homepage")];
        for (text, other) in [
            ("Gives the boards, and each board's sections.", "Gives the homepages, and each homepage's sections."),
            ("#/components/schemas/BoardItem", "#/components/schemas/HomepageItem"),
            ("board_section_id", "homepage_section_id"),
            ("dashboard_id of a Dashboard on the board", "dashboard_id of a Dashboard on the homepage"),
        ] {
            assert_eq!(replaced(text, &words), other);
        }
        assert_eq!(
            replaced("CreateFolder in a folder", &[("Folder", "Space"), ("folder", "space")]),
            "CreateSpace in a space"
        );
    }
}
