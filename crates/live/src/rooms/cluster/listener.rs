//! Hears what other nodes say.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures::StreamExt as _;
use redis::aio::{MultiplexedConnection, PubSubSink};
use redis::{Msg, RedisError};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use super::{BEAT, Heard, Inner, Loaded, PATIENCE, REST, Wish, read_roster};
use crate::rooms::hub::Hub;

/// How long a connection may be silent over which this node hears itself.
const SILENCE: Duration = BEAT.saturating_mul(4);

/// A room's stream, and the number of what each node said last in it.
type Kept = (Vec<(String, HashMap<String, Vec<u8>>)>, HashMap<String, u64>);

/// The task.
pub(super) struct Listener {
    inner: Weak<Inner>,
    hub: Weak<Hub>,
    wishes: mpsc::UnboundedReceiver<Wish>,
    rooms: HashSet<Arc<str>>,
}

impl Listener {
    pub(super) fn new(inner: Weak<Inner>, hub: Weak<Hub>, wishes: mpsc::UnboundedReceiver<Wish>) -> Self {
        Self { inner, hub, wishes, rooms: HashSet::new() }
    }

    /// Until the cluster is dropped.
    pub(super) async fn run(mut self) {
        while let (Some(inner), Some(hub)) = (self.inner.upgrade(), self.hub.upgrade()) {
            let done = self.listen(Ear { inner, hub }).await;
            if let Err(error) = done {
                tracing::debug!(%error, "what other nodes say is not heard");
            }
            sleep(REST).await;
        }
    }

    /// Listens until something fails. What was said meanwhile is caught up with first; what is said from now on waits.
    async fn listen(&mut self, ear: Ear) -> Result<(), RedisError> {
        let connecting = timeout(PATIENCE, ear.inner.client.get_async_pubsub());
        let Ok(connection) = connecting.await else { return Ok(()) };
        let (mut sink, mut stream) = connection?.split();
        let mut commands = ear.inner.connect().await?;
        sink.subscribe(ear.inner.names.echo(&ear.inner.node)).await?;
        for room in &self.rooms {
            sink.subscribe(ear.inner.names.channel(room)).await?;
        }
        ear.catch_up(&mut commands, self.rooms.iter()).await?;
        loop {
            tokio::select! {
                wish = self.wishes.recv() => match wish {
                    Some(wish) => self.grant(wish, &ear, &mut sink, &mut commands).await?,
                    None => return Ok(()),
                },
                message = timeout(SILENCE, stream.next()) => match message {
                    Ok(Some(message)) => ear.hear(&message),
                    _ => return Ok(()),
                },
            }
        }
    }

    async fn grant(
        &mut self,
        wish: Wish,
        ear: &Ear,
        sink: &mut PubSubSink,
        commands: &mut MultiplexedConnection,
    ) -> Result<(), RedisError> {
        match wish {
            Wish::Enter(room, done) => {
                if self.rooms.insert(Arc::clone(&room)) {
                    sink.subscribe(ear.inner.names.channel(&room)).await?;
                    ear.catch_up(commands, [&room].into_iter()).await?;
                }
                // Whoever waited may have gone.
                let _ = done.send(());
            }
            Wish::Exit(room) => {
                if self.rooms.remove(&room) {
                    sink.unsubscribe(ear.inner.names.channel(&room)).await?;
                }
            }
        }
        Ok(())
    }
}

/// Takes what is heard to the rooms.
struct Ear {
    inner: Arc<Inner>,
    hub: Arc<Hub>,
}

impl Ear {
    fn hear(&self, message: &Msg) {
        let Some(room) = self.inner.names.room_of(message.get_channel_name()) else { return };
        if let Some(heard) = read(message.get_payload_bytes()) {
            self.hub.heard(&room.into(), heard);
        } else {
            tracing::warn!("another node says what this one does not understand");
        }
    }

    /// What was said in rooms lately.
    async fn catch_up(
        &self,
        commands: &mut MultiplexedConnection,
        rooms: impl Iterator<Item = &Arc<str>>,
    ) -> Result<(), RedisError> {
        let rooms: Vec<_> = rooms.cloned().collect();
        let names = &self.inner.names;
        let mut pipeline = redis::pipe();
        for room in &rooms {
            pipeline.cmd("XRANGE").arg(names.stream(room)).arg("-").arg("+");
            pipeline.hgetall(names.last(room));
        }
        if rooms.is_empty() {
            return Ok(());
        }
        let kept: Vec<redis::Value> = pipeline.query_async(commands).await?;
        let mut loaded = Vec::with_capacity(rooms.len());
        for (room, kept) in rooms.into_iter().zip(kept.chunks(2)) {
            let kept: Kept = redis::from_redis_value(redis::Value::Array(kept.to_vec()))?;
            loaded.push((room, read_kept(kept)));
        }
        self.hub.catch_up(loaded);
        Ok(())
    }
}

fn read_kept((stream, last): Kept) -> Loaded {
    let said = stream.into_iter().filter_map(|(_, fields)| postcard::from_bytes(fields.get("s")?).ok());
    Loaded {
        said: said.collect(),
        last: last.into_iter().map(|(node, number)| (node.into(), number)).collect(),
    }
}

fn read(bytes: &[u8]) -> Option<Heard> {
    let (kind, content) = bytes.split_first()?;
    match kind {
        b's' => postcard::from_bytes(content).ok().map(Heard::Said),
        b'p' => postcard::from_bytes(content).ok().map(Heard::Passing),
        b'r' => {
            let (wait, version, seats): (u64, String, serde_json::Value) =
                serde_json::from_slice(content).ok()?;
            // An empty table is written as an object.
            let seats: Vec<String> = serde_json::from_value(seats).unwrap_or_default();
            read_roster(wait, &version, &seats).map(Heard::Roster)
        }
        _ => None,
    }
}
