//! Work in the background that goes on for as long as the program does, whatever happens to it.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a job that failed rests: one that fails at once would do nothing else.
const REST: Duration = Duration::from_secs(1);

/// Starts jobs, and starts them again when they panic.
pub(crate) struct Jobs<'a> {
    pub(crate) tasks: &'a TaskTracker,
    pub(crate) stop: &'a CancellationToken,
}

impl Jobs<'_> {
    /// Starts a job that ends when it is told to. `job` makes it, each time anew.
    pub(crate) fn start<J>(&self, name: &'static str, job: impl Fn(CancellationToken) -> J + Send + 'static)
    where
        J: Future<Output = ()> + Send + 'static,
    {
        let stop = self.stop.clone();
        // Made here and not in the task: what it listens to from now on, nobody says before.
        let mut running = job(stop.clone());
        self.tasks.spawn(async move {
            // What a panic leaves half done is dropped with the job.
            while let Err(panic) = AssertUnwindSafe(running).catch_unwind().await {
                let panic = message(&*panic);
                tracing::error!(job = name, panic, "work in the background failed; it starts again");
                if stop.run_until_cancelled(tokio::time::sleep(REST)).await.is_none() {
                    return;
                }
                running = job(stop.clone());
            }
        });
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let owned = || panic.downcast_ref::<String>().map(String::as_str);
    panic.downcast_ref::<&str>().copied().or_else(owned).unwrap_or("(the panic has no message)")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use testkit::Log;

    use super::*;

    /// A job that panics as often; how often it was begun, and what goes on.
    fn failing(
        name: &'static str,
        times: usize,
        stop: &CancellationToken,
    ) -> (Arc<AtomicUsize>, TaskTracker) {
        let (begun, tasks) = (Arc::new(AtomicUsize::new(0)), TaskTracker::new());
        let counted = Arc::clone(&begun);
        Jobs { tasks: &tasks, stop }.start(name, move |stop| {
            let before = counted.fetch_add(1, Ordering::Relaxed);
            async move {
                assert!(before >= times, "the wheel came off");
                stop.cancelled().await;
            }
        });
        tasks.close();
        (begun, tasks)
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_that_panics_is_told_of_and_starts_again() {
        let log = Log::keep();
        let stop = CancellationToken::new();
        let (begun, tasks) = failing("clumsy", 2, &stop);
        tokio::time::sleep(REST * 3).await;
        assert_eq!((begun.load(Ordering::Relaxed), tasks.len()), (3, 1));
        let log = log.text();
        let told: Vec<_> = log.lines().filter(|line| line.contains("clumsy")).collect();
        assert_eq!(told.len(), 2, "{log}");
        assert!(
            told.iter().all(|line| line.contains("ERROR") && line.contains("the wheel came off")),
            "{log}"
        );
        stop.cancel();
        tasks.wait().await;
    }

    #[tokio::test(start_paused = true)]
    async fn none_starts_again_while_the_program_stops() {
        let stop = CancellationToken::new();
        let (begun, tasks) = failing("hopeless", usize::MAX, &stop);
        tokio::task::yield_now().await;
        stop.cancel();
        tasks.wait().await;
        assert_eq!(begun.load(Ordering::Relaxed), 1);
    }
}
