//! How many tests passed and failed, read from what each runner writes for machines.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::Suite;
use crate::process::Finished;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

impl Tally {
    pub(super) const NOTHING: Self = Self { passed: 0, failed: 0 };
    pub(super) const PASSED: Self = Self { passed: 1, failed: 0 };
    pub(super) const FAILED: Self = Self { passed: 0, failed: 1 };
}

impl Suite {
    /// What a runner's counts and its exit code say together.
    ///
    /// A suite that ran nothing has failed, and so has one that ended badly for a reason its counts do not show.
    pub(super) fn new(counted: Result<Tally>, finished: Finished) -> Result<Self> {
        let success = finished.status.success();
        let output = finished.output.clone();
        let tally = match counted {
            Ok(tally) if tally.failed > 0 || (success && tally.passed > 0) => tally,
            Ok(tally) if !success => Tally { failed: 1, ..tally },
            Ok(_) => bail!("{}\nnot one test was run: that is a failure too", output.trim_end()),
            Err(error) => {
                finished.succeeded()?;
                return Err(error.context(output));
            }
        };
        Ok(Self { tally, output })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::NOTHING, Add::add)
    }
}

/// The attributes of nextest's outermost element: `<testsuites tests="3" failures="1" errors="0" ...>`.
pub(super) fn junit(xml: &str) -> Result<Tally> {
    let (_, rest) = xml.split_once("<testsuites ").context("nextest wrote no JUnit file")?;
    let (element, _) = rest.split_once('>').context("nextest's JUnit file is cut off")?;
    let attribute = |name: &str| -> Result<u64> {
        let start = format!(" {name}=\"");
        let value = element.split_once(&start).and_then(|(_, rest)| rest.split_once('"'));
        let (number, _) = value.with_context(|| format!("nextest's JUnit file lacks `{name}`"))?;
        number.parse().with_context(|| format!("nextest's JUnit file says {name}={number}"))
    };
    let failed = attribute("failures")? + attribute("errors")?;
    Ok(Tally { passed: attribute("tests")?.saturating_sub(failed), failed })
}

/// The lines `test result: ok. 3 passed; 0 failed; ...`, one for each test binary.
pub(super) fn cargo_test(output: &str) -> Result<Tally> {
    let results = output.lines().filter_map(|line| line.trim().strip_prefix("test result: "));
    results
        .map(|result| Ok(Tally { passed: number(result, "passed")?, failed: number(result, "failed")? }))
        .sum()
}

pub(super) fn vitest(json: &str) -> Result<Tally> {
    let results: Value = serde_json::from_str(json).context("vitest wrote no results")?;
    Ok(Tally { passed: field(&results, "numPassedTests")?, failed: field(&results, "numFailedTests")? })
}

pub(super) fn playwright(json: &str) -> Result<Tally> {
    let results: Value = serde_json::from_str(json).context("Playwright wrote no results")?;
    let stats = &results["stats"];
    // A test that passed only when tried again has failed.
    let failed = field(stats, "unexpected")? + field(stats, "flaky")?;
    Ok(Tally { passed: field(stats, "expected")?, failed })
}

fn field(json: &Value, name: &str) -> Result<u64> {
    json[name].as_u64().with_context(|| format!("the results lack the number `{name}`"))
}

fn number(result: &str, word: &str) -> Result<u64> {
    let mut words = result.split([' ', ';', '.']).filter(|word| !word.is_empty()).rev();
    words.find(|candidate| *candidate == word);
    let number = words.next().and_then(|number| number.parse().ok());
    number.with_context(|| format!("`test result: {result}` does not say how many {word}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process;
    use crate::progress::Progress;

    #[test]
    fn nextest_junit() {
        let xml = r#"<?xml version="1.0"?>
            <testsuites name="nextest-run" tests="12" failures="2" errors="1" uuid="x">
                <testsuite name="store" tests="12" failures="9" errors="9">"#;
        assert_eq!(junit(xml).unwrap(), Tally { passed: 9, failed: 3 });
        assert_eq!(junit("").unwrap_err().to_string(), "nextest wrote no JUnit file");
    }

    #[test]
    fn cargo_test_lines_are_added_up() {
        let output = "
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
            test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s";
        assert_eq!(cargo_test(output).unwrap(), Tally { passed: 13, failed: 2 });
        assert_eq!(cargo_test("error: could not compile").unwrap(), Tally::NOTHING);
    }

    #[test]
    fn vitest_json() {
        let json = r#"{"numTotalTests": 5, "numPassedTests": 4, "numFailedTests": 1, "success": false}"#;
        assert_eq!(vitest(json).unwrap(), Tally { passed: 4, failed: 1 });
    }

    #[test]
    fn playwright_json_counts_flaky_tests_as_failed() {
        let json = r#"{"stats": {"expected": 7, "unexpected": 1, "flaky": 2, "skipped": 1}}"#;
        assert_eq!(playwright(json).unwrap(), Tally { passed: 7, failed: 3 });
    }

    fn suite(script: &str, counted: Result<Tally>) -> Result<Tally> {
        let folder = tempfile::tempdir().unwrap();
        let mut command = process::clean("sh");
        let log = folder.path().join("log");
        let finished =
            process::run(command.args(["-c", script]), &log, &mut Progress::piped("suite")).unwrap();
        Ok(Suite::new(counted, finished)?.tally)
    }

    #[test]
    fn a_suite_without_tests_has_failed() {
        let error = suite("echo nothing here", Ok(Tally::NOTHING)).unwrap_err().to_string();
        assert_eq!(error, "nothing here\nnot one test was run: that is a failure too");
    }

    #[test]
    fn a_bad_end_counts_even_when_no_test_failed() {
        let passed = Tally { passed: 4, failed: 0 };
        assert_eq!(suite("exit 1", Ok(passed)).unwrap(), Tally { passed: 4, failed: 1 });
        assert_eq!(suite("exit 0", Ok(passed)).unwrap(), passed);
    }

    #[test]
    fn a_suite_that_could_not_start_shows_its_output() {
        let error = suite("echo cannot compile; exit 1", junit("")).unwrap_err().to_string();
        assert!(error.starts_with("cannot compile\n"), "{error}");
    }
}
