//! Which results are kept, and which of them go when there is no room.

use super::{Kept, Name};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Results by name, of a limited size together. The one that was not asked for the longest goes first.
#[derive(Debug)]
pub(super) struct Shelf {
    limit: u64,
    bytes: u64,
    slots: HashMap<Name, Slot>,
    /// Names by the turn in which they were last asked for.
    turns: BTreeMap<u64, Name>,
    last_turn: u64,
}

#[derive(Debug)]
struct Slot {
    result: Arc<Kept>,
    turn: u64,
}

/// What a slot costs besides its rows.
const SLOT: u64 = 512;

impl Shelf {
    pub(super) fn new(limit: u64) -> Self {
        Self { limit, bytes: 0, slots: HashMap::new(), turns: BTreeMap::new(), last_turn: 0 }
    }

    pub(super) fn get(&mut self, name: &Name) -> Option<Arc<Kept>> {
        let turn = self.next_turn();
        let slot = self.slots.get_mut(name)?;
        let name = self.turns.remove(&slot.turn)?;
        slot.turn = turn;
        self.turns.insert(turn, name);
        Some(Arc::clone(&slot.result))
    }

    /// Gives back what had to go.
    pub(super) fn put(&mut self, name: Name, result: Arc<Kept>) -> Vec<Arc<Kept>> {
        let mut gone: Vec<Arc<Kept>> = self.remove(&name).into_iter().collect();
        let turn = self.next_turn();
        self.bytes += result.bytes + SLOT;
        self.turns.insert(turn, name.clone());
        self.slots.insert(name, Slot { result, turn });
        while self.bytes > self.limit {
            let Some((_, oldest)) = self.turns.first_key_value() else { break };
            let oldest = oldest.clone();
            gone.extend(self.remove(&oldest));
        }
        gone
    }

    pub(super) fn remove(&mut self, name: &Name) -> Option<Arc<Kept>> {
        let slot = self.slots.remove(name)?;
        self.turns.remove(&slot.turn);
        self.bytes -= slot.result.bytes + SLOT;
        Some(slot.result)
    }

    /// Gives back what had to go.
    pub(super) fn remove_task(&mut self, task: &str) -> Vec<Arc<Kept>> {
        let of_task = |name: &&Name| matches!(name, Name::Task(id, _) if id == task);
        let names: Vec<Name> = self.slots.keys().filter(of_task).cloned().collect();
        names.iter().filter_map(|name| self.remove(name)).collect()
    }

    fn next_turn(&mut self) -> u64 {
        self.last_turn += 1;
        self.last_turn
    }
}
