//! One line per step: rewritten every second on a terminal, plain lines when piped.

use std::io::{IsTerminal, Write, stdout};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::process;

/// How often a reader of plain lines is told that a long step still runs.
const HEARTBEAT: Duration = Duration::from_mins(1);
/// Room for what the running command said last.
const LAST_LINE: usize = 60;

pub(crate) struct Progress {
    step: String,
    started: Instant,
    told: Instant,
    terminal: bool,
}

impl Progress {
    pub(crate) fn begin(step: &str) -> Self {
        let progress = Self { terminal: stdout().is_terminal(), ..Self::piped(step) };
        if progress.terminal {
            print!("▶ {step}");
        } else {
            println!("▶ {step}");
        }
        flush();
        progress
    }

    /// A step that is announced by somebody else.
    pub(crate) fn piped(step: &str) -> Self {
        let now = Instant::now();
        Self { step: step.to_owned(), started: now, told: now, terminal: false }
    }

    /// Shows that the step still runs, and the last thing its log says.
    pub(crate) fn tick(&mut self, log: &Path) {
        let seconds = self.started.elapsed().as_secs();
        if self.terminal {
            print!("\r\x1b[K▶ {} {seconds} s  {}", self.step, last_line(&process::read(log)));
            flush();
        } else if self.told.elapsed() >= HEARTBEAT {
            self.told = Instant::now();
            println!("  {} has run for {seconds} s: {}", self.step, last_line(&process::read(log)));
        }
    }

    /// Ends the step's line: its mark, what it says, and the time it took.
    pub(crate) fn end(&self, mark: char, note: &str) -> Duration {
        let took = self.started.elapsed();
        let clear = if self.terminal { "\r\x1b[K" } else { "" };
        let note = if note.is_empty() { String::new() } else { format!("  {note}") };
        println!("{clear}{mark} {} {:.1} s{note}", self.step, took.as_secs_f64());
        took
    }
}

fn flush() {
    // A closed pipe is met again, and reported, at the next line.
    let _ = stdout().flush();
}

/// The last line that says something, without colours, cut to fit.
fn last_line(log: &str) -> String {
    let line = log.lines().rev().map(plain).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().take(LAST_LINE).collect()
}

/// A line without terminal escapes (ESC, then anything up to a letter).
fn plain(line: &str) -> String {
    let mut text = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else if !character.is_control() {
            text.push(character);
        }
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_short_and_without_colours() {
        assert_eq!(
            last_line("first\n   \u{1b}[32mCompiling\u{1b}[0m store v0.1.0\n\n"),
            "Compiling store v0.1.0"
        );
        assert_eq!(last_line(&"x".repeat(200)).len(), LAST_LINE);
        assert_eq!(last_line(""), "");
    }
}
