//! Real files, made by SQLite itself.

mod definitions;
mod extracts;
mod moved;
mod moves;
mod plans;
mod sources;
mod verifies;
