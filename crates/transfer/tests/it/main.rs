//! Real files, made by SQLite itself.

mod changes;
mod moves;
mod sources;
