//! Cuts a move into tasks: the same whenever the same moment is moved by the same plan.

use super::{Run, RunError};
use crate::task::{Part, Task};
use crate::{SqliteFile, Table};

/// How many rows are moved by one transaction, about: so much is done again after a crash.
const ROWS: u64 = 200_000;

impl Run {
    /// The tasks that fill tables, how heavy a part of each table is, and how many rows there are.
    pub(super) fn filling(&self, file: &SqliteFile) -> Result<(Vec<Task>, Vec<u64>, u64), RunError> {
        let (mut tasks, mut weights, mut all) = (Vec::new(), Vec::new(), 0);
        for (place, table) in self.schema.tables.iter().enumerate() {
            let definition = &self.definition.tables[place];
            let rows = file.count(table)?;
            all += rows;
            let parts = parts(file, table, rows)?;
            weights.push(rows.saturating_mul(table.columns.len() as u64) / parts.len() as u64);
            tasks.extend(parts.into_iter().map(|part| Task::Fill { table: place, part }));
            tasks.extend((0..definition.indexes.len()).map(|nth| Task::Index { table: place, nth }));
            tasks.push(Task::Key { table: place });
            tasks.push(Task::Analyse { table: place });
        }
        Ok((tasks, weights, all))
    }

    /// The tasks about what joins tables.
    pub(super) fn joining(&self) -> Vec<Task> {
        let keys = self.definition.foreign_keys.iter().enumerate();
        let validate = keys.map(|(nth, key)| Task::Validate { nth, table: key.tables[0] });
        std::iter::once(Task::Join).chain(validate).collect()
    }
}

fn parts(file: &SqliteFile, table: &Table, rows: u64) -> Result<Vec<Part>, RunError> {
    let ends = if rows > ROWS { file.rowids(table)? } else { None };
    Ok(ends.map_or_else(|| vec![Part::Whole], |(first, last)| cut(first, last, rows.div_ceil(ROWS))))
}

/// Cuts rowids from `first` to `last` into so many parts of equal width.
fn cut(first: i64, last: i64, parts: u64) -> Vec<Part> {
    let (first, parts) = (i128::from(first), i128::from(parts));
    let width = i128::from(last) - first + 1;
    let bound = |nth: i128| first + width * nth / parts;
    let narrow = |rowid: i128| i64::try_from(rowid).expect("between two of 64 bits");
    let all = (0..parts).map(|nth| (bound(nth), bound(nth + 1) - 1)).filter(|(from, to)| from <= to);
    all.map(|(from, to)| Part::Rowids(narrow(from), narrow(to))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_everything_once() {
        for (first, last, parts) in
            [(1, 10, 3), (i64::MIN, i64::MAX, 7), (-5, -5, 4), (i64::MAX - 1, i64::MAX, 2), (0, 99, 100)]
        {
            let mut next = i128::from(first);
            for part in cut(first, last, parts) {
                let Part::Rowids(from, to) = part else { panic!("{part:?}") };
                assert_eq!(i128::from(from), next);
                assert!(from <= to);
                next = i128::from(to) + 1;
            }
            assert_eq!(next, i128::from(last) + 1);
        }
    }
}
