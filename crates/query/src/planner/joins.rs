//! The joins that a statement needs, in the order in which they can stand.

use super::Planner;
use super::fanout::{self, Outer, Step};
use super::request::Groups;
use super::substitute::Place;
use crate::error::Error;
use crate::expression::Expression;
use crate::plan::JoinClause;
use belvedere_lookml::model::{Join, JoinKind};
use belvedere_lookml::sql::Sql;
use std::sync::Arc;

/// The joins of a statement.
#[derive(Debug)]
pub(super) struct Joins {
    /// The base table as SQL.
    base_table: String,
    /// By view; `None` for views that are not joined.
    joined: Vec<Option<Joined>>,
    /// Views in the order of emission, without the base view.
    pub(super) order: Vec<usize>,
    /// By view: whether a row of it can stand in several joined rows.
    pub(super) fanned_out: Vec<bool>,
    /// By view: whether a joined row can lack it.
    pub(super) nullable: Vec<bool>,
}

#[derive(Debug)]
struct Joined {
    clause: Option<JoinClause>,
    /// Views that the condition refers to.
    parents: Vec<usize>,
    /// Views of `required_joins`.
    required: Vec<usize>,
    conditions: Option<String>,
    having: Option<Expression>,
    outer: Outer,
}

impl Joins {
    /// The joins as they are emitted; the tables of `marked` views have a column that tells their rows from missing
    /// ones.
    pub(super) fn clauses(&self, marked: &[usize]) -> Vec<JoinClause> {
        let emitted = self.order.iter().filter_map(|&view| Some((view, self.joined[view].as_ref()?.clause.clone()?)));
        let clauses = emitted.map(|(view, clause)| match clause {
            JoinClause::Table { kind, table, alias, on } if marked.contains(&view) => {
                JoinClause::Table { kind, table: with_mark(&table), alias, on }
            }
            clause => clause,
        });
        clauses.collect()
    }

    /// The base table, marked like the others.
    pub(super) fn base(&self, marked: &[usize]) -> String {
        if marked.contains(&0) { with_mark(&self.base_table) } else { self.base_table.clone() }
    }

    /// False for a view whose join the author wrote whole.
    pub(super) fn can_mark(&self, view: usize) -> bool {
        self.joined[view].as_ref().is_none_or(|join| matches!(join.clause, Some(JoinClause::Table { .. })))
    }
}

impl<'a> Planner<'a, '_> {
    /// Joins every used view, with all that its joins need in turn.
    pub(super) fn join_views(&mut self) -> Result<Joins, Error> {
        for alias in &self.explore.always_join {
            match self.view_named(alias) {
                Some(view) => self.used[view] = true,
                None => return Err(Error::model(&*self.explore.name, format!("`always_join` names no join: {alias}"))),
            }
        }
        let base_table = self.trusted(|planner| planner.table(0))?;
        let mut joined: Vec<Option<Joined>> = (0..self.used.len()).map(|_| None).collect();
        while let Some(view) = (1..self.used.len()).find(|&view| self.used[view] && joined[view].is_none()) {
            joined[view] = Some(self.trusted(|planner| planner.join(view))?);
        }
        let order = self.emission_order(&joined)?;
        let steps: Vec<Step> = order.iter().filter_map(|&view| self.step(view, joined[view].as_ref()?)).collect();
        Ok(Joins {
            base_table,
            order,
            fanned_out: fanout::fanned_out(self.used.len(), &steps),
            nullable: fanout::nullable(self.used.len(), &steps),
            joined,
        })
    }

    /// `sql_where` and `sql_having` of the joins in force.
    pub(super) fn add_join_conditions(&mut self, joins: &Joins) {
        for join in joins.order.iter().filter_map(|&view| joins.joined[view].as_ref()) {
            self.conditions.extend(join.conditions.clone());
            if self.request.groups == Groups::Conditional {
                self.having.extend(join.having.clone());
            }
        }
    }

    fn join(&mut self, view: usize) -> Result<Joined, Error> {
        let explore = self.explore;
        let Some(join) = &explore.views[view].join else {
            return Err(Error::model(&*explore.views[view].alias, "is not joined"));
        };
        let before = std::mem::replace(&mut self.used, vec![false; explore.views.len()]);
        let (clause, outer) = self.clause(view, join)?;
        let own = std::mem::replace(&mut self.used, before);
        let parents: Vec<usize> = (0..own.len()).filter(|&parent| own[parent] && parent != view).collect();
        let required = self.required_joins(view, join)?;
        for &other in parents.iter().chain(&required) {
            self.used[other] = true;
        }
        self.enter(Place::Join(view, "sql_where"))?;
        let conditions = match &join.sql_where {
            Some(sql) if !sql.is_blank() => Some(format!("({})", self.rows_sql(sql)?)),
            _ => None,
        };
        self.leave();
        self.enter(Place::Join(view, "sql_having"))?;
        let having = match &join.sql_having {
            Some(sql) if !sql.is_blank() => Some(self.groups_sql(sql)?.map(|sql| format!("({sql})"))),
            _ => None,
        };
        self.leave();
        Ok(Joined { clause, parents, required, conditions, having, outer })
    }

    /// The clause of a join; none for `sql: ;;`, which brings in a view whose fields are made of those of others.
    fn clause(&mut self, view: usize, join: &'a Join) -> Result<(Option<JoinClause>, Outer), Error> {
        let explore_view = &self.explore.views[view];
        if join.sql.as_ref().is_some_and(Sql::is_blank) && written(join.sql_on.as_ref()).is_none() {
            return Ok((None, Outer::of(JoinKind::Inner)));
        }
        if let Some(sql) = written(join.sql.as_ref()) {
            self.enter(Place::Join(view, "sql"))?;
            let text = self.rows_sql(sql)?;
            self.leave();
            let outer = outer_of_text(&text);
            return Ok((Some(JoinClause::Sql(text)), outer));
        }
        let on = match (written(join.sql_on.as_ref()), join.kind) {
            (_, JoinKind::Cross) => None,
            _ if explore_view.calendar.is_some() => Some(self.calendar_condition(view)?),
            (Some(sql), _) => {
                self.enter(Place::Join(view, "sql_on"))?;
                let text = self.rows_sql(sql)?;
                self.leave();
                Some(text)
            }
            (None, _) => {
                let place = format!("join {}", explore_view.alias);
                return Err(Error::model(place, "has neither `sql_on` nor `foreign_key`"));
            }
        };
        let clause = JoinClause::Table { kind: join.kind, table: self.table(view)?, alias: self.alias(view), on };
        Ok((Some(clause), Outer::of(join.kind)))
    }

    fn required_joins(&self, view: usize, join: &Join) -> Result<Vec<usize>, Error> {
        let named = |alias: &Arc<str>| {
            self.view_named(alias).filter(|&other| other != view).ok_or_else(|| {
                let place = format!("join {}", self.explore.views[view].alias);
                Error::model(place, format!("`required_joins` names no other join: {alias}"))
            })
        };
        join.required_joins.iter().map(named).collect()
    }

    /// The order of declaration, each join after those that it depends on.
    fn emission_order(&self, joined: &[Option<Joined>]) -> Result<Vec<usize>, Error> {
        let mut order = Vec::new();
        let mut states = vec![State::Waiting; joined.len()];
        states[0] = State::Emitted;
        for view in 1..joined.len() {
            self.emit(view, joined, &mut states, &mut order)?;
        }
        Ok(order)
    }

    fn emit(
        &self,
        view: usize,
        joined: &[Option<Joined>],
        states: &mut [State],
        order: &mut Vec<usize>,
    ) -> Result<(), Error> {
        let Some(join) = &joined[view] else { return Ok(()) };
        // Views on the way to this one, with the next of their dependencies: no recursion, however long the chain.
        let mut path = vec![(view, dependencies(join))];
        while let Some((view, waiting)) = path.last_mut() {
            let view = *view;
            match states[view] {
                State::Emitted => {
                    path.pop();
                    continue;
                }
                State::Waiting | State::Entered => states[view] = State::Entered,
            }
            let Some(next) = waiting.pop() else {
                states[view] = State::Emitted;
                order.push(view);
                path.pop();
                continue;
            };
            match (states[next], &joined[next]) {
                (State::Waiting, Some(join)) => path.push((next, dependencies(join))),
                (State::Entered, _) => {
                    let names = path.iter().map(|(view, _)| &*self.explore.views[*view].alias);
                    let names: Vec<&str> = names.chain([&*self.explore.views[next].alias]).collect();
                    let place = format!("join {}", names[0]);
                    return Err(Error::model(place, format!("joins depend on each other: {}", names.join(" -> "))));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn step(&self, view: usize, joined: &Joined) -> Option<Step> {
        let join = self.explore.views[view].join.as_ref()?;
        let relationship = fanout::relationship(join);
        Some(Step { view, parents: joined.parents.clone(), relationship, outer: joined.outer })
    }
}

/// The column that marked tables have.
pub(super) const MARK: &str = "z__is_row";

fn with_mark(table: &str) -> String {
    format!("(SELECT *, TRUE AS {MARK} FROM {table})")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Entered,
    Emitted,
}

/// The views that must stand before a join, the first one last.
fn dependencies(join: &Joined) -> Vec<usize> {
    let mut all: Vec<usize> = join.parents.iter().chain(&join.required).copied().collect();
    all.sort_unstable();
    all.dedup();
    all.reverse();
    all
}

fn written(sql: Option<&Sql>) -> Option<&Sql> {
    sql.filter(|sql| !sql.is_blank())
}

/// Which rows survive a join clause that the author wrote whole.
fn outer_of_text(text: &str) -> Outer {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    let keeps_both = words.any(|word| word.eq_ignore_ascii_case("full") || word.eq_ignore_ascii_case("right"));
    if keeps_both { Outer::Both } else { Outer::Joined }
}
