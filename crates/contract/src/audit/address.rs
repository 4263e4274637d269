//! Addresses of the API: in the strings of programs, in shell scripts and in any other text.

use super::language::Language;
use super::table::Table;
use super::{Found, Kind, fields};

/// Where in a file addresses are looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    /// The text of a string, or a line.
    pub text: &'a str,
    /// Where it begins in the file.
    pub offset: usize,
    /// The method that the code around it names, in capitals.
    pub method: Option<&'a str>,
}

/// What ends an address where it does not stand in a string of its own.
const ENDS: [char; 12] = [' ', '\t', '\n', '\r', '"', '\'', '`', ')', ']', '|', '>', '\\'];

/// Searches a text line by line; comments of shells are passed over.
pub(super) fn text(table: &Table, language: Language, text: &str) -> Vec<Found> {
    let mut pieces = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if language != Language::Shell || !line.trim_start().starts_with('#') {
            pieces.push(Piece { text: line, offset, method: method_of_line(line) });
        }
        offset += line.len();
    }
    let mut found = search(table, &pieces);
    for piece in &pieces {
        setting(table, *piece, &mut found);
    }
    found
}

/// Searches pieces of one file. Where one of them is the base path alone, others that continue a base path count too.
pub(super) fn search(table: &Table, pieces: &[Piece<'_>]) -> Vec<Found> {
    let base = format!("/api/{}", table.from);
    let mut found = Vec::new();
    let mut is_split = false;
    for piece in pieces {
        for (at, _) in piece.text.match_indices(&base) {
            let rest = &piece.text[at + base.len()..];
            if rest.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
                continue;
            }
            let path = path(rest);
            is_split |= path.trim_matches('/').is_empty();
            address(table, *piece, (at, base.len()), path, &mut found);
        }
    }
    if is_split {
        for piece in pieces.iter().filter(|piece| !piece.text.contains(&base)) {
            continued(table, *piece, &mut found);
        }
    }
    found
}

/// How long a path with its query is at most, in bytes.
const MOST_PATH: usize = 1024;

/// The path and query behind the base path. What is made at run time may hold anything between its braces.
fn path(rest: &str) -> &str {
    let mut depth = 0_usize;
    for (at, letter) in rest.char_indices() {
        match letter {
            _ if at >= MOST_PATH => return &rest[..at],
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '\n' => return &rest[..at],
            letter if depth == 0 && ENDS.contains(&letter) => return &rest[..at],
            _ => {}
        }
    }
    rest
}

/// A whole address; `at` and `length` are those of its base path.
fn address(table: &Table, piece: Piece<'_>, (at, length): (usize, usize), path: &str, found: &mut Vec<Found>) {
    let (way, query) = path.split_once('?').unwrap_or((path, ""));
    let operation = operation(table, way, piece.method);
    let fate = operation.and_then(|id| table.operation_fate(id));
    let (kind, place, what, instead) = match (operation, fate) {
        (Some(id), Some(fate)) => (Kind::Operation, id.to_owned(), fate.what.clone(), fate.instead.clone()),
        (Some(id), None) => {
            let now = table.address(id).unwrap_or_default();
            let now = now.split_once(' ').map_or(now, |(_, path)| path);
            let instead = format!("`/api/{}{now}`", table.to);
            (Kind::Version, id.to_owned(), version(table), instead)
        }
        (None, _) => (Kind::Version, format!("/api/{}", table.from), version(table), format!("`/api/{}`", table.to)),
    };
    let length = length + way.trim_end_matches('/').len();
    found.push(Found { at: piece.offset + at, length, kind, place, what, instead });
    if let Some(id) = operation {
        let offset = piece.offset + at + "/api/".len() + table.from.len() + way.len() + 1;
        parameters(table, id, query, offset, found);
    }
}

fn version(table: &Table) -> String {
    format!("version {} is asked for", table.from)
}

/// A path whose base stands elsewhere: it begins with a slash, alone or behind something made at run time. Only what
/// is no longer there is told, as the version stands at the base.
fn continued(table: &Table, piece: Piece<'_>, found: &mut Vec<Found>) {
    let mut from = 0;
    while let Some(slash) = piece.text[from..].find('/').map(|slash| from + slash) {
        let before = &piece.text[..slash];
        let path = path(&piece.text[slash..]);
        from = slash + path.len().max(1);
        if !before.is_empty() && !ends_made(before) {
            continue;
        }
        let (way, query) = path.split_once('?').unwrap_or((path, ""));
        let Some(id) = operation(table, way, piece.method) else { continue };
        if let Some(fate) = table.operation_fate(id) {
            let (what, instead) = (fate.what.clone(), fate.instead.clone());
            let (at, length) = (piece.offset + slash, way.trim_end_matches('/').len());
            found.push(Found { at, length, kind: Kind::Operation, place: id.to_owned(), what, instead });
        }
        parameters(table, id, query, piece.offset + slash + way.len() + 1, found);
    }
}

/// Whether a text ends with something made at run time: `${base}`, `{base}`, `$BASE`.
fn ends_made(text: &str) -> bool {
    let name = text.trim_end_matches(|c: char| c == '_' || c.is_ascii_alphanumeric());
    text.ends_with('}') || (name.len() < text.len() && name.ends_with('$'))
}

/// The operation that a path is of. Of several methods the one that the code names, else GET.
fn operation<'t>(table: &'t Table, way: &str, method: Option<&str>) -> Option<&'t str> {
    let way = way.trim_end_matches(['.', ',', ';']);
    let parts: Vec<&str> = split(way.strip_prefix('/')?);
    let last = parts.len().saturating_sub(1);
    let named: Vec<Option<&str>> = parts
        .iter()
        .enumerate()
        .map(|(index, part)| (!(is_made(part) || index == last && part.is_empty())).then_some(*part))
        .collect();
    let ids = match named.last() {
        // A slash at the end: what follows is put there at run time, or nothing is.
        Some(None) if parts.last().is_some_and(|part| part.is_empty()) => {
            table.at(&named).or_else(|| table.at(&named[..last]))?
        }
        _ => table.at(&named)?,
    };
    let method = method.unwrap_or("GET");
    let with_method = ids.iter().find(|id| table.operation(id).is_some_and(|known| known.method == method));
    with_method.or_else(|| ids.first()).map(String::as_str)
}

/// The parts between slashes, those in braces aside.
fn split(way: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    way.split(|letter: char| {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == '/' && depth == 0
    })
    .collect()
}

/// Whether a part of a path is put there at run time, or stands for one that is.
fn is_made(part: &str) -> bool {
    part.contains(['{', '}', '$', '%', '<', '>']) || part.starts_with(':')
}

/// The parameters of a query string, which stands at an offset.
fn parameters(table: &Table, operation: &str, query: &str, offset: usize, found: &mut Vec<Found>) {
    let mut at = offset;
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if let Some(fate) = table.parameter_fate(operation, name).filter(|fate| !fate.retyped) {
            let (what, instead) = (fate.what.clone(), fate.instead.clone());
            let place = format!("{operation}({name})");
            found.push(Found { at, length: name.len(), kind: Kind::Parameter, place, what, instead });
        }
        let answer = table.operation(operation).and_then(|operation| operation.answer());
        if let Some(answer) = answer.filter(|_| name == "fields") {
            fields::check(table, answer, value, at + name.len() + 1, found);
        }
        at += pair.len() + 1;
    }
}

/// The method that a line of a shell or a page names: `-X PATCH`, `GET /api/...`.
fn method_of_line(line: &str) -> Option<&str> {
    const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    let named = line.split([' ', '\t', '`', '"', '\'', '=']).map(|word| word.strip_prefix("-X").unwrap_or(word));
    let named = named.into_iter().find_map(|word| METHODS.iter().find(|method| **method == word));
    let sends = line.split(' ').any(|word| matches!(word, "-d" | "--data" | "--data-raw" | "--json"));
    named.copied().or(if sends { Some("POST") } else { None })
}

/// A setting that names the version: `api_version=3.1`.
fn setting(table: &Table, piece: Piece<'_>, found: &mut Vec<Found>) {
    let lower = piece.text.to_ascii_lowercase();
    let Some(name) = lower.find("api_version") else { return };
    let rest = &piece.text[name + "api_version".len()..];
    let value = rest.trim_start_matches([' ', '=', ':', '"', '\'']);
    let ends = value.strip_prefix(table.from.as_str());
    if rest.len() > value.len() && ends.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit())) {
        let at = piece.offset + name + "api_version".len() + (rest.len() - value.len());
        let instead = format!("`{}`", table.to);
        let (length, place) = (table.from.len(), "api_version".to_owned());
        found.push(Found { at, length, kind: Kind::Version, place, what: version(table), instead });
    }
}
