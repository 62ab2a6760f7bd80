//! A limit on how long nothing may happen.
//!
//! The timer is made only when there is something to wait for, and is left as it is when that has come: it costs less to
//! look again once it rings than to set it each time.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// From one event to the next.
#[derive(Debug)]
pub(crate) struct Patience {
    limit: Duration,
    left: Duration,
    /// While something is waited for.
    deadline: Option<Instant>,
    /// Rings at the deadline or before it.
    timer: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, left: limit, deadline: None, timer: None }
    }

    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    /// Something has happened.
    pub(crate) fn renew(&mut self) {
        self.deadline = None;
        self.left = self.limit;
    }

    /// Something had happened by then.
    pub(crate) fn renew_at(&mut self, moment: Instant) {
        self.renew();
        self.deadline = Some(moment + self.limit);
    }

    /// Something has happened that is not enough: what has been waited counts, what is not waited from now on does not.
    pub(crate) fn pause(&mut self) {
        if let Some(deadline) = self.deadline.take() {
            self.left = deadline.saturating_duration_since(Instant::now());
        }
    }

    /// Nothing has happened yet: ready when it has been too long.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let left = self.left;
        let deadline = *self.deadline.get_or_insert_with(|| Instant::now() + left);
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        loop {
            let () = ready!(timer.as_mut().poll(context));
            if timer.deadline() >= deadline {
                return Poll::Ready(());
            }
            timer.as_mut().reset(deadline);
        }
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

    #[tokio::test(start_paused = true)]
    async fn a_timer_that_was_set_for_something_else_is_looked_at_again() {
        let mut patience = Patience::new(Duration::from_secs(10));
        assert!(futures::poll!(poll_fn(|context| patience.poll(context))).is_pending());
        tokio::time::sleep(Duration::from_secs(7)).await;
        patience.renew();
        let started = Instant::now();
        poll_fn(|context| patience.poll(context)).await;
        assert_eq!(started.elapsed(), Duration::from_secs(10));
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_happened_before_counts_from_then() {
        let mut patience = Patience::new(Duration::from_secs(10));
        let before = Instant::now();
        tokio::time::sleep(Duration::from_secs(7)).await;
        patience.renew_at(before);
        poll_fn(|context| patience.poll(context)).await;
        assert_eq!(before.elapsed(), Duration::from_secs(10));
    }
}
