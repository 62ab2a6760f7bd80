//! How far a move is: rows, bytes, how fast, how long still. On a terminal a bar, elsewhere now and then a line.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, HumanDuration, ProgressBar, ProgressStyle};
use transfer::{Event, Progress};

/// How often a reader of plain lines is told.
const TOLD_EVERY: Duration = Duration::from_secs(10);
const TEMPLATE: &str = "{bar:30} {human_pos} of {human_len} rows {msg}, {per_sec}, {eta} left{prefix}";

/// Shows what a work tells of itself. Written to standard error, beside the answer.
pub(super) struct Bar {
    bar: ProgressBar,
    state: Arc<Mutex<State>>,
}

struct State {
    what: &'static str,
    began: Instant,
    told: Instant,
    bytes: u64,
    /// What is being done right now.
    doing: Vec<String>,
}

impl Bar {
    /// Rows are `what`: `moved`.
    pub(super) fn begin(what: &'static str) -> Self {
        let style = ProgressStyle::with_template(TEMPLATE).expect("a template").progress_chars("=> ");
        let bar = ProgressBar::new(0).with_style(style).with_message(what);
        let now = Instant::now();
        let state = State { what, began: now, told: now, bytes: 0, doing: Vec::new() };
        Self { bar, state: Arc::new(Mutex::new(state)) }
    }

    pub(super) fn progress(&self) -> Progress {
        let (bar, state) = (self.bar.clone(), Arc::clone(&self.state));
        Progress::to(move |event| {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            state.follow(&bar, event);
            if !stderr().is_terminal() && state.told.elapsed() >= TOLD_EVERY {
                state.tell(&bar);
            }
        })
    }
}

impl State {
    fn follow(&mut self, bar: &ProgressBar, event: Event) {
        match event {
            Event::Expected { rows } => bar.set_length(rows),
            Event::Moved { rows, bytes } => {
                bar.inc(rows);
                self.bytes += bytes;
            }
            Event::Began(what) => self.doing.push(what),
            Event::Ended(what) => {
                let place = self.doing.iter().position(|doing| *doing == what);
                place.map(|place| self.doing.remove(place));
            }
        }
        let bytes = if self.bytes == 0 { String::new() } else { format!(", {}", HumanBytes(self.bytes)) };
        let doing =
            if self.doing.is_empty() { String::new() } else { format!(" ({})", self.doing.join("; ")) };
        bar.set_prefix(format!("{bytes}{doing}"));
    }

    fn tell(&mut self, bar: &ProgressBar) {
        let (position, length) = (bar.position(), bar.length().unwrap_or_default());
        let (rows, all) = (HumanCount(position), HumanCount(length));
        let (bytes, left) = (HumanBytes(self.bytes), HumanDuration(bar.eta()));
        let rate = HumanCount(position / self.began.elapsed().as_secs().max(1));
        // Beside the answer; if nobody reads it, so be it.
        let _ = writeln!(stderr(), "{rows} of {all} rows {}, {bytes}, {rate} rows/s, {left} left", self.what);
        self.told = Instant::now();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
