//! `{% for %}`, with an end to every loop.

use liquid_core::model::{Object, Scalar, Value, ValueView};
use liquid_core::parser::{BlockElement, BlockReflection, TryMatchToken};
use liquid_core::runtime::{Interrupt, InterruptRegister, StackFrame};
use liquid_core::{
    Error, Expression, Language, ParseBlock, Renderable, Result, Runtime, TagBlock, TagTokenIter, Template,
};
use std::io::Write;

/// Most turns of all loops of one rendering together.
const MOST_TURNS: usize = 10_000;

/// The turns of all loops so far.
#[derive(Debug, Default)]
struct Turns(usize);

/// `{% for item in list %}`, `{% for i in (1..5) %}`, with `limit:`, `offset:`, `reversed` and `{% else %}`.
#[derive(Debug, Clone, Copy)]
pub(super) struct ForBlock;

block!(ForBlock, "for");

impl ParseBlock for ForBlock {
    fn parse(
        &self,
        mut arguments: TagTokenIter<'_>,
        mut block: TagBlock<'_, '_>,
        options: &Language,
    ) -> Result<Box<dyn Renderable>> {
        let item =
            arguments.expect_next("a name is expected behind `for`")?.expect_identifier().into_result()?.to_owned();
        arguments.expect_next("`in` is expected")?.expect_str("in").into_result_custom_msg("`in` is expected")?;
        let over = match arguments.expect_next("a list or a range is expected behind `in`")?.expect_value() {
            TryMatchToken::Matches(list) => Over::List(list),
            TryMatchToken::Fails(token) => match token.expect_range() {
                TryMatchToken::Matches((first, last)) => Over::Range(first, last),
                TryMatchToken::Fails(token) => return Err(token.raise_error()),
            },
        };
        let (mut limit, mut offset, mut order) = (None, None, Order::Forward);
        while let Some(token) = arguments.next() {
            match token.as_str() {
                "limit" => limit = Some(attribute(&mut arguments)?),
                "offset" => offset = Some(attribute(&mut arguments)?),
                "reversed" => order = Order::Reversed,
                _ => return Err(token.raise_custom_error("`limit`, `offset` or `reversed` is expected")),
            }
        }
        let mut body = Vec::new();
        let mut otherwise = None;
        while let Some(element) = block.next()? {
            match element {
                BlockElement::Tag(tag) if tag.name() == "else" => {
                    otherwise = Some(Template::new(block.parse_all(options)?));
                    break;
                }
                element => body.push(element.parse(&mut block, options)?),
            }
        }
        block.assert_empty();
        Ok(Box::new(For { item, over, limit, offset, order, body: Template::new(body), otherwise }))
    }

    fn reflection(&self) -> &dyn BlockReflection {
        self
    }
}

fn attribute(arguments: &mut TagTokenIter<'_>) -> Result<Expression> {
    arguments.expect_next("`:` is expected")?.expect_str(":").into_result_custom_msg("`:` is expected")?;
    arguments.expect_next("a value is expected")?.expect_value().into_result()
}

/// What a loop goes over.
#[derive(Debug)]
enum Over {
    List(Expression),
    /// Whole numbers, both ends included.
    Range(Expression, Expression),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Forward,
    Reversed,
}

#[derive(Debug)]
struct For {
    item: String,
    over: Over,
    limit: Option<Expression>,
    offset: Option<Expression>,
    order: Order,
    body: Template,
    otherwise: Option<Template>,
}

impl For {
    fn items(&self, runtime: &dyn Runtime) -> Result<Vec<Value>> {
        let offset = count(self.offset.as_ref(), runtime)?.unwrap_or(0);
        let limit = count(self.limit.as_ref(), runtime)?.unwrap_or(usize::MAX);
        let mut items: Vec<Value> = match &self.over {
            Over::List(list) => {
                let list = list.evaluate(runtime)?;
                match list.as_array() {
                    Some(list) => list.values().skip(offset).take(limit).map(ValueView::to_value).collect(),
                    None if list.is_nil() => Vec::new(),
                    None => vec![list.to_value()].into_iter().skip(offset).take(limit).collect(),
                }
            }
            Over::Range(first, last) => {
                let (first, last) = (integer(first, runtime)?, integer(last, runtime)?);
                let numbers = (first..=last).skip(offset).take(limit.min(MOST_TURNS + 1));
                numbers.map(Value::scalar).collect()
            }
        };
        if self.order == Order::Reversed {
            items.reverse();
        }
        Ok(items)
    }
}

fn count(expression: Option<&Expression>, runtime: &dyn Runtime) -> Result<Option<usize>> {
    let number = expression.map(|expression| integer(expression, runtime)).transpose()?;
    Ok(number.map(|number| usize::try_from(number).unwrap_or(0)))
}

fn integer(expression: &Expression, runtime: &dyn Runtime) -> Result<i64> {
    let value = expression.evaluate(runtime)?;
    let number =
        value.as_scalar().and_then(|scalar| scalar.to_integer().or_else(|| scalar.to_kstr().trim().parse().ok()));
    number.ok_or_else(|| Error::with_msg("a whole number is expected"))
}

impl Renderable for For {
    fn render_to(&self, out: &mut dyn Write, runtime: &dyn Runtime) -> Result<()> {
        let items = self.items(runtime)?;
        if items.is_empty() {
            return self.otherwise.as_ref().map_or(Ok(()), |otherwise| otherwise.render_to(out, runtime));
        }
        let length = items.len();
        for (index, item) in items.into_iter().enumerate() {
            {
                let mut turns = runtime.registers().get_mut::<Turns>();
                turns.0 += 1;
                if turns.0 > MOST_TURNS {
                    return Err(Error::with_msg(format!("more than {MOST_TURNS} turns of loops")));
                }
            }
            let mut frame = Object::new();
            frame.insert("forloop".into(), Value::Object(position(index, length)));
            frame.insert(self.item.clone().into(), item);
            let scope = StackFrame::new(runtime, &frame);
            self.body.render_to(out, &scope)?;
            let interrupt = scope.registers().get_mut::<InterruptRegister>().reset();
            if matches!(interrupt, Some(Interrupt::Break)) {
                break;
            }
        }
        Ok(())
    }
}

/// The object `forloop`.
fn position(index: usize, length: usize) -> Object {
    let number = |number: usize| Value::Scalar(Scalar::new(number as i64));
    let truth = |truth: bool| Value::Scalar(Scalar::new(truth));
    let mut object = Object::new();
    object.insert("index".into(), number(index + 1));
    object.insert("index0".into(), number(index));
    object.insert("rindex".into(), number(length - index));
    object.insert("rindex0".into(), number(length - index - 1));
    object.insert("first".into(), truth(index == 0));
    object.insert("last".into(), truth(index + 1 == length));
    object.insert("length".into(), number(length));
    object
}

/// `{% incrementcondition %} column {% endincrementcondition %}`: a derived table that is built whole has all rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct IncrementConditionBlock;

block!(IncrementConditionBlock, "incrementcondition");

impl ParseBlock for IncrementConditionBlock {
    fn parse(
        &self,
        _arguments: TagTokenIter<'_>,
        mut block: TagBlock<'_, '_>,
        options: &Language,
    ) -> Result<Box<dyn Renderable>> {
        block.parse_all(options)?;
        block.assert_empty();
        Ok(Box::new(AllRows))
    }

    fn reflection(&self) -> &dyn BlockReflection {
        self
    }
}

#[derive(Debug)]
struct AllRows;

impl Renderable for AllRows {
    fn render_to(&self, out: &mut dyn Write, _runtime: &dyn Runtime) -> Result<()> {
        out.write_all(b"1=1").map_err(|error| Error::with_msg(error.to_string()))
    }
}
