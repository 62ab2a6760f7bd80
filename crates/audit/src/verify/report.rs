//! What verifying found, in words for whoever asked.

use std::fmt;

use foundation::{Timestamp, Uuid};
use serde::Serialize;

use crate::Checkpoint;

/// How many findings are listed. Whoever needs more has lost the ledger.
const LISTED: usize = 100;

/// Something that is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Finding {
    /// An entry is not what was written at its place.
    Changed {
        /// Its place.
        sequence: i64,
        /// Its id.
        id: Uuid,
    },
    /// Somewhere between two checkpoints, entries are not what was written.
    ChangedBetween {
        /// The first that may be.
        from: i64,
        /// The last that may be.
        to: i64,
    },
    /// Entries are gone.
    Missing {
        /// The first.
        from: i64,
        /// The last.
        to: i64,
    },
    /// An entry is there twice.
    Doubled {
        /// The later place.
        sequence: i64,
        /// Its id.
        id: Uuid,
    },
    /// An entry comes where another one should.
    OutOfOrder {
        /// Its id.
        id: Uuid,
    },
    /// An entry was not written by this installation.
    Foreign {
        /// Its id.
        id: Uuid,
    },
    /// A checkpoint was not signed by this installation, or stands where none can.
    Forged {
        /// The place it is for.
        sequence: i64,
    },
    /// The same, from a witness.
    ForgedWitness {
        /// The place it is for.
        sequence: i64,
    },
    /// What was there when a witness was told is not what is there now.
    Contradicted {
        /// Up to this place.
        sequence: i64,
    },
    /// A witness knows of more entries than there are.
    CutOff {
        /// The last that is there.
        last: i64,
        /// The last that the witness knows of.
        known: i64,
    },
    /// The note of where the chain ends is not where it ends.
    EndMoved {
        /// The last that is there.
        last: i64,
        /// What the note says.
        end: i64,
    },
    /// The note of where the chain ends was not written by this installation.
    EndForged,
    /// Somebody's data were taken out of an entry without a record of it.
    ErasedWithoutRecord {
        /// The first such entry about these people.
        sequence: i64,
        /// Its id.
        id: Uuid,
    },
    /// The beginning is gone, and the ledger does not say that it was dropped.
    DroppedWithoutRecord {
        /// Up to this place.
        through: i64,
    },
    /// Something stands where an entry should, and is none.
    Illegible {
        /// Its place, if it has one that can be read.
        sequence: Option<i64>,
        /// Its id, if it has one that can be read.
        id: Option<Uuid>,
    },
    /// A line of an export is not as it was written.
    Malformed {
        /// Its number.
        line: u64,
    },
    /// An export was signed with another key.
    OtherKey,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { sequence, id } => {
                write!(f, "entry {sequence} ({id}) is not what was written there")
            }
            Self::ChangedBetween { from, to } if from == to => {
                write!(f, "entry {from} is not what was written there")
            }
            Self::ChangedBetween { from, to } => {
                write!(f, "among the entries {from} to {to}, some are not what was written")
            }
            Self::Missing { from, to } if from == to => write!(f, "entry {from} is missing"),
            Self::Missing { from, to } => write!(f, "the entries {from} to {to} are missing"),
            Self::Doubled { sequence, id } => {
                write!(f, "entry {sequence} ({id}) has stood at another place before")
            }
            Self::OutOfOrder { id } => write!(f, "entry {id} is not at its place"),
            Self::Foreign { id } => {
                write!(f, "entry {id} was not written by this installation, or was changed since")
            }
            Self::Forged { sequence } => {
                write!(f, "the checkpoint at entry {sequence} was not signed by this installation")
            }
            Self::ForgedWitness { sequence } => {
                write!(
                    f,
                    "a witness has a checkpoint at entry {sequence} that this installation did not sign"
                )
            }
            Self::Contradicted { sequence } => {
                write!(f, "the entries up to {sequence} are not those that a witness was told of")
            }
            Self::CutOff { last, known } => {
                write!(f, "the end is cut off: the last entry is {last}, and a witness was told of {known}")
            }
            Self::EndMoved { last, end } => {
                write!(f, "the last entry is {last}, and it is noted that the last is {end}, or another one")
            }
            Self::EndForged => {
                f.write_str("the note of where the audit log ends was not written by this installation")
            }
            Self::ErasedWithoutRecord { sequence, id } => write!(
                f,
                "personal data were taken out of entry {sequence} ({id}), and nothing says that this person was to be forgotten"
            ),
            Self::DroppedWithoutRecord { through } => {
                write!(f, "the entries up to {through} are gone, and nothing says that they were dropped")
            }
            Self::Illegible { sequence: Some(sequence), .. } => {
                write!(f, "entry {sequence} cannot be read: somebody has put something else there")
            }
            Self::Illegible { id: Some(id), .. } => {
                write!(f, "entry {id} cannot be read: somebody has put something else there")
            }
            Self::Illegible { .. } => f.write_str("there is a row that is no entry"),
            Self::Malformed { line } => write!(f, "line {line} is not as it was written"),
            Self::OtherKey => f.write_str("this was signed with another key than yours"),
        }
    }
}

/// What verifying found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many entries were looked at.
    pub entries: u64,
    /// The place of the first one; entries before were dropped.
    pub first: i64,
    /// The place of the last one.
    pub last: i64,
    /// How many checkpoints hold them.
    pub checkpoints: u64,
    /// Up to where entries are held by a signature. Behind that, only the ledger's own key can tell.
    pub proven_through: i64,
    /// When that was signed.
    pub proven_at: Option<Timestamp>,
    /// With how many checkpoints they were compared that were kept elsewhere.
    pub witnessed: u64,
    /// The last entry that these know of.
    pub witnessed_through: Option<i64>,
    /// How many entries have lost personal data, on record.
    pub erased: u64,
    /// How many entries have no place yet.
    pub waiting: u64,
    /// What is wrong, the first hundred.
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub more: u64,
}

impl Default for Report {
    fn default() -> Self {
        Self {
            entries: 0,
            first: 1,
            last: 0,
            checkpoints: 0,
            proven_through: 0,
            proven_at: None,
            witnessed: 0,
            witnessed_through: None,
            erased: 0,
            waiting: 0,
            findings: Vec::new(),
            more: 0,
        }
    }
}

impl Report {
    /// Whether everything is as it was written.
    pub fn is_whole(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn begin_behind(&mut self, start: Option<&Checkpoint>) {
        let sequence = start.map_or(0, |start| start.sequence);
        (self.first, self.last, self.proven_through) = (sequence + 1, sequence, sequence);
        self.proven_at = start.map(|start| start.created_at);
    }

    pub(crate) fn prove(&mut self, checkpoint: &Checkpoint) {
        self.checkpoints += 1;
        (self.proven_through, self.proven_at) = (checkpoint.sequence, Some(checkpoint.created_at));
    }

    pub(crate) fn compared_with(&mut self, witnessed: &[Checkpoint]) {
        self.witnessed = witnessed.len() as u64;
        self.witnessed_through = witnessed.last().map(|checkpoint| checkpoint.sequence);
    }

    /// Adds a finding; one that is there already says nothing new.
    pub(crate) fn add(&mut self, finding: Finding) {
        if self.findings.contains(&finding) {
            return;
        }
        if self.findings.len() < LISTED {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }
}
