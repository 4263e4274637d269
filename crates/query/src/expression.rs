//! SQL in which aggregates still wait for their form.

/// SQL text with places for aggregates: whether a measure is aggregated on the spot or comes from a level of its own is
/// known only when all joins are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expression {
    /// The text, cut at its aggregates. No two texts are neighbours.
    pub parts: Vec<Part>,
    /// Whether the text reads rows by itself (an aggregate function or a column beside the measures that it refers to),
    /// so that it can stand only where the rows are.
    pub reads_rows: bool,
}

/// A part of an [`Expression`].
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// SQL.
    Text(String),
    /// One of the plan's aggregates, by its index.
    Aggregate(usize),
}

impl Expression {
    /// SQL without aggregates of the plan.
    pub fn text(sql: impl Into<String>) -> Self {
        Self { parts: vec![Part::Text(sql.into())], reads_rows: false }
    }

    /// One aggregate.
    pub fn aggregate(index: usize) -> Self {
        Self { parts: vec![Part::Aggregate(index)], reads_rows: false }
    }

    /// Adds SQL at the end.
    pub fn push_text(&mut self, sql: &str) {
        match self.parts.last_mut() {
            Some(Part::Text(text)) => text.push_str(sql),
            _ => self.parts.push(Part::Text(sql.to_owned())),
        }
    }

    /// Adds an expression at the end.
    pub fn push(&mut self, other: &Self) {
        self.reads_rows |= other.reads_rows;
        for part in &other.parts {
            match part {
                Part::Text(text) => self.push_text(text),
                Part::Aggregate(index) => self.parts.push(Part::Aggregate(*index)),
            }
        }
    }

    /// The aggregates in it.
    pub fn aggregates(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().filter_map(|part| match part {
            Part::Aggregate(index) => Some(*index),
            Part::Text(_) => None,
        })
    }

    /// The bytes of its text.
    pub(crate) fn text_length(&self) -> usize {
        let lengths = self.parts.iter().map(|part| match part {
            Part::Text(text) => text.len(),
            Part::Aggregate(_) => 0,
        });
        lengths.sum()
    }

    /// The SQL, with `form` for each aggregate.
    pub fn render(&self, mut form: impl FnMut(usize) -> String) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Aggregate(index) => out.push_str(&form(*index)),
            }
        }
        out
    }

    /// The SQL of an expression that has no aggregates.
    pub(crate) fn into_text(mut self) -> String {
        match self.parts.pop() {
            Some(Part::Text(text)) if self.parts.is_empty() => text,
            Some(part) => {
                self.parts.push(part);
                self.render(|_| String::new())
            }
            None => String::new(),
        }
    }

    /// What `wrap`, which knows nothing of aggregates, makes of this expression.
    pub(crate) fn map(&self, wrap: impl FnOnce(&str) -> String) -> Self {
        self.within(&wrap(SELF))
    }

    /// As [`map`](Self::map) with a wrapper that can fail.
    pub(crate) fn try_map<E>(&self, wrap: impl FnOnce(&str) -> Result<String, E>) -> Result<Self, E> {
        Ok(self.within(&wrap(SELF)?))
    }

    fn within(&self, wrapped: &str) -> Self {
        let mut out = Self { parts: Vec::new(), reads_rows: self.reads_rows };
        for (index, text) in wrapped.split(SELF).enumerate() {
            if index > 0 {
                out.push(self);
            }
            if !text.is_empty() {
                out.push_text(text);
            }
        }
        out
    }
}

/// Stands for the expression in the text that [`Expression::map`] gets back: no text of a model or a user passes there.
const SELF: &str = "\u{1}";

#[cfg(test)]
mod tests {
    use super::{Expression, Part};

    #[test]
    fn texts_that_meet_become_one() {
        let mut expression = Expression::text("1.0 * (");
        expression.push(&Expression::aggregate(2));
        expression.push_text(") /");
        expression.push(&Expression::text(" 3"));
        let expected = [Part::Text("1.0 * (".into()), Part::Aggregate(2), Part::Text(") / 3".into())];
        assert_eq!(expression.parts, expected);
        assert_eq!(expression.render(|index| format!("a{index}")), "1.0 * (a2) / 3");
    }

    #[test]
    fn a_wrapper_may_use_its_expression_more_than_once() {
        let doubled = Expression::aggregate(0).map(|x| format!("CASE WHEN {x} THEN {x} END"));
        assert_eq!(doubled.render(|_| "SUM(y)".into()), "CASE WHEN SUM(y) THEN SUM(y) END");
    }
}
