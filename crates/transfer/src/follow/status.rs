//! How far it is, for people; and the end of it.

use std::fmt::{self, Display, Formatter};
use std::path::Path;

use super::state::{Noted, States};
use super::{FollowError, Follower, NOT_FOLLOWED, Phase};
use crate::changes::{ChangeSource, Lag};
use crate::{Capture, CaptureError, Target};

const UNDECIDED: &str = "a rollback is under way, or was cut off, and who is the master is not decided. Go on with it first: mainstay \
                         transfer rollback";

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Who is the master.
    pub phase: Phase,
    /// How far behind the other is.
    pub behind: Behind,
}

/// How far behind one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// So many entries of the journal; a row may have several.
    Entries(u64),
    /// So many bytes of PostgreSQL's log, which keeps so many for it.
    Log {
        /// Behind.
        bytes: u64,
        /// Kept.
        kept: u64,
    },
    /// Nobody follows.
    Nobody,
}

impl Display for Status {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self.phase {
            Phase::Following => "SQLite is the master; PostgreSQL follows",
            Phase::Switching => "A cutover is under way, or was cut off",
            Phase::Switched => "PostgreSQL is the master; SQLite can be brought after it",
            Phase::Returning => "A rollback is under way, or was cut off",
            Phase::Returned => "SQLite is the master again; PostgreSQL is closed",
        })?;
        match self.behind {
            Behind::Entries(entries) => write!(f, ", {entries} changes behind"),
            Behind::Log { bytes, kept } => {
                write!(
                    f,
                    ", {bytes} bytes of its log behind; it keeps {kept} bytes for that, until `mainstay transfer stop`"
                )
            }
            Behind::Nobody => Ok(()),
        }
    }
}

impl Follower {
    /// How far it is. Disturbs nobody who follows.
    ///
    /// # Errors
    /// When nothing has begun, or a side cannot be reached.
    pub async fn status(target: &Target, schema: &str) -> Result<Status, FollowError> {
        let mut control = target.connect().await?;
        let states = States::new(target, schema);
        let state = states.find(&mut control).await?.ok_or(FollowError::Phase(NOT_FOLLOWED))?;
        let behind = match (state.phase, state.way) {
            (Phase::Following, _) => {
                let capture = Capture::open(&state.source, &state.id)?;
                Behind::Entries(capture.lag(state.position)?.entries)
            }
            (Phase::Switched, Some(way)) => {
                let Noted { definition, .. } = states.noted(&state.source, &mut control).await?;
                let source = ChangeSource::of(way, schema, &definition.tables, &mut control).await?;
                match source.lag(&mut control).await? {
                    Lag::Log { behind, retained } => Behind::Log { bytes: behind, kept: retained },
                    Lag::Entries(entries) => Behind::Entries(entries),
                }
            }
            _ => Behind::Nobody,
        };
        Ok(Status { phase: state.phase, behind })
    }

    /// Takes out of both databases what following has put into them; what is in PostgreSQL stays, and is open for writing.
    /// The SQLite file is opened again only where it is the master.
    ///
    /// # Errors
    /// When somebody follows at this moment, or a side cannot be reached.
    pub async fn stop(target: &Target, schema: &str, source: &Path) -> Result<(), FollowError> {
        let mut control = target.connect().await?;
        crate::run::lock(target, schema, &mut control).await?;
        let states = States::new(target, schema);
        let state = states.find(&mut control).await?;
        if let Some(state) = &state {
            if state.phase == Phase::Returning {
                return Err(FollowError::Phase(UNDECIDED));
            }
            if let Some(way) = state.way {
                let source = ChangeSource::of(way, schema, &[], &mut control).await?;
                source.remove(&mut control).await?;
                states.set_way(&mut control, None).await?;
            }
            states.fence().open(&mut control).await?;
            if matches!(state.phase, Phase::Switching | Phase::Switched) {
                // Whoever still writes to the file would write to nobody.
                return Ok(());
            }
        }
        let id = match state {
            Some(state) => state.id,
            None => states.new_id(&mut control).await?,
        };
        match Capture::open(source, &id) {
            Err(CaptureError::NotFollowed(_)) => {}
            opened => {
                drop(opened?);
                Capture::remove(source)?;
            }
        }
        Ok(states.forget(&mut control).await?)
    }

    /// Whether somebody waits to take over.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn is_wanted(&mut self) -> Result<bool, FollowError> {
        Ok(self.states.find(&mut self.control).await?.is_some_and(|state| state.wants_over))
    }
}
