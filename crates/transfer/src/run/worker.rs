//! Whoever does tasks, one after the other, each in a transaction that also notes it as done.

use std::sync::{Arc, Mutex, PoisonError};

use sqlx::{Connection as _, PgConnection};
use tokio::sync::Notify;

use super::notes::{Done, Notes};
use super::{RunError, attempt, execute};
use crate::ledger::Ledger;
use crate::load::{self, Filled, Source};
use crate::progress::Event;
use crate::task::{Next, Schedule, Task};
use crate::{Definition, Progress, Schema, SqliteFile, Target};

/// What workers share.
pub(super) struct Shared {
    schedule: Mutex<Schedule>,
    /// A task is done.
    changed: Notify,
}

impl Shared {
    pub(super) fn new(schedule: Schedule) -> Self {
        Self { schedule: Mutex::new(schedule), changed: Notify::new() }
    }

    fn with<T>(&self, change: impl FnOnce(&mut Schedule) -> T) -> T {
        change(&mut self.schedule.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The next task, as soon as there is one; none when all are done or being done.
    async fn next(&self) -> Option<Task> {
        loop {
            let changed = self.changed.notified();
            match self.with(Schedule::next) {
                Next::Begin(task) => return Some(task),
                Next::Finished => return None,
                Next::Wait => changed.await,
            }
        }
    }

    fn done(&self, task: Task) {
        self.with(|schedule| schedule.done(task));
        self.changed.notify_waiters();
    }
}

/// What a worker knows of the move.
pub(super) struct Orders {
    pub(super) schema: Schema,
    pub(super) definition: Definition,
    pub(super) target: Target,
    pub(super) target_schema: String,
    pub(super) notes: Notes,
    pub(super) progress: Progress,
}

pub(super) struct Worker {
    orders: Arc<Orders>,
    shared: Arc<Shared>,
    /// None while a thread reads it, and where nothing is filled.
    file: Option<SqliteFile>,
    connection: PgConnection,
}

impl Worker {
    pub(super) fn new(
        orders: Arc<Orders>,
        shared: Arc<Shared>,
        file: Option<SqliteFile>,
        connection: PgConnection,
    ) -> Self {
        Self { orders, shared, file, connection }
    }

    /// Works until nothing is left.
    pub(super) async fn work(mut self) -> Result<(), RunError> {
        // What is noted as done is so together with what it is about: a crash of the server loses both or neither.
        let hurry = "SET synchronous_commit = off".to_owned();
        execute(&self.orders.target, &mut self.connection, &[hurry]).await?;
        while let Some(task) = self.shared.next().await {
            self.do_once(task).await?;
            self.shared.done(task);
        }
        Ok(())
    }

    async fn do_once(&mut self, task: Task) -> Result<(), RunError> {
        let Self { orders, file, connection, .. } = self;
        let failed = |cause| orders.target.failed("a transaction", cause);
        let shown = orders.shown(task);
        orders.progress.tell(Event::Began(shown.clone()));
        let mut unit = connection.begin().await.map_err(failed)?;
        if orders.notes.claim(&mut unit, &task.to_string()).await? {
            let Filled { rows, bytes, trouble } = orders.perform(task, file, &mut unit).await?;
            orders.notes.finish(&mut unit, &Done { task: task.to_string(), rows, bytes, trouble }).await?;
            unit.commit().await.map_err(failed)?;
        }
        orders.progress.tell(Event::Ended(shown));
        Ok(())
    }
}

impl Orders {
    async fn perform(
        &self,
        task: Task,
        file: &mut Option<SqliteFile>,
        unit: &mut PgConnection,
    ) -> Result<Filled, RunError> {
        let definition = task.table().map(|table| &self.definition.tables[table]);
        match (task, definition) {
            (Task::Fill { table, part }, Some(definition)) => {
                let source = Source::of(&self.schema.tables[table], definition, part);
                let ledger = Ledger::new(&self.target_schema);
                let reader = file.take().expect("nobody else reads it");
                let (reader, filled) =
                    load::fill(reader, source, ledger, &self.target, unit, &self.progress).await?;
                *file = Some(reader);
                return Ok(filled);
            }
            (Task::Index { nth, .. }, Some(definition)) => {
                return self.index(&definition.indexes[nth], unit).await;
            }
            (Task::Key { .. }, Some(definition)) => return self.key(definition, unit).await,
            (Task::Analyse { .. }, Some(definition)) => {
                execute(&self.target, unit, &[format!("ANALYZE {}", definition.name)]).await?;
            }
            (Task::Validate { nth, .. }, _) => return self.validate(nth, unit).await,
            _ => return attempt::join(&self.target, &self.definition, unit).await,
        }
        Ok(Filled::default())
    }

    /// A task in words.
    fn shown(&self, task: Task) -> String {
        let of = |table: usize| &self.schema.tables[table].name;
        match task {
            Task::Fill { table, .. } => format!("rows of {}", of(table)),
            Task::Index { table, nth } => {
                let all = self.definition.tables[table].indexes.len();
                format!("index {} of {all} of {}", nth + 1, of(table))
            }
            Task::Key { table } => format!("primary key of {}", of(table)),
            Task::Analyse { table } => format!("statistics of {}", of(table)),
            Task::Join => "foreign keys and views".to_owned(),
            Task::Validate { nth, table } => format!("foreign key {} holds, of {}", nth + 1, of(table)),
        }
    }
}
