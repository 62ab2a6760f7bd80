//! Keeps documents of live rooms in the database.

use std::sync::Mutex;

use async_trait::async_trait;
use foundation::{Ambient, Uuid};
use live::{DocumentLog, Merge, NotKept, RoomName, Stored};
use store::{Retry, Store, StoreError};

use crate::queries::live_documents as queries;

/// All documents. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct DocumentStore {
    store: Store,
    retry: Retry,
    ambient: Ambient,
}

impl DocumentStore {
    pub(crate) fn new(store: Store, ambient: Ambient) -> Self {
        Self { store, retry: Retry::new(ambient.clone()), ambient }
    }

    async fn try_to_load(&self, room: &str, after: i64) -> Result<Stored, StoreError> {
        // Both tables as of one moment: a snapshot may be made meanwhile.
        let moment = self.store.snapshot().await?;
        let Some(row) = queries::find(&*moment, room).await? else { return Ok(Stored::default()) };
        let is_behind = after < row.snapshot_number;
        let from = after.max(row.snapshot_number);
        let updates = queries::updates::after(&*moment, room, from).await?;
        let updates = updates.into_iter().map(|update| update.content).collect();
        Ok(Stored { snapshot: row.snapshot.filter(|_| is_behind), updates, last: row.number })
    }

    async fn try_to_append(&self, room: &str, user: Uuid, update: &[u8]) -> Result<i64, StoreError> {
        self.retry
            .run(|| async {
                // Who comes at the same time waits for the row.
                let unit = self.store.begin_counting().await?;
                let number = queries::next(&*unit, room).await?;
                let row = queries::updates::Model {
                    room: room.to_owned(),
                    number,
                    user_id: user,
                    content: update.to_vec(),
                    created_at: self.ambient.now(),
                };
                queries::updates::insert(&*unit, row).await?;
                unit.commit().await?;
                Ok(number)
            })
            .await
    }

    /// Whether it could be put together.
    async fn try_to_compact(&self, room: &str, merge: &Mutex<Option<Merge>>) -> Result<bool, StoreError> {
        let unit = self.store.begin_counting().await?;
        let Some(row) = queries::lock(&*unit, room).await? else { return Ok(true) };
        let updates = queries::updates::after(&*unit, room, row.snapshot_number).await?;
        let updates = updates.into_iter().map(|update| update.content).collect();
        let stored = Stored { snapshot: row.snapshot, updates, last: row.number };
        let merge = merge.lock().ok().and_then(|mut merge| merge.take());
        let Some(merge) = merge else { return Ok(true) };
        let merged = tokio::task::spawn_blocking(move || merge(stored)).await;
        let Ok(Some(snapshot)) = merged else { return Ok(false) };
        queries::replace(&*unit, room, snapshot, row.number).await?;
        unit.commit().await?;
        Ok(true)
    }
}

/// Says why, once.
fn not_kept(error: &StoreError) -> NotKept {
    tracing::error!(error = error as &dyn std::error::Error, "a document is not kept at the moment");
    NotKept
}

#[async_trait]
impl DocumentLog for DocumentStore {
    async fn load(&self, room: &RoomName, after: i64) -> Result<Stored, NotKept> {
        let room = room.to_string();
        self.retry.run(|| self.try_to_load(&room, after)).await.map_err(|error| not_kept(&error))
    }

    async fn append(&self, room: &RoomName, user: Uuid, update: &[u8]) -> Result<i64, NotKept> {
        self.try_to_append(&room.to_string(), user, update).await.map_err(|error| not_kept(&error))
    }

    async fn compact(&self, room: &RoomName, merge: Merge) -> Result<(), NotKept> {
        let merge = Mutex::new(Some(merge));
        match self.try_to_compact(&room.to_string(), &merge).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(NotKept),
            Err(error) => Err(not_kept(&error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use testkit::TestAmbient;

    use super::*;

    fn room(name: &str) -> RoomName {
        RoomName::new(None, name.parse().expect("a name"))
    }

    const USER: Uuid = Uuid::from_u128(7);

    /// Puts everything behind each other, so that it shows what was there.
    fn joined() -> Merge {
        Box::new(|stored: Stored| {
            Some([stored.snapshot.unwrap_or_default(), stored.updates.concat()].concat())
        })
    }

    testkit::on_both_databases! {
        migrations: [crate::own_migrations as store::RoomMigrations];

        async fn changes_are_kept_in_order_and_put_together(database) {
            let documents = DocumentStore::new(database.store.clone(), TestAmbient::default().ambient);
            let study = room("study");
            assert_eq!(documents.load(&study, 0).await, Ok(Stored::default()));
            for (number, update) in [b"a", b"b", b"c"].into_iter().enumerate() {
                let kept = documents.append(&study, USER, update).await;
                assert_eq!(kept, Ok(i64::try_from(number).expect("small") + 1));
            }
            assert_eq!(documents.append(&room("other"), USER, b"x").await, Ok(1), "each document by itself");
            let updates = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>();
            let all = Stored { snapshot: None, updates: updates(&["a", "b", "c"]), last: 3 };
            assert_eq!(documents.load(&study, 0).await, Ok(all));
            let rest = Stored { snapshot: None, updates: updates(&["c"]), last: 3 };
            assert_eq!(documents.load(&study, 2).await, Ok(rest));

            assert_eq!(documents.compact(&study, Box::new(|_| None)).await, Err(NotKept));
            assert_eq!(documents.load(&study, 0).await.expect("kept").updates.len(), 3, "as it was");
            documents.compact(&study, joined()).await.expect("put together");
            documents.append(&study, USER, b"d").await.expect("kept");
            let all = Stored { snapshot: Some(b"abc".to_vec()), updates: updates(&["d"]), last: 4 };
            assert_eq!(documents.load(&study, 0).await, Ok(all.clone()));
            assert_eq!(documents.load(&study, 2).await, Ok(all), "who is behind a snapshot gets it");
            let rest = Stored { snapshot: None, updates: updates(&["d"]), last: 4 };
            assert_eq!(documents.load(&study, 3).await, Ok(rest));
            documents.compact(&study, joined()).await.expect("put together");
            let all = Stored { snapshot: Some(b"abcd".to_vec()), updates: Vec::new(), last: 4 };
            assert_eq!(documents.load(&study, 0).await, Ok(all));
        }

        async fn many_at_a_time_get_numbers_without_gaps(database) {
            let documents = DocumentStore::new(database.store.clone(), TestAmbient::default().ambient);
            let writers = (0..8_u8).map(|writer| {
                let documents = documents.clone();
                tokio::spawn(async move {
                    for _ in 0..5 {
                        documents.append(&room("study"), USER, &[writer]).await.expect("kept");
                    }
                })
            });
            let study = room("study");
            let compacting = documents.compact(&study, joined());
            let (done, compacted) = futures::join!(futures::future::join_all(writers), compacting);
            assert!(done.iter().all(Result::is_ok));
            compacted.expect("put together");
            let Stored { snapshot, updates, last } = documents.load(&room("study"), 0).await.expect("kept");
            assert_eq!(snapshot.map_or(0, |snapshot| snapshot.len()) + updates.len(), 40);
            assert_eq!(last, 40);
        }
    }
}
