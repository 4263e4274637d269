//! Languages, and how their tokens look.

/// The language of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Python.
    Python,
    /// TypeScript and JavaScript.
    TypeScript,
    /// Ruby.
    Ruby,
    /// Go.
    Go,
    /// Kotlin.
    Kotlin,
    /// Java.
    Java,
    /// Shells, and other files with comments behind `#`.
    Shell,
    /// Any other text.
    Text,
}

/// How comments and strings look in a language.
#[derive(Debug)]
pub(super) struct Lexis {
    /// What begins a comment that ends with its line.
    pub line_comments: &'static [&'static str],
    /// What begins and ends a comment of several lines.
    pub block_comments: &'static [(&'static str, &'static str)],
    /// What begins and ends a string, the longest first.
    pub strings: &'static [Quote],
    /// Whether `/` may begin a regular expression.
    pub regular_expressions: bool,
}

/// How a string looks.
#[derive(Debug)]
pub(super) struct Quote {
    pub mark: &'static str,
    /// Whether it may span lines.
    pub lines: bool,
    /// Whether a backslash takes the next character's meaning.
    pub escapes: bool,
    /// What begins code inside the string, which a closing brace ends.
    pub code: Code,
}

/// When a string has code in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    /// Never.
    None,
    /// After these characters.
    After(&'static str),
    /// Between braces, where an `f` stands before the string.
    Prefixed,
}

const fn quote(mark: &'static str, lines: bool, escapes: bool, code: Code) -> Quote {
    Quote { mark, lines, escapes, code }
}

const PYTHON: Lexis = Lexis {
    line_comments: &["#"],
    block_comments: &[],
    strings: &[
        quote("\"\"\"", true, true, Code::Prefixed),
        quote("'''", true, true, Code::Prefixed),
        quote("\"", false, true, Code::Prefixed),
        quote("'", false, true, Code::Prefixed),
    ],
    regular_expressions: false,
};

const TYPESCRIPT: Lexis = Lexis {
    line_comments: &["//"],
    block_comments: &[("/*", "*/")],
    strings: &[
        quote("`", true, true, Code::After("${")),
        quote("\"", false, true, Code::None),
        quote("'", false, true, Code::None),
    ],
    regular_expressions: true,
};

const RUBY: Lexis = Lexis {
    line_comments: &["#"],
    block_comments: &[("\n=begin", "\n=end")],
    strings: &[quote("\"", true, true, Code::After("#{")), quote("'", true, true, Code::None)],
    regular_expressions: true,
};

const GO: Lexis = Lexis {
    line_comments: &["//"],
    block_comments: &[("/*", "*/")],
    strings: &[
        quote("`", true, false, Code::None),
        quote("\"", false, true, Code::None),
        quote("'", false, true, Code::None),
    ],
    regular_expressions: false,
};

const KOTLIN: Lexis = Lexis {
    line_comments: &["//"],
    block_comments: &[("/*", "*/")],
    strings: &[
        quote("\"\"\"", true, false, Code::After("${")),
        quote("\"", false, true, Code::After("${")),
        quote("'", false, true, Code::None),
    ],
    regular_expressions: false,
};

const JAVA: Lexis = Lexis {
    line_comments: &["//"],
    block_comments: &[("/*", "*/")],
    strings: &[
        quote("\"\"\"", true, true, Code::None),
        quote("\"", false, true, Code::None),
        quote("'", false, true, Code::None),
    ],
    regular_expressions: false,
};

/// The languages by the endings of their files.
const ENDINGS: [(&str, Language); 24] = [
    ("py", Language::Python),
    ("pyi", Language::Python),
    ("ts", Language::TypeScript),
    ("tsx", Language::TypeScript),
    ("mts", Language::TypeScript),
    ("cts", Language::TypeScript),
    ("js", Language::TypeScript),
    ("jsx", Language::TypeScript),
    ("mjs", Language::TypeScript),
    ("cjs", Language::TypeScript),
    ("rb", Language::Ruby),
    ("rake", Language::Ruby),
    ("go", Language::Go),
    ("kt", Language::Kotlin),
    ("kts", Language::Kotlin),
    ("java", Language::Java),
    ("sh", Language::Shell),
    ("bash", Language::Shell),
    ("zsh", Language::Shell),
    ("yaml", Language::Shell),
    ("yml", Language::Shell),
    ("toml", Language::Shell),
    ("ini", Language::Shell),
    ("env", Language::Shell),
];

impl Language {
    /// The language of a file, by the ending of its path, else by the program that its first line names.
    pub fn of(path: &str, text: &str) -> Self {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        if let Some((_, language)) = ENDINGS.iter().find(|(known, _)| ending.as_deref() == Some(*known)) {
            return *language;
        }
        let first = text.lines().next().filter(|line| line.starts_with("#!")).unwrap_or_default();
        let programs = [
            ("python", Language::Python),
            ("node", Language::TypeScript),
            ("ruby", Language::Ruby),
            ("sh", Language::Shell),
        ];
        match programs.iter().find(|(program, _)| first.contains(program)) {
            Some((_, language)) => *language,
            None if matches!(name, "Makefile" | "Dockerfile" | "Rakefile" | "Gemfile") => Language::Shell,
            None => Language::Text,
        }
    }

    /// How its tokens look; none for what is read as plain text.
    pub(super) fn lexis(self) -> Option<&'static Lexis> {
        match self {
            Language::Python => Some(&PYTHON),
            Language::TypeScript => Some(&TYPESCRIPT),
            Language::Ruby => Some(&RUBY),
            Language::Go => Some(&GO),
            Language::Kotlin => Some(&KOTLIN),
            Language::Java => Some(&JAVA),
            Language::Shell | Language::Text => None,
        }
    }
}
