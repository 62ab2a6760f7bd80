//! Waiting for a condition, never for time.

use std::time::Duration;

const LONGEST: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);

/// Asks until there is an answer, and gives it.
///
/// # Panics
/// After half a minute; the message says what was waited for.
pub async fn until<T>(awaited: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    let answer = tokio::time::timeout(LONGEST, asking).await;
    answer.unwrap_or_else(|_| panic!("waited {LONGEST:?} for {awaited}"))
}
