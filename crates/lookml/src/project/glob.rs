//! The patterns of `include`.

/// A pattern for paths from the root of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    /// `**`: any number of folders, also none.
    Folders,
    /// A name without wildcards.
    Literal(String),
    /// A name with wildcards.
    Wild(Vec<Token>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// Exactly this character.
    Char(char),
    /// `?`
    One,
    /// `*`
    Run,
    /// `[abc]`, `[a-z]`; `[!abc]` when `inside` is false.
    Class { inside: bool, ranges: Vec<(char, char)> },
}

/// Extensions that a pattern may leave out.
const EXTENSIONS: [&str; 2] = [".lkml", ".lookml"];

impl Pattern {
    /// Reads a pattern that begins at the root (without a leading `/`).
    pub fn new(pattern: &str) -> Self {
        let names: Vec<&str> = pattern.split('/').filter(|name| !name.is_empty()).collect();
        let last = names.len().saturating_sub(1);
        let mut segments = Vec::with_capacity(names.len());
        for (index, name) in names.into_iter().enumerate() {
            match name {
                "**" => {
                    if segments.last() != Some(&Segment::Folders) {
                        segments.push(Segment::Folders);
                    }
                    if index == last {
                        segments.push(Segment::Wild(vec![Token::Run]));
                    }
                }
                _ => segments.push(segment(name)),
            }
        }
        Self { segments }
    }

    /// The paths that match a pattern without wildcards; `None` when it has any.
    pub fn literal(&self) -> Option<Vec<String>> {
        let names = self.segments.iter().map(|segment| match segment {
            Segment::Literal(name) => Some(name.as_str()),
            Segment::Folders | Segment::Wild(_) => None,
        });
        let path = names.collect::<Option<Vec<_>>>()?.join("/");
        let mut paths: Vec<String> = EXTENSIONS.iter().map(|extension| format!("{path}{extension}")).collect();
        paths.push(path);
        Some(paths)
    }

    /// The folder (with a final `/`, empty for the root) that every match lies in.
    pub fn folder(&self) -> String {
        let folders = &self.segments[..self.segments.len().saturating_sub(1)];
        let mut folder = String::new();
        for segment in folders {
            let Segment::Literal(name) = segment else { break };
            folder.push_str(name);
            folder.push('/');
        }
        folder
    }

    /// True when `path` equals the pattern, also with `.lkml` or `.lookml` behind it.
    pub fn matches(&self, path: &str) -> bool {
        let without = EXTENSIONS.iter().find_map(|extension| path.strip_suffix(extension));
        self.matches_whole(path) || without.is_some_and(|path| self.matches_whole(path))
    }

    fn matches_whole(&self, path: &str) -> bool {
        let names: Vec<&str> = path.split('/').collect();
        wildcard(&self.segments, &names, |segment| *segment == Segment::Folders, matches_name)
    }
}

fn segment(name: &str) -> Segment {
    let tokens = tokens(name);
    let literal: Option<String> =
        tokens.iter().map(|token| if let Token::Char(c) = token { Some(*c) } else { None }).collect();
    literal.map_or(Segment::Wild(tokens), Segment::Literal)
}

fn tokens(name: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = name.chars();
    while let Some(c) = rest.next() {
        match c {
            '*' if tokens.last() == Some(&Token::Run) => {}
            '*' => tokens.push(Token::Run),
            '?' => tokens.push(Token::One),
            '[' => match class(rest.as_str()) {
                Some((class, behind)) => {
                    tokens.push(class);
                    rest = behind.chars();
                }
                None => tokens.push(Token::Char('[')),
            },
            _ => tokens.push(Token::Char(c)),
        }
    }
    tokens
}

/// Reads a class from behind its `[`; gives it with what stands behind its `]`. Without a `]` there is none.
fn class(text: &str) -> Option<(Token, &str)> {
    let (inside, body) = match text.strip_prefix(['!', '^']) {
        Some(body) => (false, body),
        None => (true, text),
    };
    // A `]` right at the start is a member.
    let first = body.chars().next()?.len_utf8();
    let end = first + body[first..].find(']')?;
    let mut ranges = Vec::new();
    let mut members = body[..end].chars().peekable();
    while let Some(low) = members.next() {
        let mut ahead = members.clone();
        match (ahead.next(), ahead.next()) {
            (Some('-'), Some(high)) => {
                ranges.push((low, high));
                members = ahead;
            }
            _ => ranges.push((low, low)),
        }
    }
    Some((Token::Class { inside, ranges }, &body[end + 1..]))
}

fn matches_name(segment: &Segment, name: &&str) -> bool {
    match segment {
        Segment::Folders => true,
        Segment::Literal(literal) => literal == name,
        Segment::Wild(tokens) => {
            let letters: Vec<char> = name.chars().collect();
            wildcard(tokens, &letters, |token| *token == Token::Run, |token, &c| matches_char(token, c))
        }
    }
}

fn matches_char(token: &Token, c: char) -> bool {
    match token {
        Token::Char(expected) => *expected == c,
        Token::One | Token::Run => true,
        Token::Class { inside, ranges } => *inside == ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)),
    }
}

/// Matches a sequence in which the items that `is_run` names stand for any number of others. Going back to the latest
/// run is enough, so the cost is at most the product of the lengths.
fn wildcard<P, T>(pattern: &[P], text: &[T], is_run: impl Fn(&P) -> bool, matches: impl Fn(&P, &T) -> bool) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(run) if is_run(run) => {
                back = Some((p, t));
                p += 1;
            }
            Some(item) if matches(item, &text[t]) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((run, from)) = back else { return false };
                back = Some((run, from + 1));
                p = run + 1;
                t = from + 1;
            }
        }
    }
    pattern[p..].iter().all(is_run)
}

/// The path from the root that `include` means, or `None` when it leads out of the project.
///
/// `folder` is the folder of the including file and `root` the folder of its project (both with a final `/`, or
/// empty); `import` gives the folder of an imported project.
pub fn absolute(include: &str, folder: &str, root: &str, import: impl Fn(&str) -> Option<String>) -> Option<String> {
    let (start, rest) = if let Some(imported) = include.strip_prefix("//") {
        let (project, rest) = imported.split_once('/').unwrap_or((imported, ""));
        (import(project)?, rest)
    } else if let Some(rest) = include.strip_prefix('/') {
        (root.to_owned(), rest)
    } else {
        (folder.to_owned(), include)
    };
    let mut names: Vec<&str> = Vec::new();
    for name in start.split('/').chain(rest.split('/')) {
        match name {
            "" | "." => {}
            ".." => {
                names.pop()?;
            }
            _ => names.push(name),
        }
    }
    Some(names.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{Pattern, absolute};

    fn from(folder: &str, include: &str) -> Pattern {
        let import = |project: &str| (project == "core").then(|| "imported_projects/core/".to_owned());
        Pattern::new(&absolute(include, folder, "", import).expect("a pattern inside the project"))
    }

    fn hits(folder: &str, include: &str, path: &str) -> bool {
        from(folder, include).matches(path)
    }

    #[test]
    fn a_leading_slash_means_the_root() {
        assert!(hits("models/", "/views/a.view.lkml", "views/a.view.lkml"));
        assert!(!hits("models/", "/views/a.view.lkml", "models/views/a.view.lkml"));
    }

    #[test]
    fn other_paths_are_relative_to_the_including_file() {
        assert!(hits("models/", "a.view", "models/a.view.lkml"));
        assert!(!hits("models/", "a.view", "a.view.lkml"));
        assert!(hits("", "views/*.view", "views/a.view.lkml"));
        assert!(!hits("", "views/*.view", "views/sub/a.view.lkml"));
    }

    #[test]
    fn dot_segments_and_doubled_slashes_collapse() {
        assert!(hits("models/", "../x.view", "x.view.lkml"));
        assert!(hits("models/", "./x.view", "models/x.view.lkml"));
        assert!(hits("a/b/", "../../x.view", "x.view.lkml"));
        assert!(hits("models/", "../a//b.view", "a/b.view.lkml"));
        assert_eq!(absolute("../x.view", "", "", |_| None), None);
    }

    #[test]
    fn two_slashes_lead_into_an_imported_project() {
        assert!(hits("", "//core/views/*.view", "imported_projects/core/views/a.view.lkml"));
        assert_eq!(absolute("//other/x.view", "", "", |_| None), None);
    }

    #[test]
    fn inside_an_imported_project_a_slash_means_its_root() {
        let path = absolute("/views/a.view", "imported_projects/core/m/", "imported_projects/core/", |_| None);
        assert_eq!(path.as_deref(), Some("imported_projects/core/views/a.view"));
    }

    #[test]
    fn a_star_stays_in_its_segment() {
        assert!(hits("", "/views/*", "views/a.view.lkml"));
        assert!(hits("", "/views/*", "views/notes.md"));
        assert!(!hits("", "/views/*", "views/sub/a.view.lkml"));
        assert!(hits("", "/*/a.view", "x/a.view.lkml"));
        assert!(!hits("", "/*/a.view", "a.view.lkml"));
    }

    #[test]
    fn two_stars_mean_any_number_of_folders() {
        for path in ["a.view.lkml", "x/a.view.lkml", "x/y/z/a.view.lkml"] {
            assert!(hits("", "/**/*.view", path), "{path}");
            assert!(hits("", "/**/**/a.view", path), "{path}");
        }
        assert!(hits("", "/views/**/*", "views/x/y/a.explore.lkml"));
        assert!(!hits("", "/views/**/*", "other/a.view.lkml"));
        assert!(hits("", "/**/sub/x.view", "sub/x.view.lkml"));
        assert!(hits("", "/**/sub/x.view", "a/sub/sub/x.view.lkml"));
        assert!(!hits("", "/**/sub/x.view", "a/subs/x.view.lkml"));
        assert!(hits("", "/views/**", "views/a/b.view.lkml"));
    }

    #[test]
    fn a_wildcard_may_cover_parts_of_the_suffix() {
        assert!(hits("", "*.lkml", "a.view.lkml"));
        assert!(hits("", "orders.*", "orders.view.lkml"));
        assert!(hits("", "orders.*", "orders.explore.lkml"));
        assert!(hits("", "orders.*.lkml", "orders.view.lkml"));
        assert!(hits("", "*base.dashboard", "sales_base.dashboard.lookml"));
        assert!(!hits("", "*.view", "a.explore.lkml"));
    }

    #[test]
    fn question_marks_and_classes_stand_for_one_character() {
        assert!(hits("", "a?.view", "ab.view.lkml"));
        assert!(!hits("", "a?.view", "a.view.lkml"));
        assert!(hits("", "[abc].view", "b.view.lkml"));
        assert!(!hits("", "[abc].view", "d.view.lkml"));
        assert!(hits("", "[a-c].view", "b.view.lkml"));
        assert!(hits("", "a*[!.][!b].view.lkml", "accounts.view.lkml"));
        assert!(!hits("", "a*[!.][!b].view.lkml", "accountb.view.lkml"));
        assert!(hits("", "a[b.view", "a[b.view.lkml"));
    }

    #[test]
    fn the_extension_may_be_left_out() {
        assert!(hits("", "a.view", "a.view.lkml"));
        assert!(hits("", "a.view.lkml", "a.view.lkml"));
        assert!(hits("", "a.explore", "a.explore.lkml"));
        assert!(hits("", "a.model", "a.model.lkml"));
        assert!(hits("", "a.dashboard", "a.dashboard.lookml"));
        assert!(!hits("", "a", "a.view.lkml"));
    }

    #[test]
    fn paths_are_told_apart_by_case() {
        assert!(!hits("", "A.view", "a.view.lkml"));
    }

    #[test]
    fn the_folder_of_all_matches_narrows_the_search() {
        assert_eq!(from("", "/views/sub/*.view").folder(), "views/sub/");
        assert_eq!(from("", "/**/*.view").folder(), "");
        let literal = from("", "/views/a.view").literal();
        assert_eq!(literal.unwrap(), ["views/a.view.lkml", "views/a.view.lookml", "views/a.view"]);
        assert_eq!(from("", "/views/[a].view").literal(), None);
    }

    #[test]
    fn hostile_patterns_stay_cheap() {
        let pattern = Pattern::new(&"*a".repeat(500));
        assert!(!pattern.matches(&format!("{}b", "a".repeat(20_000))));
        let pattern = Pattern::new(&"**/a/".repeat(300));
        assert!(!pattern.matches(&"a/b/".repeat(300)));
    }
}
