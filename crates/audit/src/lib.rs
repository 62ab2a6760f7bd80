//! The ledger: what happened, by whom, from where; and the proof that nobody has changed it since.
//!
//! An [`Entry`] is written by [`Ledger::record`] inside the unit of work that does what it tells of: both happen or
//! neither. [`find`] reads it back. Entries hold no secret: no password, no token, no code.
//!
//! Within a second a [`Sealer`] gives it a place in a chain (`chain`, `content`, `end`), and every minute it signs a
//! [`Checkpoint`] (`sign`), which a [`Witness`] keeps outside of the database. [`verify_database`] and [`verify_export`] find
//! every entry that was changed, put in or taken out since (`verify`).

mod chain;
mod checkpoint;
mod config;
mod content;
mod end;
mod entities;
mod entry;
mod export;
mod hexadecimal;
mod job;
mod keys;
mod ledger;
mod migrations;
mod queries;
mod seal;
mod sign;
mod verify;
mod witness;

pub use checkpoint::Checkpoint;
pub use config::{Config, ObjectStoreConfig};
pub use entry::{Action, Entry, Outcome, Source};
pub use export::{ExportError, verify_export};
pub use keys::{LedgerKeys, PublicKey};
pub use ledger::{
    ACTIONS, Filter, LEDGER_DROP, Ledger, Listing, PERSON_FORGET, Page, Record, find, find_all,
};
pub use migrations::migrations;
pub use seal::{Progress, Sealed, Sealer};
pub use verify::{Finding, Report, Trust, verify_database};
pub use witness::{
    CheckpointFile, Kept, KeptCheckpoints, Syslog, SyslogAddress, Witness, WitnessError, read_checkpoints,
};
