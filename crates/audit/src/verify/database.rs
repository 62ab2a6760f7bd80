//! Verifying what is in the database, while it is written to: one state of it.

use std::collections::BTreeSet;

use foundation::Uuid;
use sea_orm::{ConnectionTrait, DbErr};
use store::{Store, StoreError};

use super::{Report, Trust, Verifier};
use crate::entities::entries::Model;
use crate::queries::legible::Read;
use crate::{Checkpoint, queries};

/// How many entries are read at a time.
const PAGE: u64 = 1000;
/// How many entries are named that stand where none can. Whoever has more knows enough.
const NAMED: u64 = 100;

/// Verifies the ledger in the database, against checkpoints that were kept elsewhere, too. `progress` is told how many
/// entries have been looked at.
///
/// # Errors
/// When the database fails.
pub async fn verify_database(
    store: &Store,
    trust: Trust,
    witnessed: Vec<Checkpoint>,
    progress: impl FnMut(u64),
) -> Result<Report, StoreError> {
    let state = store.snapshot().await?;
    Ok(verify(&*state, trust, witnessed, progress).await?)
}

async fn verify(
    db: &impl ConnectionTrait,
    trust: Trust,
    witnessed: Vec<Checkpoint>,
    mut progress: impl FnMut(u64),
) -> Result<Report, DbErr> {
    let start = queries::chain::start(db).await?;
    let mut verifier = Verifier::new(trust, start.as_ref(), witnessed);
    verify_chain(db, &mut verifier, &mut progress).await?;
    for stray in queries::chain::astray(db, NAMED).await? {
        match stray {
            Ok(entry) => verifier.astray(&entry),
            Err(illegible) => verifier.illegible(illegible),
        }
    }
    verify_waiting(db, &mut verifier).await?;
    verifier.expect_drop_on_record();
    let end = verifier.note_of_end(queries::chain::note(db).await?.as_ref());
    Ok(verifier.finish(end.as_ref()))
}

async fn verify_chain(
    db: &impl ConnectionTrait,
    verifier: &mut Verifier,
    progress: &mut impl FnMut(u64),
) -> Result<(), DbErr> {
    loop {
        let after = verifier.at();
        let page = queries::chain::sealed(db, after, PAGE).await?;
        let spelled = spelled(db, &page).await?;
        // Behind the last page there may be checkpoints of entries that are gone.
        let until = page.iter().filter_map(place).next_back().unwrap_or(i64::MAX);
        let mut checkpoints = checkpoints(db, after, until).await?.into_iter().peekable();
        for row in &page {
            while let Some(passed) = checkpoints.next_if(|next| Some(next.sequence) < place(row)) {
                verifier.checkpoint(&passed);
            }
            match row {
                Ok(entry) if spelled.contains(&entry.id) => verifier.entry(entry),
                Ok(entry) => verifier.misspelled(entry),
                Err(illegible) => verifier.illegible(*illegible),
            }
        }
        checkpoints.for_each(|checkpoint| verifier.checkpoint(&checkpoint));
        if verifier.at() == after || page.is_empty() {
            return Ok(());
        }
        progress(page.len() as u64);
    }
}

fn place(row: &Read) -> Option<i64> {
    row.as_ref().map_or_else(|illegible| illegible.sequence, |entry| entry.sequence)
}

/// Which entries are written to the letter as we write.
async fn spelled(db: &impl ConnectionTrait, page: &[Read]) -> Result<BTreeSet<Uuid>, DbErr> {
    let entries: Vec<&Model> = page.iter().flatten().collect();
    queries::chain::to_the_letter(db, &entries).await
}

async fn checkpoints(db: &impl ConnectionTrait, after: i64, until: i64) -> Result<Vec<Checkpoint>, DbErr> {
    let (mut all, mut last) = (Vec::new(), after);
    loop {
        let page = queries::checkpoints::between(db, last, until, PAGE).await?;
        // What cannot be read leads no further.
        let newest = page.iter().map(|it| it.sequence).max().filter(|newest| *newest > last);
        all.extend(page);
        let Some(newest) = newest else { return Ok(all) };
        last = newest;
    }
}

async fn verify_waiting(db: &impl ConnectionTrait, verifier: &mut Verifier) -> Result<(), DbErr> {
    let mut seen = 0;
    loop {
        let page = queries::chain::unsealed(db, seen, PAGE).await?;
        if page.is_empty() {
            return Ok(());
        }
        seen += page.len() as u64;
        let spelled = spelled(db, &page).await?;
        for row in page {
            match row {
                Ok(entry) if spelled.contains(&entry.id) => verifier.waiting(&entry),
                Ok(entry) => verifier.astray(&entry),
                Err(illegible) => verifier.illegible(illegible),
            }
        }
    }
}
