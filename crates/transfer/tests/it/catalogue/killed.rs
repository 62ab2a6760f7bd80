//! Moves that are killed.
