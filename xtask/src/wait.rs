//! Waiting for a condition that nobody announces: a process of somebody else's that becomes ready or ends.

use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::Result;

const BETWEEN_LOOKS: Duration = Duration::from_millis(25);

/// Looks again and again until `look` finds something, or answers `None` once `limit` has passed.
pub(crate) fn until<T>(limit: Duration, mut look: impl FnMut() -> Result<Option<T>>) -> Result<Option<T>> {
    let started = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(Some(found));
        }
        if started.elapsed() >= limit {
            return Ok(None);
        }
        pause();
    }
}

/// How `child` ended, or `None` if it still runs after `limit`.
pub(crate) fn for_end(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    until(limit, || Ok(child.try_wait()?))
}

#[expect(clippy::disallowed_methods, reason = "another process's readiness can only be looked at again")]
fn pause() {
    std::thread::sleep(BETWEEN_LOOKS);
}
