//! The other nodes, by way of Redis: who is in a room over all of them, and what is said there.
//!
//! Two tasks. The [`courier`] says what this node has to say, in order, and keeps its lease; the [`listener`] hears what
//! others say. Neither is waited for by whoever says something: it has reached all clients of this node before. While Redis
//! is away what is to be said waits, and nobody new comes into a room.

mod courier;
mod listener;
mod names;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::AbortOnDropHandle;

use self::courier::Courier;
use self::listener::Listener;
use self::names::Names;
use super::hub::Hub;
use super::log::Said;
use super::position::Node;
use super::roster::{Person, Roster, SocketId};
use crate::meter::Meter;
use crate::socket_io::Emit;

/// How long an answer of Redis is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long after a failure it is tried again.
const REST: Duration = Duration::from_millis(200);
/// How long a node is believed to live that says nothing.
const LEASE: Duration = Duration::from_secs(10);
/// How often a node says that it lives.
const BEAT: Duration = Duration::from_secs(1);
/// How long nobody new comes into a room after Redis lost its memory: until all nodes have said who is there.
const GRACE: Duration = Duration::from_secs(2);
/// How often every room is settled anew, whatever happened.
const ROUND: Duration = Duration::from_mins(10);

/// Redis does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Away;

/// What another node says.
#[derive(Debug)]
pub(crate) enum Heard {
    Said(Said),
    Passing(Passing),
    Roster(Settled),
}

/// Who is in a room, as Redis knows it.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(crate) roster: Roster,
    /// For how much longer there may be nodes that have not said yet who is there, since Redis lost its memory.
    pub(crate) wait: Duration,
}

impl Settled {
    /// Without the seats of one node, whose clients are known better.
    pub(crate) fn without(mut self, node: &str) -> Self {
        self.roster.seats.retain(|(at, _), _| &**at != node);
        self
    }
}

/// What was said in a room lately, and the number of what each node said last.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) said: Vec<Said>,
    pub(crate) last: Vec<(Node, u64)>,
}

/// What is true for a moment only.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Passing {
    pub(crate) node: Node,
    pub(crate) sender: SocketId,
    pub(crate) emit: Emit,
}

/// The way to the other nodes. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Cluster(Arc<Inner>);

struct Inner {
    client: Client,
    names: Names,
    node: Node,
    /// None while Redis is away.
    connection: Mutex<Option<MultiplexedConnection>>,
    outgoing: courier::Outgoing,
    wishes: mpsc::UnboundedSender<Wish>,
    tasks: Mutex<Vec<AbortOnDropHandle<()>>>,
}

/// What the listener is to do.
enum Wish {
    Enter(Arc<str>, oneshot::Sender<()>),
    Exit(Arc<str>),
}

impl Cluster {
    /// The way to all nodes that use the same Redis and the same prefix, and what listens there once it is started.
    pub(crate) fn new(client: Client, prefix: &str, node: Node, meter: Arc<Meter>) -> (Self, Starter) {
        let (wishes, receiver) = mpsc::unbounded_channel();
        let names = Names::new(prefix);
        let (connection, outgoing, tasks) =
            (Mutex::default(), courier::Outgoing::new(meter), Mutex::default());
        let inner = Inner { client, names, node, connection, outgoing, wishes, tasks };
        let cluster = Self(Arc::new(inner));
        (cluster, Starter(receiver))
    }

    /// Says something to the other nodes, after all that was said before.
    pub(crate) fn say(&self, room: &Arc<str>, said: Arc<Said>) {
        self.0.outgoing.say(room, said);
    }

    /// Tells the other nodes what is true for a moment, if they can be told now.
    pub(crate) fn pass(&self, room: &Arc<str>, sender: &SocketId, emit: &Emit) {
        if self.is_there() {
            let passing =
                Passing { node: Arc::clone(&self.0.node), sender: Arc::clone(sender), emit: emit.clone() };
            self.0.outgoing.pass(room, &passing);
        }
    }

    /// Hears what is said in a room from now on, and what was said lately.
    pub(crate) async fn enter(&self, room: &Arc<str>) -> Result<(), Away> {
        let (done, entered) = oneshot::channel();
        self.0.wishes.send(Wish::Enter(Arc::clone(room), done)).map_err(|_| Away)?;
        tokio::time::timeout(PATIENCE, entered).await.map_err(|_| Away)?.map_err(|_| Away)
    }

    /// Does not hear any more what is said in a room.
    pub(crate) fn exit(&self, room: &Arc<str>) {
        let _ = self.0.wishes.send(Wish::Exit(Arc::clone(room)));
    }

    /// Says who of this node is in a room, and is told who is over all nodes. Whoever wants to come in now has a place if they
    /// are among them.
    pub(crate) async fn settle(
        &self,
        room: &Arc<str>,
        here: &[(SocketId, Person)],
        capacity: usize,
        joining: Option<&SocketId>,
    ) -> Result<Settled, Away> {
        loop {
            let settled = self.try_to_settle(room, here, capacity, joining).await?;
            if settled.wait.is_zero() || joining.is_none() {
                return Ok(settled);
            }
            tokio::time::sleep(settled.wait).await;
        }
    }

    async fn try_to_settle(
        &self,
        room: &str,
        here: &[(SocketId, Person)],
        capacity: usize,
        joining: Option<&SocketId>,
    ) -> Result<Settled, Away> {
        let Inner { names, node, .. } = &*self.0;
        let mut connection = self.connection()?;
        let mut script = names::SETTLE.key(names.room(room));
        script.key(names.version(room)).key(names.began()).arg(&**node).arg(names.leases());
        script.arg(millis(LEASE)).arg(capacity).arg(names.channel(room));
        script.arg(joining.map_or("", |socket| &**socket)).arg(millis(GRACE));
        for (socket, person) in here {
            script.arg(&**socket).arg(serde_json::to_string(person).expect("a person can be written"));
        }
        let answer: Result<(u64, String, Vec<String>), _> = script.invoke_async(&mut connection).await;
        let (wait, version, seats) = answer.map_err(|error| self.lost(&error))?;
        read_roster(wait, &version, &seats).ok_or(Away)
    }

    /// Keeps something for a while, for whichever node asks for it.
    pub(crate) async fn keep(&self, name: &str, value: &[u8], period: Duration) -> Result<(), Away> {
        let mut command = redis::cmd("SET");
        command.arg(self.0.names.kept(name)).arg(value).arg("PX").arg(millis(period));
        let mut connection = self.connection()?;
        command.exec_async(&mut connection).await.map_err(|error| self.lost(&error))
    }

    /// Takes what was kept. Only one gets it.
    pub(crate) async fn take(&self, name: &str) -> Result<Option<Vec<u8>>, Away> {
        let mut connection = self.connection()?;
        let mut command = redis::cmd("GETDEL");
        command.arg(self.0.names.kept(name));
        command.query_async(&mut connection).await.map_err(|error| self.lost(&error))
    }

    /// Whether Redis answers.
    pub(crate) fn is_there(&self) -> bool {
        self.0.connection().is_some()
    }

    /// When all has been said that was to be said.
    pub(crate) async fn said_all(&self) {
        self.0.outgoing.emptied().await;
    }

    fn connection(&self) -> Result<MultiplexedConnection, Away> {
        self.0.connection().clone().ok_or(Away)
    }

    /// A connection that fails once is not asked again.
    fn lost(&self, error: &RedisError) -> Away {
        if self.0.connection().take().is_some() {
            tracing::warn!(%error, "other nodes are out of reach until Redis answers again; rooms go on here");
        }
        self.0.outgoing.look_again();
        Away
    }
}

/// What a cluster needs to start.
pub(crate) struct Starter(mpsc::UnboundedReceiver<Wish>);

impl Starter {
    /// Starts to speak and to listen, for these rooms, until the cluster is dropped.
    pub(crate) fn start(self, cluster: &Cluster, hub: &Arc<Hub>) {
        let inner = &cluster.0;
        let courier = Courier::new(Arc::downgrade(inner), Arc::downgrade(hub));
        let listener = Listener::new(Arc::downgrade(inner), Arc::downgrade(hub), self.0);
        let tasks = [tokio::spawn(courier.run()), tokio::spawn(listener.run())];
        let mut kept = inner.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(tasks.map(AbortOnDropHandle::new));
    }
}

impl Inner {
    fn connection(&self) -> MutexGuard<'_, Option<MultiplexedConnection>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn connect(&self) -> Result<MultiplexedConnection, RedisError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        self.client.get_multiplexed_async_connection_with_config(&config).await
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Seats and people in turn.
fn read_roster(wait: u64, version: &str, seats: &[String]) -> Option<Settled> {
    let read = |pair: &[String]| {
        let [seat, person] = pair else { return None };
        let (node, socket) = seat.split_once(' ')?;
        Some(((node.into(), socket.into()), serde_json::from_str(person).ok()?))
    };
    let seats = seats.chunks(2).map(read).collect::<Option<_>>()?;
    let roster = Roster { version: version.parse().ok()?, seats };
    Some(Settled { roster, wait: Duration::from_millis(wait) })
}

#[cfg(test)]
mod tests;
