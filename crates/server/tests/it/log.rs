//! The log of the real binary: its form, its clock, and where it goes.

use std::fs;
use std::path::Path;

use foundation::{Ambient, Timestamp};
use serde_json::Value;

use crate::process::{Finished, Folder, Running};

/// A word that the log has to tell, and nothing else may keep.
const WORD: &str = "zebra-at-noon";

/// All that a server keeps (docs/security/data-classes.md), and none of it is a log.
const KEPT: &[&str] = &[
    "data/audit-checkpoints.jsonl",
    "data/mainstay.sqlite",
    "data/secrets/csrf.key",
    "data/secrets/root.key",
    "data/serving.lock",
];

/// The log of a server in a place where clocks are fourteen hours ahead, that was asked for a page and a secret.
async fn life(folder: &Folder, format: &str) -> (Finished, String) {
    let mut command = folder.command();
    command.envs([("MAINSTAY__LOG__FORMAT", format), ("TZ", "Pacific/Kiritimati"), ("LOG_LEVEL", "debug")]);
    let running = Running::start(&mut command);
    let answer = running.client().get(&format!("/api/{WORD}?token=hunter2")).await;
    let id = answer.header("x-request-id").to_owned();
    (running.terminate(), id)
}

fn lies_between(time: &str, begin: Timestamp, end: Timestamp) -> bool {
    assert!(time.ends_with('Z'), "{time}");
    let time: Timestamp = time.parse().unwrap_or_else(|error| panic!("{time}: {error}"));
    begin <= time && time <= end
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

// ASVS 16.2.1, 16.2.2, 16.2.4
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_json_every_line_has_the_same_form_and_its_time_is_utc() {
    let (folder, clock) = (Folder::new(), Ambient::system());
    let begin = clock.now();
    let (finished, id) = life(&folder, "json").await;
    let end = clock.now();
    let lines: Vec<Value> = finished
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}")))
        .collect();
    assert!(lines.len() > 3, "{finished:?}");
    for line in &lines {
        assert!(lies_between(line["timestamp"].as_str().expect("a time"), begin, end), "{line}");
        assert!(
            ["ERROR", "WARN", "INFO", "DEBUG"].contains(&line["level"].as_str().expect("a level")),
            "{line}"
        );
        assert!(line["target"].as_str().is_some_and(|target| !target.is_empty()), "{line}");
    }
    let access: Vec<_> = lines.iter().filter(|line| line["target"] == "access").collect();
    let [line] = access.as_slice() else { panic!("{access:?}") };
    assert_eq!((&line["method"], &line["status"]), (&"GET".into(), &404.into()), "{line}");
    assert_eq!(line["path"], format!("/api/{WORD}"), "without its query");
    assert_eq!(line["code"], "not_found", "{line}");
    assert!(line["duration_ms"].is_u64(), "{line}");
    assert_eq!(line["span"]["request_id"], id, "{line}");
}

// ASVS 16.2.2
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_text_too_every_line_begins_with_its_time_in_utc() {
    let (folder, clock) = (Folder::new(), Ambient::system());
    let begin = clock.now();
    let (finished, _) = life(&folder, "text").await;
    let end = clock.now();
    assert!(finished.stderr.lines().count() > 3, "{finished:?}");
    for line in finished.stderr.lines() {
        let (time, _) = line.split_once(' ').expect("words");
        assert!(lies_between(time, begin, end), "{line}");
    }
}

// ASVS 16.2.3
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_goes_to_standard_error_and_nowhere_else() {
    let folder = Folder::new();
    let (finished, _) = life(&folder, "text").await;
    assert_eq!(finished.stderr.matches(WORD).count(), 1, "{finished:?}");
    assert!(!finished.stdout.contains(WORD), "{finished:?}");
    for file in files(folder.path()) {
        let content = fs::read(&file).expect("readable");
        assert!(!content.windows(WORD.len()).any(|window| window == WORD.as_bytes()), "{}", file.display());
        let name = file.strip_prefix(folder.path()).expect("below it").display().to_string();
        assert!(KEPT.contains(&name.trim_end_matches("-wal").trim_end_matches("-shm")), "what is {name}?");
    }
}
