//! Calls of functions.

use super::{Checker, conversion, looks_over_pivots};
use crate::filter::{DateFilter, FilterError, LocationFilter, NumberFilter, StringFilter, TierFilter, YesnoFilter};
use crate::looker::diagnostic::{Span, excerpt};
use crate::looker::functions::{self, Availability, Body, Form, Function, Gives, Kind, Parameter, Takes};
use crate::looker::scope::FilterGrammar;
use crate::looker::term::{Axes, FieldFilter, Term, TermKind};
use crate::looker::tree::{Name, Node, NodeKind, Part};
use crate::looker::types::Type;

impl Checker<'_> {
    pub(super) fn call(&mut self, name: &Name, arguments: &[Node], span: &Span) -> Term {
        let Some(function) = functions::function(&name.text) else {
            return self.unknown_function(name, arguments);
        };
        self.check_availability(function, &name.span);
        match &function.body {
            Body::Form(Form::If) => self.conditional(function, arguments, span),
            Body::Form(Form::Case) => self.case(arguments, span),
            Body::Form(Form::When) => {
                self.report(&name.span, "`when` stands in `case` only", "write `case(when(condition, value), else)`");
                Self::wrong(span)
            }
            Body::Form(Form::MatchesFilter) => self.matches_filter(function, arguments, span),
            _ => self.plain_call(function, arguments, span),
        }
    }

    fn unknown_function(&mut self, name: &Name, arguments: &[Node]) -> Term {
        if self.diagnostics.is_full() {
            return Self::wrong(&name.span);
        }
        let help = functions::suggestion(&name.text)
            .unwrap_or_else(|| "functions cannot be defined; the names of all are in lower case".to_owned());
        self.report(&name.span, format!("there is no function `{}`", excerpt(&name.text)), help);
        for argument in arguments {
            self.term(argument);
        }
        Self::wrong(&name.span)
    }

    fn check_availability(&mut self, function: &Function, name_span: &Span) {
        let calculated = self.context.is_calculated();
        let is_refused = match function.availability {
            Availability::Everywhere => false,
            Availability::Calculations => !calculated,
            Availability::Translated => calculated,
        };
        if !is_refused {
            return;
        }
        let help = if calculated {
            "filter in the query, or compare the values themselves"
        } else {
            "it works on the rows of a result: use it in a table calculation"
        };
        let message = format!("`{}` cannot be used in {}", function.name, self.context.plural());
        self.report(name_span, message, help);
    }

    /// Whether there are as many arguments as a function takes; reports it if not.
    pub(super) fn check_arity(&mut self, function: &Function, found: usize, span: &Span) -> bool {
        let (least, takes_more) = function.arity();
        let enough = if takes_more { found >= least } else { found == least };
        if !enough {
            let plural = if least == 1 { "argument" } else { "arguments" };
            let at_least = if takes_more { "at least " } else { "" };
            let expected = if least == 0 { "no".to_owned() } else { least.to_string() };
            let message = format!("`{}` takes {at_least}{expected} {plural}, and {found} stand here", function.name);
            self.report(span, message, format!("write `{}`", function.call()));
        }
        enough
    }

    fn plain_call(&mut self, function: &'static Function, nodes: &[Node], span: &Span) -> Term {
        let arguments: Vec<Term> = nodes.iter().map(|node| self.term(node)).collect();
        if !self.check_arity(function, arguments.len(), span) {
            return Self::wrong(span);
        }
        let mut alike = Type::Null;
        for (at, argument) in arguments.iter().enumerate() {
            if let Some(parameter) = function.parameter(at) {
                self.check_argument(function, parameter, argument, &mut alike);
            }
        }
        if let Body::Form(form) = function.body {
            self.names_measures |= looks_over_pivots(form);
        }
        let type_ = match function.gives {
            Gives::Number => Type::Number,
            Gives::String => Type::String,
            Gives::Yesno => Type::Yesno,
            Gives::Date => Type::Date,
            Gives::DateTime => Type::DateTime,
            Gives::Texts => Type::String.listed(),
            Gives::Alike => alike,
            Gives::ListAlike => alike.listed(),
            Gives::Like(at) => arguments[at].type_.item(),
            Gives::ListLike(at) => arguments[at].type_.item().listed(),
        };
        let axes = axes_of_call(function, &arguments);
        Term { kind: TermKind::Call { function, arguments }, type_, axes, span: span.clone() }
    }

    fn check_argument(&mut self, function: &Function, parameter: &Parameter, argument: &Term, alike: &mut Type) {
        let found = argument.type_;
        let (kind, takes_list) = match parameter.takes {
            Takes::One(kind) | Takes::Column(kind) => (kind, false),
            Takes::Series(kind) => (kind, true),
            Takes::Constant(kind) => {
                if argument.axes.rows {
                    let message = format!("`{}` of `{}` has to be the same in all rows", parameter.name, function.name);
                    self.report(&argument.span, message, "write a number");
                }
                (kind, false)
            }
            Takes::Table => (Kind::Number, true),
            Takes::When | Takes::Field | Takes::Filter => return,
        };
        if found.is_list() && !takes_list {
            let message = format!("`{}` takes no list as `{}`", function.name, parameter.name);
            return self.report(&argument.span, message, conversion(found, Type::Unknown, self.context));
        }
        let item = found.item();
        let expected = match kind {
            Kind::Any => return,
            Kind::Alike => return self.join_alike(function, argument, alike),
            Kind::Number => Type::Number,
            Kind::String => Type::String,
            Kind::Date => Type::DateTime,
            Kind::Yesno => Type::Yesno,
            Kind::Ordered if item.is_date() => return,
            Kind::Ordered => Type::Number,
        };
        if item.joined(expected).is_none() {
            let wanted = if kind == Kind::Date { Type::Date } else { expected };
            let message = format!("`{}` takes {wanted} as `{}`, and this is {item}", function.name, parameter.name);
            self.report(&argument.span, message, conversion(item, wanted, self.context));
        }
    }

    /// Takes an argument into the type that several have in common.
    pub(super) fn join_alike(&mut self, function: &Function, argument: &Term, alike: &mut Type) {
        let found = argument.type_.item();
        if let Some(joined) = alike.joined(found) {
            *alike = joined;
            return;
        }
        let message = format!("`{}` takes values of one type: this is {found}, and another is {alike}", function.name);
        self.report(&argument.span, message, conversion(found, *alike, self.context));
    }

    fn matches_filter(&mut self, function: &Function, arguments: &[Node], span: &Span) -> Term {
        if !self.check_arity(function, arguments.len(), span) {
            return Self::wrong(span);
        }
        let (NodeKind::Reference(reference), NodeKind::Filter(text)) = (&arguments[0].kind, &arguments[1].kind) else {
            let help = "write `matches_filter(${view.field}, `filter expression`)`, with the filter in backticks";
            self.report(span, "`matches_filter` takes a field and a filter expression", help);
            return Self::wrong(span);
        };
        let field = self.reference(reference, &arguments[0].span);
        let (TermKind::Field(id, Part::Value), Some(known)) = (&field.kind, self.scope.field(&reference.name)) else {
            return Self::wrong(span);
        };
        match parse_filter(known.filter, text) {
            Ok(filter) => {
                let kind = TermKind::MatchesFilter { field: *id, filter, text: text.clone() };
                Term { kind, type_: Type::Yesno, axes: field.axes, span: span.clone() }
            }
            Err(error) => {
                // The text of the filter begins behind its backtick.
                let start = arguments[1].span.start + 1;
                let place = start + error.span.start..start + error.span.end;
                let message = format!("the filter on `{}` cannot be read: {error}", reference.name);
                self.diagnostics.push(super::Diagnostic::new(place, message));
                Self::wrong(span)
            }
        }
    }
}

fn parse_filter(grammar: FilterGrammar, text: &str) -> Result<FieldFilter, FilterError> {
    Ok(match grammar {
        FilterGrammar::String => FieldFilter::String(StringFilter::parse(text)?),
        FilterGrammar::Number => FieldFilter::Number(NumberFilter::parse(text)?),
        FilterGrammar::Date => FieldFilter::Date(DateFilter::parse(text)?),
        FilterGrammar::Yesno => FieldFilter::Yesno(YesnoFilter::parse(text)?),
        FilterGrammar::Location => FieldFilter::Location(LocationFilter::parse(text)?),
        FilterGrammar::Tier => FieldFilter::Tier(TierFilter::parse(text)?),
    })
}

/// Along what the values of a call differ.
fn axes_of_call(function: &Function, arguments: &[Term]) -> Axes {
    let each = arguments.iter().enumerate().map(|(at, argument)| {
        let over_rows = match function.parameter(at).map(|parameter| parameter.takes) {
            Some(Takes::Column(_) | Takes::Table) => true,
            Some(Takes::Series(_)) => !argument.type_.is_list(),
            _ => false,
        };
        let over_pivots = match function.body {
            Body::Form(Form::PivotIndex | Form::PivotRow) => at == 0,
            Body::Form(Form::PivotWhere) => true,
            _ => false,
        };
        let axes = if over_rows { argument.axes.without_rows() } else { argument.axes };
        if over_pivots { axes.without_pivots() } else { axes }
    });
    let own = match function.body {
        Body::Form(Form::Row | Form::Rand | Form::Offset | Form::OffsetList) => Axes::ROWS,
        Body::Form(Form::RunningTotal | Form::RunningProduct) => Axes::ROWS,
        Body::Form(Form::PivotColumn | Form::PivotOffset | Form::PivotOffsetList) => Axes::PIVOTS,
        _ => Axes::NONE,
    };
    each.fold(own, Axes::and)
}
