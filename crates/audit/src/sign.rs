//! Signing checkpoints, and telling those that were signed from what somebody has put beside them.

use chrono::TimeDelta;
use foundation::Timestamp;
use sea_orm::{ConnectionTrait, DbErr};
use store::StoreError;

use crate::{Checkpoint, Sealer, queries};

/// How many checkpoints are read at a time.
const PAGE: u64 = 100;

impl Sealer {
    /// Signs a checkpoint when there have been enough entries, or none for long enough.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn checkpoint_when_due(&self) -> Result<Option<Checkpoint>, StoreError> {
        let end = self.end().await?.sequence;
        let newest = self.newest_checkpoint(end).await?;
        let due = match &newest {
            Some(newest) => end > newest.sequence && self.is_overdue(newest, end - newest.sequence),
            None => end > 0,
        };
        if due { self.checkpoint().await } else { Ok(newest) }
    }

    fn is_overdue(&self, newest: &Checkpoint, entries_since: i64) -> bool {
        let interval = TimeDelta::from_std(self.config.checkpoint_interval.into()).unwrap_or(TimeDelta::MAX);
        let age = self.ledger.ambient.now() - newest.created_at;
        // One of the future was signed before the clock was put back.
        entries_since >= self.config.checkpoint_entries.into() || age >= interval || age < TimeDelta::zero()
    }

    /// Signs a checkpoint at the end of the chain, unless there is one. None when the chain is empty.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn checkpoint(&self) -> Result<Option<Checkpoint>, StoreError> {
        self.retry
            .run(|| async {
                let unit = self.store.begin_counting().await?;
                let end = self.hold_end(&*unit).await?;
                let newest = self.newest_signed(&*unit, end.sequence).await?;
                if end.sequence == newest.as_ref().map_or(0, |newest| newest.sequence) {
                    return Ok(newest);
                }
                let checkpoint = Checkpoint::sign(&self.ledger.keys, &end, self.ledger.ambient.now());
                queries::checkpoints::put(&*unit, checkpoint.clone()).await?;
                unit.commit().await?;
                Ok(Some(checkpoint))
            })
            .await
    }

    /// The newest checkpoint of the chain, which ends here.
    pub(crate) async fn newest_checkpoint(&self, end: i64) -> Result<Option<Checkpoint>, StoreError> {
        self.retry.read(|| self.newest_signed(self.store.reader(), end)).await
    }

    /// The newest checkpoint that this installation signed at a place or before.
    pub(crate) async fn newest_signed(
        &self,
        db: &impl ConnectionTrait,
        place: i64,
    ) -> Result<Option<Checkpoint>, DbErr> {
        let public = self.ledger.public_key();
        let mut place = place;
        loop {
            let page = queries::checkpoints::until(db, place, PAGE).await?;
            let Some(last) = page.iter().map(|it| it.sequence).filter(|place| *place > 0).min() else {
                return Ok(None);
            };
            place = last - 1;
            if let Some(found) = page.into_iter().find(|it| it.is_signed_by(&public)) {
                return Ok(Some(found));
            }
        }
    }

    /// The newest checkpoint up to which everything was signed at this time or before. Clocks are put forth and back:
    /// what was signed behind something younger counts as no older.
    pub(crate) async fn signed_until(
        &self,
        db: &impl ConnectionTrait,
        end: i64,
        time: Timestamp,
    ) -> Result<Option<Checkpoint>, DbErr> {
        let public = self.ledger.public_key();
        let mut after = 0;
        loop {
            let page = queries::checkpoints::younger(db, time, after, PAGE).await?;
            let Some(last) = page.iter().map(|it| it.sequence).max().filter(|place| *place > after) else {
                return self.newest_signed(db, end).await;
            };
            after = last;
            // What the database takes for a time need not be what was signed.
            let is_younger = |it: &&Checkpoint| it.created_at > time && it.is_signed_by(&public);
            if let Some(younger) = page.iter().find(is_younger) {
                return self.newest_signed(db, end.min(younger.sequence - 1)).await;
            }
        }
    }
}
