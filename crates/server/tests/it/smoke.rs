//! The smoke test that people run against staging, run against the real binary.

use std::process::Command;

use crate::house::no_rooms;
use crate::process::{Folder, Running, ending_of};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/smoke.sh");

testkit::on_both_databases! {
    migrations: no_rooms();

    async fn a_working_installation_passes(database) {
        let folder = Folder::new();
        let running = Running::start(&mut folder.command_on(&database));
        for _ in 0..2 {
            let finished = ending_of(Command::new("bash").arg(SCRIPT).arg(&running.url));
            assert!(finished.status.success(), "{finished:?}");
            assert!(finished.stdout.ends_with("all is well\n"), "{finished:?}");
        }
    }
}

#[test]
fn an_absent_installation_fails_with_a_clear_word() {
    let finished = ending_of(Command::new("bash").arg(SCRIPT).arg("http://127.0.0.1:1"));
    assert_eq!(finished.status.code(), Some(1), "{finished:?}");
    assert!(finished.stderr.contains("FAILED: health"), "{finished:?}");
}
