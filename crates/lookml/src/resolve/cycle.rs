//! Cycles in "depends on" graphs.

use crate::diagnostic::Location;
use std::collections::{HashMap, VecDeque};

/// The knots of a graph: sets of nodes that depend on each other.
#[derive(Debug)]
pub struct Knots {
    /// The knots (most hold one node), each behind those that it depends on.
    members: Vec<Vec<usize>>,
    /// The knot of each node.
    of_node: Vec<usize>,
}

impl Knots {
    /// `edges[n]` are the nodes that `n` depends on.
    pub fn new(edges: &[Vec<usize>]) -> Self {
        let members = components(edges);
        let mut of_node = vec![0; edges.len()];
        for (index, knot) in members.iter().enumerate() {
            for &node in knot {
                of_node[node] = index;
            }
        }
        Self { members, of_node }
    }

    /// True when the dependency of `a` on `b` is part of a cycle.
    pub fn closes_a_cycle(&self, a: usize, b: usize) -> bool {
        self.of_node[a] == self.of_node[b]
    }

    /// All nodes, each behind those that it depends on (as far as cycles allow).
    pub fn in_order(&self) -> impl Iterator<Item = usize> {
        self.members.iter().flatten().copied()
    }

    /// One cycle for each knot that has any: the shortest one through the knot's first node, from that node on.
    pub fn cycles(&self, edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
        let mut found: Vec<Vec<usize>> = self
            .members
            .iter()
            .filter_map(|knot| shortest(edges, *knot.iter().min()?, |node| self.of_node[node] == self.of_node[knot[0]]))
            .collect();
        found.sort_unstable();
        found
    }
}

/// The strongly connected components (Tarjan, without recursion).
fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let count = edges.len();
    let (mut index, mut low) = (vec![NEW; count], vec![0; count]);
    let mut on_stack = vec![false; count];
    let (mut stack, mut found, mut next) = (Vec::new(), Vec::new(), 0);
    for root in 0..count {
        if index[root] != NEW {
            continue;
        }
        let mut work = vec![(root, 0)];
        while let Some(&mut (node, ref mut edge)) = work.last_mut() {
            if *edge == 0 && index[node] == NEW {
                (index[node], low[node]) = (next, next);
                next += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(&target) = edges[node].get(*edge) {
                *edge += 1;
                if index[target] == NEW {
                    work.push((target, 0));
                } else if on_stack[target] {
                    low[node] = low[node].min(index[target]);
                }
                continue;
            }
            work.pop();
            if let Some(&(parent, _)) = work.last() {
                low[parent] = low[parent].min(low[node]);
            }
            if low[node] == index[node] {
                let at = stack.iter().rposition(|&member| member == node).unwrap_or(0);
                let knot = stack.split_off(at);
                for &member in &knot {
                    on_stack[member] = false;
                }
                found.push(knot);
            }
        }
    }
    found
}

/// The shortest way from `first` back to itself inside its knot; `None` when there is none.
fn shortest(edges: &[Vec<usize>], first: usize, inside: impl Fn(usize) -> bool) -> Option<Vec<usize>> {
    let mut from = HashMap::new();
    let mut queue = VecDeque::from([first]);
    while let Some(node) = queue.pop_front() {
        for &target in &edges[node] {
            if target == first {
                let mut path = vec![node];
                while let Some(&before) = from.get(&path[path.len() - 1]) {
                    path.push(before);
                }
                path.reverse();
                return Some(path);
            }
            if inside(target) && !from.contains_key(&target) {
                from.insert(target, node);
                queue.push_back(target);
            }
        }
    }
    None
}

/// A cycle as it is told: the place of one of its dependencies, and the nodes from there on. It is always the
/// dependency that stands first in the project, so that every model and explore tells the same.
pub fn told(cycle: &[usize], place: impl Fn(usize, usize) -> Location) -> (Location, Vec<usize>) {
    let next = |at: usize| cycle[(at + 1) % cycle.len()];
    let places = (0..cycle.len()).map(|at| (place(cycle[at], next(at)), at));
    let first = places.min_by(|(a, _), (b, _)| (&a.file, a.span).cmp(&(&b.file, b.span)));
    let (location, first) = first.unwrap_or_default();
    let mut nodes = cycle.to_vec();
    nodes.rotate_left(first);
    (location, nodes)
}

/// `"a" -> "b" -> "a"`
pub fn path(names: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut quoted: Vec<String> = names.into_iter().map(|name| format!("\"{}\"", name.as_ref())).collect();
    quoted.extend(quoted.first().cloned());
    quoted.join(" -> ")
}

#[cfg(test)]
mod tests {
    use super::{Knots, path};

    fn cycles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
        Knots::new(edges).cycles(edges)
    }

    #[test]
    fn each_knot_gives_one_cycle() {
        let edges = [vec![1], vec![2], vec![0, 3], vec![4], vec![3], vec![5], vec![0]];
        assert_eq!(cycles(&edges), [vec![0, 1, 2], vec![3, 4], vec![5]]);
        assert_eq!(cycles(&[vec![1], vec![2], vec![]]), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn nodes_come_behind_what_they_depend_on() {
        let edges = [vec![1, 2], vec![2], vec![], vec![0]];
        let order: Vec<usize> = Knots::new(&edges).in_order().collect();
        assert_eq!(order, [2, 1, 0, 3]);
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let count = 200_000;
        let edges: Vec<Vec<usize>> = (0..count).map(|node| vec![(node + 1) % count]).collect();
        assert_eq!(cycles(&edges).len(), 1);
    }

    #[test]
    fn a_cycle_is_written_back_to_its_start() {
        assert_eq!(path(["a", "b"]), "\"a\" -> \"b\" -> \"a\"");
    }
}
