//! Whatever is written, the follower has the same.

use proptest::collection::vec;
use proptest::prelude::*;

use super::Source;
use super::grammar::{Chance, SCHEMA, statement};

/// Runs statements one after another, failures included, with a look of the follower after each of `looks`.
fn follow(pragmas: &str, seeds: &[(u64, bool)]) {
    let source = Source::new(&format!("{pragmas}; PRAGMA synchronous = OFF; {SCHEMA}"));
    let mut follower = source.follow();
    for (seed, looks) in seeds {
        let _ = source.writer.execute_batch(&statement(&mut Chance(*seed)));
        if *looks && source.writer.is_autocommit() {
            follower.expect_same(&source.writer);
            follower.capture.prune(follower.at).expect("prunes");
        }
    }
    if !source.writer.is_autocommit() {
        source.run("COMMIT");
    }
    follower.expect_same(&source.writer);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_the_follower_has_the_same(
        seeds in vec((any::<u64>(), prop::bool::weighted(0.1)), 1..200),
        wal in any::<bool>(),
        recursive in any::<bool>(),
    ) {
        let pragmas = format!(
            "PRAGMA journal_mode = {}; PRAGMA recursive_triggers = {recursive}",
            if wal { "WAL" } else { "DELETE" }
        );
        follow(&pragmas, &seeds);
    }
}
