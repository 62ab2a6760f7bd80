//! Files that are no good: one sentence each, and not a byte of them changes.
