//! A tree to a typed tree.

mod call;
mod case;

use std::collections::{HashMap, HashSet};

use super::diagnostic::{Diagnostic, Diagnostics, Span, excerpt};
use super::functions::Form;
use super::parse::{Parsed, parse};
use super::scope::{Context, FieldId, Role, Scope};
use super::term::{Axes, Checked, Placement, Term, TermKind};
use super::tree::{Link, Node, NodeKind, Operator, Part, Reference};
use super::types::Type;

/// Reads and checks an expression: the typed tree, or the mistakes in the order of their places.
pub fn compile(text: &str, scope: &dyn Scope, context: Context) -> Result<Checked, Vec<Diagnostic>> {
    check(&parse(text), scope, context)
}

/// Checks what was read: the typed tree, or the mistakes in the order of their places, those of reading included.
pub fn check(parsed: &Parsed, scope: &dyn Scope, context: Context) -> Result<Checked, Vec<Diagnostic>> {
    check_among(parsed, scope, context, &HashMap::new())
}

/// A calculation that others may name.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) index: usize,
    pub(super) type_: Type,
    pub(super) axes: Axes,
    pub(super) has_total: bool,
    pub(super) placement: Placement,
}

/// Checks one of several calculations. The others have the names that `calculations` says.
pub(super) fn check_among(
    parsed: &Parsed,
    scope: &dyn Scope,
    context: Context,
    calculations: &HashMap<&str, Known>,
) -> Result<Checked, Vec<Diagnostic>> {
    if !parsed.diagnostics.is_empty() {
        return Err(parsed.diagnostics.clone());
    }
    let mut checker = Checker {
        scope,
        context,
        calculations,
        diagnostics: Diagnostics::default(),
        fields: Vec::new(),
        seen_fields: HashSet::new(),
        named: Vec::new(),
        seen_calculations: HashSet::new(),
        names_measures: false,
        only_totals: true,
    };
    let root = checker.term(&parsed.root);
    checker.check_whole(&root);
    if !checker.diagnostics.is_empty() {
        return Err(checker.diagnostics.into_sorted());
    }
    let names_something = !checker.fields.is_empty() || !checker.named.is_empty();
    let placement = match root.axes {
        Axes { pivots: true, .. } => Placement::Measure,
        _ if checker.names_measures => Placement::Supermeasure,
        _ => Placement::Dimension,
    };
    Ok(Checked {
        root,
        fields: checker.fields,
        calculations: checker.named,
        placement,
        has_total: names_something && checker.only_totals,
    })
}

struct Checker<'s> {
    scope: &'s dyn Scope,
    context: Context,
    calculations: &'s HashMap<&'s str, Known>,
    diagnostics: Diagnostics,
    fields: Vec<FieldId>,
    seen_fields: HashSet<FieldId>,
    named: Vec<usize>,
    seen_calculations: HashSet<usize>,
    /// Measures, or what looks over pivot columns as measures do.
    names_measures: bool,
    /// Whether all that is named has a value in the row of totals.
    only_totals: bool,
}

impl Checker<'_> {
    fn term(&mut self, node: &Node) -> Term {
        let made = |kind, type_| Term { kind, type_, axes: Axes::NONE, span: node.span.clone() };
        match &node.kind {
            NodeKind::Number(number) => made(TermKind::Number(*number), Type::Number),
            NodeKind::Text(text) => made(TermKind::Text(text.as_str().into()), Type::String),
            NodeKind::Yesno(value) => made(TermKind::Yesno(*value), Type::Yesno),
            NodeKind::Null => made(TermKind::Null, Type::Null),
            NodeKind::Missing => made(TermKind::Null, Type::Unknown),
            NodeKind::Reference(reference) => self.reference(reference, &node.span),
            NodeKind::Negative(operand) => {
                let operand = self.operand(operand, Type::Number, "-");
                let axes = operand.axes;
                Term { axes, ..made(TermKind::Negative(Box::new(operand)), Type::Number) }
            }
            NodeKind::Not(operand) => {
                let operand = self.operand(operand, Type::Yesno, "NOT");
                let axes = operand.axes;
                Term { axes, ..made(TermKind::Not(Box::new(operand)), Type::Yesno) }
            }
            NodeKind::Chain { first, rest } => self.chain(first, rest, &node.span),
            NodeKind::Call { name, arguments } => self.call(name, arguments, &node.span),
            NodeKind::Filter(_) => {
                let help = "text stands in double quotes; backticks are for the filter of `matches_filter`";
                self.report(&node.span, "a filter expression has no value", help);
                made(TermKind::Null, Type::Unknown)
            }
        }
    }

    fn report(&mut self, span: &Span, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(span.clone(), message).help(help));
    }

    /// What stands for a part that is wrong.
    fn wrong(span: &Span) -> Term {
        Term { kind: TermKind::Null, type_: Type::Unknown, axes: Axes::NONE, span: span.clone() }
    }

    fn check_whole(&mut self, root: &Term) {
        if self.context.needs_yesno() && root.type_.joined(Type::Yesno).is_none() {
            let message = format!("{} are yes or no, and this is {}", self.context.plural(), root.type_);
            self.report(&root.span, message, "compare it with something, as in `${orders.count} > 0`");
        }
    }

    fn reference(&mut self, reference: &Reference, span: &Span) -> Term {
        if let Some(known) = self.calculations.get(reference.name.as_str()) {
            return self.calculation(*known, reference.part, span);
        }
        let Some(field) = self.scope.field(&reference.name) else {
            return self.unknown_field(reference, span);
        };
        if self.context == Context::CustomDimension && field.role == Role::Measure {
            let message = format!("custom dimensions cannot use the measure `{}`", reference.name);
            self.report(span, message, "use a dimension, or make it a custom measure or a table calculation");
        }
        self.check_part(reference.part, span);
        if self.seen_fields.insert(field.id) {
            self.fields.push(field.id);
        }
        self.names_measures |= field.role != Role::Dimension;
        // A total is there in each row, that of totals included.
        let takes_totals = matches!(reference.part, Part::Total | Part::GrandTotal);
        self.only_totals &= field.role == Role::Measure || takes_totals;
        let own = match field.role {
            Role::Dimension => Axes::ROWS,
            Role::Pivot => Axes::PIVOTS,
            Role::Measure => Axes::CELLS,
        };
        let kind = TermKind::Field(field.id, reference.part);
        Term { kind, type_: field.type_, axes: axes_of(own, reference.part), span: span.clone() }
    }

    fn calculation(&mut self, known: Known, part: Part, span: &Span) -> Term {
        if self.seen_calculations.insert(known.index) {
            self.named.push(known.index);
        }
        self.check_part(part, span);
        self.names_measures |= known.placement != Placement::Dimension;
        self.only_totals &= known.has_total;
        let kind = TermKind::Calculation(known.index, part);
        Term { kind, type_: known.type_, axes: axes_of(known.axes, part), span: span.clone() }
    }

    fn unknown_field(&mut self, reference: &Reference, span: &Span) -> Term {
        // Looking for the nearest of all names is only worth it for what is told.
        if self.diagnostics.is_full() {
            return Self::wrong(span);
        }
        let mut names = self.scope.names();
        names.extend(self.calculations.keys());
        names.sort_unstable();
        let nearest = crate::suggest::suggest(&reference.name, names.iter().copied());
        let help = match nearest {
            Some(name) => format!("did you mean `${{{name}}}`?"),
            None if self.context.is_calculated() => "add the field to the query, or name one of its columns".to_owned(),
            None => "name a field of the explore as `${view.field}`".to_owned(),
        };
        self.report(span, format!("there is no field `{}` here", excerpt(&reference.name)), help);
        Self::wrong(span)
    }

    fn check_part(&mut self, part: Part, span: &Span) {
        if part == Part::Value {
            return;
        }
        if !self.context.is_calculated() {
            let message = format!("{} have no totals", self.context.plural());
            return self.report(span, message, format!("leave `{}` out", part.suffix()));
        }
        let needs_row_totals = matches!(part, Part::RowTotal | Part::GrandTotal);
        let needs_totals = matches!(part, Part::Total | Part::GrandTotal);
        if needs_totals && !self.scope.has_totals() {
            self.report(span, "the query has no totals", "switch its totals on: `total: true`");
        } else if needs_row_totals && !self.scope.has_row_totals() {
            self.report(span, "the query has no row totals", "switch them on: `row_total: \"right\"`, with a pivot");
        }
    }

    fn chain(&mut self, first: &Node, rest: &[Link], span: &Span) -> Term {
        let operator = rest.first().map_or(Operator::Plus, |link| link.operator);
        match operator {
            Operator::And | Operator::Or => self.logic(operator, first, rest, span),
            Operator::Plus | Operator::Minus | Operator::Times | Operator::Over => self.arithmetic(first, rest, span),
            _ => self.comparison(operator, first, rest, span),
        }
    }

    fn logic(&mut self, operator: Operator, first: &Node, rest: &[Link], span: &Span) -> Term {
        let operands = std::iter::once(first).chain(rest.iter().map(|link| &link.operand));
        let terms: Vec<Term> = operands.map(|node| self.operand(node, Type::Yesno, operator.symbol())).collect();
        let axes = axes_of_all(&terms);
        let kind = if operator == Operator::And { TermKind::All(terms) } else { TermKind::Any(terms) };
        Term { kind, type_: Type::Yesno, axes, span: span.clone() }
    }

    fn arithmetic(&mut self, first: &Node, rest: &[Link], span: &Span) -> Term {
        let symbol = rest.first().map_or("+", |link| link.operator.symbol());
        let first = self.operand(first, Type::Number, symbol);
        let mut axes = first.axes;
        let mut terms = Vec::with_capacity(rest.len());
        for link in rest {
            let term = self.operand(&link.operand, Type::Number, link.operator.symbol());
            axes = axes.and(term.axes);
            terms.push((link.operator, term));
        }
        Term { kind: TermKind::Arithmetic(Box::new(first), terms), type_: Type::Number, axes, span: span.clone() }
    }

    fn comparison(&mut self, operator: Operator, first: &Node, rest: &[Link], span: &Span) -> Term {
        let left = self.term(first);
        let right = match rest.first() {
            Some(link) => self.term(&link.operand),
            None => Self::wrong(span),
        };
        self.check_comparison(operator, &left, &right, span);
        let axes = left.axes.and(right.axes);
        let kind = TermKind::Comparison { operator, left: Box::new(left), right: Box::new(right) };
        Term { kind, type_: Type::Yesno, axes, span: span.clone() }
    }

    fn check_comparison(&mut self, operator: Operator, left: &Term, right: &Term, span: &Span) {
        let symbol = operator.symbol();
        let Some(joined) = left.type_.joined(right.type_) else {
            let message = format!("`{symbol}` compares {} with {}", left.type_, right.type_);
            return self.report(span, message, comparison_help(left.type_, right.type_, self.context));
        };
        if joined.is_list() {
            let help = "take one of its values with `index(list, n)`";
            return self.report(span, "lists cannot be compared", help);
        }
        if matches!(operator, Operator::Equal | Operator::NotEqual) {
            return;
        }
        if joined == Type::Yesno {
            self.report(span, format!("`{symbol}` does not compare yes with no"), "use `=` or `!=`");
        } else if left.type_ == Type::Null || right.type_ == Type::Null {
            self.report(span, format!("nothing is `{symbol}` null"), "use `is_null(value)`");
        }
    }

    /// An operand that has to be of a type.
    fn operand(&mut self, node: &Node, type_: Type, symbol: &str) -> Term {
        let term = self.term(node);
        if term.type_.joined(type_).is_none() {
            let message = format!("`{symbol}` takes {type_}, and this is {}", term.type_);
            let help = match (symbol, term.type_) {
                ("+", Type::String) => "join texts with `concat(a, b)`".to_owned(),
                ("+" | "-", found) if found.is_date() => {
                    "move dates with `add_days(number, date)`, subtract them with `diff_days(start, end)`".to_owned()
                }
                (_, found) => conversion(found, type_, self.context),
            };
            self.report(&term.span, message, help);
        }
        term
    }
}

/// How a value of one type is made one of another.
fn conversion(from: Type, to: Type, context: Context) -> String {
    let calculated = context.is_calculated();
    match (from, to) {
        (Type::List(_), _) => {
            "take one of its values with `index(list, n)`, or all with a function such as `sum(list)`"
        }
        (Type::String, Type::Number) if calculated => "make a number of it with `to_number(text)`",
        (Type::String, to) if to.is_date() && calculated => "make a date of it with `to_date(text)`",
        (Type::String, to) if to.is_date() => "write dates as `date(year, month, day)`",
        (_, Type::String) if calculated => "make a text of it with `to_string(value)`",
        (_, Type::String) => "make a text of it with `concat(value)`",
        (Type::Yesno, Type::Number) => "write `if(condition, 1, 0)`",
        (_, Type::Yesno) => "compare it with something, as in `value = 1`",
        _ => return format!("write {to} here"),
    }
    .to_owned()
}

fn comparison_help(left: Type, right: Type, context: Context) -> String {
    match (left, right) {
        (Type::Yesno, Type::String) | (Type::String, Type::Yesno) => {
            "`yes` and `no` are written without quotes".to_owned()
        }
        (Type::String, other) | (other, Type::String) => conversion(Type::String, other, context),
        _ => "both sides have to be of one type".to_owned(),
    }
}

fn axes_of(own: Axes, part: Part) -> Axes {
    match part {
        Part::Value => own,
        Part::Total => own.without_rows(),
        Part::RowTotal => own.without_pivots(),
        Part::GrandTotal => Axes::NONE,
    }
}

fn axes_of_all(terms: &[Term]) -> Axes {
    terms.iter().fold(Axes::NONE, |axes, term| axes.and(term.axes))
}

/// Whether a function looks over pivot columns, so that it stands behind them.
fn looks_over_pivots(form: Form) -> bool {
    matches!(
        form,
        Form::PivotIndex
            | Form::PivotOffset
            | Form::PivotOffsetList
            | Form::PivotRow
            | Form::PivotWhere
            | Form::PivotColumn
    )
}
