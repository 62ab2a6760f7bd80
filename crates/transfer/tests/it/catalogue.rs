//! The catalogue: one database a case. Each states what makes it, what stands in PostgreSQL, what the ledger says of it, and what
//! stays behind. Whatever the case, the move is proved equal, its plan survives being written down, and the file keeps every byte.

mod case;
mod cells;
mod columns;
mod grammar;
mod indexes;
mod keys;
mod killed;
mod moments;
mod names;
mod objects;
mod rules;
mod sizes;
mod sources;
mod storage;
mod targets;

use self::case::{case, case_of, prove};
