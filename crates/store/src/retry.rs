//! Trying a whole unit of work again, only where nothing of it can have happened.

use std::time::Duration;

use foundation::Ambient;
use sea_orm::DbErr;

use crate::StoreError;

/// An error that knows whether nothing of what failed has happened.
pub trait Retriable {
    /// Whether the whole may be tried again.
    fn is_safe_to_retry(&self) -> bool;
}

impl Retriable for StoreError {
    fn is_safe_to_retry(&self) -> bool {
        Self::is_safe_to_retry(self)
    }
}

/// How often and how soon a unit of work is tried again: exponential back-off with full jitter
/// ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
#[derive(Debug, Clone)]
pub struct Retry {
    ambient: Ambient,
    attempts: u32,
    first_pause: Duration,
    longest_pause: Duration,
}

impl Retry {
    /// Twelve attempts, with pauses of up to 10, 20, 40 ... and at most 500 ms: about two seconds in all.
    ///
    /// With 200 sign-ups at once into an empty PostgreSQL database, where every unit meets every other, each attempt
    /// fails with a probability of 0.6; six attempts turned 2% of the people away.
    pub fn new(ambient: Ambient) -> Self {
        Self {
            ambient,
            attempts: 12,
            first_pause: Duration::from_millis(10),
            longest_pause: Duration::from_millis(500),
        }
    }

    /// The same pauses, another number of attempts.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Runs `work` until it succeeds, fails for good, or was tried often enough.
    ///
    /// `work` must begin its unit, do everything inside it and commit it: what lies outside of the unit would happen
    /// once per attempt.
    ///
    /// # Errors
    /// The error of the last attempt.
    pub async fn run<T, E, F>(&self, work: impl Fn() -> F) -> Result<T, E>
    where
        E: Retriable,
        F: Future<Output = Result<T, E>>,
    {
        let mut attempt = 1;
        loop {
            match work().await {
                Err(error) if error.is_safe_to_retry() && attempt < self.attempts => {
                    tracing::debug!(attempt, "trying a unit of work again");
                    tokio::time::sleep(self.pause(attempt)).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    /// A read outside of any unit of work, tried again when a connection turns out to be lost.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read<T, F>(&self, query: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, DbErr>>,
    {
        self.run(|| async { Ok(query().await?) }).await
    }

    fn pause(&self, attempt: u32) -> Duration {
        let ceiling = self.first_pause.saturating_mul(1 << (attempt - 1).min(16)).min(self.longest_pause);
        let share = f64::from(u32::from_le_bytes(self.ambient.random())) / f64::from(u32::MAX);
        ceiling.mul_f64(share)
    }
}
