//! Looker expressions as SQL: custom fields and custom filters.

use super::Planner;
use super::custom::Customs;
use crate::access::sees_field;
use crate::context::Access;
use crate::dialect::operand;
use crate::error::Error;
use crate::expression::{Expression, Part};
use belvedere_expressions::looker::{
    Branch, Checked, Context, Field, FieldId, FilterGrammar, Function, Operator, Role, Scope, Term, TermKind, Type,
    compile,
};
use belvedere_lookml::model::{Category, Explore, FieldKind, MeasureKind, Timeframe, TimeframeValues};
use belvedere_lookml::sql::Cast;
use std::cell::RefCell;

/// A checked expression with the names of the fields in it.
#[derive(Debug, Clone)]
pub(super) struct Formula {
    pub(super) checked: Checked,
    /// By the number of a field in the expression.
    pub(super) names: Vec<String>,
}

/// An expression that is wrong. What is wrong with it is told when somebody asks for it: finding the names that were meant
/// takes time.
#[derive(Debug, Clone)]
pub(super) struct Wrong {
    text: String,
    context: Context,
}

/// What an expression is read on.
#[derive(Clone, Copy)]
pub(super) struct Ground<'g> {
    pub(super) explore: &'g Explore,
    pub(super) customs: &'g Customs,
    pub(super) access: &'g Access,
}

impl Ground<'_> {
    /// Reads an expression.
    pub(super) fn read(self, text: &str, context: Context) -> Result<Formula, Wrong> {
        let scope = Fields { ground: self, known: RefCell::default(), shown: Vec::new() };
        match compile(text, &scope, context) {
            Ok(checked) => Ok(Formula { checked, names: scope.known.into_inner() }),
            Err(_) => Err(Wrong { text: text.to_owned(), context }),
        }
    }

    /// What is wrong with an expression.
    pub(super) fn explain(self, wrong: &Wrong) -> String {
        let Ground { explore, customs, access } = self;
        let fields = explore.fields();
        let seen = fields.filter(|(_, view, field)| !field.hidden && sees_field(access, explore, view, field));
        let shown = seen.map(|(name, ..)| name).chain(customs.names()).collect();
        let scope = Fields { ground: self, known: RefCell::default(), shown };
        let mistakes = compile(&wrong.text, &scope, wrong.context).err().unwrap_or_default();
        // Fields that name each other in a circle were refused one by one, and are all there by now.
        let circle = || "names itself, directly or by way of other custom fields".to_owned();
        let first = mistakes.first().map_or_else(circle, ToString::to_string);
        match mistakes.len() {
            0 | 1 => first,
            count => format!("{first} (and {} more)", count - 1),
        }
    }
}

/// The fields that an expression on an explore can name: those that the user may see.
struct Fields<'g> {
    ground: Ground<'g>,
    /// Names that were asked for, by their numbers.
    known: RefCell<Vec<String>>,
    /// Names that may be suggested.
    shown: Vec<String>,
}

impl Scope for Fields<'_> {
    fn field(&self, name: &str) -> Option<Field> {
        let Ground { explore, customs, access } = self.ground;
        let of_explore = || {
            let (view, field) = explore.field(name)?;
            (view.includes(&field.name) && sees_field(access, explore, view, field)).then_some(field)
        };
        let field = customs.find(name).map(|at| at.field).or_else(of_explore)?;
        let role = match field.category {
            Category::Dimension => Role::Dimension,
            Category::Measure => Role::Measure,
            Category::Filter | Category::Parameter => return None,
        };
        let mut known = self.known.borrow_mut();
        let id = known.iter().position(|known| known == name).unwrap_or_else(|| {
            known.push(name.to_owned());
            known.len() - 1
        });
        let (type_, filter) = expression_type(&field.kind);
        Some(Field { id: FieldId(id), type_, role, filter })
    }

    fn names(&self) -> Vec<&str> {
        self.shown.iter().map(String::as_str).collect()
    }
}

/// The type of a field's values in expressions, and the grammar of filters on it.
pub fn expression_type(kind: &FieldKind) -> (Type, FilterGrammar) {
    match kind {
        FieldKind::Number | FieldKind::Duration { .. } | FieldKind::Distance { .. } => {
            (Type::Number, FilterGrammar::Number)
        }
        FieldKind::Yesno | FieldKind::Measure(MeasureKind::Yesno) => (Type::Yesno, FilterGrammar::Yesno),
        FieldKind::Time(time) => type_of_timeframe(time.timeframe),
        FieldKind::Measure(MeasureKind::Date(timeframe)) => type_of_timeframe(*timeframe),
        FieldKind::Location { .. } => (Type::String, FilterGrammar::Location),
        FieldKind::Tier { .. } => (Type::String, FilterGrammar::Tier),
        FieldKind::String | FieldKind::Zipcode | FieldKind::Unquoted | FieldKind::Case { .. } => {
            (Type::String, FilterGrammar::String)
        }
        FieldKind::Measure(MeasureKind::String | MeasureKind::List) => (Type::String, FilterGrammar::String),
        FieldKind::Measure(_) => (Type::Number, FilterGrammar::Number),
    }
}

fn type_of_timeframe(timeframe: Timeframe) -> (Type, FilterGrammar) {
    match timeframe.values() {
        TimeframeValues::Yesno => (Type::Yesno, FilterGrammar::Yesno),
        TimeframeValues::Number => (Type::Number, FilterGrammar::Number),
        TimeframeValues::Text => (Type::String, FilterGrammar::String),
        TimeframeValues::Day => (Type::Date, FilterGrammar::Date),
        TimeframeValues::Moment => (Type::DateTime, FilterGrammar::Date),
    }
}

impl<'a> Planner<'a, '_> {
    /// An expression as SQL: a condition where its type is yesno.
    pub(super) fn formula(&mut self, formula: &'a Formula) -> Result<Expression, Error> {
        self.term(&formula.checked.root, &formula.names)
    }

    /// Reads and translates a condition in the expression language. Where a measure stands in it, it is about groups.
    pub(super) fn custom_filter(&mut self, formula: &'a Formula) -> Result<CustomFilter, Error> {
        let names_measure = |id: &FieldId| {
            let at = formula.names.get(id.0).and_then(|name| self.find(name).ok());
            at.is_some_and(|at| at.field.category == Category::Measure)
        };
        let about_groups = formula.checked.fields.iter().any(names_measure);
        let condition = self.formula(formula)?.map(|sql| format!("({sql})"));
        Ok(if about_groups { CustomFilter::Groups(condition) } else { CustomFilter::Rows(condition.into_text()) })
    }

    fn term(&mut self, term: &'a Term, names: &'a [String]) -> Result<Expression, Error> {
        let out = match &term.kind {
            TermKind::Number(number) => Expression::text(number.to_string()),
            TermKind::Text(text) => Expression::text(self.literal(text)?),
            TermKind::Yesno(truth) => Expression::text(if *truth { "TRUE" } else { "FALSE" }),
            TermKind::Null => Expression::text("NULL"),
            TermKind::Field(id, _) => self.formula_field(&names[id.0])?,
            TermKind::Negative(inner) => composed("-{0}", &[grouped(&self.term(inner, names)?)]),
            TermKind::Not(inner) => composed("NOT {0}", &[grouped(&self.term(inner, names)?)]),
            TermKind::All(terms) => self.terms(terms, names, " AND ")?,
            TermKind::Any(terms) => self.terms(terms, names, " OR ")?,
            TermKind::Arithmetic(first, rest) => self.arithmetic(first, rest, names)?,
            TermKind::Comparison { operator, left, right } => self.comparison(*operator, left, right, names)?,
            TermKind::Case { branches, otherwise } => self.branches(branches, otherwise.as_deref(), names)?,
            TermKind::MatchesFilter { field, text, .. } => self.matches_filter(&names[field.0], text)?,
            TermKind::Call { function, arguments } => self.call(function, arguments, names)?,
            TermKind::Calculation(..) => {
                return Err(Error::model(self.place(), "a table calculation has no SQL"));
            }
        };
        self.shared.spend(self.written_length(&out))?;
        Ok(out)
    }

    fn terms(&mut self, terms: &'a [Term], names: &'a [String], word: &str) -> Result<Expression, Error> {
        let mut out = Expression::default();
        for (index, term) in terms.iter().enumerate() {
            if index > 0 {
                out.push_text(word);
            }
            out.push(&grouped(&self.term(term, names)?));
        }
        Ok(out)
    }

    fn arithmetic(
        &mut self,
        first: &'a Term,
        rest: &'a [(Operator, Term)],
        names: &'a [String],
    ) -> Result<Expression, Error> {
        let mut out = grouped(&self.term(first, names)?);
        for (operator, term) in rest {
            let right = self.term(term, names)?;
            out.push_text(&format!(" {} ", operator.symbol()));
            // Nothing is divided by zero.
            let is_safe = matches!(&term.kind, TermKind::Number(number) if !number.is_zero());
            let guarded = *operator == Operator::Over && !is_safe;
            out.push(&if guarded { composed("NULLIF({0}, 0)", &[right]) } else { grouped(&right) });
        }
        Ok(out)
    }

    fn comparison(
        &mut self,
        operator: Operator,
        left: &'a Term,
        right: &'a Term,
        names: &'a [String],
    ) -> Result<Expression, Error> {
        let is_null = |term: &Term| matches!(term.kind, TermKind::Null);
        let test = if operator == Operator::NotEqual { "{0} IS NOT NULL" } else { "{0} IS NULL" };
        match (is_null(left), is_null(right)) {
            (_, true) => return Ok(composed(test, &[grouped(&self.term(left, names)?)])),
            (true, false) => return Ok(composed(test, &[grouped(&self.term(right, names)?)])),
            (false, false) => {}
        }
        let symbol = match operator {
            Operator::NotEqual => "<>",
            other => other.symbol(),
        };
        let mut out = grouped(&self.term(left, names)?);
        out.push_text(&format!(" {symbol} "));
        out.push(&grouped(&self.term(right, names)?));
        Ok(out)
    }

    fn branches(
        &mut self,
        branches: &'a [Branch],
        otherwise: Option<&'a Term>,
        names: &'a [String],
    ) -> Result<Expression, Error> {
        let mut out = Expression::text("CASE");
        for branch in branches {
            out.push_text(" WHEN ");
            out.push(&self.term(&branch.condition, names)?);
            out.push_text(" THEN ");
            out.push(&self.term(&branch.value, names)?);
        }
        if let Some(otherwise) = otherwise {
            out.push_text(" ELSE ");
            out.push(&self.term(otherwise, names)?);
        }
        out.push_text(" END");
        Ok(out)
    }

    fn matches_filter(&mut self, name: &'a str, text: &'a str) -> Result<Expression, Error> {
        let at = self.find(name)?;
        let condition = self.condition(at, text)?;
        Ok(condition.unwrap_or_else(|| Expression::text("TRUE")))
    }

    fn call(
        &mut self,
        function: &'static Function,
        arguments: &'a [Term],
        names: &'a [String],
    ) -> Result<Expression, Error> {
        if function.name == "now" {
            return Ok(Expression::text(self.cx.dialect.timestamp(self.clock().now)));
        }
        let Some(template) = self.cx.dialect.function(function.name) else {
            return Err(Error::unsupported(format!("the function `{}` in SQL", function.name)));
        };
        let mut written = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let value = self.term(argument, names)?;
            let is_shown = function.name == "concat" && argument.type_ == Type::Yesno;
            written.push(if is_shown { composed(SHOWN_YESNO, &[value]) } else { value });
        }
        Ok(composed(template, &written))
    }

    /// A field as expressions see it: conditions themselves, dates and times typed.
    fn formula_field(&mut self, name: &str) -> Result<Expression, Error> {
        let at = self.find(name)?;
        self.used[at.view] = true;
        if at.field.category == Category::Measure {
            let (type_, _) = expression_type(&at.field.kind);
            let measure = self.measure_reference(at)?;
            return Ok(match type_ {
                Type::Date => measure.map(|x| self.cx.dialect.to_date(x)),
                Type::DateTime => measure.map(|x| self.cx.dialect.to_timestamp(x)),
                _ => measure,
            });
        }
        let text = match (&at.field.kind, expression_type(&at.field.kind).0) {
            (FieldKind::Time(time), Type::Date) => {
                let x = self.body(at)?;
                let local = self.local_time(&x, *time)?;
                self.cx.dialect.period_start(&local, time.timeframe, self.calendar)
            }
            (FieldKind::Time(_), Type::DateTime) => self.dimension_reference(at, Some(Cast::Datetime))?,
            (FieldKind::Time(_), Type::Yesno) => format!("{} IS NOT NULL", operand(&self.body(at)?)),
            _ => self.dimension_reference(at, None)?,
        };
        Ok(Expression { reads_rows: true, ..Expression::text(text) })
    }

    /// The mistakes of an expression as an error.
    pub(super) fn formula_error(&self, wrong: &Wrong) -> Error {
        let ground = Ground { explore: self.explore, customs: self.customs, access: self.cx.access };
        Error::Expression { place: self.place(), message: ground.explain(wrong) }
    }
}

/// A condition in the expression language.
#[derive(Debug)]
pub(super) enum CustomFilter {
    /// On rows.
    Rows(String),
    /// On groups.
    Groups(Expression),
}

/// What a condition shows as a text.
const SHOWN_YESNO: &str = "CASE WHEN {0} THEN 'Yes' ELSE 'No' END";

/// An expression such that any operator can stand beside it.
fn grouped(x: &Expression) -> Expression {
    match x.parts.as_slice() {
        [Part::Text(text)] => Expression { reads_rows: x.reads_rows, ..Expression::text(plain_operand(text)) },
        [Part::Aggregate(_)] => x.clone(),
        _ => composed("({0})", std::slice::from_ref(x)),
    }
}

fn plain_operand(text: &str) -> String {
    let is_literal = is_number(text) || is_string(text) || matches!(text, "TRUE" | "FALSE" | "NULL");
    if is_literal { text.to_owned() } else { operand(text).into_owned() }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// True for one string literal.
fn is_string(text: &str) -> bool {
    let inside = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    inside.is_some_and(|inside| !inside.replace("''", "").contains('\''))
}

/// A template of the dialect with expressions in its places: `{0}` is the first one, `{*}` all of them.
pub(super) fn composed(template: &str, arguments: &[Expression]) -> Expression {
    let mut out = Expression::default();
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        let Some(length) = rest[start..].find('}') else { break };
        out.push_text(&rest[..start]);
        match rest[start + 1..start + length].parse::<usize>() {
            Ok(index) => {
                if let Some(argument) = arguments.get(index) {
                    out.push(argument);
                }
            }
            Err(_) => {
                for (index, argument) in arguments.iter().enumerate() {
                    if index > 0 {
                        out.push_text(", ");
                    }
                    out.push(argument);
                }
            }
        }
        rest = &rest[start + length + 1..];
    }
    out.push_text(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{composed, grouped};
    use crate::dialect::{Dialect, DuckDb};
    use crate::expression::Expression;
    use belvedere_expressions::looker::functions;

    /// Functions that are no calls in SQL.
    const FORMS: [&str; 5] = ["now", "if", "case", "when", "matches_filter"];

    #[test]
    fn every_function_that_may_stand_in_sql_has_a_template() {
        for function in functions().filter(|function| function.is_translated() && !FORMS.contains(&function.name)) {
            assert!(DuckDb.function(function.name).is_some(), "{}", function.name);
        }
    }

    #[test]
    fn templates_take_their_arguments() {
        let arguments = [Expression::text("a + b"), Expression::aggregate(0)];
        let text = |template: &str| composed(template, &arguments).render(|_| "SUM(x)".to_owned());
        assert_eq!(text("f({1}, ({0}))"), "f(SUM(x), (a + b))");
        assert_eq!(text("f({*})"), "f(a + b, SUM(x))");
        assert_eq!(text("f()"), "f()");
    }

    #[test]
    fn what_needs_none_has_no_parentheses() {
        for (text, expected) in [
            ("1.5", "1.5"),
            ("'it''s'", "'it''s'"),
            ("a.b", "a.b"),
            ("a + b", "(a + b)"),
            ("'a' || 'b'", "('a' || 'b')"),
        ] {
            assert_eq!(grouped(&Expression::text(text)).render(|_| String::new()), expected);
        }
    }
}
