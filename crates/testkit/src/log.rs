//! Everything this process logs, down to the smallest detail, for tests of what must not be in it.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing::Level;

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

fn lines() -> MutexGuard<'static, Vec<u8>> {
    LINES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The log of this process. Tests that share the process share it.
#[derive(Debug, Clone, Copy)]
pub struct Log;

impl Log {
    /// Begins to keep the log. Call it before anything is logged: tracing remembers for each place in the code whether
    /// somebody listens.
    pub fn keep() -> Self {
        let subscriber = tracing_subscriber::fmt().with_writer(|| Self).with_max_level(Level::TRACE);
        // A second test in this process finds the first one's.
        let _ = tracing::subscriber::set_global_default(subscriber.with_ansi(false).finish());
        Self
    }

    /// All that was logged so far.
    pub fn text(self) -> String {
        String::from_utf8_lossy(&lines()).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lines().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
