//! The removal van: any SQLite database to PostgreSQL, proved cell by cell, and back.
//!
//! A move begins with a look: [`SqliteFile`] opens a file without ever changing it, [`SqliteFile::schema`] reads what it
//! consists of, and [`SqliteFile::profile`] what its cells really hold, which in SQLite need not be what their columns
//! say.

mod affinity;
mod capture;
mod choice;
mod codec;
mod copy;
mod defaults;
mod definition;
mod error;
mod expression;
mod load;
mod moment;
mod names;
mod plan;
mod profile;
mod schema;
mod sqlite;

pub use affinity::{Affinity, Meaning};
pub use capture::{Batch, Capture, CaptureError, Change, FENCED, Lag, Position, backup};
pub use choice::{Choice, Reason};
pub use codec::{BytesOf, Codec, Encoded, MomentForm};
pub use definition::{ColumnDefinition, Definition, ForeignKeyDefinition, LeftBehind, TableDefinition};
pub use error::SourceError;
pub use expression::Untranslated;
pub use load::{LoadError, Loaded, load};
pub use moment::{Spelling, Zone};
pub use plan::{ColumnPlan, Key, Misfits, Plan, TablePlan};
pub use profile::{Blobs, ColumnProfile, Integers, Reals, TextForms, Texts};
pub use schema::{
    Action, Check, Column, Deferral, ForeignKey, Generated, Index, IndexOrigin, IndexPart, KeyKind, Schema,
    Subject, Table, Trigger, View,
};
pub use sqlite::SqliteFile;
