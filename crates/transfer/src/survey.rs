//! A look at a whole database: what it consists of, and what its cells hold.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::progress::Event;
use crate::{ColumnProfile, Progress, Schema, SourceError, SqliteFile};

/// What a look at a database found.
#[derive(Debug, Clone)]
pub struct Survey {
    /// What it consists of.
    pub schema: Schema,
    /// What its cells hold, by table and column.
    pub profiles: Vec<Vec<ColumnProfile>>,
}

impl Survey {
    /// Looks at every cell, by so many threads, at one moment of the file. Blocks.
    ///
    /// # Errors
    /// When the file cannot be read, or a definition in it cannot be understood.
    pub fn of(path: &Path, threads: usize, progress: &Progress) -> Result<Self, SourceError> {
        let files = SqliteFile::open_snapshot(path, threads.max(1))?;
        let schema = files[0].schema()?;
        let order = largest_first(&files[0], &schema, progress)?;
        let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let look = |file: SqliteFile| -> Result<(), SourceError> {
            while let Some(place) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                let profiles = file.profile(&schema.tables[*place], |rows| progress.moved(rows, 0))?;
                found.lock().expect("nobody panics while it is held").push((*place, profiles));
            }
            Ok(())
        };
        thread::scope(|scope| {
            let threads: Vec<_> = files.into_iter().map(|file| scope.spawn(move || look(file))).collect();
            threads.into_iter().try_for_each(|thread| thread.join().expect("looking does not panic"))
        })?;
        let mut found = found.into_inner().expect("nobody panics while it is held");
        found.sort_by_key(|(place, _)| *place);
        Ok(Self { profiles: found.into_iter().map(|(_, profiles)| profiles).collect(), schema })
    }
}

/// Whoever begins with the largest ends with little to wait for.
fn largest_first(file: &SqliteFile, schema: &Schema, progress: &Progress) -> Result<Vec<usize>, SourceError> {
    let counts: Vec<_> = schema.tables.iter().map(|table| file.count(table)).collect::<Result<_, _>>()?;
    progress.tell(Event::Expected { rows: counts.iter().sum() });
    let mut order: Vec<_> = (0..counts.len()).collect();
    order.sort_by_key(|place| {
        std::cmp::Reverse(counts[*place].saturating_mul(schema.tables[*place].columns.len() as u64))
    });
    Ok(order)
}
