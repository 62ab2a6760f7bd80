//! Targets that are no good.
