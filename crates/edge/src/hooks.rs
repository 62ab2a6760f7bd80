//! Programs of the operator's that are told what a rollout has decided: a command, a webhook, or both.

mod event;
mod webhook;

use std::error::Error;
use std::time::Duration;

use foundation::{Ambient, Hook, HookError};

use crate::config::HooksConfig;
use crate::engine::Record;
use event::Event;
use webhook::{Webhook, WebhookError};

/// All that one service has.
#[derive(Debug)]
pub(crate) struct Hooks {
    command: Option<Hook>,
    webhook: Option<Webhook>,
    limit: Duration,
}

/// Somebody who could not be told.
#[derive(Debug, thiserror::Error)]
enum Untold {
    #[error("the command failed")]
    Command(#[from] HookError),
    #[error("the webhook did not take it")]
    Webhook(#[from] WebhookError),
}

impl Hooks {
    /// None where nobody is to be told.
    pub(crate) fn of(config: &HooksConfig, ambient: &Ambient) -> Option<Self> {
        let command = config.command.clone().map(Hook);
        let webhook = Webhook::of(config, ambient);
        let is_any = command.is_some() || webhook.is_some();
        is_any.then(|| Self { command, webhook, limit: config.timeout.into() })
    }

    /// Tells all of them; whether all have taken it. Why one has not is in the log.
    pub(crate) async fn tell(&self, record: &Record) -> bool {
        let event = Event::of(record);
        let told = tokio::join!(self.run(&event), self.post(&event));
        let failures = [told.0.err(), told.1.err()].into_iter().flatten();
        failures.inspect(|failure| log(record, failure)).count() == 0
    }

    async fn run(&self, event: &Event) -> Result<(), Untold> {
        let Some(command) = &self.command else { return Ok(()) };
        Ok(command.run_with(event.body(), self.limit).await?)
    }

    async fn post(&self, event: &Event) -> Result<(), Untold> {
        let Some(webhook) = &self.webhook else { return Ok(()) };
        Ok(webhook.post(event).await?)
    }
}

fn log(record: &Record, failure: &Untold) {
    tracing::warn!(
        service = record.service,
        record = record.number,
        error = failure as &dyn Error,
        "a hook was not told what a rollout decided"
    );
}
