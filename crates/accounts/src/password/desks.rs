//! Where passwords are hashed: a few at a time, and who comes next.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use argon2::Block;
use tokio::sync::Semaphore;

use crate::AccountsError;
use crate::throttle::network;

/// The memory that one hash fills. Kept from one to the next: it is large, and an allocator that gets it back from
/// ever changing threads keeps several of it (half a gigabyte after an afternoon of sign-ins was seen).
pub(super) type Memory = Vec<Block>;

/// Who wants something hashed: the client's address; none for this program itself.
pub(super) type Client = Option<IpAddr>;

/// So many desks at which a password can be hashed, and a queue of limited length before them.
pub(super) struct Desks {
    free: Arc<Semaphore>,
    pub(super) memories: Arc<Mutex<Vec<Memory>>>,
    pub(super) queue: Queue,
}

impl Desks {
    pub(super) fn new(desks: usize, queue: usize) -> Self {
        let queue = Queue { longest: queue, waiting: Mutex::default() };
        Self { free: Arc::new(Semaphore::new(desks)), memories: Arc::default(), queue }
    }

    pub(super) async fn work<T: Send + 'static>(
        &self,
        client: Client,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, AccountsError> {
        let _place = self.queue.join(client).ok_or(AccountsError::Busy)?;
        let desk = Arc::clone(&self.free).acquire_owned().await.expect("never closed");
        let memories = Arc::clone(&self.memories);
        // The desk goes along: work whose requester has gone away still takes a processor.
        let work = move || {
            let _desk = desk;
            let mut memory = memories.lock().expect("not poisoned").pop().unwrap_or_default();
            let done = work(&mut memory);
            memories.lock().expect("not poisoned").push(memory);
            done
        };
        Ok(tokio::task::spawn_blocking(work).await.expect("hashing does not panic"))
    }
}

/// Who waits for a desk. One network takes a quarter of the places at most: whoever signs in over and over, with the
/// right password too, keeps nobody else out.
pub(super) struct Queue {
    longest: usize,
    pub(super) waiting: Mutex<HashMap<Vec<u8>, usize>>,
}

impl Queue {
    /// The network of this program itself, which has no limit of its own.
    const OURS: &[u8] = &[];

    fn join(&self, client: Client) -> Option<Place<'_>> {
        let network = client.map(network).unwrap_or_default();
        let mut waiting = self.waiting.lock().expect("not poisoned");
        let (all, theirs) = (waiting.values().sum::<usize>(), waiting.get(&network).copied().unwrap_or(0));
        let share = if network == Self::OURS { self.longest } else { self.longest.div_ceil(4) };
        if all >= self.longest || theirs >= share {
            return None;
        }
        waiting.insert(network.clone(), theirs + 1);
        Some(Place { queue: self, network })
    }
}

/// A place in the queue, given back when its owner is done or goes away.
struct Place<'a> {
    queue: &'a Queue,
    network: Vec<u8>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut waiting = self.queue.waiting.lock().expect("not poisoned");
        let left = waiting.get(&self.network).map_or(0, |places| places - 1);
        if left == 0 {
            waiting.remove(&self.network);
        } else {
            waiting.insert(std::mem::take(&mut self.network), left);
        }
    }
}
