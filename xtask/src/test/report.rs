//! The end of a run: where the time went, and the line that counts.

use std::fmt::Write;
use std::time::Duration;

use super::Ran;
use super::counts::Tally;

/// The table and, as the very last line, `N passed, N failed`.
pub(super) fn summary(ran: &[Ran]) -> String {
    let total: Duration = ran.iter().map(|line| line.took).sum();
    let width = ran.iter().map(|line| line.name.len()).max().unwrap_or_default().max("total".len());
    let mut table = String::from("\nWhere the time went\n");
    let mut line = |name: &str, took: Duration, remark: &str| {
        let percent = 100.0 * took.as_secs_f64() / total.as_secs_f64().max(f64::EPSILON);
        let seconds = took.as_secs_f64();
        // Writing to a string cannot fail.
        let _ = writeln!(table, "  {name:width$} {seconds:8.1} s {percent:4.0} %{remark}");
    };
    for step in ran {
        line(step.name, step.took, if step.tally.failed > 0 { "  failed" } else { "" });
    }
    line("total", total, "");
    let tally: Tally = ran.iter().map(|line| line.tally).sum();
    format!("{table}\n{tally}")
}

/// A failed step's output without the hundreds of lines in which cargo says that it is working. The log has them.
pub(super) fn readable(output: &str) -> String {
    const WORKING: [&str; 7] =
        ["Compiling", "Checking", "Downloaded", "Downloading", "Updating", "Locking", "Blocking"];
    let is_working = |line: &&str| {
        let first = line.split_whitespace().next().unwrap_or_default();
        line.starts_with("   ") && WORKING.contains(&first)
    };
    let lines: Vec<_> = output.lines().filter(|line| !is_working(line)).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_says_while_working_is_left_out() {
        let output =
            "   Compiling store v0.1.0 (x)\n    Checking store v0.1.0\nerror: no\n  Checking is a word\n\n";
        assert_eq!(readable(output), "error: no\n  Checking is a word");
    }

    #[test]
    fn the_last_line_adds_everything_up() {
        let ran = |name, seconds, passed, failed| Ran {
            name,
            took: Duration::from_secs(seconds),
            tally: Tally { passed, failed },
        };
        let summary = summary(&[ran("tools", 1, 0, 0), ran("clippy", 30, 1, 0), ran("rust-tests", 9, 40, 2)]);
        assert_eq!(
            summary,
            "
Where the time went
  tools           1.0 s    2 %
  clippy         30.0 s   75 %
  rust-tests      9.0 s   22 %  failed
  total          40.0 s  100 %

41 passed, 2 failed"
        );
    }
}
