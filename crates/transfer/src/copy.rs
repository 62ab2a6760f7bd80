//! The rows of a table as PostgreSQL's binary COPY
//! (<https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4>). Pure.

use rusqlite::Row;

use crate::{ColumnPlan, Encoded, Placed};

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
/// No flags, and nothing more in the header.
const REST_OF_HEADER: [u8; 8] = [0; 8];
/// Instead of a number of fields: there are no more rows.
pub(crate) const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();

/// With what it begins.
pub(crate) fn head() -> Vec<u8> {
    [SIGNATURE, &REST_OF_HEADER].concat()
}

/// A cell that does not stand in its column as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Odd {
    /// Which of the columns.
    pub(crate) column: usize,
    pub(crate) placed: Placed,
}

/// Writes rows of some columns.
#[derive(Debug)]
pub(crate) struct RowWriter {
    plans: Vec<ColumnPlan>,
    /// How many there are, as each row begins.
    fields: [u8; 2],
}

impl RowWriter {
    /// Of these columns.
    pub(crate) fn new(plans: Vec<ColumnPlan>) -> Self {
        let fields = i16::try_from(plans.len()).expect("PostgreSQL has 1,600 columns at the most");
        Self { plans, fields: fields.to_be_bytes() }
    }

    /// Appends a row: false when it stays behind, and nothing is appended. `odd` is told of cells that do not stand there as they
    /// were.
    pub(crate) fn row(
        &self,
        row: &Row<'_>,
        to: &mut Vec<u8>,
        mut odd: impl FnMut(Odd),
    ) -> rusqlite::Result<bool> {
        let start = to.len();
        let mut stays = false;
        to.extend_from_slice(&self.fields);
        for (column, plan) in self.plans.iter().enumerate() {
            // What fits goes by in registers; what does not is read once more, and handed on.
            let placed = match plan.codec.encode(row.get_ref(column)?, to) {
                Encoded::Exactly => continue,
                Encoded::AsAnotherClass => Placed::Remembered,
                Encoded::Misfit => plan.place_misfit(row.get_ref(column)?, to),
            };
            stays |= placed == Placed::Reject;
            odd(Odd { column, placed });
        }
        if stays {
            to.truncate(start);
        }
        Ok(!stays)
    }
}
