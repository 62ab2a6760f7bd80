//! Real files, made by SQLite itself.

mod sources;
