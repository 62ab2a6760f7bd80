//! Reports about content security policies: counted by kind, so that a page with a mistake in it is one line and not a
//! million, and nobody fills the database.

use audit::{Entry, Ledger};
use aws_lc_rs::digest::{SHA256, digest};
use chrono::TimeDelta;
use foundation::Ambient;
use guard::Violation;
use store::{Retry, Store, StoreError, Unit};

use crate::queries::csp_reports::{self as queries, Model};

/// How many kinds are kept apart. Those that make room for others are counted as one.
const KINDS: u64 = 1000;
/// A kind that was not seen for so long is forgotten.
const REMEMBERED: TimeDelta = TimeDelta::days(90);

/// Keeps reports. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct CspReports {
    store: Store,
    retry: Retry,
    ambient: Ambient,
    ledger: Ledger,
}

impl CspReports {
    pub(crate) fn new(store: Store, ambient: Ambient, ledger: Ledger) -> Self {
        Self { store, retry: Retry::new(ambient.clone()), ambient, ledger }
    }

    /// Counts what was reported.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn keep(&self, violations: &[Violation]) -> Result<(), StoreError> {
        for violation in violations {
            self.retry.run(|| self.keep_one(violation)).await?;
        }
        Ok(())
    }

    async fn keep_one(&self, violation: &Violation) -> Result<(), StoreError> {
        let (now, key) = (self.ambient.now(), key(violation));
        let unit = self.store.begin_counting().await?;
        if !queries::count_again(&*unit, &key, now).await? {
            queries::forget_unseen_since(&*unit, now - REMEMBERED).await?;
            self.make_room(&unit).await?;
            queries::insert(&*unit, self.counted(violation.clone(), 1)).await?;
        }
        unit.commit().await
    }

    /// Lets the rarest kind go when there are as many as may be: whoever makes up a thousand kinds keeps nobody's
    /// honest one from being seen.
    async fn make_room(&self, unit: &Unit) -> Result<(), StoreError> {
        let others = others();
        if queries::count_but(&**unit, &key(&others)).await? < KINDS {
            return Ok(());
        }
        if let Some(rarest) = queries::rarest_but(&**unit, &key(&others)).await?
            && queries::delete(&**unit, rarest.id).await?
        {
            queries::insert(&**unit, self.counted(others, rarest.seen)).await?;
        }
        Ok(())
    }

    fn counted(&self, violation: Violation, seen: i64) -> Model {
        let (id, now, key) = (self.ambient.new_id(), self.ambient.now(), key(&violation));
        let Violation { page, directive, blocked, source, line } = violation;
        Model { id, key, page, directive, blocked, source, line, seen, first_seen_at: now, last_seen_at: now }
    }

    /// Forgets all, on record.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn clear(&self, entry: &Entry<'_>) -> Result<(), StoreError> {
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                queries::clear(&*unit).await?;
                self.ledger.record(&*unit, entry.clone()).await?;
                unit.commit().await
            })
            .await
    }

    /// All kinds, the one that came last first.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn all(&self) -> Result<Vec<Model>, StoreError> {
        self.retry.read(|| queries::all(self.store.reader())).await
    }
}

/// What stands for all kinds that made room.
fn others() -> Violation {
    let nothing = String::new;
    Violation {
        page: nothing(),
        directive: "others".to_owned(),
        blocked: nothing(),
        source: nothing(),
        line: None,
    }
}

fn key(violation: &Violation) -> Vec<u8> {
    let Violation { page, directive, blocked, source, line } = violation;
    // None of them holds a control character: they are paths, origins and words.
    let text = format!("{page}\n{directive}\n{blocked}\n{source}\n{}", line.unwrap_or_default());
    digest(&SHA256, text.as_bytes()).as_ref().to_vec()
}
