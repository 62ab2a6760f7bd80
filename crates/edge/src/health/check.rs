//! Asks targets how they are, again and again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{Request, header};
use tokio::sync::oneshot;

use crate::config::{Address, HealthConfig};
use crate::service::Target;
use crate::upstream::{Connection, RequestBody};

/// While a target has not answered yet, it is asked more often: people wait for it.
const IMPATIENT: Duration = Duration::from_millis(250);

/// Checks a target for ever. `seen` is told when it has been looked at once.
pub(crate) async fn watch(target: Arc<Target>, config: HealthConfig, seen: oneshot::Sender<()>) {
    let mut seen = Some(seen);
    loop {
        let is_good = tokio::time::timeout(config.timeout.into(), check(&target.address, &config)).await;
        let is_good = is_good.unwrap_or(false);
        target.checked(is_good, Instant::now());
        if let Some(seen) = seen.take() {
            // Nobody waits for it any more.
            let _ = seen.send(());
        }
        let every: Duration = config.every.into();
        let is_known = is_good || !target.is_starting();
        tokio::time::sleep(if is_known { every } else { every.min(IMPATIENT) }).await;
    }
}

async fn check(address: &Address, config: &HealthConfig) -> bool {
    let limit = config.timeout.into();
    let Ok(mut connection) = Connection::open(address, limit, limit).await else { return false };
    let Some(path) = &config.path else { return true };
    let request = Request::get(path.as_str())
        .header(header::HOST, address.as_str())
        .header(header::USER_AGENT, "mainstay-edge")
        .header(header::CONNECTION, "close")
        .body(RequestBody::Empty);
    let Ok(request) = request else { return false };
    let answer = connection.send(request).await;
    answer.is_ok_and(|answer| answer.status().is_success() || answer.status().is_redirection())
}
