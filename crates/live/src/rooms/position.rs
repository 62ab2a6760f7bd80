//! How much of what was said in rooms somebody has been given: of each node that said something, the number of the last.
//!
//! A node numbers what its own clients say, whatever the room, and passes it on in that order. So one number for each node
//! says what is still owed to a client that comes back, whichever node it comes back to.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A node, by a name that no other has, nor the same node after a restart.
pub(crate) type Node = Arc<str>;

/// The longest text that is read.
const LONGEST: usize = 2_048;

/// The number of the last message of each node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position(BTreeMap<Node, u64>);

impl Position {
    /// The number of a node's last message; zero if there is none.
    pub(crate) fn of(&self, node: &str) -> u64 {
        self.0.get(node).copied().unwrap_or_default()
    }

    /// Moves on to a message. Never goes back.
    pub(crate) fn reach(&mut self, node: &Node, number: u64) {
        match self.0.get_mut(&**node) {
            Some(last) => *last = number.max(*last),
            None => drop(self.0.insert(Arc::clone(node), number)),
        }
    }

    /// Moves on to where either of the two is.
    pub(crate) fn reach_all(&mut self, other: &Self) {
        for (node, number) in &other.0 {
            self.reach(node, *number);
        }
    }

    /// Forgets nodes that have nothing to say any more.
    pub(crate) fn forget(&mut self, mut is_over: impl FnMut(&str) -> bool) {
        self.0.retain(|node, _| !is_over(node));
    }
}

/// As clients keep it: `node.number` for each, with `~` in between.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (node, number)) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "~" };
            write!(f, "{separator}{node}.{number}")?;
        }
        Ok(())
    }
}

/// What a client says is no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoPosition;

impl FromStr for Position {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Self, NoPosition> {
        if text.len() > LONGEST {
            return Err(NoPosition);
        }
        let pairs = text.split('~').filter(|pair| !pair.is_empty());
        let read = |pair: &str| {
            let (node, number) = pair.split_once('.').ok_or(NoPosition)?;
            Ok((node.into(), number.parse().map_err(|_| NoPosition)?))
        };
        pairs.map(read).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_position_never_goes_back() {
        let (one, other): (Node, Node) = ("one".into(), "other".into());
        let mut position = Position::default();
        assert_eq!(position.of("one"), 0);
        position.reach(&one, 5);
        position.reach(&one, 3);
        position.reach(&other, 1);
        assert_eq!(position.to_string(), "one.5~other.1");
        position.reach_all(&"one.2~other.7".parse().expect("a position"));
        assert_eq!(position.to_string(), "one.5~other.7");
        position.forget(|node| node == "one");
        assert_eq!(position.to_string(), "other.7");
    }

    #[test]
    fn what_is_no_position_is_refused() {
        for text in ["one", "one.", "one.x", "one.1~two", "one.-1", &"a.1~".repeat(LONGEST)] {
            assert_eq!(text.parse::<Position>(), Err(NoPosition), "{text:.20}");
        }
        assert_eq!("".parse(), Ok(Position::default()));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(pairs in proptest::collection::btree_map("[A-Za-z0-9_-]{8}", any::<u64>(), 0..20)) {
            let position = Position(pairs.into_iter().map(|(node, number)| (node.into(), number)).collect());
            prop_assert_eq!(position.to_string().parse(), Ok(position));
        }
    }
}
