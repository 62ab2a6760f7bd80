//! Real files, made by SQLite itself.

mod backs;
mod captures;
mod catalogue;
mod changes;
mod definitions;
mod extracts;
mod follows;
mod live;
mod moved;
mod moves;
mod plans;
mod real;
mod sources;
mod turns;
mod verifies;
