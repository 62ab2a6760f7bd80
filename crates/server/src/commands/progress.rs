//! How far a long command is: a line that is rewritten on a terminal, now and then a plain one elsewhere.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressStyle};

/// How often a reader of plain lines is told.
const TOLD_EVERY: Duration = Duration::from_secs(10);

/// Counts what has been done. Written to standard error, beside the answer.
pub(super) struct Progress {
    bar: ProgressBar,
    told: Instant,
    what: &'static str,
}

impl Progress {
    /// `what` is counted: `entries verified`.
    pub(super) fn begin(what: &'static str) -> Self {
        let style = ProgressStyle::with_template("{spinner} {human_pos} {msg}, {per_sec}, {elapsed}");
        let bar = ProgressBar::new_spinner().with_style(style.expect("a template")).with_message(what);
        Self { bar, told: Instant::now(), what }
    }

    /// So many more.
    pub(super) fn add(&mut self, number: u64) {
        self.bar.inc(number);
        if !stderr().is_terminal() && self.told.elapsed() >= TOLD_EVERY {
            // Beside the answer; if nobody reads it, so be it.
            let _ = writeln!(stderr(), "{} {} so far", HumanCount(self.bar.position()), self.what);
            self.told = Instant::now();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
