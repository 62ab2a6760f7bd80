//! Real files, made by SQLite itself.

mod moves;
mod sources;
mod verifies;
