//! Which views have their rows repeated by the joins of a statement.

use belvedere_lookml::model::{Explore, Join, JoinKind, Relationship};
use belvedere_lookml::sql::Piece;

/// A join, as far as it repeats or drops rows.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// The joined view.
    pub(super) view: usize,
    /// The views that its condition compares it with; none is the base view.
    pub(super) parents: Vec<usize>,
    /// Rows of what stands before to rows of the joined view.
    pub(super) relationship: Relationship,
    /// Which rows survive without a partner.
    pub(super) outer: Outer,
}

/// Which side of a join keeps rows without a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outer {
    /// None.
    Neither,
    /// What stands before: the joined view may be missing.
    Joined,
    /// Either side may be missing, and what stands before.
    Both,
}

impl Outer {
    pub(super) fn of(kind: JoinKind) -> Self {
        match kind {
            JoinKind::Inner | JoinKind::Cross => Self::Neither,
            JoinKind::LeftOuter => Self::Joined,
            JoinKind::FullOuter => Self::Both,
        }
    }
}

/// By view: whether one of its rows can stand in several of the joined rows.
///
/// That is so when a walk from the view along the joins goes to many anywhere. Told join by join: one to many repeats
/// the rows of all views before it; the rows of the joined view are repeated when many rows find it, or when all that
/// it is compared with are repeated themselves.
pub(super) fn fanned_out(views: usize, steps: &[Step]) -> Vec<bool> {
    let mut fanned = vec![false; views];
    let mut joined = vec![0];
    for step in steps {
        let to_many = matches!(step.relationship, Relationship::OneToMany | Relationship::ManyToMany);
        let from_many = matches!(step.relationship, Relationship::ManyToOne | Relationship::ManyToMany);
        let parents: &[usize] = if step.parents.is_empty() { &[0] } else { &step.parents };
        fanned[step.view] = from_many || parents.iter().all(|&parent| fanned[parent]);
        if to_many {
            for &before in &joined {
                fanned[before] = true;
            }
        }
        joined.push(step.view);
    }
    fanned
}

/// Rows of what stands before to rows of the joined view, as far as the author says.
pub(super) fn relationship(join: &Join) -> Relationship {
    match (join.kind, join.declared_relationship) {
        // The default, many to one, would be a claim about a cross join that nobody made.
        (JoinKind::Cross, None) => Relationship::ManyToMany,
        _ => join.relationship,
    }
}

/// By view of an explore: whether its rows are repeated when every view is joined.
pub fn repeated_views(explore: &Explore) -> Vec<bool> {
    let mut waiting: Vec<Step> = (1..explore.views.len()).filter_map(|view| declared_step(explore, view)).collect();
    let mut steps: Vec<Step> = Vec::with_capacity(waiting.len());
    let mut stands = vec![false; explore.views.len()];
    stands[0] = true;
    while !waiting.is_empty() {
        // Each join after those that it is compared with; joins that wait for each other stand as they are declared.
        let next = waiting.iter().position(|step| step.parents.iter().all(|&parent| stands[parent]));
        let step = waiting.remove(next.unwrap_or(0));
        stands[step.view] = true;
        steps.push(step);
    }
    fanned_out(explore.views.len(), &steps)
}

/// A join as it is declared: its condition is looked at, but not substituted.
fn declared_step(explore: &Explore, view: usize) -> Option<Step> {
    let joined = &explore.views[view];
    let join = joined.join.as_ref()?;
    let conditions = [&join.sql_on, &join.sql].into_iter().flatten();
    let pieces = conditions.filter_map(|sql| sql.pieces.as_deref()).flatten();
    let aliases = pieces.filter_map(|piece| match piece {
        Piece::Field { view: Some(alias), .. } => Some(alias),
        _ => None,
    });
    let mut parents: Vec<usize> =
        aliases.filter_map(|alias| explore.views.iter().position(|other| other.alias == *alias)).collect();
    parents.retain(|&parent| parent != view);
    parents.sort_unstable();
    parents.dedup();
    Some(Step { view, parents, relationship: relationship(join), outer: Outer::of(join.kind) })
}

/// By view: whether a joined row can lack the view.
pub(super) fn nullable(views: usize, steps: &[Step]) -> Vec<bool> {
    let mut nullable = vec![false; views];
    let mut joined = vec![0];
    for step in steps {
        nullable[step.view] = step.outer != Outer::Neither;
        if step.outer == Outer::Both {
            for &before in &joined {
                nullable[before] = true;
            }
        }
        joined.push(step.view);
    }
    nullable
}

#[cfg(test)]
mod tests {
    use super::{Outer, Step, fanned_out, nullable};
    use belvedere_lookml::model::Relationship::{self, ManyToMany, ManyToOne, OneToMany, OneToOne};

    fn step(view: usize, parents: &[usize], relationship: Relationship) -> Step {
        Step { view, parents: parents.to_vec(), relationship, outer: Outer::Joined }
    }

    fn fanned(views: usize, steps: &[Step]) -> Vec<usize> {
        let fanned = fanned_out(views, steps);
        (0..views).filter(|&view| fanned[view]).collect()
    }

    #[test]
    fn a_join_to_one_repeats_the_joined_view_only() {
        assert_eq!(fanned(2, &[step(1, &[0], ManyToOne)]), [1]);
    }

    #[test]
    fn a_join_to_many_repeats_the_base_only() {
        assert_eq!(fanned(2, &[step(1, &[0], OneToMany)]), [0]);
    }

    #[test]
    fn many_to_many_repeats_both_sides() {
        assert_eq!(fanned(2, &[step(1, &[0], ManyToMany)]), [0, 1]);
    }

    #[test]
    fn one_to_one_repeats_nothing() {
        assert_eq!(fanned(2, &[step(1, &[0], OneToOne)]), [0; 0]);
    }

    #[test]
    fn the_chain_down_to_many_repeats_all_but_its_end() {
        // users 1:n orders 1:n items
        assert_eq!(fanned(3, &[step(1, &[0], OneToMany), step(2, &[1], OneToMany)]), [0, 1]);
    }

    #[test]
    fn the_chain_up_to_one_repeats_all_but_its_start() {
        // items n:1 orders n:1 users
        assert_eq!(fanned(3, &[step(1, &[0], ManyToOne), step(2, &[1], ManyToOne)]), [1, 2]);
    }

    #[test]
    fn two_branches_to_many_repeat_each_other() {
        // orders 1:n items, orders 1:n payments
        assert_eq!(fanned(3, &[step(1, &[0], OneToMany), step(2, &[0], OneToMany)]), [0, 1, 2]);
    }

    #[test]
    fn a_view_one_to_one_with_a_repeated_one_is_repeated() {
        // items n:1 orders 1:1 invoices
        assert_eq!(fanned(3, &[step(1, &[0], ManyToOne), step(2, &[1], OneToOne)]), [1, 2]);
        // orders 1:n items, orders 1:1 invoices
        assert_eq!(fanned(3, &[step(1, &[0], OneToMany), step(2, &[0], OneToOne)]), [0, 2]);
    }

    #[test]
    fn a_view_one_to_one_with_the_many_side_is_not_repeated() {
        // orders 1:n items 1:1 details
        assert_eq!(fanned(3, &[step(1, &[0], OneToMany), step(2, &[1], OneToOne)]), [0]);
    }

    #[test]
    fn many_to_one_from_the_many_side_repeats_what_lies_behind_it() {
        // orders 1:n items n:1 products
        assert_eq!(fanned(3, &[step(1, &[0], OneToMany), step(2, &[1], ManyToOne)]), [0, 2]);
    }

    #[test]
    fn what_is_compared_with_two_views_is_repeated_only_when_both_are() {
        // orders 1:n items; prices by the order's currency and the item's product
        assert_eq!(fanned(3, &[step(1, &[0], OneToMany), step(2, &[0, 1], OneToOne)]), [0]);
    }

    #[test]
    fn a_full_join_can_miss_what_stands_before() {
        let mut full = step(2, &[0], OneToOne);
        full.outer = Outer::Both;
        let mut inner = step(1, &[0], ManyToOne);
        inner.outer = Outer::Neither;
        assert_eq!(nullable(3, &[inner.clone()]), [false, false, false]);
        assert_eq!(nullable(3, &[inner, full]), [true, true, true]);
        assert_eq!(nullable(2, &[step(1, &[0], ManyToOne)]), [false, true]);
    }
}
