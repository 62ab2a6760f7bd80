//! Counting in Redis, where all nodes count together.
//!
//! A request never waits for a connection: while there is none it is counted by its own node, and a task in the
//! background asks once a second whether Redis is back. Only who was on the way when Redis fell silent waits, and no
//! longer than [`PATIENCE`].

use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use foundation::config::Period;
use redis::aio::MultiplexedConnection;
use redis::{Client, RedisError, Script};

use super::gcra::{Decision, Micros, Rate, decide};
use super::quota::Quota;
use super::{Key, Policy};

/// How long a request waits for an answer.
const PATIENCE: Duration = Duration::from_millis(100);

/// How long after a failure Redis is not asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// What is asked to find out whether Redis counts. It writes, too: a server that only reads is no help.
const TRIAL: Quota = Quota::new(1000, Period::SECOND, 1000);

static SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("gcra.lua")));

pub(super) struct Redis {
    client: Client,
    /// `None` while Redis is away.
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl Redis {
    /// Connects, or goes on trying in the background.
    pub(super) async fn connect(client: Client) -> Arc<Self> {
        let redis = Arc::new(Self { client, connection: Mutex::new(None) });
        match redis.try_out().await {
            Ok(connection) => {
                *redis.connection() = Some(connection);
                tracing::info!("rate limits are counted in Redis, by all nodes together");
            }
            Err(error) => redis.mend(&error),
        }
        redis
    }

    pub(super) fn is_away(&self) -> bool {
        self.connection().is_none()
    }

    /// `None` while Redis is away.
    pub(super) async fn decide(self: &Arc<Self>, quota: Quota, policy: Policy, key: Key) -> Option<Decision> {
        let connection = self.connection().clone()?;
        match ask(connection, quota.rate(), &format!("mainstay:rate:{}:{key}", policy.name())).await {
            Ok(decision) => Some(decision),
            Err(failure) => {
                // Many may notice at the same time.
                if self.connection().take().is_some() {
                    self.mend(&failure);
                }
                None
            }
        }
    }

    /// Says that Redis is away, and looks for it until it is back.
    fn mend(self: &Arc<Self>, failure: &Failure) {
        tracing::warn!(%failure, "rate limits are counted by this node alone until Redis answers again");
        tokio::spawn(look_for(Arc::downgrade(self)));
    }

    /// A new connection that has proved itself.
    async fn try_out(&self) -> Result<MultiplexedConnection, Failure> {
        let connection = self.client.get_multiplexed_async_connection().await?;
        ask(connection.clone(), TRIAL.rate(), "mainstay:rate:trial").await?;
        Ok(connection)
    }

    fn connection(&self) -> MutexGuard<'_, Option<MultiplexedConnection>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn look_for(redis: Weak<Redis>) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let Some(redis) = redis.upgrade() else { return };
        if let Ok(connection) = redis.try_out().await {
            *redis.connection() = Some(connection);
            tracing::info!("rate limits are counted in Redis again, by all nodes together");
            return;
        }
    }
}

async fn ask(mut connection: MultiplexedConnection, rate: Rate, name: &str) -> Result<Decision, Failure> {
    let mut question = SCRIPT.key(name);
    question.arg(rate.interval).arg(rate.refill());
    let answer = question.invoke_async(&mut connection);
    let (tat, now): (Micros, Micros) =
        tokio::time::timeout(PATIENCE, answer).await.map_err(|_| Failure::Silent)??;
    Ok(decide(rate, tat, now))
}

/// Why Redis is no help.
#[derive(Debug)]
enum Failure {
    Silent,
    Said(RedisError),
}

impl From<RedisError> for Failure {
    fn from(error: RedisError) -> Self {
        Self::Said(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent => write!(f, "no answer within {} ms", PATIENCE.as_millis()),
            Self::Said(error) => error.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests;
