//! Entries of the audit log, each in a unit of work with a change, by several writers at a time.

mod chained;
mod plain;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use audit::{Action, CheckpointFile, Entry, Ledger, LedgerKeys, Outcome, Sealer, Source};
use clap::{Args, ValueEnum};
use foundation::{Ambient, RootKey};
use serde::Serialize;
use store::{Location, Migrations, Retry, Store, StoreError, Unit};
use tokio_util::sync::CancellationToken;

use crate::measure::{Sample, Watch};
use crate::order::{self, ACTION, RESOURCE, USER_AGENT};
use crate::processes::Family;

/// The ways to write an audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Log {
    /// None at all: the change alone.
    None,
    /// A row in a table.
    Plain,
    /// The ledger, with its sealer at work.
    Ledger,
    /// A chain that each unit carries on itself, waiting for its turn.
    Chained,
    /// The same in the isolation that units of work have: of two that meet, one is undone and tried again.
    ChainedSerialisable,
}

/// What is measured.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How the log is written.
    #[arg(value_enum)]
    log: Log,
    /// An empty database.
    #[arg(long)]
    database: String,
    /// PostgreSQL's first process, whose work is counted too.
    #[arg(long)]
    postmaster: Option<Family>,
    /// A folder for the file of checkpoints.
    #[arg(long)]
    folder: PathBuf,
    /// How many write at a time.
    #[arg(long)]
    writers: u64,
    /// How long.
    #[arg(long, value_parser = crate::seconds)]
    seconds: Duration,
}

/// What it came to.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    /// While the writers wrote.
    writing: Sample,
    /// The same entries, with the time and the work until the last of them was sealed.
    until_sealed: Sample,
    /// How many waited for their place when the writers stopped.
    waiting: u64,
    /// How often a unit was tried again.
    again: u64,
    /// How many units were tried as often as anything is, and given up.
    given_up: u64,
    p50_ms: f64,
    p99_ms: f64,
}

/// The room that writes.
struct Room {
    log: Log,
    store: Store,
    ambient: Ambient,
    ledger: Ledger,
    sealer: Sealer,
    attempts: AtomicU64,
    given_up: AtomicU64,
}

pub(crate) fn measure(options: &Options) -> anyhow::Result<Figures> {
    // Two threads, as the server has on two cores.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let room = Arc::new(Room::open(options.log, &options.database).await?);
        let stop = CancellationToken::new();
        let sealing = (options.log == Log::Ledger).then(|| {
            let file = CheckpointFile::open(&options.folder.join("audit-checkpoints.jsonl"))?;
            anyhow::Ok(tokio::spawn(room.sealer.clone().run(vec![Arc::new(file)], stop.clone())))
        });
        let figures = rush(&room, options).await?;
        stop.cancel();
        if let Some(sealing) = sealing {
            sealing?.await?;
        }
        Ok(figures)
    })
}

async fn rush(room: &Arc<Room>, options: &Options) -> anyhow::Result<Figures> {
    // Opens the connections and prepares the statements.
    let warming_up = (options.seconds / 10).max(Duration::from_millis(300));
    room.write(options.writers, warming_up).await?;
    room.wait_until_sealed().await?;

    room.attempts.store(0, Ordering::Relaxed);
    room.given_up.store(0, Ordering::Relaxed);
    let watch = Watch::start_with(options.postmaster);
    let mut took = room.write(options.writers, options.seconds).await?;
    let count = took.len() as u64;
    let writing = watch.stop(count);
    let left = room.waiting().await?;
    room.wait_until_sealed().await?;
    let until_sealed = watch.stop(count);
    took.sort_unstable();
    let given_up = room.given_up.load(Ordering::Relaxed);
    let percentile = |share: usize| took[(took.len() - 1) * share / 100].as_secs_f64() * 1000.0;
    Ok(Figures {
        writing,
        until_sealed,
        waiting: left,
        again: room.attempts.load(Ordering::Relaxed) - count - given_up,
        given_up,
        p50_ms: percentile(50),
        p99_ms: percentile(99),
    })
}

/// The store as the server opens it, migrated.
pub(crate) async fn open(database: &str) -> anyhow::Result<Store> {
    let location = Location::parse(&database.to_owned().into())?;
    Ok(Store::build(&location, &store::Config::default(), false).await?)
}

/// A ledger with keys of its own.
pub(crate) fn ledger(ambient: &Ambient) -> Ledger {
    Ledger::new(ambient.clone(), LedgerKeys::new(&RootKey::new([1; 32])))
}

impl Room {
    async fn open(log: Log, database: &str) -> anyhow::Result<Self> {
        let (store, ambient) = (open(database).await?, Ambient::system());
        let ledger = ledger(&ambient);
        let sealer = Sealer::new(ledger.clone(), store.clone(), audit::Config::default());
        let unit = store.begin().await?;
        order::create(&*unit, order::Entity, &["user_id"]).await?;
        match log {
            Log::None | Log::Ledger => {}
            Log::Plain => plain::create(&*unit).await?,
            Log::Chained | Log::ChainedSerialisable => chained::create(&*unit).await?,
        }
        unit.commit().await?;
        if log == Log::Ledger {
            Migrations::of([audit::migrations as store::RoomMigrations]).up(&store).await?;
        }
        Ok(Self {
            log,
            store,
            ambient,
            ledger,
            sealer,
            attempts: AtomicU64::new(0),
            given_up: AtomicU64::new(0),
        })
    }

    /// Writes for so long, and says how long each unit took.
    async fn write(self: &Arc<Self>, writers: u64, length: Duration) -> anyhow::Result<Vec<Duration>> {
        let over = Arc::new(AtomicBool::new(false));
        let writer = |first: u64| {
            let (room, over) = (Arc::clone(self), Arc::clone(&over));
            tokio::spawn(async move {
                let mut took = Vec::new();
                let mut number = first;
                while !over.load(Ordering::Relaxed) {
                    let begun = Instant::now();
                    match room.place_order(number).await {
                        Ok(()) => took.push(begun.elapsed()),
                        Err(error) if error.is_safe_to_retry() => {
                            room.given_up.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(error) => return Err(error),
                    }
                    number += writers;
                }
                Ok::<_, StoreError>(took)
            })
        };
        let tasks: Vec<_> = (0..writers).map(writer).collect();
        tokio::time::sleep(length).await;
        over.store(true, Ordering::Relaxed);
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await?.context("a unit of work failed")?);
        }
        Ok(all)
    }

    async fn place_order(&self, number: u64) -> Result<(), StoreError> {
        Retry::new(self.ambient.clone())
            .run(|| async {
                self.attempts.fetch_add(1, Ordering::Relaxed);
                let unit = match self.log {
                    Log::Chained => self.store.begin_counting().await?,
                    _ => self.store.begin().await?,
                };
                let order = order::Model::new(&self.ambient, number);
                order::insert(&*unit, order.clone()).await?;
                self.record(&unit, &order).await?;
                unit.commit().await
            })
            .await
    }

    async fn record(&self, unit: &Unit, order: &order::Model) -> Result<(), StoreError> {
        match self.log {
            Log::None => Ok(()),
            Log::Ledger => {
                let source =
                    Source { ip_address: Some(address(order)), user_agent: Some(USER_AGENT.to_owned()) };
                Ok(self.ledger.record(&**unit, entry(order, &source)).await?)
            }
            Log::Plain => Ok(plain::insert(&**unit, &self.ambient, order).await?),
            Log::Chained | Log::ChainedSerialisable => {
                Ok(chained::insert(&**unit, &self.ambient, order).await?)
            }
        }
    }

    async fn waiting(&self) -> Result<u64, StoreError> {
        match self.log {
            Log::Ledger => Ok(self.sealer.progress().await?.waiting),
            _ => Ok(0),
        }
    }

    /// Looks now and then, seldom enough to cost nothing.
    async fn wait_until_sealed(&self) -> Result<(), StoreError> {
        while self.waiting().await? > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }
}

fn address(order: &order::Model) -> IpAddr {
    let [.., high, low] = *order.user_id.as_bytes();
    [198, 51, high, low].into()
}

/// What the ledger is told.
pub(crate) fn entry<'s>(order: &order::Model, source: &'s Source) -> Entry<'s> {
    Entry {
        user_id: Some(order.user_id),
        action: Action::new(ACTION),
        resource: RESOURCE,
        resource_id: Some(order.id),
        outcome: Outcome::Success,
        source,
        details: order.details(),
    }
}
