//! Real files, made by SQLite itself.

mod captures;
mod moves;
mod sources;
