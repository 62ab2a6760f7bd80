//! Looks at every cell of a table.

use super::{SqliteFile, listed, quoted};
use crate::{ColumnProfile, Meaning, SourceError, Table};

/// After how many rows progress is told.
const TOLD_EVERY: u64 = 10_000;

impl SqliteFile {
    /// What the cells of a table hold, column by column. `progress` is told how many rows have been looked at since the
    /// last time.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn profile(
        &self,
        table: &Table,
        mut progress: impl FnMut(u64),
    ) -> Result<Vec<ColumnProfile>, SourceError> {
        let meaning = |declared: &str| Meaning::of(declared, table.is_strict);
        let mut profiles: Vec<_> =
            table.columns.iter().map(|column| ColumnProfile::new(meaning(&column.declared))).collect();
        let names = listed(table.columns.iter().map(|column| &column.name));
        let sql = format!("SELECT {names} FROM {}", quoted(&table.name));
        let mut seen = 0;
        self.read(|connection| {
            let mut statement = connection.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                for (place, profile) in profiles.iter_mut().enumerate() {
                    profile.see(row.get_ref(place)?);
                }
                seen += 1;
                if seen % TOLD_EVERY == 0 {
                    progress(TOLD_EVERY);
                }
            }
            Ok(())
        })?;
        progress(seen % TOLD_EVERY);
        Ok(profiles)
    }
}
