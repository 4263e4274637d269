//! Mistakes that show in the finished tree: parameters that stand twice, objects without their block, bodies that
//! swallowed a parameter, braces that closed the wrong block.

use super::document::{Kind, Node};
use super::keywords;
use super::mistakes::{Mistake, Mistakes, Rule};
use crate::diagnostic::Span;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// Adds what is wrong with the tree of `text`.
pub(super) fn check(text: &str, nodes: &[Node], mistakes: &mut Mistakes) {
    let mut repetition = Repetition { text, nodes, keys: Vec::new() };
    repetition.check(0, nodes.len(), mistakes);
    for (index, node) in nodes.iter().enumerate() {
        match node.kind() {
            Kind::Block => repetition.check(index + 1, node.next as usize, mistakes),
            Kind::NamedBlock => repetition.check(index + 2, node.next as usize, mistakes),
            Kind::Body => swallowed_parameter(text, *node, mistakes),
            Kind::Bare if keywords::needs_block(&text[node.key().range()]) => {
                mistakes.add(Mistake::at(Rule::BLOCK_EXPECTED, Span::new(node.key().start, node.end)));
            }
            _ => {}
        }
    }
    if let Some(mistake) = mistakes.unbalanced() {
        mismatched_brace(text, nodes, mistake);
    }
}

/// Finds parameters that stand twice in a block although only one can count.
struct Repetition<'t> {
    text: &'t str,
    nodes: &'t [Node],
    /// Hash and node of the keys of one block; kept for its memory.
    keys: Vec<(u64, u32)>,
}

impl Repetition<'_> {
    /// Looks at the siblings from the node `first` up to `end`.
    fn check(&mut self, first: usize, end: usize, mistakes: &mut Mistakes) {
        self.keys.clear();
        let mut index = first;
        while index < end {
            let node = self.nodes[index];
            if !matches!(node.kind(), Kind::Block | Kind::NamedBlock) {
                let key = &self.text.as_bytes()[node.key().range()];
                self.keys.push((FxBuildHasher.hash_one(key), index as u32));
            }
            index = node.next as usize;
        }
        self.keys.sort_unstable();
        for pair in self.keys.windows(2) {
            if pair[0].0 == pair[1].0 {
                self.compare(pair[0].1, pair[1].1, mistakes);
            }
        }
    }

    fn compare(&self, first: u32, second: u32, mistakes: &mut Mistakes) {
        let [first, second] = [first, second].map(|index| self.nodes[index as usize].key());
        let key = &self.text[second.range()];
        if self.text[first.range()] == *key && !keywords::accumulates(key) {
            mistakes.add(Mistake::at(Rule::REPEATED_PARAMETER, second).related(first, "it stands here before"));
        }
    }
}

/// Warns when a later line of a body looks like a parameter: the body's own `;;` is probably missing.
fn swallowed_parameter(text: &str, body: Node, mistakes: &mut Mistakes) {
    let mut rest = &text[body.start as usize..body.end as usize - 2];
    while let Some(newline) = memchr::memchr(b'\n', rest.as_bytes()) {
        rest = &rest[newline + 1..];
        let line = rest.trim_start_matches([' ', '\t']);
        if let Some(key) = keywords::parameter_at_start(line) {
            let start = body.end - 2 - line.len() as u32;
            let mistake = Mistake::at(Rule::POSSIBLE_MISSING_TERMINATOR, Span::new(start, start + key.len() as u32));
            mistakes.add(mistake.related(body.key(), "the text begins here"));
            return;
        }
    }
}

/// Explains a brace too few or too many: the first block whose closing brace stands at another indentation than the
/// block itself is probably the one that was meant to end elsewhere.
fn mismatched_brace(text: &str, nodes: &[Node], mistake: &mut Mistake) {
    let blocks = nodes.iter().filter(|node| matches!(node.kind(), Kind::Block | Kind::NamedBlock));
    let closed = blocks.filter(|node| text[..node.end as usize].ends_with('}'));
    let suspects = closed.filter(|node| {
        let opener = indentation(text, node.key().start);
        let closer = indentation(text, node.end - 1);
        matches!((opener, closer), (Some(opener), Some(closer)) if opener != closer)
    });
    let Some(suspect) = suspects.min_by_key(|node| node.end) else { return };
    mistake.related.push((Span::new(suspect.key().start, suspect.start + 1), "this block ends"));
    mistake.related.push((Span::new(suspect.end - 1, suspect.end), "with this brace, which is indented differently"));
}

/// The blanks before `offset` if nothing else stands before it on its line.
fn indentation(text: &str, offset: u32) -> Option<&str> {
    let before = &text[..offset as usize];
    let line = before.trim_end_matches([' ', '\t']);
    (line.is_empty() || line.ends_with(['\n', '\r'])).then(|| &before[line.len()..])
}
