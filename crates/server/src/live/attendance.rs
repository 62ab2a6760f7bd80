//! Writes down who was in which room, and when.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use foundation::{Ambient, Timestamp, Uuid};
use live::{Refusal, Visit};
use store::{Retry, Store, StoreError};
use tokio_util::sync::CancellationToken;

use crate::queries::collaboration_sessions::{self as queries, Model};

/// How often it is written down who went.
const WRITTEN_EVERY: Duration = Duration::from_secs(1);
/// After how many of these it is said that this server lives.
const SEEN_EVERY: u32 = 60;
/// How long a server that is not seen is believed to live.
const UNSEEN: TimeDelta = TimeDelta::minutes(5);
/// How long it is kept who was where.
const KEPT: TimeDelta = TimeDelta::days(365);

/// Who was in which room. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Attendance {
    store: Store,
    retry: Retry,
    ambient: Ambient,
    /// This server, in this life.
    node: Uuid,
    /// Who went, until it is written down.
    gone: Arc<Mutex<Vec<(Uuid, Timestamp)>>>,
}

impl Attendance {
    pub(crate) fn new(store: Store, ambient: Ambient) -> Self {
        let node = ambient.new_id();
        Self { store, retry: Retry::new(ambient.clone()), ambient, node, gone: Arc::default() }
    }

    /// Writes down who goes, and that this server lives, until told to stop. Run it once per process.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut rounds = 0;
        while stop.run_until_cancelled(tokio::time::sleep(WRITTEN_EVERY)).await.is_some() {
            self.write_or_complain().await;
            if rounds % SEEN_EVERY == 0
                && let Err(error) = self.look().await
            {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "visits of rooms were not looked after"
                );
            }
            rounds += 1;
        }
    }

    /// Writes down who went. What cannot be written now is written later.
    pub(crate) async fn write_or_complain(&self) {
        if let Err(error) = self.write().await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "it could not be written down who left a room; it will be tried again"
            );
        }
    }

    async fn write(&self) -> Result<(), StoreError> {
        let gone = mem::take(&mut *self.gone());
        if gone.is_empty() {
            return Ok(());
        }
        let written = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                for (id, at) in &gone {
                    queries::end(&*unit, *id, *at).await?;
                }
                unit.commit().await
            })
            .await;
        if written.is_err() {
            self.gone().extend(gone);
        }
        written
    }

    /// Says that this server lives, and ends what was at others that do not.
    async fn look(&self) -> Result<(), StoreError> {
        let now = self.ambient.now();
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                queries::note_seen(&*unit, self.node, now).await?;
                let ended = queries::end_unseen_since(&*unit, now - UNSEEN).await?;
                queries::delete_ended_before(&*unit, now - KEPT).await?;
                unit.commit().await?;
                if ended > 0 {
                    tracing::warn!(ended, "visits of rooms were ended whose server is gone");
                }
                Ok(())
            })
            .await
    }

    fn gone(&self) -> MutexGuard<'_, Vec<(Uuid, Timestamp)>> {
        self.gone.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl live::Attendance for Attendance {
    async fn joined(&self, visit: Visit<'_>) -> Result<(), Refusal> {
        let Visit { id, user_id, room, at } = visit;
        let row = Model {
            id,
            user_id,
            room_id: room.room().to_owned(),
            course_id: room.course().map(str::to_owned),
            joined_at: at,
            left_at: None,
            node: self.node,
            seen_at: at,
        };
        let written = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                queries::insert(&*unit, row.clone()).await?;
                unit.commit().await
            })
            .await;
        written.map_err(|error: StoreError| {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a visit of a room was not written down"
            );
            Refusal::new("Failed to join room").with_code("unavailable")
        })
    }

    async fn left(&self, id: Uuid, at: Timestamp) {
        self.gone().push((id, at));
    }
}

#[cfg(test)]
mod tests {
    use live::{Attendance as _, RoomName};
    use store::sea_orm::EntityTrait as _;
    use testkit::TestAmbient;

    use super::*;

    async fn visit(attendance: &Attendance, number: u128) {
        let room = RoomName::new(Some("solidity".parse().expect("a name")), "study".parse().expect("a name"));
        let (id, at) = (Uuid::from_u128(number), attendance.ambient.now());
        attendance.joined(Visit { id, user_id: Uuid::from_u128(7), room: &room, at }).await.expect("written");
    }

    async fn rows(store: &Store) -> Vec<Model> {
        queries::Entity::find().all(store.reader()).await.expect("rows")
    }

    testkit::on_both_databases! {
        migrations: [crate::own_migrations as store::RoomMigrations];

        async fn it_is_written_down_who_came_and_who_went(database) {
            let TestAmbient { ambient, clock } = TestAmbient::default();
            let attendance = Attendance::new(database.store.clone(), ambient.clone());
            let begin = ambient.now();
            visit(&attendance, 1).await;
            visit(&attendance, 2).await;
            clock.advance(TimeDelta::minutes(3));
            attendance.left(Uuid::from_u128(1), ambient.now()).await;
            attendance.write().await.expect("written");
            let rows = rows(&database.store).await;
            let row = rows.iter().find(|row| row.id == Uuid::from_u128(1)).expect("a row");
            assert_eq!((row.room_id.as_str(), row.course_id.as_deref()), ("study", Some("solidity")));
            assert_eq!((row.joined_at, row.left_at), (begin, Some(begin + TimeDelta::minutes(3))));
            assert!(rows.iter().any(|row| row.id == Uuid::from_u128(2) && row.left_at.is_none()));
        }

        async fn visits_at_a_server_that_is_gone_end_when_it_was_seen_last(database) {
            let TestAmbient { ambient, clock } = TestAmbient::default();
            let crashed = Attendance::new(database.store.clone(), ambient.clone());
            let alive = Attendance::new(database.store.clone(), ambient.clone());
            visit(&crashed, 1).await;
            visit(&alive, 2).await;
            clock.advance(TimeDelta::minutes(2));
            let seen = ambient.now();
            crashed.look().await.expect("looked");
            for _ in 0..3 {
                clock.advance(TimeDelta::minutes(2));
                alive.look().await.expect("looked");
            }
            let rows = rows(&database.store).await;
            let left = |number| rows.iter().find(|row| row.id == Uuid::from_u128(number)).expect("a row").left_at;
            assert_eq!((left(1), left(2)), (Some(seen), None));
            clock.advance(KEPT);
            alive.look().await.expect("looked");
            assert_eq!(super::tests::rows(&database.store).await.len(), 1, "it is not kept for ever");
        }
    }
}
