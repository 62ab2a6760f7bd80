//! The threads that serve connections.
//!
//! Each has a runtime of its own, and a connection stays where it began, with all that is done for it: no request passes
//! from one thread to another, and no thread is woken to take another's work. That would be a sixth of what a request costs
//! (`docs/adr/0029-connections-stay-on-one-thread.md`).

use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// Earlier than what connections wait for.
const TICK: Duration = Duration::from_secs(1);
/// How long their end is waited for.
const ENDING: Duration = Duration::from_secs(1);

/// How many threads of each look up the names of targets, and may hang there.
const LOOKING_UP: usize = 16;

/// One for each processor. What they serve when this is dropped ends.
#[derive(Debug)]
pub(super) struct Workers {
    all: Vec<Worker>,
    /// The connections of all.
    connections: TaskTracker,
    /// When one has ended.
    ended: CancellationToken,
    end: DropGuard,
}

#[derive(Debug)]
struct Worker {
    runtime: Handle,
    thread: JoinHandle<()>,
    /// Held by each who is served, so that their number is known.
    busy: Arc<()>,
}

/// A worker serves somebody until this is dropped.
#[derive(Debug)]
pub(super) struct Served {
    _by: Arc<()>,
}

impl Workers {
    /// Starts them.
    ///
    /// # Errors
    /// When the system does not give so many threads.
    pub(super) fn start() -> io::Result<Self> {
        let (end, ended) = (CancellationToken::new(), CancellationToken::new());
        let count = thread::available_parallelism().map_or(1, NonZero::get);
        let all = (0..count).map(|_| Worker::start(end.clone(), ended.clone())).collect::<io::Result<_>>()?;
        Ok(Self { all, connections: TaskTracker::new(), ended, end: end.drop_guard() })
    }

    /// Waits until one has ended by itself.
    pub(super) async fn failed(&self) {
        self.ended.cancelled().await;
    }

    /// Ends them, and waits until all that they served is dropped.
    pub(super) async fn end(self) {
        drop(self.end);
        let threads = self.all.into_iter().map(|worker| worker.thread);
        let joined = tokio::task::spawn_blocking(move || threads.for_each(|thread| drop(thread.join())));
        // Somebody may still look a name up, for as long as the system likes.
        let _ = tokio::time::timeout(ENDING, joined).await;
    }

    /// Has whoever serves the fewest serve a connection.
    pub(super) fn serve<C>(&self, connection: impl FnOnce(Served) -> C)
    where
        C: Future<Output = ()> + Send + 'static,
    {
        let least = self.all.iter().min_by_key(|worker| Arc::strong_count(&worker.busy));
        let worker = least.expect("there is one at least");
        let served = Served { _by: Arc::clone(&worker.busy) };
        self.connections.spawn_on(connection(served), &worker.runtime);
    }

    /// The connections that are served.
    pub(super) fn connections(&self) -> &TaskTracker {
        &self.connections
    }
}

impl Worker {
    fn start(end: CancellationToken, ended: CancellationToken) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(LOOKING_UP).build()?;
        let handle = runtime.handle().clone();
        let thread = thread::Builder::new().name("mainstay-gate".to_owned()).spawn(move || {
            let _ended = ended.drop_guard();
            runtime.block_on(end.run_until_cancelled(tick()));
        })?;
        Ok(Self { runtime: handle, thread, busy: Arc::new(()) })
    }
}

/// A runtime that waits for no moment, or for a late one only, interrupts itself by a call of the system whenever an
/// earlier one is asked for. To have always one before it costs less.
async fn tick() {
    let mut ticks = tokio::time::interval(TICK);
    loop {
        ticks.tick().await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn connections_are_shared_out_evenly_and_stay_where_they_are() {
        let workers = Workers::start().expect("threads");
        let (say, mut said) = mpsc::unbounded_channel();
        let count = workers.all.len();
        for _ in 0..count * 3 {
            let say = say.clone();
            workers.serve(|served| async move {
                let before = thread::current().id();
                tokio::task::yield_now().await;
                say.send((before, thread::current().id())).expect("heard");
                std::future::pending::<()>().await;
                drop(served);
            });
        }
        let mut threads = Vec::new();
        for _ in 0..count * 3 {
            let (before, after) = said.recv().await.expect("a word");
            assert_eq!(before, after);
            threads.push(before);
        }
        let of = |thread| threads.iter().filter(|other| **other == thread).count();
        assert!(threads.iter().all(|thread| of(*thread) == 3), "{threads:?}");
    }

    #[tokio::test]
    async fn what_is_served_ends_with_its_workers() {
        let workers = Workers::start().expect("threads");
        let (held, mut dropped) = mpsc::channel::<()>(1);
        workers.serve(|_served| async move {
            std::future::pending::<()>().await;
            drop(held);
        });
        workers.end().await;
        assert_eq!(dropped.try_recv(), Err(mpsc::error::TryRecvError::Disconnected));
    }

    #[tokio::test]
    async fn it_is_noticed_when_a_thread_ends() {
        let workers = Workers::start().expect("threads");
        assert!(futures::poll!(Box::pin(workers.failed())).is_pending());
        let Workers { ended, end, .. } = workers;
        drop(end);
        ended.cancelled().await;
    }
}
