//! The rows of some buckets, looked at one by one. Pure.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::ValueRef;

use super::reading::Collector;
use super::report::Difference;
use super::rows::RawRow;
use super::sums::{Bucket, Different};
use crate::definition::{ColumnDefinition, TableDefinition};
use crate::{ledger, sqlite};

/// Rows of some buckets. Of a table without a key, the same row may be there more than once.
#[derive(Debug)]
pub(super) struct Picked {
    buckets: BTreeSet<Bucket>,
    rows: Vec<Vec<u8>>,
}

impl Collector for Picked {
    fn see(&mut self, row: RawRow<'_>, bucket: Bucket) {
        if self.buckets.contains(&bucket) {
            self.rows.push(row.0.to_owned());
        }
    }
}

/// What is different between a row of the file, if there is one, and one of PostgreSQL.
pub(crate) fn between(
    ours: Option<Vec<u8>>,
    theirs: Vec<u8>,
    definition: &TableDefinition,
) -> Vec<Difference> {
    let of = |rows: Vec<Vec<u8>>| Picked { buckets: BTreeSet::new(), rows };
    of(ours.into_iter().collect()).differences(&of(vec![theirs]), definition)
}

/// What tells a row apart: its fields.
type Fields = Vec<Option<Vec<u8>>>;

impl Picked {
    /// None yet, of these buckets.
    pub(super) fn of(buckets: &[Different]) -> Self {
        Self { buckets: buckets.iter().map(|different| different.bucket).collect(), rows: Vec::new() }
    }

    /// What is different from the rows of the other side.
    pub(super) fn differences(&self, other: &Self, definition: &TableDefinition) -> Vec<Difference> {
        let (mut here, mut there) = (by_key(&self.rows, definition), by_key(&other.rows, definition));
        let keys: BTreeSet<_> = here.keys().chain(there.keys()).cloned().collect();
        let mut differences = Vec::new();
        for key in keys {
            let (mut ours, mut theirs) =
                (here.remove(&key).unwrap_or_default(), there.remove(&key).unwrap_or_default());
            let shown = shown_key(&key, definition);
            while let (Some(our), Some(their)) = (ours.last(), theirs.last()) {
                differences.extend(cells(&shown, our, their, definition));
                ours.pop();
                theirs.pop();
            }
            differences.extend(ours.iter().map(|_| Difference::OnlyInSource { key: shown.clone() }));
            differences.extend(theirs.iter().map(|_| Difference::OnlyInTarget { key: shown.clone() }));
        }
        differences
    }
}

fn by_key<'r>(rows: &'r [Vec<u8>], definition: &TableDefinition) -> BTreeMap<Fields, Vec<RawRow<'r>>> {
    let mut found: BTreeMap<Fields, Vec<RawRow<'r>>> = BTreeMap::new();
    for row in rows {
        let fields: Vec<_> = RawRow(row).fields().map(|field| field.map(<[u8]>::to_vec)).collect();
        let key = match definition.key.as_slice() {
            [] => fields,
            places => places.iter().map(|place| fields.get(*place).cloned().flatten()).collect(),
        };
        found.entry(key).or_default().push(RawRow(row));
    }
    found
}

fn cells(key: &str, ours: &RawRow<'_>, theirs: &RawRow<'_>, definition: &TableDefinition) -> Vec<Difference> {
    let mut found = Vec::new();
    for (column, (our, their)) in definition.columns.iter().zip(ours.fields().zip(theirs.fields())) {
        if our != their {
            found.push(Difference::Cell {
                key: key.to_owned(),
                column: sqlite::unquoted(&column.source),
                source: shown(our, column),
                target: shown(their, column),
            });
        }
    }
    found
}

/// A field for people: the cell that it is, or else its digits or its bytes. Others are shown otherwise.
fn shown(field: Option<&[u8]>, column: &ColumnDefinition) -> String {
    let (Some(bytes), codec) = (field, column.plan.codec) else { return "NULL".to_owned() };
    match codec.decode(bytes).filter(|value| codec.is(ValueRef::from(value), field)) {
        Some(value) => ledger::shown(ValueRef::from(&value)),
        None => codec.digits(bytes).unwrap_or_else(|| format!("x'{}'", hex::encode(bytes))),
    }
}

fn shown_key(key: &Fields, definition: &TableDefinition) -> String {
    let places: Vec<_> =
        if definition.key.is_empty() { (0..key.len()).collect() } else { definition.key.clone() };
    let fields = key.iter().zip(places);
    let words: Vec<_> =
        fields.map(|(field, place)| shown(field.as_deref(), &definition.columns[place])).collect();
    words.join(", ")
}
