//! What things are called in Redis, and the scripts that know them.

use std::sync::LazyLock;

use redis::Script;

/// Settles who is in a room.
pub(super) static SETTLE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("../settle.lua")));
/// Passes on what was said.
pub(super) static SAY: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("../say.lua")));

/// The names of one installation.
#[derive(Debug, Clone)]
pub(super) struct Names {
    prefix: String,
}

impl Names {
    pub(super) fn new(prefix: &str) -> Self {
        Self { prefix: format!("{prefix}:live") }
    }

    /// Who is in a room.
    pub(super) fn room(&self, room: &str) -> String {
        format!("{}:room:{room}", self.prefix)
    }

    /// Which of two rosters is the newer one.
    pub(super) fn version(&self, room: &str) -> String {
        format!("{}:version:{room}", self.prefix)
    }

    /// What was said in a room.
    pub(super) fn stream(&self, room: &str) -> String {
        format!("{}:said:{room}", self.prefix)
    }

    /// The number of what each node said last in a room.
    pub(super) fn last(&self, room: &str) -> String {
        format!("{}:last:{room}", self.prefix)
    }

    /// Where a room's news are published.
    pub(super) fn channel(&self, room: &str) -> String {
        format!("{}:in:{room}", self.prefix)
    }

    /// The room of a channel.
    pub(super) fn room_of<'a>(&self, channel: &'a str) -> Option<&'a str> {
        channel.strip_prefix(&*self.prefix)?.strip_prefix(":in:")
    }

    /// Where a node hears itself, to know that it hears.
    pub(super) fn echo(&self, node: &str) -> String {
        format!("{}:echo:{node}", self.prefix)
    }

    /// Since when there are leases.
    pub(super) fn began(&self) -> String {
        format!("{}:began", self.prefix)
    }

    /// What leases begin with.
    pub(super) fn leases(&self) -> String {
        format!("{}:node:", self.prefix)
    }

    /// The lease of a node.
    pub(super) fn lease(&self, node: &str) -> String {
        format!("{}{node}", self.leases())
    }

    /// Something that is kept for a while.
    pub(super) fn kept(&self, name: &str) -> String {
        format!("{}:kept:{name}", self.prefix)
    }
}
