//! The tree of an expression, as it is written.

use super::{Number, Span};

/// A part of an expression with its place.
///
/// Parentheses are in the shape of the tree, not nodes of their own. Trees are equal when they say the same: places do
/// not count.
#[derive(Clone, Debug)]
pub struct Node {
    /// What stands there.
    pub kind: NodeKind,
    /// Where it stands, without the parentheses around it.
    pub span: Span,
}

/// What stands in an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// `7`, `3.14`, `.5`.
    Number(Number),
    /// `"text"`.
    Text(String),
    /// `` `7 days` ``: a filter expression, as `matches_filter` takes it.
    Filter(String),
    /// `yes`, `no`.
    Yesno(bool),
    /// `null`.
    Null,
    /// `${orders.count}`, `${orders.count:total}`.
    Reference(Reference),
    /// `name(argument, ...)`.
    Call {
        /// The name, known or not.
        name: Name,
        /// What stands between the parentheses.
        arguments: Vec<Node>,
    },
    /// `-operand`.
    Negative(Box<Node>),
    /// `NOT operand`.
    Not(Box<Node>),
    /// `first + a - b`: operands with operators of one precedence between them, joined from the left.
    Chain {
        /// The leftmost operand.
        first: Box<Node>,
        /// What follows it, at least one.
        rest: Vec<Link>,
    },
    /// Something is missing or cannot be read here; a diagnostic says so.
    Missing,
}

/// The name of a function. Names are equal when they say the same.
#[derive(Clone, Debug)]
pub struct Name {
    /// As it is written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A field in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// `view.field`, or the bare name of a dynamic field.
    pub name: String,
    /// Which of its cells.
    pub part: Part,
}

/// Which cell of a field is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Part {
    /// The one in the same row and pivot column.
    #[default]
    Value,
    /// The one in the same pivot column of the row of totals: `:total`.
    Total,
    /// The one in the same row of the column of row totals: `:row_total`.
    RowTotal,
    /// The one that both totals share: `:total:row_total`.
    GrandTotal,
}

impl Part {
    /// What is written behind the name.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Value => "",
            Self::Total => ":total",
            Self::RowTotal => ":row_total",
            Self::GrandTotal => ":total:row_total",
        }
    }
}

/// An operator and its right operand.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The operator.
    pub operator: Operator,
    /// The operand behind it.
    pub operand: Node,
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    Plus,
    Minus,
    Times,
    Over,
}

/// How tightly an operator binds, from the loosest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Level {
    Or,
    And,
    Not,
    Compare,
    Add,
    Multiply,
    Negative,
    Primary,
}

impl Operator {
    /// As it is written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Or => "OR",
            Self::And => "AND",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::Less => "<",
            Self::GreaterOrEqual => ">=",
            Self::LessOrEqual => "<=",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Over => "/",
        }
    }

    pub(crate) const fn level(self) -> Level {
        match self {
            Self::Or => Level::Or,
            Self::And => Level::And,
            Self::Equal | Self::NotEqual | Self::Greater | Self::Less | Self::GreaterOrEqual | Self::LessOrEqual => {
                Level::Compare
            }
            Self::Plus | Self::Minus => Level::Add,
            Self::Times | Self::Over => Level::Multiply,
        }
    }
}

impl Level {
    /// The next tighter one.
    pub(crate) const fn tighter(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Compare,
            Self::Compare => Self::Add,
            Self::Add => Self::Multiply,
            Self::Multiply => Self::Negative,
            Self::Negative | Self::Primary => Self::Primary,
        }
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Node {
    /// A node that stands nowhere, for trees that nobody wrote.
    pub fn made(kind: NodeKind) -> Self {
        Self { kind, span: 0..0 }
    }

    /// Gives every field that the tree names, in their order, each as often as it stands there.
    pub fn references(&self) -> Vec<(&Reference, Span)> {
        let mut found = Vec::new();
        self.visit(&mut |node| {
            if let NodeKind::Reference(reference) = &node.kind {
                found.push((reference, node.span.clone()));
            }
        });
        found
    }

    /// Shows each node, a node before its operands.
    pub fn visit<'n>(&'n self, look: &mut impl FnMut(&'n Self)) {
        look(self);
        match &self.kind {
            NodeKind::Call { arguments, .. } => {
                for argument in arguments {
                    argument.visit(look);
                }
            }
            NodeKind::Negative(operand) | NodeKind::Not(operand) => operand.visit(look),
            NodeKind::Chain { first, rest } => {
                first.visit(look);
                for link in rest {
                    link.operand.visit(look);
                }
            }
            NodeKind::Number(_)
            | NodeKind::Text(_)
            | NodeKind::Filter(_)
            | NodeKind::Yesno(_)
            | NodeKind::Null
            | NodeKind::Reference(_)
            | NodeKind::Missing => {}
        }
    }

    pub(crate) fn level(&self) -> Level {
        match &self.kind {
            NodeKind::Chain { rest, .. } => rest.first().map_or(Level::Primary, |link| link.operator.level()),
            NodeKind::Not(_) => Level::Not,
            NodeKind::Negative(_) => Level::Negative,
            _ => Level::Primary,
        }
    }
}
