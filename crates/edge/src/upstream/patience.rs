//! A limit on how long nothing may happen. The timer is made only when there is something to wait for.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

/// From one event to the next.
#[derive(Debug)]
pub(crate) struct Patience {
    limit: Duration,
    left: Duration,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, left: limit, timer: None }
    }

    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    /// Something has happened.
    pub(crate) fn renew(&mut self) {
        self.timer = None;
        self.left = self.limit;
    }

    /// Something has happened that is not enough: what has been waited counts, what is not waited from now on does not.
    pub(crate) fn pause(&mut self) {
        if let Some(timer) = self.timer.take() {
            self.left = timer.deadline().saturating_duration_since(Instant::now());
        }
    }

    /// Nothing has happened yet: ready when it has been too long.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let left = self.left;
        self.timer.get_or_insert_with(|| Box::pin(sleep(left))).as_mut().poll(context)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn only_what_is_waited_counts() {
        let mut patience = Patience::new(Duration::from_secs(10));
        let second = Duration::from_secs(1);
        for _ in 0..3 {
            let waiting = tokio::time::timeout(second * 3, poll_fn(|context| patience.poll(context)));
            assert!(waiting.await.is_err());
            patience.pause();
            tokio::time::sleep(second * 100).await;
        }
        let started = Instant::now();
        poll_fn(|context| patience.poll(context)).await;
        assert_eq!(started.elapsed(), second);
        patience.renew();
        poll_fn(|context| patience.poll(context)).await;
        assert_eq!(started.elapsed(), second * 11);
    }
}
