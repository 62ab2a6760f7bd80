//! Verifying what is in the database, while it is written to.

use foundation::Uuid;
use store::StoreError;

use super::{Report, Trust, Verifier};
use crate::{Checkpoint, Sealer, queries};

/// How many entries are read at a time.
const PAGE: u64 = 1000;

impl Sealer {
    /// Verifies the ledger in the database, against checkpoints that were kept elsewhere, too. `progress` is told how
    /// many entries have been looked at.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify(
        &self,
        trust: Trust,
        witnessed: Vec<Checkpoint>,
        mut progress: impl FnMut(u64),
    ) -> Result<Report, StoreError> {
        let reader = self.store.reader();
        let first = self.read(|| queries::chain::first(reader)).await?.unwrap_or(1);
        let start = self.read(|| queries::checkpoints::at(reader, first - 1)).await?;
        let mut verifier = Verifier::new(trust, start.as_ref(), witnessed);
        let end = loop {
            self.verify_chain(&mut verifier, &mut progress).await?;
            // More may have come meanwhile.
            let end = self.read(|| queries::chain::end(reader)).await?;
            let seen = verifier.at();
            if end.sequence <= seen || self.read(|| queries::chain::sealed(reader, seen, 1)).await?.is_empty()
            {
                break end;
            }
        };
        self.verify_waiting(&mut verifier).await?;
        verifier.expect_drop_on_record();
        Ok(verifier.finish(Some(&end)))
    }

    async fn verify_chain(
        &self,
        verifier: &mut Verifier,
        progress: &mut impl FnMut(u64),
    ) -> Result<(), StoreError> {
        let reader = self.store.reader();
        loop {
            let after = verifier.at();
            let page = self.read(|| queries::chain::sealed(reader, after, PAGE)).await?;
            // Behind the last page there may be checkpoints of entries that are gone.
            let until = page.last().and_then(|entry| entry.sequence).unwrap_or(i64::MAX);
            let mut checkpoints = self.checkpoints(after, until).await?.into_iter().peekable();
            for entry in &page {
                while let Some(passed) = checkpoints.next_if(|next| Some(next.sequence) < entry.sequence) {
                    verifier.checkpoint(&passed);
                }
                verifier.entry(entry);
            }
            checkpoints.for_each(|checkpoint| verifier.checkpoint(&checkpoint));
            if page.is_empty() {
                return Ok(());
            }
            progress(page.len() as u64);
        }
    }

    pub(crate) async fn checkpoints(&self, after: i64, until: i64) -> Result<Vec<Checkpoint>, StoreError> {
        let reader = self.store.reader();
        let (mut all, mut last) = (Vec::new(), after);
        loop {
            let page = self.read(|| queries::checkpoints::between(reader, last, until, PAGE)).await?;
            let Some(newest) = page.last() else { return Ok(all) };
            last = newest.sequence;
            all.extend(page);
        }
    }

    async fn verify_waiting(&self, verifier: &mut Verifier) -> Result<(), StoreError> {
        let reader = self.store.reader();
        let mut after: Option<Uuid> = None;
        loop {
            let page = self.read(|| queries::chain::unsealed(reader, after, PAGE)).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id);
            for entry in &page {
                verifier.waiting(entry);
            }
        }
    }
}
