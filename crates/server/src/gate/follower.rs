//! Takes what the gate writes down into the audit log: each record once, in the unit of work that notes that it is there.
//! What happened while the server or its database was away comes when both are back.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use audit::{Ledger, Source};
use edge::{Control, ControlError, Record};
use foundation::{Ambient, Uuid, replace_file, with_causes};
use store::{Retry, Store, StoreError};
use tokio_util::sync::CancellationToken;

use super::entries;
use super::place::{Break, Found, Place, each_once};
use crate::queries::gate::{self as queries, Model};

/// How long a record waits at the most, while all is well.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(2);
/// How many come into the audit log in one unit of work.
const AT_ONCE: usize = 20;
/// Entries sort by the millisecond in which they are written: with this between them, in the order of the history.
const BETWEEN: Duration = Duration::from_millis(1);
/// Holds the name under which this server follows, in its data folder: nodes that share a database may each have a gate.
const NAME: &str = "gate-follower.id";

/// Follows the gate with this server's data folder. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Follower {
    control: Control,
    store: Store,
    retry: Retry,
    ambient: Ambient,
    ledger: Ledger,
    name: PathBuf,
}

/// Why one cannot follow now.
#[derive(Debug, thiserror::Error)]
enum FollowError {
    #[error(transparent)]
    Gate(#[from] ControlError),
    #[error(transparent)]
    Database(#[from] StoreError),
    #[error("the name under which the gate is followed cannot be kept in {}", .0.display())]
    Name(PathBuf, #[source] io::Error),
}

/// What one knows between two looks, so that a look at a gate that rests costs the database nothing.
#[derive(Debug)]
struct Known {
    id: Uuid,
    row: Option<Model>,
}

impl Known {
    fn place(&self) -> Place {
        self.row.as_ref().map_or(Place::BEGINNING, |row| Place {
            number: u64::try_from(row.number).unwrap_or_default(),
            at: row.at,
        })
    }
}

impl Follower {
    pub(crate) fn new(control: Control, store: Store, ambient: Ambient, ledger: Ledger, data: &Path) -> Self {
        let retry = Retry::new(ambient.clone());
        Self { control, store, retry, ambient, ledger, name: data.join(NAME) }
    }

    /// Follows until told to stop. Run it once per process.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let (mut known, mut was_told) = (None, None);
        while !stop.is_cancelled() {
            match self.follow(&mut known).await {
                // Most servers have no gate beside them.
                Err(FollowError::Gate(ControlError::Closed(..))) | Ok(false) => {
                    was_told = None;
                    stop.run_until_cancelled(tokio::time::sleep(LOOKED_AT_EVERY)).await;
                }
                Ok(true) => was_told = None,
                Err(error) => {
                    known = None;
                    let words = with_causes(&error);
                    if was_told.as_ref() != Some(&words) {
                        let error = &error as &dyn std::error::Error;
                        tracing::warn!(target: "security", error, "what the gate decides does not come into the audit log now; it is kept, and comes later");
                        was_told = Some(words);
                    }
                    stop.run_until_cancelled(tokio::time::sleep(LOOKED_AT_EVERY)).await;
                }
            }
        }
    }

    /// Looks once; whether something was new, so that there may be more.
    async fn follow(&self, known: &mut Option<Known>) -> Result<bool, FollowError> {
        let known = if let Some(known) = known {
            known
        } else {
            // Asked first, so that a server without a gate leaves nothing behind.
            self.control.history(Some(u64::MAX)).await?;
            known.insert(self.known().await?)
        };
        let place = known.place();
        let records = each_once(self.control.history(Some(place.asks_after())).await?);
        match place.find(&records) {
            Found::New([], _) => Ok(false),
            Found::New(new, missing) => {
                let new = &new[..new.len().min(AT_ONCE)];
                self.write(known, new, missing).await?;
                Ok(true)
            }
            Found::Other => self.begin_anew(known, place).await,
        }
    }

    /// Goes on in a history that is not the one in which one was.
    async fn begin_anew(&self, known: &mut Known, place: Place) -> Result<bool, FollowError> {
        let mut all: Vec<Record> = Vec::new();
        loop {
            let behind = all.last().map_or(0, |record| record.number);
            let more = self.control.history(Some(behind)).await?;
            if more.is_empty() {
                break;
            }
            all.extend(more);
        }
        let all = each_once(all);
        if all.iter().any(|record| Place::behind(record) == place) {
            // It was only that something was being written at that moment.
            return Ok(false);
        }
        let at = place.in_other(&all);
        let Some(next) = all.iter().find(|record| record.number > at.number) else { return Ok(false) };
        let found = Break::Anew { last: place.number, next: next.number };
        tracing::error!(target: "security", ?found, "the gate has lost its memory, or got an older one back");
        self.advance(known, at, &[], Some(found)).await?;
        Ok(true)
    }

    async fn write(
        &self,
        known: &mut Known,
        new: &[Record],
        missing: Option<Break>,
    ) -> Result<(), FollowError> {
        let Some(last) = new.last() else { return Ok(()) };
        if let Some(missing) = missing {
            tracing::error!(target: "security", ?missing, "decisions of the gate are missing in its history");
        }
        self.advance(known, Place::behind(last), new, missing).await
    }

    /// Writes entries and the place behind them: all or nothing.
    async fn advance(
        &self,
        known: &mut Known,
        place: Place,
        new: &[Record],
        found: Option<Break>,
    ) -> Result<(), FollowError> {
        let number = i64::try_from(place.number).unwrap_or(i64::MAX);
        let row = Model { id: known.id, number, at: place.at };
        let all: Vec<_> =
            found.iter().map(entries::of_break).chain(new.iter().map(entries::of_record)).collect();
        let source = Source::default();
        let before = known.row.as_ref();
        let is_ours = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                if !queries::advance(&*unit, before, row.clone()).await? {
                    return Ok(false);
                }
                for entry in &all {
                    tokio::time::sleep(BETWEEN).await;
                    self.ledger.record(&*unit, entries::entry(entry, &source)).await?;
                }
                unit.commit().await?;
                Ok::<_, StoreError>(true)
            })
            .await?;
        // Who was slower looks again at where the other one is.
        *known = if is_ours { Known { row: Some(row), ..*known } } else { self.known().await? };
        Ok(())
    }

    async fn known(&self) -> Result<Known, FollowError> {
        let id =
            name(&self.name, &self.ambient).map_err(|cause| FollowError::Name(self.name.clone(), cause))?;
        let row = self.retry.read(|| queries::find(self.store.reader(), id)).await?;
        Ok(Known { id, row })
    }
}

/// The name in this file, which is made when there is none.
fn name(path: &Path, ambient: &Ambient) -> io::Result<Uuid> {
    match fs::read_to_string(path) {
        Ok(text) => text.trim().parse().map_err(|error| io::Error::new(ErrorKind::InvalidData, error)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let id = ambient.new_id();
            replace_file(path, format!("{id}\n").as_bytes())?;
            Ok(id)
        }
        Err(error) => Err(error),
    }
}
