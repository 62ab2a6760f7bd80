//! `mainstay audit`, as it is typed.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;
use testkit::{TestDatabase, until};

use crate::house::{execute, no_rooms, number};
use crate::process::{Finished, Folder, Running, ending_of, printed};

/// An installation in which something has happened, and a server has sealed it.
fn with_history(database: &TestDatabase) -> Folder {
    let folder = Folder::new();
    say(&folder, database, "db seed --users 3");
    for words in [
        "users role sample-1 admin",
        "users end-sessions sample-2",
        "users disable sample-2",
        "users enable sample-2",
    ] {
        say(&folder, database, words);
    }
    Running::start(&mut folder.command_on(database)).terminate();
    folder
}

fn typed(folder: &Folder, database: &TestDatabase, words: &str) -> Command {
    let mut command = folder.command_on(database);
    command.args(words.split_whitespace());
    command
}

fn say(folder: &Folder, database: &TestDatabase, words: &str) -> String {
    printed(&mut typed(folder, database, words))
}

fn ending(folder: &Folder, database: &TestDatabase, words: &str) -> Finished {
    ending_of(&mut typed(folder, database, words))
}

testkit::on_both_databases! {
    migrations: no_rooms();

    async fn the_last_things_are_shown_and_can_be_narrowed(database) {
        let folder = with_history(&database);
        let shown = say(&folder, &database, "audit tail -n 3");
        let lines: Vec<_> = shown.lines().collect();
        assert_eq!(lines.len(), 3, "{shown}");
        assert!(lines[2].ends_with("  user_enable  done  by the operator to sample-2"), "{shown}");
        let of_one = say(&folder, &database, "audit tail --person sample-1");
        assert!(of_one.contains("role_change") && !of_one.contains("sample-2"), "{of_one}");
        let some = say(&folder, &database, "audit tail --action user_disable --action user_enable --json");
        let actions: Vec<_> = some.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["action"].clone()).collect();
        assert_eq!(actions, ["user_disable", "user_enable"]);
        let nobody = ending(&folder, &database, "audit tail --person nobody");
        assert!(nobody.complaint().contains("there is no user nobody"), "{nobody:?}");
    }

    async fn a_rotation_says_who_did_it(database) {
        let folder = with_history(&database);
        say(&folder, &database, "keys rotate");
        let shown = say(&folder, &database, "audit tail --action keys_rotate --json");
        let by_operator = shown.lines().filter(|line| line.contains("\"by_operator\":true")).count();
        assert_eq!(by_operator, 2, "the first ones made themselves: {shown}");
    }

    async fn a_follower_ends_with_its_reader(database) {
        let folder = with_history(&database);
        let mut follower = typed(&folder, &database, "audit tail --follow -n 1").stdout(Stdio::piped()).spawn().expect("starts");
        let mut line = String::new();
        BufReader::new(follower.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        assert!(line.contains("user_enable"), "{line}");
        // The reader is gone; it notices with the next line.
        say(&folder, &database, "users disable sample-2");
        let status = until("it to end", async || follower.try_wait().expect("waits")).await;
        assert_eq!(status.code(), Some(0));
    }

    // ASVS 16.4.2
    async fn an_export_is_verified_without_the_installation(database) {
        let folder = with_history(&database);
        let export = folder.path().join("audit.jsonl");
        let said = say(&folder, &database, &format!("audit export --out {}", export.display()));
        let key = say(&folder, &database, "audit key").trim().to_owned();
        assert!(said.contains(&format!("mainstay audit verify --export {} --public-key {key}", export.display())), "{said}");
        let again = ending(&folder, &database, &format!("audit export --out {}", export.display()));
        assert!(!again.status.success() && again.complaint().contains("exists already; choose another name"), "{again:?}");

        let elsewhere = Folder::new();
        let verify = |words: &str| ending_of(elsewhere.command().args(["audit", "verify"]).args(words.split_whitespace()));
        let with_key = format!("--export {} --public-key {key}", export.display());
        let whole = verify(&with_key);
        assert_eq!(whole.status.code(), Some(0), "{whole:?}");
        assert!(whole.stdout.starts_with("✓ The audit log is what was written."), "{whole:?}");
        let keyless = verify(&format!("--export {}", export.display()));
        assert!(keyless.status.code() == Some(1) && keyless.complaint().contains("--public-key"), "{keyless:?}");
        assert!(!elsewhere.data().exists(), "nothing was made there");

        let text = fs::read_to_string(&export).expect("text").replacen("user_disable", "user_enable2", 1);
        fs::write(&export, text).expect("written");
        let changed = verify(&with_key);
        assert_eq!(changed.status.code(), Some(3), "{changed:?}");
        assert!(changed.stdout.starts_with("✗ The audit log is NOT what was written:\n  - "), "{changed:?}");
        let other = "a".repeat(64);
        let foreign = verify(&format!("--export {} --public-key {other}", export.display()));
        assert!(foreign.status.code() == Some(3) && foreign.stdout.contains("another key"), "{foreign:?}");
        let nonsense = verify(&format!("--export {} --public-key x", export.display()));
        assert!(nonsense.complaint().contains("64 hexadecimal digits"), "{nonsense:?}");
    }

    // ASVS 16.4.2
    async fn what_was_changed_in_the_database_is_named(database) {
        let folder = with_history(&database);
        let whole = ending(&folder, &database, "audit verify");
        assert_eq!((whole.status.code(), whole.complaint().as_str()), (Some(0), ""), "{whole:?}");
        execute(&database, "UPDATE audit_logs SET details = NULL WHERE action = 'role_change'").await;
        let sequence = number(&database, "SELECT sequence AS n FROM audit_logs WHERE action = 'role_change'").await;
        let changed = ending(&folder, &database, "audit verify --json");
        assert_eq!(changed.status.code(), Some(3), "{changed:?}");
        let report: Value = serde_json::from_str(&changed.stdout).expect("JSON");
        assert_eq!((&report["findings"][0]["finding"], &report["findings"][0]["sequence"]), (&"changed".into(), &sequence.into()));
        let words = ending(&folder, &database, "audit verify");
        assert!(!words.stdout.contains("on record") && !words.stdout.contains("wait for the next"), "only what is proven: {words:?}");
        execute(&database, "DELETE FROM audit_logs WHERE sequence > 2").await;
        execute(&database, "DELETE FROM audit_checkpoints").await;
        let cut = ending(&folder, &database, "audit verify");
        assert!(cut.stdout.contains("the end is cut off: the last entry is 2, and a witness was told of "), "{cut:?}");
    }

    async fn there_has_to_be_an_installation(database) {
        let folder = Folder::new();
        let none = ending(&folder, &database, "audit verify");
        assert!(none.status.code() == Some(1) && none.complaint().contains("there is no installation"), "{none:?}");
    }
}
