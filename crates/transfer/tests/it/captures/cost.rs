//! What following costs those who write.

use std::time::Instant;

use super::Source;

/// How many writes are measured at once, and how often.
const WRITES: i64 = 500;
const TIMES: usize = 4;

const TABLES: [(&str, &str); 3] = [
    ("number", "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, at INT)"),
    ("text key", "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, name TEXT, at INT)"),
    ("text key, unique", "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, name TEXT UNIQUE, at INT)"),
];

/// Microseconds a write, of inserts and of updates.
fn measure(source: &Source) -> [f64; 2] {
    let mut insert = source.writer.prepare("INSERT INTO t VALUES (?1, 'name ' || ?1, 0)").expect("prepares");
    let mut update = source.writer.prepare("UPDATE t SET at = at + 1 WHERE id = ?1").expect("prepares");
    [&mut insert, &mut update].map(|statement| {
        let begun = Instant::now();
        for write in 0..WRITES {
            statement.execute([write * 7919 % 1_000_003]).expect("writes");
        }
        begun.elapsed().as_secs_f64() * 1e6 / f64::from(u32::try_from(WRITES).expect("small"))
    })
}

#[test]
#[ignore = "it measures, and says what it found"]
fn cost_of_a_write() {
    for mode in [
        "journal_mode = WAL; PRAGMA synchronous = FULL",
        "journal_mode = WAL; PRAGMA synchronous = NORMAL",
        "journal_mode = DELETE",
    ] {
        for (name, table) in TABLES {
            let (mut plain, mut followed) = ([f64::MAX; 2], [f64::MAX; 2]);
            for _ in 0..TIMES {
                let source = Source::new(&format!("PRAGMA {mode}; {table};"));
                plain = best(plain, measure(&source));
                let source = Source::new(&format!("PRAGMA {mode}; {table};"));
                let _follower = source.follow();
                followed = best(followed, measure(&source));
            }
            let ratio = |at: usize| followed[at] / plain[at];
            println!(
                "{mode}, {name}: insert {:.1} us, {:.2} times; update {:.1} us, {:.2} times",
                plain[0],
                ratio(0),
                plain[1],
                ratio(1)
            );
        }
    }
}

fn best(one: [f64; 2], other: [f64; 2]) -> [f64; 2] {
    [one[0].min(other[0]), one[1].min(other[1])]
}
