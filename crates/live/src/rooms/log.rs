//! What was said in a room lately, for those who come back and for nodes that were away.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::position::{Node, Position};
use crate::socket_io::Emit;

/// Something that was said in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    /// At which node, and its number there.
    pub(crate) node: Node,
    pub(crate) number: u64,
    /// What the node had said in this room before; zero if nothing.
    pub(crate) previous: u64,
    /// When, by that node's clock, in milliseconds since 1970. Never goes back.
    pub(crate) at: i64,
    /// The socket of whoever said it, who is not told.
    pub(crate) sender: Arc<str>,
    pub(crate) emit: Emit,
}

/// What is new about something that was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// It is the next thing.
    New,
    /// It is known.
    Known,
    /// It is new, and something before it never came.
    AfterGap,
}

/// What was said last in one room, in the order in which this node gave it to its clients.
#[derive(Debug)]
pub(crate) struct Log {
    /// The most bytes that are kept.
    limit: usize,
    entries: VecDeque<Arc<Said>>,
    size: usize,
    /// The last of each node, and when it was.
    last: BTreeMap<Node, (u64, i64)>,
}

impl Log {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, entries: VecDeque::new(), size: 0, last: BTreeMap::new() }
    }

    /// The number of what a node said last.
    pub(crate) fn last_of(&self, node: &str) -> u64 {
        self.last.get(node).map_or(0, |(number, _)| *number)
    }

    /// Takes down what a node had said before anybody here was to be told.
    pub(crate) fn assume(&mut self, node: &Node, number: u64, at: i64) {
        if number > self.last_of(node) {
            self.last.insert(Arc::clone(node), (number, at));
        }
    }

    /// Where somebody stands who comes to the room now.
    pub(crate) fn position(&self) -> Position {
        let mut position = Position::default();
        for (node, (number, _)) in &self.last {
            position.reach(node, *number);
        }
        position
    }

    /// Takes down what was said, unless it is known. The first thing of a node is no gap: what came before it, nobody here
    /// was to be told.
    pub(crate) fn append(&mut self, said: &Arc<Said>) -> News {
        let last = self.last_of(&said.node);
        if said.number <= last {
            return News::Known;
        }
        self.last.insert(Arc::clone(&said.node), (said.number, said.at));
        self.size += said.emit.size();
        self.entries.push_back(Arc::clone(said));
        while self.size > self.limit {
            self.forget_first();
        }
        if last > 0 && said.previous > last { News::AfterGap } else { News::New }
    }

    /// What somebody lacks who has seen this much; none if that is not known any more.
    pub(crate) fn since(&self, seen: &Position) -> Option<Vec<Arc<Said>>> {
        let mut reached = seen.clone();
        let mut missing = Vec::new();
        for said in self.entries.iter().filter(|said| said.number > seen.of(&said.node)) {
            if said.previous > reached.of(&said.node) {
                return None;
            }
            reached.reach(&said.node, said.number);
            missing.push(Arc::clone(said));
        }
        let is_complete = self.last.iter().all(|(node, (number, _))| reached.of(node) >= *number);
        is_complete.then_some(missing)
    }

    /// What a node said, as far as it is kept.
    pub(crate) fn of<'a>(&'a self, node: &'a str) -> impl Iterator<Item = &'a Arc<Said>> {
        self.entries.iter().filter(move |said| &*said.node == node)
    }

    /// Whether nothing is kept.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Forgets what was said before one time, and nodes that have said nothing since the other.
    pub(crate) fn forget(&mut self, before: i64, nodes_before: i64) {
        while self.entries.front().is_some_and(|said| said.at < before) {
            self.forget_first();
        }
        self.last.retain(|_, (_, at)| *at >= nodes_before);
    }

    fn forget_first(&mut self) {
        if let Some(said) = self.entries.pop_front() {
            self.size -= said.emit.size();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(node: &str, number: u64, previous: u64) -> Arc<Said> {
        let at = i64::try_from(number).expect("small") * 1000;
        let emit = Emit::event("message").with(&number);
        Arc::new(Said { node: node.into(), number, previous, at, sender: "somebody".into(), emit })
    }

    fn numbers(log: &Log, seen: &str) -> Option<Vec<String>> {
        let missing = log.since(&seen.parse().expect("a position"))?;
        Some(missing.iter().map(|said| format!("{}.{}", said.node, said.number)).collect())
    }

    fn log(limit: usize, entries: &[(&str, u64, u64)]) -> Log {
        let mut log = Log::new(limit);
        for (node, number, previous) in entries {
            assert_eq!(log.append(&said(node, *number, *previous)), News::New);
        }
        log
    }

    #[test]
    fn whoever_comes_back_gets_what_they_lack() {
        // `a` said its fourth thing in another room.
        let log = log(10_000, &[("a", 3, 0), ("b", 1, 0), ("a", 5, 3), ("b", 2, 1)]);
        assert_eq!(numbers(&log, "a.3~b.1").expect("complete"), ["a.5", "b.2"]);
        assert_eq!(numbers(&log, "a.4~b.1").expect("complete"), ["a.5", "b.2"]);
        assert_eq!(numbers(&log, "a.9~b.9").expect("complete"), Vec::<String>::new());
        assert_eq!(numbers(&log, "").expect("complete"), ["a.3", "b.1", "a.5", "b.2"]);
    }

    #[test]
    fn what_is_known_is_not_taken_twice_and_a_gap_is_noticed() {
        let mut log = log(10_000, &[("a", 3, 2)]);
        assert_eq!(log.append(&said("a", 3, 2)), News::Known);
        assert_eq!(log.append(&said("a", 2, 0)), News::Known);
        assert_eq!(log.append(&said("a", 7, 6)), News::AfterGap);
        assert_eq!(log.append(&said("a", 9, 7)), News::New);
        assert_eq!(numbers(&log, "a.3"), None, "4 to 6 are missing");
        assert_eq!(numbers(&log, "a.7").expect("complete"), ["a.9"]);
    }

    #[test]
    fn nobody_is_told_that_it_is_all_when_something_was_forgotten() {
        let entries: Vec<_> = (1..=20).map(|number| ("a", number, number - 1)).collect();
        let size = said("a", 10, 9).emit.size();
        let log = log(5 * size, &entries);
        assert_eq!(numbers(&log, "a.15").expect("complete").len(), 5);
        assert_eq!(numbers(&log, "a.14"), None);
        let mut log = log;
        log.forget(21_000, 0);
        assert_eq!(numbers(&log, "a.19"), None, "it is known that there was one more");
        log.forget(21_000, 21_000);
        assert_eq!(numbers(&log, "a.19").expect("nothing is owed after so long"), Vec::<String>::new());
    }

    #[test]
    fn what_was_said_before_somebody_came_is_not_owed() {
        let mut log = log(10_000, &[]);
        log.assume(&"a".into(), 17, 0);
        let seen = log.position().to_string();
        assert_eq!(log.append(&said("a", 18, 17)), News::New);
        assert_eq!(numbers(&log, &seen).expect("complete"), ["a.18"]);
        assert_eq!(numbers(&log, ""), None);
        log.assume(&"a".into(), 3, 0);
        assert_eq!(log.last_of("a"), 18);
    }

    #[test]
    fn what_does_not_fit_at_all_is_still_owed() {
        let log = log(1, &[("a", 1, 0)]);
        assert_eq!(numbers(&log, ""), None);
        assert_eq!(numbers(&log, "a.1").expect("complete"), Vec::<String>::new());
    }
}
