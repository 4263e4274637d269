//! The table calculations of a query, which may refer to each other.

use std::collections::{HashMap, VecDeque};

use super::check::{Known, check_among};
use super::diagnostic::{Diagnostic, excerpt};
use super::evaluate::{CalculationError, Computed, Environment, Taken, evaluate_among};
use super::parse::{Parsed, parse};
use super::{Checked, Context, Grid, Scope};

/// So many names of a circle are told.
const MOST_NAMES: usize = 8;

/// A table calculation as it is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition<'d> {
    /// By what others refer to it: `${name}`.
    pub name: &'d str,
    /// Its text.
    pub expression: &'d str,
}

/// The table calculations of a query, checked, with the order in which they are computed.
#[derive(Debug)]
pub struct Calculations {
    outcomes: Vec<Result<Checked, Vec<Diagnostic>>>,
    /// Each behind those that it names.
    order: Vec<usize>,
}

impl Calculations {
    /// Checks calculations, which may name the fields of the scope and each other in any order.
    ///
    /// One that is wrong is no harm to the others, except to those that name it.
    pub fn check(definitions: &[Definition<'_>], scope: &dyn Scope) -> Self {
        let parsed: Vec<Parsed> = definitions.iter().map(|definition| parse(definition.expression)).collect();
        let mut names = HashMap::new();
        for (index, definition) in definitions.iter().enumerate() {
            names.entry(definition.name).or_insert(index);
        }
        let graph = Graph::of(&parsed, &names);
        let order = graph.order();
        let mut outcomes: Vec<Option<Result<Checked, Vec<Diagnostic>>>> = definitions.iter().map(|_| None).collect();
        let mut known = HashMap::new();
        for &index in &order {
            let name = definitions[index].name;
            let outcome = if names.get(name) == Some(&index) {
                check_one(&parsed[index], scope, &names, &known)
            } else {
                let message = format!("there are two calculations with the name `{}`", excerpt(name));
                Err(vec![Diagnostic::new(0..0, message).help("give one of them another name")])
            };
            if let Ok(checked) = &outcome {
                known.entry(name).or_insert(known_as(index, checked));
            }
            outcomes[index] = Some(outcome);
        }
        let is_ordered: Vec<bool> = outcomes.iter().map(Option::is_some).collect();
        let circle = |index: usize| vec![graph.circle(index, &is_ordered, definitions, &parsed)];
        let outcomes = outcomes.into_iter().enumerate();
        let outcomes = outcomes.map(|(index, outcome)| outcome.unwrap_or_else(|| Err(circle(index)))).collect();
        Self { outcomes, order }
    }

    /// Each calculation in the order of the definitions: checked, or what is wrong with it.
    pub fn outcomes(&self) -> impl ExactSizeIterator<Item = Result<&Checked, &[Diagnostic]>> {
        self.outcomes.iter().map(|outcome| outcome.as_ref().map_err(Vec::as_slice))
    }

    /// Computes all of them, in the order of the definitions. One that has no values is no harm to the others, except
    /// to those that name it.
    ///
    /// Each keeps 32 bytes for each of its cells.
    pub fn evaluate(&self, grid: &dyn Grid, environment: &Environment<'_>) -> Vec<Result<Computed, CalculationError>> {
        let mut results: Vec<Option<Result<Computed, CalculationError>>> = self.outcomes.iter().map(|_| None).collect();
        let mut taken = Taken::default();
        for &index in &self.order {
            let Ok(checked) = &self.outcomes[index] else { continue };
            let failed = checked.calculations.iter().find_map(|named| match &results[*named] {
                Some(Err(error)) => Some(error.clone()),
                _ => None,
            });
            let result = if let Some(error) = failed {
                Err(error)
            } else {
                let earlier = |named: usize| results.get(named)?.as_ref()?.as_ref().ok();
                evaluate_among(checked, grid, environment, taken, &earlier)
            };
            let result = result.map(|(computed, by_now)| {
                taken = by_now;
                computed
            });
            results[index] = Some(result);
        }
        let wrong = |index: usize| match &self.outcomes[index] {
            Err(diagnostics) => Err(CalculationError::Wrong(diagnostics.clone())),
            Ok(_) => Err(CalculationError::Cancelled),
        };
        results.into_iter().enumerate().map(|(index, result)| result.unwrap_or_else(|| wrong(index))).collect()
    }
}

fn known_as(index: usize, checked: &Checked) -> Known {
    Known {
        index,
        type_: checked.root.type_,
        axes: checked.root.axes,
        has_total: checked.has_total,
        placement: checked.placement,
    }
}

/// Checks a calculation, all that it names having been checked.
fn check_one(
    parsed: &Parsed,
    scope: &dyn Scope,
    names: &HashMap<&str, usize>,
    known: &HashMap<&str, Known>,
) -> Result<Checked, Vec<Diagnostic>> {
    let wrong = parsed.root.references().into_iter().find(|(reference, _)| {
        let name = reference.name.as_str();
        names.contains_key(name) && !known.contains_key(name)
    });
    if let Some((reference, span)) = wrong
        && parsed.diagnostics.is_empty()
    {
        let message = format!("the calculation `{}` is wrong itself", excerpt(&reference.name));
        return Err(vec![Diagnostic::new(span, message).help("mend that one first")]);
    }
    check_among(parsed, scope, Context::TableCalculation, known)
}

/// Which calculation names which.
struct Graph {
    /// For each calculation those that it names, each once.
    names: Vec<Vec<usize>>,
}

impl Graph {
    fn of(parsed: &[Parsed], names: &HashMap<&str, usize>) -> Self {
        let named = |parsed: &Parsed| {
            let references = parsed.root.references();
            let mut named: Vec<usize> =
                references.iter().filter_map(|(reference, _)| names.get(reference.name.as_str()).copied()).collect();
            named.sort_unstable();
            named.dedup();
            named
        };
        Self { names: parsed.iter().map(named).collect() }
    }

    /// All that are in no circle and name none that is, each behind those that it names; among these as they are
    /// defined.
    fn order(&self) -> Vec<usize> {
        let mut named_by = vec![Vec::new(); self.names.len()];
        for (index, names) in self.names.iter().enumerate() {
            for &named in names {
                named_by[named].push(index);
            }
        }
        let mut waiting_for: Vec<usize> = self.names.iter().map(Vec::len).collect();
        let mut ready: VecDeque<usize> = (0..self.names.len()).filter(|index| waiting_for[*index] == 0).collect();
        let mut order = Vec::with_capacity(self.names.len());
        while let Some(index) = ready.pop_front() {
            order.push(index);
            for &other in &named_by[index] {
                waiting_for[other] -= 1;
                if waiting_for[other] == 0 {
                    ready.push_back(other);
                }
            }
        }
        order
    }

    /// What is told of a calculation that could not be put into order: it is in a circle, or names one that is.
    fn circle(
        &self,
        index: usize,
        is_ordered: &[bool],
        definitions: &[Definition<'_>],
        parsed: &[Parsed],
    ) -> Diagnostic {
        // From one of those that are left one always comes to another of them.
        let next = |index: usize| self.names[index].iter().copied().find(|named| !is_ordered[*named]);
        let mut path = vec![index];
        while let Some(following) = path.last().copied().and_then(next)
            && path.len() < MOST_NAMES
        {
            path.push(following);
            if following == index {
                break;
            }
        }
        let names: Vec<String> = path.iter().map(|at| format!("`{}`", excerpt(definitions[*at].name))).collect();
        let message = format!("calculations refer to each other in a circle: {}", names.join(" → "));
        let following = path.get(1).map(|at| definitions[*at].name);
        let references = parsed[index].root.references();
        let to_next = references.into_iter().find(|(reference, _)| following == Some(reference.name.as_str()));
        let span = to_next.map_or(0..0, |(_, span)| span);
        Diagnostic::new(span, message).help("let one of them use fields only")
    }
}
