//! `if` and `case`.

use super::Checker;
use crate::looker::diagnostic::Span;
use crate::looker::functions::{Function, function};
use crate::looker::term::{Branch, Term, TermKind};
use crate::looker::tree::{Node, NodeKind};
use crate::looker::types::Type;

impl Checker<'_> {
    pub(super) fn conditional(&mut self, function: &'static Function, arguments: &[Node], span: &Span) -> Term {
        let [condition, value, otherwise] = arguments else {
            self.check_arity(function, arguments.len(), span);
            for argument in arguments {
                self.term(argument);
            }
            return Self::wrong(span);
        };
        let mut alike = Type::Null;
        let branch = self.branch(function, condition, value, &mut alike);
        let otherwise = self.result(function, otherwise, &mut alike);
        made(vec![branch], Some(otherwise), alike, span)
    }

    pub(super) fn case(&mut self, arguments: &[Node], span: &Span) -> Term {
        let Some(case) = function("case") else { return Self::wrong(span) };
        let mut alike = Type::Null;
        let mut branches = Vec::new();
        let mut otherwise = None;
        for (at, argument) in arguments.iter().enumerate() {
            match when(argument) {
                Some([condition, value]) => branches.push(self.branch(case, condition, value, &mut alike)),
                Some(other) => self.wrong_when(other, argument),
                None if at + 1 == arguments.len() => otherwise = Some(self.result(case, argument, &mut alike)),
                None => {
                    let help = "write `when(condition, value)`; only the last argument is a value by itself";
                    self.report(&argument.span, "`case` takes `when` before its last argument", help);
                }
            }
        }
        if branches.is_empty() && self.diagnostics.is_empty() {
            self.report(span, "`case` takes at least one `when`", format!("write `{}`", case.call()));
        }
        if branches.is_empty() { Self::wrong(span) } else { made(branches, otherwise, alike, span) }
    }

    fn wrong_when(&mut self, arguments: &[Node], node: &Node) {
        if let Some(when) = function("when") {
            self.check_arity(when, arguments.len(), &node.span);
        }
    }

    fn branch(&mut self, function: &Function, condition: &Node, value: &Node, alike: &mut Type) -> Branch {
        let condition = self.operand(condition, Type::Yesno, function.name);
        Branch { condition, value: self.result(function, value, alike) }
    }

    fn result(&mut self, function: &Function, value: &Node, alike: &mut Type) -> Term {
        let value = self.term(value);
        if value.type_.is_list() {
            let message = format!("`{}` gives no lists", function.name);
            self.report(&value.span, message, "take one of its values with `index(list, n)`");
        } else {
            self.join_alike(function, &value, alike);
        }
        value
    }
}

/// The arguments of a call of `when`.
fn when(node: &Node) -> Option<&[Node]> {
    match &node.kind {
        NodeKind::Call { name, arguments } if name.text == "when" => Some(arguments),
        _ => None,
    }
}

fn made(branches: Vec<Branch>, otherwise: Option<Term>, type_: Type, span: &Span) -> Term {
    let terms = branches.iter().flat_map(|branch| [branch.condition.axes, branch.value.axes]);
    let axes = terms.chain(otherwise.as_ref().map(|term| term.axes)).reduce(super::Axes::and).unwrap_or_default();
    let kind = TermKind::Case { branches, otherwise: otherwise.map(Box::new) };
    Term { kind, type_, axes, span: span.clone() }
}
