//! Real files, made by SQLite itself.

mod moves;
mod plans;
mod sources;
