//! Filters on numbers.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::scan::Scanner;
use super::{Decimal, FilterError};

/// A filter on a number field, such as `>10 AND <=20 OR 90` or `[0,9],NOT 5`.
///
/// Matches where any of `include` matches, or none is given, and none of `exclude` matches. Excluding values and ranges
/// keeps nulls, excluding [`NumberMatch::Null`] does not; a value or range that is included never matches null. Both
/// lists empty match anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NumberFilter {
    /// Any of these, each once.
    pub include: Vec<NumberMatch>,
    /// None of these, each once.
    pub exclude: Vec<NumberMatch>,
    /// Whether `exclude` leaves no number at all and only null matches, as with `NOT >1, 2, <100`: Looker writes such
    /// a filter as `IS NULL`. Nothing is included then.
    pub contradiction: bool,
}

/// What one term of a [`NumberFilter`] matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NumberMatch {
    /// This number.
    Value(Decimal),
    /// The numbers between two bounds, one of which may be missing. The lower bound may lie above the upper: then no
    /// number matches.
    Range {
        /// Where the range starts; endless below if missing.
        lower: Option<Bound>,
        /// Where the range ends; endless above if missing.
        upper: Option<Bound>,
    },
    /// Null.
    Null,
}

/// Where a range of numbers starts or ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bound {
    /// The number there.
    pub value: Decimal,
    /// Whether that number itself is in the range.
    pub inclusive: bool,
}

impl NumberFilter {
    /// Reads a filter on numbers. Blank text matches anything.
    ///
    /// Terms stand between `,` or `OR`: `5`, `>5`, `>1 AND <=7`, `1 to 7`, `1 to`, `to 7`, `(1,7]`, `[1,)`, `(-inf,7)`,
    /// `NULL`, each with `NOT`, `!=` or `<>` before it. Words in any case. One single `NOT` in a list may negate more
    /// than its own term:
    ///
    /// - before the first term it negates each term, unless the list has intervals in brackets or is `NOT NULL, ...`;
    /// - before a plain number it negates the plain numbers that stand beside it, too.
    ///
    /// Fails on any other text, also on a term that is missing.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let mut scanner = Scanner::new(text);
        if scanner.at_end() {
            return Ok(Self::default());
        }
        let mut terms = vec![term(&mut scanner)?];
        while !scanner.at_end() {
            if !scanner.eat(",") && !scanner.eat_word("or") {
                return Err(scanner.expected("`,`, `OR` or the end"));
            }
            terms.push(term(&mut scanner)?);
        }
        spread_negation(&mut terms);
        Ok(Self::of_terms(terms))
    }

    /// Whether the filter matches anything, null included.
    pub fn is_any(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    fn of_terms(terms: Vec<Term>) -> Self {
        let mut filter = Self::default();
        for term in terms {
            let side = if term.negated { &mut filter.exclude } else { &mut filter.include };
            side.extend(term.matches);
        }
        keep_first_of_each(&mut filter.include);
        keep_first_of_each(&mut filter.exclude);
        filter.contradiction = filter.include.is_empty()
            && !filter.exclude.contains(&NumberMatch::Null)
            && cover_every_number(&filter.exclude);
        filter
    }
}

/// Clients write a single `NOT` twice to keep it to its own term.
fn keep_first_of_each(matches: &mut Vec<NumberMatch>) {
    let mut seen = HashSet::new();
    matches.retain(|found| seen.insert(found.clone()));
}

struct Term {
    negated: bool,
    form: Form,
    /// One, or the two outer ranges of `<3 OR >80`.
    matches: Vec<NumberMatch>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Interval,
    Null,
    Range,
}

/// Lets a single `NOT` in a list negate the terms that Looker takes it to mean.
fn spread_negation(terms: &mut [Term]) {
    let mut negated = terms.iter().enumerate().filter(|(_, term)| term.negated).map(|(at, term)| (at, term.form));
    let (Some((at, form)), None) = (negated.next(), negated.next()) else {
        return;
    };
    let has_interval = terms.iter().any(|term| term.form == Form::Interval);
    let reach = match form {
        Form::Null => return,
        _ if at == 0 && !has_interval => 0..terms.len(),
        Form::Plain => plain_run(terms, at),
        Form::Interval | Form::Range => return,
    };
    terms[reach].iter_mut().for_each(|term| term.negated = true);
}

/// The unbroken run of plain numbers around one of them.
fn plain_run(terms: &[Term], at: usize) -> std::ops::Range<usize> {
    let is_plain = |term: &&Term| term.form == Form::Plain;
    let before = terms[..at].iter().rev().take_while(is_plain).count();
    let after = terms[at..].iter().take_while(is_plain).count();
    at - before..at + after
}

fn term(scanner: &mut Scanner<'_>) -> Result<Term, FilterError> {
    if scanner.eat_word("-null") {
        return Ok(Term { negated: true, form: Form::Null, matches: vec![NumberMatch::Null] });
    }
    let negated = scanner.eat_word("not") || scanner.eat("!=") || scanner.eat("<>");
    scanner.skip_blanks();
    let (form, matches) = match scanner.peek() {
        Some(b'(' | b'[') => (Form::Interval, vec![interval(scanner)?]),
        Some(b'<' | b'>') => (Form::Range, comparisons(scanner, negated)?),
        Some(b'=') => (Form::Plain, vec![equal(scanner)?]),
        _ if scanner.eat_word("null") => (Form::Null, vec![NumberMatch::Null]),
        _ => number_or_range(scanner)?,
    };
    Ok(Term { negated, form, matches })
}

/// `=5`, which models write for `5`.
fn equal(scanner: &mut Scanner<'_>) -> Result<NumberMatch, FilterError> {
    scanner.eat("=");
    scanner.skip_blanks();
    Decimal::scan(scanner)?.map(NumberMatch::Value).ok_or_else(|| scanner.expected("a number after `=`"))
}

/// `5`, `1 to 7`, `1 to`, `to 7`.
fn number_or_range(scanner: &mut Scanner<'_>) -> Result<(Form, Vec<NumberMatch>), FilterError> {
    let first = Decimal::scan(scanner)?;
    if !scanner.eat_word("to") {
        let value = first.ok_or_else(|| {
            scanner.expected("a number such as `5`, a range such as `>=1 AND <7`, `1 to 7` or `[1,7)`, or `NULL`")
        })?;
        return Ok((Form::Plain, vec![NumberMatch::Value(value)]));
    }
    scanner.skip_blanks();
    let last = Decimal::scan(scanner)?;
    if first.is_none() && last.is_none() {
        return Err(scanner.expected("a number after `to`"));
    }
    let bound = |value| Bound { value, inclusive: true };
    Ok((Form::Range, vec![NumberMatch::Range { lower: first.map(bound), upper: last.map(bound) }]))
}

/// `(1,7]`, with `inf` or nothing for a missing bound.
fn interval(scanner: &mut Scanner<'_>) -> Result<NumberMatch, FilterError> {
    let start = scanner.position();
    let includes_lower = scanner.eat("[");
    let _open = includes_lower || scanner.eat("(");
    let lower = interval_bound(scanner, "-inf")?;
    if !scanner.eat(",") {
        return Err(scanner.expected("a number, then `,` and the end of the interval, as in `[1,7)`"));
    }
    let upper = interval_bound(scanner, "inf")?;
    let includes_upper = scanner.eat("]");
    if !includes_upper && !scanner.eat(")") {
        return Err(scanner.expected("a number, then `)` or `]`"));
    }
    if lower.is_none() && upper.is_none() {
        let message = "an interval needs a bound, as in `[1,)`; every number is `NOT NULL`";
        return Err(FilterError::new(scanner.span_since(start), message));
    }
    let bound = |value, inclusive| Bound { value, inclusive };
    Ok(NumberMatch::Range {
        lower: lower.map(|value| bound(value, includes_lower)),
        upper: upper.map(|value| bound(value, includes_upper)),
    })
}

fn interval_bound(scanner: &mut Scanner<'_>, infinity: &str) -> Result<Option<Decimal>, FilterError> {
    if scanner.eat_word(infinity) {
        return Ok(None);
    }
    Decimal::scan(scanner)
}

/// A comparison such as `>5`.
struct Comparison {
    end: End,
    bound: Bound,
}

/// Which end of a range a bound is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Lower,
    Upper,
}

const COMPARISONS: [(&str, End, bool); 4] =
    [(">=", End::Lower, true), (">", End::Lower, false), ("<=", End::Upper, true), ("<", End::Upper, false)];

impl Comparison {
    fn into_match(self) -> NumberMatch {
        match self.end {
            End::Lower => NumberMatch::Range { lower: Some(self.bound), upper: None },
            End::Upper => NumberMatch::Range { lower: None, upper: Some(self.bound) },
        }
    }

    fn and(self, other: Self) -> NumberMatch {
        let (lower, upper) = if self.end == End::Lower { (self, other) } else { (other, self) };
        NumberMatch::Range { lower: Some(lower.bound), upper: Some(upper.bound) }
    }
}

/// `>5`, `>5 AND <=9`; after a `NOT`, which then covers both, also `<5 OR >9`.
fn comparisons(scanner: &mut Scanner<'_>, negated: bool) -> Result<Vec<NumberMatch>, FilterError> {
    let first = comparison(scanner)?;
    if scanner.eat_word("and") {
        let start = scanner.position();
        let second = comparison(scanner)?;
        if second.end == first.end {
            let opposite = if first.end == End::Lower { "`<` or `<=`" } else { "`>` or `>=`" };
            let message = format!("expected {opposite}, as `AND` joins the two ends of a range");
            return Err(FilterError::new(scanner.span_since(start), message));
        }
        return Ok(vec![first.and(second)]);
    }
    let after_first = scanner.position();
    if negated && scanner.eat_word("or") {
        match comparison(scanner) {
            Ok(second) if second.end != first.end && !followed_by_and(scanner) => {
                return Ok(vec![first.into_match(), second.into_match()]);
            }
            _ => scanner.return_to(after_first),
        }
    }
    Ok(vec![first.into_match()])
}

fn followed_by_and(scanner: &mut Scanner<'_>) -> bool {
    let start = scanner.position();
    let found = scanner.eat_word("and");
    scanner.return_to(start);
    found
}

fn comparison(scanner: &mut Scanner<'_>) -> Result<Comparison, FilterError> {
    let found = COMPARISONS.iter().find(|(symbol, ..)| scanner.eat(symbol));
    let &(symbol, end, inclusive) = found.ok_or_else(|| scanner.expected("`>`, `>=`, `<` or `<=`"))?;
    scanner.skip_blanks();
    let value = Decimal::scan(scanner)?.ok_or_else(|| scanner.expected(&format!("a number after `{symbol}`")))?;
    Ok(Comparison { end, bound: Bound { value, inclusive } })
}

/// Whether each number is in one of these.
fn cover_every_number(matches: &[NumberMatch]) -> bool {
    let mut ranges: Vec<(Option<Bound>, Option<Bound>)> = matches.iter().filter_map(bounds).collect();
    if ranges.iter().all(|(_, upper)| upper.is_some()) {
        return false;
    }
    ranges.sort_by(|(a, _), (b, _)| compare_lower(a.as_ref(), b.as_ref()));
    let mut ranges = ranges.into_iter();
    let Some((None, Some(mut covered))) = ranges.next() else {
        return false;
    };
    for (lower, upper) in ranges {
        if lower.is_some_and(|lower| leaves_gap(&covered, &lower)) {
            return false;
        }
        let Some(upper) = upper else { return true };
        let order = covered.value.compare(&upper.value).then(covered.inclusive.cmp(&upper.inclusive));
        if order.is_lt() {
            covered = upper;
        }
    }
    false
}

/// A match as a range that holds a number; a plain number is a range of one.
fn bounds(found: &NumberMatch) -> Option<(Option<Bound>, Option<Bound>)> {
    match found {
        NumberMatch::Null => None,
        NumberMatch::Value(value) => {
            let bound = Bound { value: value.clone(), inclusive: true };
            Some((Some(bound.clone()), Some(bound)))
        }
        NumberMatch::Range { lower: Some(lower), upper: Some(upper) } => {
            let holds_a_number = match lower.value.compare(&upper.value) {
                Ordering::Less => true,
                Ordering::Equal => lower.inclusive && upper.inclusive,
                Ordering::Greater => false,
            };
            holds_a_number.then(|| (Some(lower.clone()), Some(upper.clone())))
        }
        NumberMatch::Range { lower, upper } => Some((lower.clone(), upper.clone())),
    }
}

/// Orders lower bounds by where their ranges start; a missing one is endless.
fn compare_lower(a: Option<&Bound>, b: Option<&Bound>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.value.compare(&b.value).then(b.inclusive.cmp(&a.inclusive)),
        _ => a.is_some().cmp(&b.is_some()),
    }
}

/// Whether a number lies after `upper` and before `lower`.
fn leaves_gap(upper: &Bound, lower: &Bound) -> bool {
    match upper.value.compare(&lower.value) {
        Ordering::Less => true,
        Ordering::Equal => !upper.inclusive && !lower.inclusive,
        Ordering::Greater => false,
    }
}
