//! Says what this node has to say, in order, again and again until Redis has it; and that this node lives.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use redis::aio::MultiplexedConnection;
use redis::{Pipeline, RedisError};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};

use super::names::{Names, SAY};
use super::{BEAT, GRACE, Inner, LEASE, PATIENCE, Passing, REST, ROUND, millis};
use crate::meter::Meter;
use crate::rooms::hub::{Hub, KEPT};
use crate::rooms::log::Said;

/// How many things are said with one request.
const AT_ONCE: usize = 200;
/// How many bytes wait for Redis. What is older then, the other nodes lack: they notice, and have their clients connect again.
const MOST_WAITING: usize = 32 * 1024 * 1024;
/// How many messages of a room are kept in Redis, about.
const MOST_KEPT: usize = 2_000;

/// What is to be said.
pub(super) struct Outgoing {
    meter: Arc<Meter>,
    queue: Mutex<Queue>,
    arrived: Notify,
    emptied: Notify,
}

#[derive(Default)]
struct Queue {
    items: VecDeque<Item>,
    size: usize,
    /// How many are on their way.
    under_way: usize,
}

#[derive(Clone)]
struct Item {
    room: Arc<str>,
    payload: Payload,
}

#[derive(Clone)]
enum Payload {
    Said(Arc<Said>),
    /// As it is published.
    Passing(Vec<u8>),
}

impl Item {
    fn size(&self) -> usize {
        match &self.payload {
            Payload::Said(said) => said.emit.size(),
            Payload::Passing(bytes) => bytes.len(),
        }
    }

    fn is_kept(&self) -> bool {
        matches!(self.payload, Payload::Said(_))
    }

    fn add_to(&self, pipeline: &mut Pipeline, names: &Names) {
        let channel = names.channel(&self.room);
        match &self.payload {
            Payload::Said(said) => {
                let mut script = SAY.key(names.stream(&self.room));
                script.key(names.last(&self.room)).arg(&*said.node).arg(said.number).arg(channel);
                script.arg(postcard::to_stdvec(said).expect("a message can be written"));
                script.arg(KEPT.num_milliseconds()).arg(MOST_KEPT);
                pipeline.invoke_script(&script).ignore();
            }
            Payload::Passing(bytes) => drop(pipeline.publish(channel, bytes).ignore()),
        }
    }
}

impl Outgoing {
    pub(super) fn new(meter: Arc<Meter>) -> Self {
        Self { meter, queue: Mutex::default(), arrived: Notify::new(), emptied: Notify::new() }
    }

    pub(super) fn say(&self, room: &Arc<str>, said: Arc<Said>) {
        self.push(Item { room: Arc::clone(room), payload: Payload::Said(said) });
    }

    pub(super) fn pass(&self, room: &Arc<str>, passing: &Passing) {
        let mut bytes = vec![b'p'];
        bytes.extend(postcard::to_stdvec(passing).expect("it can be written"));
        self.push(Item { room: Arc::clone(room), payload: Payload::Passing(bytes) });
    }

    fn push(&self, item: Item) {
        let mut queue = self.queue();
        queue.size += item.size();
        queue.items.push_back(item);
        let dropped = queue.bound();
        drop(queue);
        self.meter.dropped(dropped);
        self.arrived.notify_one();
    }

    /// Those that are to be said next. They are kept until [`Outgoing::done`].
    fn next(&self) -> Vec<Item> {
        let mut queue = self.queue();
        let items: Vec<Item> = queue.items.iter().take(AT_ONCE).cloned().collect();
        queue.under_way = items.len();
        items
    }

    /// They have been said.
    fn done(&self) {
        let mut queue = self.queue();
        for _ in 0..std::mem::take(&mut queue.under_way) {
            queue.pop();
        }
        if queue.items.is_empty() {
            self.emptied.notify_waiters();
        }
    }

    /// They may have been said or not. What is true for a moment is not said any more; all else is said again.
    fn failed(&self) {
        let mut queue = self.queue();
        queue.under_way = 0;
        queue.items.retain(Item::is_kept);
        queue.size = queue.items.iter().map(Item::size).sum();
    }

    /// Says these first, unless they wait already.
    fn say_first(&self, own: Vec<(Arc<str>, Arc<Said>)>) {
        let mut queue = self.queue();
        let number =
            |item: &Item| if let Payload::Said(said) = &item.payload { Some(said.number) } else { None };
        let waiting: HashSet<u64> = queue.items.iter().filter_map(number).collect();
        let missing = own.into_iter().filter(|(_, said)| !waiting.contains(&said.number));
        for (room, said) in missing.rev() {
            let item = Item { room, payload: Payload::Said(said) };
            queue.size += item.size();
            queue.items.push_front(item);
        }
    }

    pub(super) fn look_again(&self) {
        self.arrived.notify_one();
    }

    pub(super) async fn emptied(&self) {
        loop {
            let emptied = self.emptied.notified();
            if self.queue().items.is_empty() {
                return;
            }
            emptied.await;
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn pop(&mut self) {
        if let Some(item) = self.items.pop_front() {
            self.size -= item.size();
        }
    }

    /// Has no more wait than is allowed; how much was dropped that was to be kept.
    fn bound(&mut self) -> usize {
        let mut dropped = 0;
        while self.size > MOST_WAITING && self.under_way == 0 {
            dropped += usize::from(self.items.front().is_some_and(Item::is_kept));
            self.pop();
        }
        dropped
    }
}

/// The task.
pub(super) struct Courier {
    inner: Weak<Inner>,
    hub: Weak<Hub>,
}

/// What the courier found.
enum Found {
    /// Redis forgot that this node lives.
    Forgotten,
    /// All is well.
    Well,
}

impl Courier {
    pub(super) fn new(inner: Weak<Inner>, hub: Weak<Hub>) -> Self {
        Self { inner, hub }
    }

    /// Until the cluster is dropped.
    pub(super) async fn run(self) {
        while let (Some(inner), Some(hub)) = (self.inner.upgrade(), self.hub.upgrade()) {
            if let Err(error) = serve(&inner, &hub).await {
                if inner.connection().take().is_some() {
                    tracing::warn!(%error, "other nodes are out of reach until Redis answers again; rooms go on here");
                }
                inner.outgoing.failed();
            }
            drop((inner, hub));
            sleep(REST).await;
        }
    }
}

/// Says what there is to say until something fails.
async fn serve(inner: &Arc<Inner>, hub: &Arc<Hub>) -> Result<(), RedisError> {
    let mut connection = inner.connect().await?;
    SAY.load_async(&mut connection).await?;
    beat(inner, &mut connection).await?;
    *inner.connection() = Some(connection.clone());
    tracing::info!("other nodes are in reach, by Redis");
    come_back(inner, hub).await;
    let mut next_round = Instant::now() + GRACE;
    let mut last_beat = Instant::now();
    // Whoever finds that Redis does not answer takes the connection away.
    while inner.connection().is_some() {
        if last_beat.elapsed() >= BEAT {
            last_beat = Instant::now();
            if matches!(beat(inner, &mut connection).await?, Found::Forgotten) {
                come_back(inner, hub).await;
                next_round = Instant::now() + GRACE;
            }
            mourn(inner, hub, &mut connection).await?;
        }
        if next_round <= Instant::now() {
            next_round = Instant::now() + ROUND;
            settle_all(hub).await;
        }
        let items = inner.outgoing.next();
        if items.is_empty() {
            let _ =
                timeout(BEAT.saturating_sub(last_beat.elapsed()), inner.outgoing.arrived.notified()).await;
            continue;
        }
        let mut pipeline = redis::pipe();
        for item in &items {
            item.add_to(&mut pipeline, &inner.names);
        }
        pipeline.exec_async(&mut connection).await?;
        inner.outgoing.done();
    }
    inner.outgoing.failed();
    Ok(())
}

/// Says that this node lives, and hears itself say so.
async fn beat(inner: &Inner, connection: &mut MultiplexedConnection) -> Result<Found, RedisError> {
    let Inner { names, node, .. } = inner;
    let mut pipeline = redis::pipe();
    pipeline.cmd("SET").arg(names.lease(node)).arg(1).arg("PX").arg(millis(LEASE)).arg("GET");
    pipeline.publish(names.echo(node), "").ignore();
    let (before,): (Option<String>,) = pipeline.query_async(connection).await?;
    Ok(if before.is_some() { Found::Well } else { Found::Forgotten })
}

/// Has the rooms settled in which somebody is said to be at a node that does not live any more.
async fn mourn(
    inner: &Arc<Inner>,
    hub: &Arc<Hub>,
    connection: &mut MultiplexedConnection,
) -> Result<(), RedisError> {
    let neighbours = hub.neighbours();
    let nodes: HashSet<_> = neighbours.iter().flat_map(|(_, nodes)| nodes).cloned().collect();
    if nodes.is_empty() {
        return Ok(());
    }
    let nodes: Vec<_> = nodes.into_iter().collect();
    let mut pipeline = redis::pipe();
    for node in &nodes {
        pipeline.exists(inner.names.lease(node));
    }
    let alive: Vec<bool> = pipeline.query_async(connection).await?;
    let dead: HashSet<_> =
        nodes.into_iter().zip(alive).filter(|(_, lives)| !lives).map(|(node, _)| node).collect();
    for (room, nodes) in neighbours {
        if nodes.iter().any(|node| dead.contains(node)) {
            let _ = hub.settle_again(&room).await;
        }
    }
    Ok(())
}

/// Says again who is here, and what was said here lately: Redis may have lost all of it.
async fn come_back(inner: &Arc<Inner>, hub: &Arc<Hub>) {
    inner.outgoing.say_first(hub.own());
    settle_all(hub).await;
}

async fn settle_all(hub: &Arc<Hub>) {
    for room in hub.keys() {
        if timeout(PATIENCE, hub.settle_again(&room)).await.is_err() {
            tracing::debug!("a room is being entered; it is settled by whoever enters");
        }
    }
}
