//! Whether two sets of rows are the same, without putting them into an order. Pure.
//!
//! Each row becomes a number of 128 bits (XXH3), and the numbers of a set are added: in whatever order rows come, the
//! sum is the same, and two sets that differ have the same sum with a probability of 2^-128. Rows are spread over
//! buckets by their key, so that where sums differ, few rows have to be looked at one by one.

use super::reading::Collector;
use super::rows::RawRow;
use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_128};

/// How many buckets there are.
const BUCKETS: usize = 1 << 14;
/// How many rows wait until they are added: so their buckets come from memory together, and not one after the other.
const TOGETHER: usize = 64;

/// A bucket that is different, and how much of both sides is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Different {
    pub(super) bucket: Bucket,
    pub(super) rows: u64,
    pub(super) bytes: u64,
}

/// A bucket of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bucket(usize);

/// What rows come to, in whatever order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    total: u128,
    rows: u64,
    bytes: u64,
}

impl Sum {
    /// Of one row: its fields.
    fn of(fields: &[u8]) -> Self {
        Self { total: xxh3_128(fields), rows: 1, bytes: fields.len() as u64 }
    }

    /// One more row: its fields.
    pub(crate) fn add(&mut self, fields: &[u8]) {
        self.join(Self::of(fields));
    }

    /// More rows.
    fn join(&mut self, more: Self) {
        self.total = self.total.wrapping_add(more.total);
        self.rows += more.rows;
        self.bytes += more.bytes;
    }
}

/// The sums of a table on one side.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    buckets: Vec<Sum>,
    /// Rows that are not in them yet.
    waiting: Vec<(Bucket, Sum)>,
}

impl Sums {
    /// Of no rows.
    pub(super) fn new() -> Self {
        Self { buckets: vec![Sum::default(); BUCKETS], waiting: Vec::with_capacity(TOGETHER) }
    }

    /// All buckets, with the rows that wait.
    fn buckets(&self) -> Vec<Sum> {
        let mut all = self.clone();
        all.settle();
        all.buckets
    }

    fn settle(&mut self) {
        for (bucket, row) in self.waiting.drain(..) {
            self.buckets[bucket.0].join(row);
        }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> u64 {
        self.buckets().iter().map(|bucket| bucket.rows).sum()
    }

    /// The sum of all.
    pub(super) fn total(&self) -> u128 {
        self.buckets().iter().fold(0, |total: u128, bucket| total.wrapping_add(bucket.total))
    }

    /// Where the other is different.
    pub(super) fn differences(&self, other: &Self) -> Vec<Different> {
        let pairs = self.buckets().into_iter().zip(other.buckets()).enumerate();
        let different = pairs.filter(|(_, (here, there))| here != there).map(|(place, (here, there))| {
            let (rows, bytes) = (here.rows + there.rows, here.bytes + there.bytes);
            Different { bucket: Bucket(place), rows, bytes }
        });
        different.collect()
    }
}

impl PartialEq for Sums {
    fn eq(&self, other: &Self) -> bool {
        self.buckets() == other.buckets()
    }
}

impl Collector for Sums {
    fn see(&mut self, row: RawRow<'_>, bucket: Bucket) {
        self.waiting.push((bucket, Sum::of(row.0)));
        if self.waiting.len() == TOGETHER {
            self.settle();
        }
    }
}

/// The bucket of a row whose key consists of these fields. Without a key, the whole row is one.
pub(super) fn bucket<'f>(row: &[u8], mut key: impl Iterator<Item = Option<&'f [u8]>>) -> Bucket {
    let hash = match (key.next(), key.next()) {
        (None, _) => xxh3_64(row),
        (Some(field), None) => xxh3_64(field.unwrap_or_default()),
        (first, second) => {
            let mut hasher = Xxh3::new();
            for field in first.into_iter().chain(second).chain(key) {
                let field = field.unwrap_or_default();
                hasher.update(&field.len().to_be_bytes());
                hasher.update(field);
            }
            hasher.digest()
        }
    };
    Bucket(usize::try_from(hash % BUCKETS as u64).expect("a place"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(rows: &[&str]) -> Sums {
        let mut sums = Sums::new();
        for row in rows {
            let key = row.split(' ').next().expect("a key");
            let bucket = bucket(row.as_bytes(), [Some(key.as_bytes())].into_iter());
            sums.see(RawRow(row.as_bytes()), bucket);
        }
        sums
    }

    #[test]
    fn the_order_does_not_matter_and_everything_else_does() {
        let all = sums(&["1 a", "2 b", "2 b"]);
        assert_eq!(all, sums(&["2 b", "1 a", "2 b"]));
        assert_eq!((all.rows(), all.differences(&all.clone()).len()), (3, 0));
        for other in [["1 a", "1 a", "2 b"], ["1 b", "2 a", "2 b"], ["1 a", "2 b", "2 c"]] {
            let other = sums(&other);
            assert!(all.total() != other.total() && !all.differences(&other).is_empty());
        }
    }

    #[test]
    fn fields_of_a_key_do_not_run_together() {
        let of = |fields: &[&'static [u8]]| bucket(b"", fields.iter().map(|field| Some(*field)));
        assert_ne!(of(&[b"ab", b"c"]), of(&[b"a", b"bc"]));
    }
}
