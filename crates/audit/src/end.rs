//! Where the chain ends. The database has a note of it, which counts only with the code that we put there: whoever could
//! choose the end could have anything signed. Where the note is not ours, the end is found again in what holds by itself.

use sea_orm::{ConnectionTrait, DbErr};
use store::StoreError;

use crate::chain::{End, Note};
use crate::content::digest;
use crate::entities::entries::Model;
use crate::{Sealer, queries};

/// How many entries are read at a time.
const PAGE: u64 = 500;

impl Sealer {
    /// Where the chain ends.
    pub(crate) async fn end(&self) -> Result<End, StoreError> {
        self.retry.read(|| self.end_in(self.store.reader())).await
    }

    /// Where the chain ends in this state of the database.
    pub(crate) async fn end_in(&self, state: &impl ConnectionTrait) -> Result<End, DbErr> {
        let note = queries::chain::note(state).await?;
        self.find_end(state, self.believed(note.as_ref())).await
    }

    /// Where the chain ends, held by this unit until it ends: nobody else appends meanwhile.
    pub(crate) async fn hold_end(&self, unit: &impl ConnectionTrait) -> Result<End, DbErr> {
        let note = queries::chain::hold_note(unit).await?;
        self.find_end(unit, self.believed(note.as_ref())).await
    }

    /// Where the chain ends. A note that says something else is put right.
    pub(crate) async fn mended_end(&self) -> Result<End, StoreError> {
        let note = self.retry.read(|| queries::chain::note(self.store.reader())).await?;
        let noted = self.believed(note.as_ref());
        let end = self.retry.read(|| self.find_end(self.store.reader(), noted)).await?;
        if noted == Some(end) {
            return Ok(end);
        }
        let end = self
            .retry
            .run(|| async {
                let unit = self.store.begin_counting().await?;
                let end = self.hold_end(&*unit).await?;
                queries::chain::put_note(&*unit, Note::of(end, &self.ledger.keys)).await?;
                unit.commit().await?;
                Ok::<_, StoreError>(end)
            })
            .await?;
        if !note.is_some_and(|note| note.is_untouched()) {
            tracing::error!(
                target: "security",
                found = end.sequence,
                "somebody has changed the note of where the audit log ends; see: mainstay audit verify"
            );
        }
        Ok(end)
    }

    fn believed(&self, note: Option<&Note>) -> Option<End> {
        note.filter(|note| note.is_by(&self.ledger.keys)).map(|note| note.end)
    }

    /// The end as signatures and codes show it: from the noted one on, or else from the newest checkpoint, entry by
    /// entry. A note of former times is ours, too: so there may be entries behind it.
    async fn find_end(&self, db: &impl ConnectionTrait, noted: Option<End>) -> Result<End, DbErr> {
        let mut end = match noted {
            Some(noted) => noted,
            None => self.signed_end(db).await?,
        };
        loop {
            let before = end;
            for entry in queries::chain::sealed(db, end.sequence, PAGE).await?.iter().flatten() {
                let Some(next) = self.followed_by(&end, entry) else { return Ok(end) };
                end = next;
            }
            if end == before {
                return Ok(end);
            }
        }
    }

    /// The end at the newest checkpoint. Where there is none, and the beginning was dropped, nobody knows how to go on:
    /// to begin again at the first place would be to sign another history.
    async fn signed_end(&self, db: &impl ConnectionTrait) -> Result<End, DbErr> {
        if let Some(newest) = self.newest_signed(db, i64::MAX).await? {
            return Ok(newest.end());
        }
        match queries::chain::first(db).await? {
            None | Some(1) => Ok(End::BEGINNING),
            Some(_) => Err(DbErr::Custom(
                "the note of where the audit log ends is lost, and so is every checkpoint: restore the database from a backup"
                    .to_owned(),
            )),
        }
    }

    /// Where the chain ends if this entry is the next one.
    fn followed_by(&self, end: &End, entry: &Model) -> Option<End> {
        let (keys, digest) = (&self.ledger.keys, digest(entry));
        let sequence = end.sequence + 1;
        let follows =
            entry.sequence == Some(sequence) && keys.is_mac_in_chain(&entry.mac, sequence, &end.mac, &digest);
        follows.then(|| end.followed_by(keys, &digest))
    }
}
