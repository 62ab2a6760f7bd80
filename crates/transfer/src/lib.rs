//! The removal van: any SQLite database to PostgreSQL, proved cell by cell, and back.
//!
//! A move begins with a look: [`SqliteFile`] opens a file without ever changing it, [`SqliteFile::schema`] reads what it
//! consists of, and [`SqliteFile::profile`] what its cells really hold, which in SQLite need not be what their columns
//! say.

mod affinity;
mod apply_back;
pub mod capture;
pub mod changes;
mod choice;
mod codec;
mod copy;
mod defaults;
mod definition;
mod error;
mod expression;
pub mod extract;
mod follow;
mod ledger;
mod load;
mod moment;
mod names;
mod plan;
mod profile;
mod progress;
mod run;
mod schema;
mod sqlite;
mod survey;
mod target;
mod task;
mod verify;
mod views;

pub use affinity::{Affinity, Meaning};
pub use apply_back::{
    Applied, Applier, ApplyBackError, BrokenCheck, FindRemembered, Remembered, Unfit, bring_back, drain,
};
pub use capture::{Capture, CaptureError, FENCED, backup};
pub use changes::{Capability, ChangeSource, Changes, ChangesError, Way, WhyNot, available};
pub use choice::{Choice, Reason};
pub use codec::{BytesOf, Codec, Encoded, MomentForm};
pub use definition::{
    ColumnDefinition, ConstraintDefinition, Definition, ForeignKeyDefinition, LeftBehind, TableDefinition,
    ViewDefinition,
};
pub use error::SourceError;
pub use expression::Untranslated;
pub use extract::{Extract, ExtractError, Extracted};
pub use follow::{
    Begin, Behind, Cutover, Fenced, FollowError, Follower, Hook, Phase, Returned, Rollback, Status, Step,
    Switch, Turned,
};
pub use moment::{Spelling, Zone};
pub use plan::{ColumnPlan, Key, Misfits, NoCase, Placed, Plan, PlanError, TablePlan};
pub use profile::{Blobs, ColumnProfile, Integers, Reals, TextForms, Texts};
pub use progress::{Event, Progress};
pub use run::{Existing, Misfit, Moved, MovedTable, Run, RunError, noted_plan};
pub use schema::{
    Action, Check, Column, Deferral, ForeignKey, Generated, Index, IndexOrigin, IndexPart, KeyKind, Schema,
    Subject, Table, Trigger, View,
};
pub use sqlite::SqliteFile;
pub use survey::Survey;
pub use target::{Target, TargetError};
pub use verify::{CellLine, Difference, Outcome, Page, Report, TableReport, Verify};
