//! The filters of LookML, and `date` with a clock that is given.

use super::{ASK_DATE, ASK_QUOTE, ask};
use liquid_core::model::{Value, ValueView};
use liquid_core::parser::{FilterArguments, FilterReflection, ParameterReflection, ParseFilter};
use liquid_core::{Error, Expression, Filter, Result, Runtime};
use std::fmt;

/// A filter that LookML has and Liquid has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OwnFilter {
    /// `text | sql_quote`: a string literal.
    SqlQuote,
    /// `truth | sql_boolean`: a boolean literal.
    SqlBoolean,
    /// `time | date: "%Y-%m-%d"`: `now` and `today` are the present of the query.
    Date,
}

impl FilterReflection for OwnFilter {
    fn name(&self) -> &'static str {
        match self {
            Self::SqlQuote => "sql_quote",
            Self::SqlBoolean => "sql_boolean",
            Self::Date => "date",
        }
    }

    fn description(&self) -> &'static str {
        ""
    }

    fn positional_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }

    fn keyword_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }
}

impl ParseFilter for OwnFilter {
    fn parse(&self, mut arguments: FilterArguments<'_>) -> Result<Box<dyn Filter>> {
        let argument = arguments.positional.next();
        if *self == Self::Date && argument.is_none() {
            return Err(Error::with_msg("`date` needs a format, as in `date: \"%Y-%m-%d\"`"));
        }
        Ok(Box::new(Call { filter: *self, argument }))
    }

    fn reflection(&self) -> &dyn FilterReflection {
        self
    }
}

#[derive(Debug)]
struct Call {
    filter: OwnFilter,
    argument: Option<Expression>,
}

impl fmt::Display for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.filter.name())
    }
}

impl Filter for Call {
    fn evaluate(&self, input: &dyn ValueView, runtime: &dyn Runtime) -> Result<Value> {
        let text = input.to_kstr();
        match self.filter {
            OwnFilter::SqlQuote => ask(runtime, &[ASK_QUOTE, text.as_str()]).map(Value::scalar),
            OwnFilter::SqlBoolean => {
                let is_true = ["true", "yes", "1"].iter().any(|word| text.as_str().eq_ignore_ascii_case(word));
                Ok(Value::scalar(if is_true { "TRUE" } else { "FALSE" }))
            }
            OwnFilter::Date => {
                let format = match &self.argument {
                    Some(format) => format.evaluate(runtime)?.to_kstr().to_string(),
                    None => String::new(),
                };
                ask(runtime, &[ASK_DATE, text.as_str(), &format]).map(Value::scalar)
            }
        }
    }
}
