//! Exports: the ledger as lines of JSON that can be verified anywhere.
//!
//! The first line holds the last checkpoint, which tells until when the export reaches. Every byte of a line counts: one
//! that is not exactly as it was written is found, even if it means the same. Whoever shortens an export to an earlier
//! checkpoint makes one of that time: only when it was signed tells.

use std::io::{self, BufRead, Write};

use foundation::Timestamp;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use store::{Snapshot, StoreError};
use thiserror::Error;

use crate::entities::entries::Model;
use crate::ledger::PERSON_FORGET;
use crate::verify::Verifier;
use crate::{Checkpoint, Finding, Report, Sealer, Trust, queries};

const PAGE: u64 = 1000;
/// How often a state is looked for in which nothing waits that an export needs.
const TRIES: u32 = 20;
/// The longest line that is read: entries have limits where they are written.
const LONGEST_LINE: usize = 1024 * 1024;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    mainstay_audit_export: u32,
    public_key: String,
    /// Where it begins; at the very beginning when there is none.
    start: Option<Checkpoint>,
    /// Where it ends.
    end: Checkpoint,
}

/// Every other line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Entry(Box<Model>),
    Checkpoint(Checkpoint),
}

/// Why there is no export, or nothing to verify.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The database fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The export cannot be written or read.
    #[error("the export cannot be read or written")]
    Io(#[from] io::Error),
    /// The ledger has no entries.
    #[error("the audit log is empty")]
    Empty,
    /// Entries that say whom the log has forgotten do not get their place.
    #[error(
        "entries of the audit log do not get their place, without which it cannot be exported; try again, and if that does \
         not help, see: mainstay audit verify"
    )]
    Unsettled,
    /// This is something else.
    #[error("this is no export of an audit log; make one with: mainstay audit export")]
    NoExport,
}

impl Sealer {
    /// Writes everything since a moment, or everything, after sealing what waits. It begins at a checkpoint, so a little
    /// more may come. `progress` is told how many entries have been written.
    ///
    /// # Errors
    /// See [`ExportError`].
    pub async fn export(
        &self,
        since: Option<Timestamp>,
        to: &mut impl Write,
        mut progress: impl FnMut(u64),
    ) -> Result<u64, ExportError> {
        let state = self.settled_state().await?;
        let end = self.checkpoint_in(&*state).await?.ok_or(ExportError::Empty)?;
        let start = self.start_of_export(&*state, since, end.sequence).await?;
        let mut after = start.as_ref().map_or(0, |start| start.sequence);
        let public_key = self.ledger.public_key().to_string();
        write_line(to, &Header { mainstay_audit_export: 1, public_key, start, end: end.clone() })?;
        let mut written = 0;
        while after < end.sequence {
            let Part { entries, checkpoints, until } = Part::read(&*state, after, end.sequence).await?;
            let (count, mut checkpoints) = (entries.len() as u64, checkpoints.into_iter().peekable());
            for entry in entries {
                while let Some(passed) = checkpoints.next_if(|next| Some(next.sequence) < entry.sequence) {
                    write_line(to, &Line::Checkpoint(passed))?;
                }
                write_line(to, &Line::Entry(Box::new(entry)))?;
            }
            for checkpoint in checkpoints {
                write_line(to, &Line::Checkpoint(checkpoint))?;
            }
            after = until;
            written += count;
            progress(count);
        }
        to.flush()?;
        Ok(written)
    }

    /// One state of the database in which no person has been forgotten without the record of it having its place: who
    /// reads the export would miss the record.
    async fn settled_state(&self) -> Result<Snapshot, ExportError> {
        for _ in 0..TRIES {
            self.seal().await?;
            let state = self.store.snapshot().await?;
            let records =
                queries::chain::unsealed_of(&*state, PERSON_FORGET).await.map_err(StoreError::from)?;
            if !records.iter().flatten().any(|record| self.is_genuine(record)) {
                return Ok(state);
            }
        }
        Err(ExportError::Unsettled)
    }

    /// A checkpoint at the end of the chain in this state. None when the chain is empty.
    async fn checkpoint_in(&self, state: &impl ConnectionTrait) -> Result<Option<Checkpoint>, StoreError> {
        let end = self.end_in(state).await?;
        let signed = || Checkpoint::sign(&self.ledger.keys, &end, self.ledger.ambient.now());
        Ok((end.sequence > 0).then(signed))
    }

    /// The checkpoint behind which everything since a moment lies: since the beginning, that before the first entry.
    async fn start_of_export(
        &self,
        state: &impl ConnectionTrait,
        since: Option<Timestamp>,
        end: i64,
    ) -> Result<Option<Checkpoint>, StoreError> {
        if let Some(since) = since
            && let Some(before) = self.signed_until(state, end, since).await?
        {
            return Ok(Some(before));
        }
        let first = queries::chain::first(state).await?.unwrap_or(1);
        Ok(queries::checkpoints::at(state, first - 1).await?)
    }
}

/// A part of the chain, and the checkpoints in it.
struct Part {
    entries: Vec<Model>,
    checkpoints: Vec<Checkpoint>,
    until: i64,
}

impl Part {
    /// What cannot be read is left out: verifying finds it missing.
    async fn read(db: &impl ConnectionTrait, after: i64, end: i64) -> Result<Self, StoreError> {
        let entries = queries::chain::sealed(db, after, PAGE).await?.into_iter().flatten();
        let entries: Vec<_> = entries.filter(|entry| entry.sequence <= Some(end)).collect();
        let until = entries.last().and_then(|entry| entry.sequence).unwrap_or(end);
        let checkpoints = queries::checkpoints::between(db, after, until, PAGE).await?;
        Ok(Self { entries, checkpoints, until })
    }
}

fn write_line(to: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    to.write_all(&text)
}

/// Verifies an export, against checkpoints that were kept elsewhere, too.
///
/// # Errors
/// [`ExportError::NoExport`], and when it cannot be read.
pub fn verify_export(
    from: &mut impl BufRead,
    trust: Trust,
    witnessed: Vec<Checkpoint>,
    mut progress: impl FnMut(u64),
) -> Result<Report, ExportError> {
    let mut lines = Lines { from, number: 0 };
    let (header, as_written) = match lines.next::<Header>()? {
        Some(Ok((header, as_written))) if header.mainstay_audit_export == 1 => (header, as_written),
        _ => return Err(ExportError::NoExport),
    };
    let public = trust.public();
    let mut findings = Vec::new();
    if !as_written {
        findings.push(Finding::Malformed { line: 1 });
    }
    if header.public_key != public.to_string() {
        findings.push(Finding::OtherKey);
    }
    for checkpoint in header.start.iter().chain([&header.end]).filter(|it| !it.is_signed_by(&public)) {
        findings.push(Finding::Forged { sequence: checkpoint.sequence });
    }
    let mut verifier = Verifier::new(trust, header.start.as_ref(), witnessed);
    verifier.expect_end_at(header.end.sequence);
    while let Some(line) = lines.next::<Line>()? {
        match line {
            Ok((line, as_written)) => {
                if !as_written {
                    findings.push(Finding::Malformed { line: lines.number });
                }
                match line {
                    Line::Entry(entry) => verifier.entry(&entry),
                    Line::Checkpoint(checkpoint) => verifier.checkpoint(&checkpoint),
                }
            }
            Err(()) => findings.push(Finding::Malformed { line: lines.number }),
        }
        progress(1);
    }
    if header.end.sequence == verifier.at() {
        verifier.checkpoint_at_end(&header.end);
    }
    let mut report = verifier.finish(Some(&header.end.end()));
    for finding in findings {
        report.add(finding);
    }
    Ok(report)
}

struct Lines<'r, R> {
    from: &'r mut R,
    number: u64,
}

impl<R: BufRead> Lines<'_, R> {
    /// The next line, and whether it is exactly as it would be written; `Err` when it is something else.
    fn next<T: Serialize + for<'de> Deserialize<'de>>(
        &mut self,
    ) -> io::Result<Option<Result<(T, bool), ()>>> {
        let mut line = Vec::new();
        let read = io::Read::take(&mut *self.from, LONGEST_LINE as u64).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        let Ok(value) = serde_json::from_slice::<T>(&line) else { return Ok(Some(Err(()))) };
        let mut written = serde_json::to_vec(&value)?;
        written.push(b'\n');
        Ok(Some(Ok((value, written == line))))
    }
}
